"""Sheets of a large agency shared among its clerks: chosen by unit, position, missing reviewer, or one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agencies.actions.sheets import Assignment, open_sheets, remind_reviewers
from agencies.models import Assessment, Role, Sheet, Task, User
from tests.base import Cast, person
from tests.exported import from_csv
from tests.factories import AgencyFactory, PositionFactory, TaskFactory, UnitFactory
from tests.sheets import AT, DAY, opened

PAGE = "/kota-contoh/opd/Diskominfo/pemetaan/"
ASSIGN = f"{PAGE}penilai/"


def task(cast: Cast, title: str, **more: Any) -> Task:
    made: Task = TaskFactory.create(position=PositionFactory.create(agency=cast.agency, title=title, **more))
    return made


@pytest.fixture
def sheets(cast: Cast) -> dict[str, Sheet]:
    """Six sheets without any reviewer: in two units, of two titles, one of an agency below."""
    below = AgencyFactory.create(institution=cast.institution, parent=cast.agency, name="UPTD Data")
    one, two = (UnitFactory.create(agency=cast.agency, name=name) for name in ("Bidang Satu", "Bidang Dua"))
    tasks = {
        "one-a": task(cast, "Arsiparis", unit=one),
        "one-b": task(cast, "Perencana", unit=one),
        "two-a": task(cast, "Arsiparis", unit=two),
        "two-b": task(cast, "Perencana", unit=two),
        "bare": task(cast, "Perencana"),
        "below": TaskFactory.create(position=PositionFactory.create(agency=below, title="Arsiparis")),
    }
    open_sheets(
        actor=cast.hr_officer,
        agency=cast.agency,
        tasks=list(tasks.values()),
        assignment=Assignment({}, None),
        on=DAY,
        at=AT,
    )
    return {name: Sheet.objects.get(task=made) for name, made in tasks.items()}


def held(sheets: dict[str, Sheet], reviewer: User) -> set[str]:
    """Which of the sheets a reviewer has."""
    hers = set(Assessment.objects.current().filter(reviewer=reviewer).values_list("sheet", flat=True))
    return {name for name, sheet in sheets.items() if sheet.pk in hers}


def test_each_choice_says_how_many_sheets_it_holds_and_gives_just_those(
    client: Client, cast: Cast, sheets: dict[str, Sheet]
) -> None:
    client.force_login(cast.hr_officer)
    unit = sheets["one-a"].task.position.unit_id
    choices = {
        f"unit={unit}": {"one-a", "one-b"},
        "unit=0": {"bare", "below"},
        "jabatan=Arsiparis": {"one-a", "two-a", "below"},
        f"jabatan=Arsiparis&unit={unit}": {"one-a"},
        f"perangkat={cast.agency.pk}": set(sheets) - {"below"},
        f"lembar={sheets['bare'].pk}&lembar={sheets['two-b'].pk}": {"bare", "two-b"},
        "": set(sheets),
    }
    for number, (query, expected) in enumerate(choices.items()):
        clerk = person(f"petugas-{number}", Role.HR_OFFICER, cast.institution, cast.agency)
        page = client.get(f"{ASSIGN}?{query}")
        assert page.context["number"] == len(expected), query
        assert f"{len(expected)} lembar" in page.content.decode()
        assert client.post(f"{ASSIGN}?{query}", {"agency": str(clerk.pk)}).status_code == 302
        assert held(sheets, clerk) == expected, query


def test_those_without_a_reviewer_are_chosen_and_what_is_submitted_stays(
    client: Client, cast: Cast, sheets: dict[str, Sheet]
) -> None:
    client.force_login(cast.hr_officer)
    first, rest = (person(name, Role.HR_OFFICER, cast.institution, cast.agency) for name in ("satu", "sisa"))
    some = f"{ASSIGN}?lembar={sheets['one-a'].pk}&lembar={sheets['below'].pk}"
    assert client.post(some, {"agency": str(first.pk), "bkpsdm": str(cast.hr_officer.pk)}).status_code == 302
    for code, number in (("opd", 4), ("bkpsdm", 4), ("salah-satu", 4)):
        assert client.get(f"{ASSIGN}?penilai={code}").context["number"] == number
    assert client.post(f"{ASSIGN}?penilai=opd", {"agency": str(rest.pk)}).status_code == 302
    assert held(sheets, rest) == set(sheets) - {"one-a", "below"}
    assert held(sheets, first) == {"one-a", "below"}
    assert client.get(f"{ASSIGN}?penilai=opd").context["number"] == 0
    assert client.get(f"{ASSIGN}?penilai=salah-satu").context["number"] == 4
    Assessment.objects.filter(sheet=sheets["one-a"], side="agency").update(state="submitted")
    assert "1 bagian di antaranya sudah dikirim" in client.get(ASSIGN).content.decode()


def test_an_address_that_cannot_be_read_chooses_no_sheet_instead_of_all(
    client: Client, cast: Cast, sheets: dict[str, Sheet]
) -> None:
    client.force_login(cast.hr_officer)
    clerk = person("petugas", Role.HR_OFFICER, cast.institution, cast.agency)
    foreign = opened(cast, TaskFactory.create(position=PositionFactory.create(agency=cast.other_agency))).sheet
    for query in (
        "lembar=x",
        "lembar=",
        "lembar=²",
        f"lembar={'9' * 40}",
        f"lembar={foreign.pk}",
        "unit=x",
        "unit=999999",
        "jabatan=Tiada",
        "penilai=semua",
        f"perangkat={cast.other_agency.pk}",
    ):
        page = client.post(f"{ASSIGN}?{query}", {"agency": str(clerk.pk)})
        assert page.status_code == 200, query
        assert "tidak memuat lembar" in page.content.decode(), query
        told = "Ini bukan salah satu pilihan" in page.content.decode()
        assert told is ("lembar" not in query), query
        cancelled = client.post(f"{PAGE}batalkan/?{query}", {"reason": "Dobel"}) if "lembar" in query else None
        assert cancelled is None or cancelled.status_code == 302
    assert held(sheets, clerk) == set()
    assert Sheet.objects.live().count() == len(sheets) + 1


def test_sheets_are_ticked_in_the_list_of_their_agency_by_who_coordinates(
    client: Client, cast: Cast, sheets: dict[str, Sheet]
) -> None:
    client.force_login(cast.hr_officer)
    text = client.get(PAGE).content.decode()
    assert text.count('type="checkbox" class="form-check-input" name="lembar"') == len(sheets) - 1, "its own, live"
    assert f'name="lembar" value="{sheets["bare"].pk}"' in text
    client.force_login(cast.agency_head)
    assert 'name="lembar"' not in client.get(PAGE).content.decode()
    assert client.get(ASSIGN).status_code == 404


def test_the_queue_says_when_its_reviewer_was_reminded(client: Client, cast: Cast) -> None:
    desk = opened(cast)
    client.force_login(desk.clerk)
    assert "diingatkan" not in client.get("/kota-contoh/pemetaan/").content.decode()
    remind_reviewers(actor=cast.hr_officer, agency=cast.agency, on=DAY, at=AT)
    assert "diingatkan pada 1 Juli 2025" in client.get("/kota-contoh/pemetaan/").content.decode()
    assert len(from_csv(client.get("/kota-contoh/pemetaan/?unduh=csv")).rows) == 1
