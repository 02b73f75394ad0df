"""Who may open which page: every address, every role, own and other institution; unknown looks like forbidden.

PostgreSQL takes the first two of these, which open every page. What is marked `once` is decided by the gate before a
page asks the database anything, or from what the page answers with.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from agencies import access
from agencies.models import Grant, Role
from eligibility.demonstration.faults import LIST, seeded_faults
from oversight.models import TrailEntry
from tests.addresses import ADDRESSES, Address, imports, people, structure, users
from tests.bad_input.sending import browsers_of
from tests.base import Cast
from tests.factories import GrantFactory, UserFactory
from tests.judged_city import JudgedCity

OPEN = {"login", "logout", "set_language", "letter_check"}
"""Addresses that need no sign-in; the administration guards itself."""

ROLES = tuple(Role)
OF_ONE_AGENCY: Final = {Role.AGENCY_HEAD, Role.EMPLOYEE}
"""The roles that the cast holds for an agency; it holds the others for the whole institution."""
TURNS: Final = 8
"""What is asked of many addresses by the same accounts is asked in turns, so that the workers of a run share it."""
IN_TURNS = pytest.mark.parametrize("turn", range(TURNS))

OPENED: Final[list[str]] = []
"""Each opening of the list of seeded faults, by whatever way a file can be opened, since it was last cleared."""


def note_opened(event: str, given: tuple[Any, ...]) -> None:
    """Hear of every file that this process opens."""
    if event == "open" and str(given[0]).endswith(LIST.name):
        OPENED.append(str(given[0]))


sys.addaudithook(note_opened)


@pytest.fixture(autouse=True)
def fault_list_unread() -> Iterator[None]:
    """No page that is opened here, by whomever, reads which faults the demonstration holds for an audit to find."""
    OPENED.clear()
    yield
    assert not OPENED


def test_a_page_that_reads_the_list_of_seeded_faults_would_be_noticed() -> None:
    assert not OPENED
    assert len(seeded_faults()) == 8
    assert OPENED.pop() == str(LIST)
    assert LIST.read_bytes()
    assert OPENED.pop() == str(LIST)


def asking(address: Address) -> list[Role]:
    """Who asks for a page: every role; of those that open it, one of each kind on PostgreSQL.

    To be refused costs little. Which roles a page is for is compared in Python, as on SQLite. What PostgreSQL must show
    are its answers to the queries of a page, and those differ by whether an agency or all of it is in sight.
    """
    if connection.vendor == "sqlite":
        return list(ROLES)
    opening = {role in OF_ONE_AGENCY: role for role in reversed(ROLES) if role in address.roles}
    return [role for role in ROLES if role not in address.roles or role in opening.values()]


def statuses(client: Client, address: Address, url: str) -> set[int]:
    """The answers to reading an address, which is no act, and to sending an empty form, as far as it takes either."""
    found = set()
    if address.reads:
        acts = TrailEntry.objects.count()
        found.add(client.get(url).status_code)
        assert TrailEntry.objects.count() == acts, f"to open a page is no act: {url}"
    return found | ({client.post(url).status_code} if address.sends else set())


@contextmanager
def apart(city: JudgedCity) -> Iterator[JudgedCity]:
    """The city for one address of several; what is done there is taken back."""
    with transaction.atomic():
        yield deepcopy(city)
        transaction.set_rollback(True)
    cache.clear()


@pytest.mark.usefixtures("refusals_unworded")
@IN_TURNS
def test_each_role_opens_what_is_for_it_without_an_act_and_is_told_nothing_else(city: JudgedCity, turn: int) -> None:
    browsers, wrong = browsers_of(city), []
    for address in ADDRESSES[turn::TURNS]:
        with apart(city) as there:
            own, other = address.own(there), address.other and address.other(there)
            for role in asking(address):
                of_one_agency = role in OF_ONE_AGENCY
                allowed = role in address.roles and not (address.whole and of_one_agency)
                found = [mistaken(browsers[role], address, confirming(own), opens=allowed)]
                if address.whole:  # the other test opens it for nobody
                    found += [mistaken(browsers[role], address, own, opens=allowed)]
                if other:
                    found += [mistaken(browsers[role], address, other, opens=allowed and not of_one_agency)]
                wrong += [f"{role}: {one}" for one in found if one]
    assert not wrong, "\n".join(wrong)


def confirming(url: str) -> str:
    """The address with what confirms an act where it is sent by a form; to open it is no act all the same."""
    return f"{url}{'&' if '?' in url else '?'}confirm=1&previewed=x"


def mistaken(client: Client, address: Address, url: str, *, opens: bool) -> str:
    """The answers, where they are not those to somebody whom the page opens, or does not; empty where they are."""
    found = statuses(client, address, url)
    right = found <= ({200, 302} if opens else {404})
    return "" if right else f"{address.name}: {url} answers {found}"


@pytest.mark.usefixtures("refusals_unworded", "frameless")
@IN_TURNS
def test_a_grant_that_names_an_agency_opens_only_that_one_whatever_its_role(city: JudgedCity, turn: int) -> None:
    clerks, wrong, place = {role: Client() for role in ROLES}, [], city.cast.agency
    grants = {role: GrantFactory.create(role=role, institution=place.institution, agency=place) for role in ROLES}
    for role, browser in clerks.items():
        browser.force_login(grants[role].user)
    for address in ADDRESSES[turn::TURNS]:
        with apart(city) as there:
            own, other = address.own(there), address.other and address.other(there)
            for role in address.roles.intersection(asking(address)):
                found = [mistaken(clerks[role], address, own, opens=not address.whole)]
                if other:
                    found += [mistaken(clerks[role], address, other, opens=False)]
                    Grant.objects.filter(pk=grants[role].pk).update(agency=None)
                    found += [mistaken(clerks[role], address, other, opens=True)]
                wrong += [f"{role}: {one}" for one in found if one]
    assert not wrong, "\n".join(wrong)


@pytest.mark.once
@IN_TURNS
def test_what_is_refused_in_ones_own_city_is_told_in_the_words_of_an_unknown_page(city: JudgedCity, turn: int) -> None:
    browsers, told = browsers_of(city), 0
    for number, address in enumerate(ADDRESSES[turn::TURNS]):
        refused = [role for role in ROLES if role not in address.roles]
        if address.reads and refused:
            browser = browsers[refused[number % len(refused)]]
            with apart(city) as there:
                answer, unknown = browser.get(address.own(there)), browser.get("/kota-contoh/jabatan/999999999/")
            assert answer.status_code == unknown.status_code == 404
            assert same_words(answer.content.decode(), unknown.content.decode()), address.name
            told += 1
    assert told > len(ADDRESSES[turn::TURNS]) // 3


def strangers() -> dict[Role, tuple[Client, str]]:
    """For each role the browser of somebody who holds it elsewhere, and what it is told of a page that is not there."""
    found = {}
    for role in ROLES:
        browser, user = Client(), UserFactory.create()
        GrantFactory.create(user=user, role=role)
        browser.force_login(user)
        found[role] = browser, browser.get("/kota-tiada/peta/").content.decode()
    return found


def told(browser: Client, address: Address, url: str, unknown: str) -> Iterator[str]:
    """What tells a stranger that something is there."""
    if address.sends and (status := browser.post(url).status_code) != 404:
        yield f"{url} takes a form and answers {status}"
    if address.reads:
        answer = browser.get(url)
        if answer.status_code != 404 or not same_words(answer.content.decode(), unknown):
            yield f"{url} answers {answer.status_code}, not what an unknown page does"


@pytest.mark.once
@pytest.mark.usefixtures("standings_once")
@IN_TURNS
def test_nobody_opens_a_page_of_another_institution(city: JudgedCity, turn: int) -> None:
    browsers, wrong = strangers(), []
    for address in ADDRESSES[turn::TURNS]:
        with transaction.atomic():
            for url in (address.own(city), *([address.other(city)] if address.other else [])):
                for role, (browser, unknown) in browsers.items():
                    wrong += [f"{address.name}, {role}: {one}" for one in told(browser, address, url, unknown)]
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def without_token(page: str) -> list[str]:
    """The lines of a page that do not hold the form's token or the address itself."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and 'name="next"' not in line]


def same_words(one: str, other: str) -> bool:
    """Whether two pages say the same."""
    return without_token(one) == without_token(other)


def test_the_outsider_sees_only_her_own_city(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.outsider)
    assert client.get(city.url("peta/")).status_code == 404
    assert client.get("/kota-lain/peta/?per=2025-07-01").status_code == 200
    assert client.get("/?instansi=kota-contoh").status_code == 404
    through_own = f"/kota-lain/jabatan/{city.eligible.pk}/?per=2025-07-01"
    assert client.get(through_own).status_code == 404, "an object is reached through its own institution only"


@pytest.mark.once
@IN_TURNS
def test_a_visitor_is_asked_to_sign_in_everywhere(client: Client, city: JudgedCity, turn: int) -> None:
    for address in ADDRESSES[turn::TURNS]:
        with apart(city) as there:
            url = address.own(there)
            answer = client.get(url) if address.reads else client.post(url)
            assert (answer.status_code, answer.headers["Location"][:7]) == (302, "/masuk/"), url
    for url in ("/", "/kata-sandi/", "/kota-tiada/peta/"):
        for answer in (client.get(url), client.post(url)):
            assert (answer.status_code, answer.headers["Location"][:7]) == (302, "/masuk/"), url


ABOUT_PEOPLE = [
    *people.ADDRESSES,
    *(address for address in imports.ADDRESSES if address.name != "import_template"),  # an empty form names nobody
    *(address for address in users.ADDRESSES if address.name.startswith("user") or address.name == "grant_last_day"),
    *(address for address in structure.ADDRESSES if address.name == "task_holders"),
]


@pytest.mark.once
@pytest.mark.parametrize("address", ABOUT_PEOPLE, ids=lambda address: address.name)
def test_no_browser_keeps_a_page_that_names_people(client: Client, city: JudgedCity, address: Address) -> None:
    url = address.own(city)
    for role in sorted(address.roles, key=ROLES.index)[:1]:
        client.force_login(getattr(city.cast, role.value))
        answers = [client.get(url)] if address.reads else []
        answers += [client.post(url)] if address.sends else []
        for answer in answers:
            assert "no-store" in answer.headers.get("Cache-Control", "") or answer.status_code == 302


def named_patterns(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or ""
        elif pattern.app_name != "admin":
            yield from named_patterns(pattern)


def test_every_address_stands_in_this_matrix(city: JudgedCity) -> None:
    known = {*(address.name for address in ADDRESSES), "home", "own_account", "password_change", *OPEN}
    assert set(named_patterns(get_resolver())) <= known


def test_a_grant_counts_from_its_first_to_its_last_day_only(client: Client, cast: Cast) -> None:
    former, future = UserFactory.create(), UserFactory.create()
    GrantFactory.create(user=former, institution=cast.institution, valid_until="2024-12-31")
    GrantFactory.create(user=future, institution=cast.institution, valid_from="2999-01-01")
    for user in (former, future):
        client.force_login(user)
        assert client.get("/kota-contoh/peta/").status_code == 404
        assert access.standings(user) == []


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
