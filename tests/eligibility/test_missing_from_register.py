"""Of a full register it is told who is posted and not in it, and what stands on them; nobody is ended by that."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, override_settings

from agencies.actions.imports import abandon_import, apply_import, assign_columns, undo_import
from agencies.actions.people import close_employment
from agencies.errors import ValuesRefused
from agencies.import_work import start_examination
from agencies.importing.missing import A_PART, Register
from agencies.models import Agency, DataImport, Employee, MissingEmployee, PersonalDataRead, Posting
from oversight.models import TrailEntry
from tests.agencies.importing import AT, PEOPLE, PERSON_HEADINGS, employee, kept, text, upload
from tests.arranged_city import AT as AT_TODAY
from tests.arranged_city import ArrangedCity, written
from tests.base import Cast
from tests.exported import from_csv
from tests.factories import AgencyFactory, EmployeeFactory, PositionFactory, PostingFactory
from tests.test_query_counts import queries

ON: Final = date(2025, 6, 2)
TODAY: Final = date(2025, 10, 1)
Scope = DataImport.Register
ENGLISH: Final = {"Accept-Language": "en"}


def of_register(cast: Cast, register: Register, content: bytes = text(PEOPLE)) -> DataImport:
    """A file of employees of which that is said, with its dry run."""
    row = kept(cast, "employees", content, "register.csv")
    assign_columns(
        actor=cast.hr_officer,
        data_import=row,
        sheet=row.sheet,
        header_row=row.header_row,
        columns=row.columns,
        valid_from=None,
        register=register,
        at=AT,
    )
    row.refresh_from_db()
    start_examination(row, AT)
    row.refresh_from_db()
    return row


def whole(on: date = ON) -> Register:
    return Register(Scope.INSTITUTION, None, on)


def posted(cast: Cast, agency: Agency, name: str, **other: Any) -> Employee:
    """Somebody who is posted in the agency."""
    one = EmployeeFactory.create(institution=cast.institution, name=name)
    since = {"effective_from": date(2020, 1, 1), **other}
    PostingFactory.create(employee=one, position=PositionFactory.create(agency=agency), **since)
    return one


def missing(row: DataImport) -> set[str]:
    return set(row.missing.values_list("employee__name", flat=True))


@pytest.fixture
def staffed(cast: Cast) -> Cast:
    """People in two agencies and in one below the second, and some whose postings do not run on the day."""
    below = AgencyFactory.create(institution=cast.institution, code="PKM-1", parent=cast.other_agency)
    posted(cast, cast.agency, "Tetap")
    posted(cast, cast.other_agency, "Dinas")
    posted(cast, below, "Puskesmas")
    posted(cast, cast.other_agency, "Pensiun", effective_until=date(2025, 5, 31))
    posted(cast, cast.other_agency, "Kelak", effective_from=date(2025, 7, 1))
    posted(cast, cast.other_agency, "Pelaksana", capacity="plt")
    return cast


def test_who_is_posted_on_the_day_and_not_in_a_full_register_is_told_and_ended_by_nothing(staffed: Cast) -> None:
    running = Posting.objects.running(ON).count()
    row = of_register(staffed, whole())
    assert missing(row) == {"Tetap", "Dinas", "Puskesmas", "Pelaksana"}
    apply_import(actor=staffed.hr_officer, data_import=row, at=AT)
    assert missing(row) == {"Tetap", "Dinas", "Puskesmas", "Pelaksana"}
    assert Posting.objects.running(ON).count() == running + 2, "those of the file came on top"
    told = json.loads(TrailEntry.objects.get(action="employees_imported").body)
    assert (told["register"], told["on"], told["missing"]) == ("institution", "2025-06-02", 4)


def test_of_a_part_nobody_is_missing_and_a_part_is_taken_when_nothing_is_said(client: Client, staffed: Cast) -> None:
    row = of_register(staffed, A_PART)
    assert (row.register, missing(row)) == (Scope.PART, set())
    client.force_login(staffed.hr_officer)
    assert "tidak-ada" not in client.get(f"/kota-contoh/impor/{row.pk}/").content.decode()
    assert client.get(f"/kota-contoh/impor/{row.pk}/tidak-ada/").status_code == 404


def test_the_register_of_one_agency_is_held_against_those_whom_it_employs_itself(staffed: Cast) -> None:
    row = of_register(staffed, Register(Scope.AGENCY, staffed.other_agency, ON))
    assert missing(row) == {"Dinas", "Puskesmas"}, "with what lies below it, without who only stands in there"
    later = of_register(staffed, Register(Scope.AGENCY, staffed.other_agency, date(2025, 7, 1)))
    assert missing(later) == {"Dinas", "Puskesmas", "Kelak"}, "said anew, it is looked for anew"


def test_while_a_row_cannot_be_read_nobody_is_said_to_be_missing(client: Client, staffed: Cast) -> None:
    wrong = text([*PEOPLE, employee("12", "Salah", "pns", "III/a", date(2010, 1, 1))])
    row = of_register(staffed, whole(), wrong)
    assert not missing(row)
    client.force_login(staffed.hr_officer)
    with override_settings(LANGUAGE_CODE="en"):
        page = client.get(f"/kota-contoh/impor/{row.pk}/", headers=ENGLISH).content.decode()
    assert "is told once its faults are mended" in page
    assert client.get(f"/kota-contoh/impor/{row.pk}/tidak-ada/").status_code == 404


def test_they_are_kept_no_longer_than_the_import_holds(client: Client, staffed: Cast) -> None:
    given_up = of_register(staffed, whole())
    abandon_import(actor=staffed.hr_officer, data_import=given_up, at=AT)
    assert not MissingEmployee.objects.exists()
    row = of_register(staffed, whole())
    apply_import(actor=staffed.hr_officer, data_import=row, at=AT)
    assert missing(row)
    undo_import(actor=staffed.hr_officer, data_import=row, reason="Keliru", at=AT + timedelta(hours=1))
    assert not MissingEmployee.objects.exists()
    client.force_login(staffed.hr_officer)
    assert client.get(f"/kota-contoh/impor/{row.pk}/tidak-ada/").status_code == 404


def test_that_somebody_new_is_missing_from_a_later_register_keeps_no_import_from_being_undone(staffed: Cast) -> None:
    first = of_register(staffed, A_PART)
    apply_import(actor=staffed.hr_officer, data_import=first, at=AT)
    second = of_register(staffed, whole(), text(PEOPLE[:2]))
    assert "Pegawai Dua" in missing(second)
    assert undo_import(actor=staffed.hr_officer, data_import=first, reason="Keliru", at=AT + timedelta(hours=1))


def test_the_page_names_what_stands_on_each_and_the_act_that_records_leaving(
    client: Client, arranged: ArrangedCity
) -> None:
    cast, asker = arranged.city.cast, arranged.asker
    days = {"starts_on": TODAY, "ends_on": date(2025, 12, 31)}
    written(arranged, asker, state="approved", approved_at=AT_TODAY, position=arranged.programmer, **days)
    row = of_register(cast, whole(TODAY))
    client.force_login(cast.hr_officer)
    url = f"/kota-contoh/impor/{row.pk}/tidak-ada/"
    with override_settings(LANGUAGE_CODE="en"):
        answer = client.get(url, headers=ENGLISH)
        taken = from_csv(client.get(url, {"unduh": "csv"}, headers=ENGLISH))
    line = next(one for one in answer.context["missing"].lines if one.employee == asker)
    assert line.posted == (f"{arranged.programmer}, {cast.agency.name}",)
    assert line.stands[0].startswith("The Penetapan 188.45/1/2025 goes on for her position")
    assert line.stands[1] == "If she has left, 4 other people hold it."
    assert line.stands[2].startswith("Her Fleksibilitas Kerja (")
    page = answer.content.decode()
    assert f"/kota-contoh/pegawai/{asker.pk}/berhenti/" in page
    assert asker.nip not in page
    assert " ".join(line.stands) in taken.column("What stands on it")
    assert asker.nip not in str(taken.rows)
    assert PersonalDataRead.objects.filter(page="missing").count() == 2


def test_whose_end_is_recorded_since_stands_apart_and_the_file_holds_what_the_page_lists(
    client: Client, staffed: Cast
) -> None:
    row = of_register(staffed, whole())
    apply_import(actor=staffed.hr_officer, data_import=row, at=AT)
    gone = Employee.objects.get(name="Dinas")
    left = AT + timedelta(days=20)
    close_employment(actor=staffed.hr_officer, employee=gone, last_day=date(2025, 6, 10), at=left)
    client.force_login(staffed.hr_officer)
    url = f"/kota-contoh/impor/{row.pk}/tidak-ada/"
    with override_settings(LANGUAGE_CODE="en"):
        still = from_csv(client.get(url, {"unduh": "csv"}, headers=ENGLISH))
        ended = from_csv(client.get(url, {"unduh": "csv", "keadaan": "berakhir"}, headers=ENGLISH))
        page = client.get(url, {"keadaan": "berakhir"}, headers=ENGLISH).content.decode()
    assert set(still.column("Name")) == {"Tetap", "Puskesmas", "Pelaksana"}
    assert ended.column("Name") == ["Dinas"]
    assert ended.told["What is listed"] == "Posting ended since"
    assert "Record that she left" not in page
    client.force_login(staffed.agency_head)
    assert client.get(url).status_code == 404


def test_what_the_officer_chooses_on_the_page_of_columns_is_what_the_dry_run_goes_by(
    client: Client, staffed: Cast
) -> None:
    client.force_login(staffed.hr_officer)
    shown = upload(client, "pegawai", text(PEOPLE))
    url, form = shown.redirect_chain[-1][0], shown.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert data["register"] == "part"
    none = client.post(url, data | {"register": "agency"})
    assert none.context["form"].errors["register_agency"]
    assert none.context["form"]["register"].value() == "agency", "nothing that was chosen is lost"
    assert client.post(url, data | {"register": "agency", "register_agency": "tiada"}).context["form"].errors
    undated = client.post(url, data | {"register": "institution", "register_on": ""})
    assert undated.context["form"].errors["register_on"]
    said = {"register": "agency", "register_agency": staffed.other_agency.code, "register_on": "2025-06-02"}
    dry = client.post(url, data | said, follow=True)
    assert dry.context["missing"] == 2
    row = DataImport.objects.get()
    assert (row.register_agency, row.register_on) == (staffed.other_agency, ON)
    again = client.get(url).context["form"]
    assert (again["register"].value(), again["register_agency"].value()) == ("agency", staffed.other_agency.code)
    done = client.post(f"/kota-contoh/impor/{row.pk}/laksanakan/", follow=True)
    assert f"/kota-contoh/impor/{row.pk}/tidak-ada/" in done.content.decode()
    assert (
        f"/kota-contoh/impor/{row.pk}/tidak-ada/"
        in client.get(f"/kota-contoh/impor/{row.pk}/pegawai/").content.decode()
    )


def test_a_register_that_says_too_little_is_refused(cast: Cast) -> None:
    stranger = AgencyFactory.create()
    for wrong in (
        Register(Scope.INSTITUTION, None, None),
        Register(Scope.AGENCY, None, ON),
        Register(Scope.AGENCY, stranger, ON),
        Register(Scope.INSTITUTION, cast.agency, ON),
        Register(Scope.PART, None, ON),
    ):
        with pytest.raises(ValuesRefused):
            of_register(cast, wrong)
    row = kept(cast, "positions", b"agency_code\nBappeda\n")
    with pytest.raises(ValuesRefused, match="register"), override_settings(LANGUAGE_CODE="en"):
        assign_columns(
            actor=cast.hr_officer,
            data_import=row,
            sheet=row.sheet,
            header_row=1,
            columns=row.columns,
            valid_from=ON,
            register=whole(),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        DataImport.objects.filter(pk=row.pk).update(register="agency", register_on=ON)


def test_the_page_costs_the_same_for_one_and_for_many(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    client.force_login(cast.hr_officer)
    everybody = Employee.objects.filter(institution=cast.institution)
    rows = [[one.nip, one.name] + [""] * 9 for one in everybody.exclude(pk=arranged.asker.pk)]
    one = of_register(cast, whole(TODAY), text([PERSON_HEADINGS, *rows]))
    assert missing(one) == {arranged.asker.name}
    before = [queries(client, f"/kota-contoh/impor/{one.pk}/{page}") for page in ("", "tidak-ada/")]
    for number in range(50):
        PostingFactory.create(
            employee=EmployeeFactory.create(institution=cast.institution, name=f"Baru {number}"),
            position=arranged.programmer,
            effective_from=date(2024, 1, 1),
        )
    many = of_register(cast, whole(TODAY - timedelta(days=1)), text([PERSON_HEADINGS, *rows]))
    assert len(missing(many)) == 51
    assert [queries(client, f"/kota-contoh/impor/{many.pk}/{page}") for page in ("", "tidak-ada/")] == before
