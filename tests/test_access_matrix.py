"""Who may open which page: every address, every role, own and other institution; unknown looks like forbidden."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from agencies import access
from agencies.models import Role
from tests.base import Cast
from tests.factories import GrantFactory, UserFactory
from tests.judged_city import JudgedCity

OPEN = {"login", "logout", "set_language"}
"""Addresses that need no sign-in; the administration guards itself."""

ROLES = tuple(Role)


def pages(city: JudgedCity) -> dict[str, str]:
    """One address of each page, about the agency of the cast's head and employee."""
    return {
        "matrix": city.url("peta/"),
        "agency": city.url(f"opd/{city.cast.agency.code}/"),
        "position": city.url(f"jabatan/{city.eligible.pk}/"),
        "rules": city.url("aturan/"),
    }


def elsewhere(city: JudgedCity) -> dict[str, str]:
    """The same about another agency of the city."""
    return {
        "agency": city.url(f"opd/{city.below.code}/"),
        "position": city.url(f"jabatan/{city.refused.pk}/"),
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_the_pages_of_its_own_institution(client: Client, city: JudgedCity, role: Role) -> None:
    client.force_login(getattr(city.cast, role.value))
    answers = {name: client.get(url).status_code for name, url in pages(city).items()}
    assert answers == dict.fromkeys(pages(city), 200)
    others = {client.get(url).status_code for url in elsewhere(city).values()}
    of_one_agency = role in {Role.AGENCY_HEAD, Role.EMPLOYEE}
    assert others == ({404} if of_one_agency else {200})


@pytest.mark.parametrize("role", ROLES)
def test_a_grant_that_names_an_agency_opens_only_that_one_whatever_its_role(
    client: Client, city: JudgedCity, role: Role
) -> None:
    clerk = UserFactory.create()
    grant = GrantFactory.create(user=clerk, role=role, institution=city.cast.institution, agency=city.cast.agency)
    client.force_login(clerk)
    assert {client.get(url).status_code for url in pages(city).values()} == {200}
    assert {client.get(url).status_code for url in elsewhere(city).values()} == {404}
    grant.agency = None
    grant.save(update_fields=["agency"])
    assert {client.get(url).status_code for url in elsewhere(city).values()} == {200}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_opens_a_page_of_another_institution(client: Client, city: JudgedCity, role: Role) -> None:
    stranger = UserFactory.create()
    GrantFactory.create(user=stranger, role=role)
    client.force_login(stranger)
    unknown = client.get("/kota-tiada/peta/")
    for name, url in (pages(city) | elsewhere(city)).items():
        answer = client.get(url)
        assert answer.status_code == 404, name
        assert same_words(answer.content.decode(), unknown.content.decode()), "a 404 never tells"


def without_token(page: str) -> list[str]:
    """The lines of a page that do not hold the form's token or the address itself."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and 'name="next"' not in line]


def same_words(one: str, other: str) -> bool:
    """Whether two pages say the same."""
    return without_token(one) == without_token(other)


def test_the_outsider_sees_only_her_own_city(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.outsider)
    assert {client.get(url).status_code for url in pages(city).values()} == {404}
    assert client.get("/kota-lain/peta/?per=2025-07-01").status_code == 200
    assert client.get("/?instansi=kota-contoh").status_code == 404
    through_own = f"/kota-lain/jabatan/{city.eligible.pk}/?per=2025-07-01"
    assert client.get(through_own).status_code == 404, "an object is reached through its own institution only"


def test_a_visitor_is_asked_to_sign_in_everywhere(client: Client, city: JudgedCity) -> None:
    for url in (*pages(city).values(), *elsewhere(city).values(), "/", "/kata-sandi/", "/kota-tiada/peta/"):
        answer = client.get(url)
        assert (answer.status_code, answer.headers["Location"][:7]) == (302, "/masuk/"), url


def named_patterns(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or ""
        elif pattern.app_name != "admin":
            yield from named_patterns(pattern)


def test_every_address_stands_in_this_matrix(city: JudgedCity) -> None:
    known = {*pages(city), "home", "password_change", *OPEN}
    assert set(named_patterns(get_resolver())) <= known


def test_a_grant_counts_from_its_first_to_its_last_day_only(client: Client, cast: Cast) -> None:
    former, future = UserFactory.create(), UserFactory.create()
    GrantFactory.create(user=former, institution=cast.institution, valid_until="2024-12-31")
    GrantFactory.create(user=future, institution=cast.institution, valid_from="2999-01-01")
    for user in (former, future):
        client.force_login(user)
        assert client.get("/kota-contoh/peta/").status_code == 404
        assert access.institutions_of(user) == []


def test_the_superuser_flag_opens_nothing(client: Client, cast: Cast) -> None:
    client.force_login(UserFactory.create(is_superuser=True, is_staff=True))
    assert client.get("/kota-contoh/peta/").status_code == 404


def test_head_and_employee_see_their_agency_with_what_lies_below(city: JudgedCity) -> None:
    head = UserFactory.create()
    GrantFactory.create(
        user=head, role=Role.AGENCY_HEAD, institution=city.cast.institution, agency=city.cast.other_agency
    )
    standing = access.get_standing(head, "kota-contoh")
    assert set(access.visible_agencies(standing)) == {city.cast.other_agency, city.below}
    assert access.get_position(standing, city.refused.pk) == city.refused


def test_of_several_roles_the_leading_one_is_shown_and_the_widest_counts(cast: Cast) -> None:
    user = UserFactory.create()
    GrantFactory.create(user=user, role=Role.EMPLOYEE, institution=cast.institution, agency=cast.agency)
    GrantFactory.create(user=user, role=Role.INSPECTOR, institution=cast.institution)
    standing = access.get_standing(user, "kota-contoh")
    assert standing.role is Role.INSPECTOR
    assert standing.sees_all
    assert standing.roles == {Role.INSPECTOR, Role.EMPLOYEE}
