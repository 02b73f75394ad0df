"""The weeks of services come in as a file: all or nothing, faults at row and cell, and as before when undone."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from agencies.actions.imports import apply_import, assign_columns, undo_import
from agencies.actions.service_needs import set_service_needs
from agencies.coverage.week import NeedSpan
from agencies.errors import ActRefused, ValuesRefused
from agencies.importing.grids import opened
from agencies.importing.kinds import KINDS
from agencies.models import DataImport, PlannedRow, PublicService, ServiceNeed, ServiceWeek
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.agencies.importing import AT, DAY, NEEDS, SERVICES, Table, examined, kept, text, told, upload, workbook
from tests.arranged_city import AT as AT_TODAY
from tests.arranged_city import ArrangedCity, written
from tests.base import Cast
from tests.factories import PublicServiceFactory

What = PlannedRow.What
LATER = AT + timedelta(days=1)
WEEK = ["friday 08.00-11.00 1", "monday 08.00-12.00 3", "monday 13.00-15.30 ?"]
OTHER: Table = (NEEDS[0], ("Diskominfo", "L-1", "Selasa", "08:00", "24.00", ""))


@pytest.fixture
def counter(cast: Cast) -> PublicService:
    """A counter of the cast's agency, and another service of it."""
    PublicServiceFactory.create(agency=cast.agency, code="L-2", name="Layanan lain")
    found: PublicService = PublicServiceFactory.create(agency=cast.agency, code="L-1", name="Loket")
    return found


def week(service: PublicService) -> list[str]:
    """The spans recorded now from the day of the import on."""
    rows = ServiceNeed.objects.filter(week__service=service, week__superseded_at=None, week__valid_from=DAY)
    return sorted(str(NeedSpan(one.weekday, one.opens, one.closes, one.staff)) for one in rows)


def done(cast: Cast, table: Table, name: str = "minggu.csv") -> DataImport:
    row = examined(cast, "service_needs", text(table), name)
    assert not told(row, What.REFUSED), [one.fields for one in told(row, What.REFUSED)]
    apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    row.refresh_from_db()
    return row


def fault(cast: Cast, *rows: tuple[object, ...]) -> list[tuple[int, str, str]]:
    """Row, column and sentence of every fault of these rows of the counter."""
    table = [NEEDS[0], *(("Diskominfo", "L-1", *row) for row in rows)]
    with override_settings(LANGUAGE_CODE="en"):
        row = examined(cast, "service_needs", text(table), f"{len(rows)}.csv")
    found = [(one.row, one.label, json.loads(one.fields)[0][2]) for one in told(row, What.REFUSED)]
    with pytest.raises(ActRefused):
        apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    assert not ServiceWeek.objects.exists()
    return found


def test_a_week_is_examined_weekday_by_weekday_and_carried_out_as_one_act(cast: Cast, counter: PublicService) -> None:
    row = examined(cast, "service_needs", workbook(NEEDS))
    (line,) = told(row, What.CREATED)
    assert (line.row, line.part, line.label) == (2, "week", "Diskominfo/L-1 · Loket")
    assert json.loads(line.fields) == [
        ["monday", "", "08.00–12.00 · 3; 13.00–15.30 · ?"],
        ["friday", "", "08.00–11.00 · 1"],
    ]
    acts = TrailEntry.objects.count()
    apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    assert week(counter) == WEEK
    assert TrailEntry.objects.count() == acts + 1
    entry = TrailEntry.objects.latest("number")
    assert (entry.action, json.loads(entry.body)["created"]) == ("service_needs_imported", {"weeks": 1})
    assert ServiceWeek.objects.get().source == "tabel.xlsx"
    assert not ServiceWeek.objects.filter(service__code="L-2").exists(), "what stands in no row is not touched"


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_handed_out_can_be_imported_and_changes_nothing(
    client: Client, cast: Cast, counter: PublicService, ending: str
) -> None:
    done(cast, NEEDS)
    client.force_login(cast.hr_officer)
    answer = client.get(f"/kota-contoh/impor/tercatat/kebutuhan-layanan.{ending}")
    rows = [list(map(str, line)) for line in opened(answer.content).rows]
    assert ["Diskominfo", "L-1", "monday", "08.00", "12.00", "3"] in rows
    assert ["Diskominfo", "L-2"] in [line[:2] for line in rows], (
        "a service of which nothing is recorded stands there too"
    )
    row = examined(cast, "service_needs", answer.content, f"tercatat.{ending}")
    assert [len(told(row, what)) for what in (What.REFUSED, What.CREATED, What.CHANGED, What.UNCHANGED)] == [0, 0, 0, 2]
    with pytest.raises(ActRefused):
        apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    template = client.get(f"/kota-contoh/impor/templat/kebutuhan-layanan.{ending}").content
    assert opened(template).headings(1) == list(NEEDS[0])
    if ending == "xlsx":
        values = str(opened(template, opened(template).sheets[1]).rows)
        assert all(day in values for day in ("monday", "sunday"))


def test_every_fault_is_named_at_its_row_and_cell_and_nothing_is_stored(cast: Cast, counter: PublicService) -> None:
    monday = ("senin", "08.00", "12.00", 2)
    assert fault(cast, monday, ("senin", "11.00", "13.00", 1)) == [
        (3, "opens", "Row 2 says 08.00–12.00 of this weekday; let one end before the other begins.")
    ]
    assert fault(cast, monday, ("senin", "08.00", "12.00", 3))[0][:2] == (3, "opens"), "it says another number"
    assert [one[:2] for one in fault(cast, ("senin", "12.00", "08.00", 1))] == [(2, "closes")]
    assert [one[:2] for one in fault(cast, ("senin", "08.00", "12.00", "dua"))] == [(2, "staff")]
    assert [one[:2] for one in fault(cast, ("sennin", "08.00", "12.00", 1))] == [(2, "weekday")]
    assert "formatted as text" in fault(cast, ("senin", "8.3", "12.00", 1))[0][2]
    assert [one[:2] for one in fault(cast, ("", "08.00", "12.00", 1))] == [(2, "weekday")]
    assert [one[:2] for one in fault(cast, ("senin", "", "12.00", 1))] == [(2, "opens")]
    assert [one[:2] for one in fault(cast, ("senin", "08.00", "", 1))] == [(2, "closes")]
    assert [one[:2] for one in fault(cast, monday, ("-", "", "", ""))] == [(3, "weekday")]
    assert [one[:2] for one in fault(cast, ("-", "08.00", "", ""))] == [(2, "opens")]


def test_codes_that_nothing_has_and_closed_services_are_named(cast: Cast, counter: PublicService) -> None:
    PublicService.objects.filter(pk=counter.pk).update(closed_on=DAY)
    span = ("monday", "08.00", "12.00", 1)
    table = [NEEDS[0], ("Tiada", "L-1", *span), ("Diskominfo", "L-9", *span), ("", "L-1", *span)]
    row = examined(cast, "service_needs", text([*table, ("Diskominfo", "L-1", *span)]), "kode.csv")
    assert [(one.row, one.label) for one in told(row, What.REFUSED)] == [
        (2, "agency_code"),
        (3, "service_code"),
        (4, "agency_code"),
        (5, "service_code"),
    ]


def test_the_week_of_the_same_day_is_superseded_and_a_file_may_say_that_no_hours_are_recorded(
    cast: Cast, counter: PublicService
) -> None:
    done(cast, NEEDS)
    done(cast, OTHER, "kedua.csv")
    assert week(counter) == ["tuesday 08.00-24.00 ?"]
    assert ServiceWeek.objects.filter(superseded_at=None).count() == 1
    row = examined(cast, "service_needs", text([NEEDS[0], ("Diskominfo", "L-1", "-", "", "", "")]), "kosong.csv")
    assert [json.loads(one.fields) for one in told(row, What.CHANGED)] == [[["tuesday", "08.00–24.00 · ?", ""]]]
    apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    assert week(counter) == []
    only_codes = examined(cast, "service_needs", text([NEEDS[0], ("Diskominfo", "L-1")]), "kode.csv")
    assert not told(only_codes, What.CHANGED) + told(only_codes, What.CREATED)


def test_undone_the_week_before_holds_again_and_the_file_can_be_imported_anew(
    cast: Cast, counter: PublicService
) -> None:
    done(cast, NEEDS)
    row = done(cast, OTHER, "kedua.csv")
    undo_import(actor=cast.hr_officer, data_import=row, reason="Keliru", at=LATER)
    assert week(counter) == WEEK
    assert verify_all(cast.institution).is_whole
    done(cast, OTHER, "ketiga.csv")
    assert week(counter) == ["tuesday 08.00-24.00 ?"]


def test_a_week_recorded_since_rests_on_the_import(client: Client, cast: Cast, counter: PublicService) -> None:
    row = done(cast, NEEDS)
    said: dict[str, Any] = {"actor": cast.hr_officer, "service": counter, "source": "SK 2", "at": LATER}
    set_service_needs(spans=[NeedSpan("monday", 480, 600, 1)], valid_from=DAY, **said)
    with override_settings(LANGUAGE_CODE="en"), pytest.raises(ActRefused, match="Weeks of services corrected or added"):
        undo_import(actor=cast.hr_officer, data_import=row, reason="Keliru", at=LATER)
    assert week(counter) == ["monday 08.00-10.00 1"]
    client.force_login(cast.hr_officer)
    assert "Loket" in client.get(f"/kota-contoh/impor/{row.pk}/batalkan/").content.decode()


def test_an_approval_beside_the_service_rests_on_the_import(arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    service = PublicServiceFactory.create(agency=cast.agency, code="L-1", name="Loket")
    arranged.programmer.tasks.get().services.add(service)
    row = done(cast, NEEDS)
    arrangement = written(arranged, arranged.asker, state="approved", approved_at=AT_TODAY)
    arrangement.approvals.create(round=1, at=AT_TODAY, on=date(2025, 10, 1), plan="{}", checks="[]")
    with override_settings(LANGUAGE_CODE="en"), pytest.raises(ActRefused, match="approved since then rest on it: 1"):
        undo_import(actor=cast.hr_officer, data_import=row, reason="Keliru", at=AT_TODAY)


def test_a_service_whose_weeks_were_imported_cannot_be_taken_back_beneath_them(cast: Cast) -> None:
    services = examined(cast, "services", text(SERVICES), "layanan.csv")
    apply_import(actor=cast.hr_officer, data_import=services, at=AT)
    services.refresh_from_db()
    weeks = done(cast, NEEDS)
    with override_settings(LANGUAGE_CODE="en"), pytest.raises(ActRefused, match=r"Weeks of services \(1\)"):
        undo_import(actor=cast.hr_officer, data_import=services, reason="Keliru", at=LATER)
    undo_import(actor=cast.hr_officer, data_import=weeks, reason="Keliru", at=LATER)
    assert list(KINDS["service_needs"].recorded(cast.institution, DAY)) == [
        {"agency_code": "Diskominfo", "service_code": "L-1"}
    ]


def test_the_day_is_needed_and_an_officer_goes_from_the_upload_to_the_end_by_pages(
    client: Client, cast: Cast, counter: PublicService
) -> None:
    row = kept(cast, "service_needs", text(NEEDS))
    said: Any = {"sheet": "", "header_row": 1, "columns": row.columns, "valid_from": None}
    with pytest.raises(ValuesRefused):
        assign_columns(actor=cast.hr_officer, data_import=row, **said)
    client.force_login(cast.hr_officer)
    waiting = client.post(f"/kota-contoh/impor/{row.pk}/ulangi/", follow=True)
    assert waiting.status_code == 200
    assert ServiceWeek.objects.count() == 0
    assert "/impor/baru/kebutuhan-layanan/" in client.get("/kota-contoh/impor/").content.decode()
    shown = upload(client, "kebutuhan-layanan", text(NEEDS))
    form = shown.context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"valid_from": DAY.isoformat()}
    dry = client.post(shown.redirect_chain[-1][0], data, follow=True)
    assert dry.context["run"].to_do == 1
    done_page = client.post(f"/kota-contoh/impor/{DataImport.objects.latest('pk').pk}/laksanakan/", follow=True)
    assert done_page.context["receipt"].digest in done_page.content.decode()
    assert week(counter) == WEEK
