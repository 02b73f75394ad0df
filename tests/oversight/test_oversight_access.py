"""Who audits what: nobody her own agency, the Inspektorat only from outside; nothing there changes what it audits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Model
from django.http import Http404
from django.test import Client

from agencies.access import get_standing
from agencies.models import Agency, Role, User
from eligibility.models import Arrangement
from oversight import access
from tests.addresses import oversight as addresses
from tests.arranged_city import ArrangedCity, holder, link, written
from tests.base import Cast
from tests.eligibility.approving import approved
from tests.factories import AgencyFactory, EmployeeFactory, GrantFactory, PositionFactory

NOTED = {"agencies.personaldataread", "oversight.trailcheck", "oversight.trailentry", "oversight.trailhead"}
"""What looking leaves behind: that somebody looked."""


def audited(user: User) -> set[str]:
    """The codes of the agencies that the user audits in the city."""
    return set(access.audited(get_standing(user, "kota-contoh"), user).values_list("code", flat=True))


@pytest.fixture
def places(cast: Cast) -> Cast:
    """The Inspektorat with an office below it, and an agency below another."""
    inspektorat = AgencyFactory.create(institution=cast.institution, code="Inspektorat", kind="inspektorat")
    AgencyFactory.create(institution=cast.institution, code="irban", kind="uptd", parent=inspektorat)
    AgencyFactory.create(institution=cast.institution, code="pkm-1", kind="puskesmas", parent=cast.other_agency)
    return cast


def test_the_inspector_reads_all_but_the_inspektorat_and_who_reads_from_outside_that_too(places: Cast) -> None:
    assert audited(places.inspector) == {"Diskominfo", "Dinkes", "pkm-1"}
    assert audited(places.outside_reader) == {"Diskominfo", "Dinkes", "pkm-1", "Inspektorat", "irban"}
    for user in set(places.insiders) - {places.inspector, places.outside_reader}:
        with pytest.raises(Http404):
            audited(user)


def test_nobody_audits_the_perangkat_daerah_she_is_posted_in_nor_what_belongs_to_it(places: Cast) -> None:
    below = Agency.objects.get(code="pkm-1")
    link(places.inspector, holder(PositionFactory.create(agency=below), "Irban"))
    assert audited(places.inspector) == {"Diskominfo"}, "the puskesmas belongs to Dinkes"
    link(places.outside_reader, holder(PositionFactory.create(agency=places.agency), "Pembaca"))
    assert audited(places.outside_reader) == {"Dinkes", "pkm-1", "Inspektorat", "irban"}


def test_a_grant_for_one_agency_audits_that_one_only(places: Cast) -> None:
    irban = GrantFactory.create(role=Role.INSPECTOR, institution=places.institution, agency=places.other_agency).user
    assert audited(irban) == {"Dinkes", "pkm-1"}
    link(irban, EmployeeFactory.create(institution=places.institution))
    assert audited(irban) == {"Dinkes", "pkm-1"}, "an employee without a posting has no agency of her own"


def test_a_case_of_her_own_agency_and_a_draft_look_as_if_they_were_not_there(
    client: Client, arranged: ArrangedCity
) -> None:
    case, draft = written(arranged, state="submitted"), written(arranged, arranged.colleagues[0])
    cast = arranged.city.cast
    client.force_login(cast.inspector)
    assert client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").status_code == 200
    assert client.get(f"/kota-contoh/pengawasan/kasus/{draft.pk}/").status_code == 404
    link(cast.inspector, holder(arranged.programmer, "Pemeriksa"))
    assert client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").status_code == 404
    assert case.employee.name not in client.get("/kota-contoh/pengawasan/daftar/").content.decode()
    assert "Dinas Komunikasi" in client.get("/kota-contoh/pengawasan/").content.decode(), "told as not counted"


def stored() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that is audited."""
    return {model._meta.label_lower: rows(model) for model in audited_models()}


def audited_models() -> Iterator[type[Model]]:
    for app in ("agencies", "eligibility", "oversight"):
        for model in apps.get_app_config(app).get_models():
            if model._meta.managed and model._meta.label_lower not in NOTED:
                yield model


def rows(model: type[Model]) -> list[tuple[object, ...]]:
    # When somebody signed in last is no act.
    columns = [field.attname for field in model._meta.concrete_fields if field.name != "last_login"]
    return sorted(model._base_manager.values_list(*columns), key=repr)


@pytest.mark.parametrize("role", ["inspector", "outside_reader"])
def test_whatever_is_opened_or_sent_on_the_desk_changes_nothing_that_is_audited(
    client: Client, arranged: ArrangedCity, role: str
) -> None:
    case = approved(arranged)
    before = stored()
    client.force_login(getattr(arranged.city.cast, role))
    for address in addresses.ADDRESSES:
        url = address.own(arranged.city).split("?")[0]
        answer = client.get(url) if address.reads else client.post(url)
        assert answer.status_code in {200, 302}, address.name
        answer.getvalue() if address.reads else None
        if address.reads:
            assert client.post(url, {"state": "ended", "pk": case.pk}).status_code == 405, address.name
    assert stored() == before
    assert Arrangement.objects.get().state == "approved"
