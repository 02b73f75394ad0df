"""From a file of an officer to what is recorded: columns, dry run, all or nothing, and what is told on the pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model
from django.test import Client, override_settings

from agencies.actions.imports import PlanChanged, abandon_import, apply_import, assign_columns
from agencies.demonstration.imports import import_files
from agencies.errors import ActRefused, ValuesRefused
from agencies.import_work import give_up_forgotten
from agencies.importing.grids import opened
from agencies.models import (
    DataImport,
    Employee,
    ImportedFile,
    LearntColumn,
    PlannedRow,
    Position,
    Posting,
    PublicService,
    Role,
    Task,
    Unit,
)
from oversight.models import TrailEntry
from tests.agencies.importing import (
    AT,
    DAY,
    JOBS,
    PEOPLE,
    SERVICES,
    Table,
    examined,
    kept,
    text,
    told,
    upload,
    workbook,
)
from tests.base import Cast, person
from tests.exported import content
from tests.factories import PositionFactory

What = PlannedRow.What


@pytest.mark.parametrize(
    ("kind", "table", "model", "count"),
    [("positions", JOBS, Position, 3), ("employees", PEOPLE, Employee, 2), ("services", SERVICES, PublicService, 1)],
)
def test_a_workbook_is_examined_and_carried_out_as_one_act(
    cast: Cast, kind: str, table: Table, model: type[Model], count: int
) -> None:
    row = examined(cast, kind, workbook(table))
    assert not told(row, What.REFUSED), [one.fields for one in told(row, What.REFUSED)]
    assert told(row, What.CREATED)
    before = TrailEntry.objects.count()
    assert apply_import(actor=cast.hr_officer, data_import=row, at=AT) is not None
    assert model._default_manager.count() == count
    entry = TrailEntry.objects.latest("number")
    assert TrailEntry.objects.count() == before + 1
    assert json.loads(entry.body)["file_digest"] == row.sha256
    assert not any(word in entry.body for word in ("Pegawai Satu", "198503172010011901"))
    row.refresh_from_db()
    assert (row.state, row.applied_by) == (DataImport.State.APPLIED, cast.hr_officer)
    assert not ImportedFile.objects.exists()
    assert not PlannedRow.objects.exists()


def test_services_are_linked_to_the_tasks_that_serve_them(cast: Cast) -> None:
    row = examined(cast, "services", text(SERVICES))
    apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    service = PublicService.objects.get()
    assert (service.code, service.staff_on_site, [*service.tasks.all()]) == ("L-1", 2, [cast.task])
    again = examined(cast, "services", text([*SERVICES, ("Diskominfo", "L-1", "Loket aduan")]))
    assert [one.row for one in told(again, What.REFUSED)] == [3], "two rows contradict one another"


def test_the_dry_run_tells_what_changes_field_by_field_and_writes_nothing(cast: Cast) -> None:
    apply_import(actor=cast.hr_officer, data_import=examined(cast, "positions", text(JOBS)), at=AT)
    before = (Position.objects.count(), TrailEntry.objects.count())
    other = [[*line] for line in JOBS]
    other[1][7], other[1][9] = 5, 6
    row = examined(cast, "positions", text(other))
    changed = {(one.part, one.row): json.loads(one.fields) for one in told(row, What.CHANGED)}
    assert changed == {("position", 2): [["needed", "3", "5"]], ("task", 2): [["hours_per_day", "7.5", "6"]]}
    assert not told(row, What.CREATED)
    assert len(told(row, What.UNCHANGED)) == 4
    assert Position.objects.get(code="B-1").needed == 3
    assert (Position.objects.count(), TrailEntry.objects.count()) == (before[0], before[1] + 2)


def test_what_was_not_shown_is_not_carried_out(cast: Cast) -> None:
    row = examined(cast, "positions", text(JOBS))
    other = examined(cast, "positions", text([JOBS[0], JOBS[1]]))
    apply_import(actor=cast.hr_officer, data_import=other, at=AT)
    with pytest.raises(PlanChanged):
        apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    assert not Position.objects.filter(code="B-2").exists()


def test_a_file_with_faults_or_without_news_is_not_carried_out(cast: Cast) -> None:
    row = examined(cast, "positions", text([*JOBS, ("Bappeda", "", "", "", "", "B-3", "", "tiga")]))
    assert {(one.row, one.label) for one in told(row, What.REFUSED)} == {(4, "needed")}
    with pytest.raises(ActRefused, match="faults"), override_settings(LANGUAGE_CODE="en"):
        apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    assert not Position.objects.filter(code="B-1").exists()
    apply_import(actor=cast.hr_officer, data_import=examined(cast, "positions", text(JOBS)), at=AT)
    same = examined(cast, "positions", text(JOBS), "sama.xlsx")
    with pytest.raises(ActRefused):
        apply_import(actor=cast.hr_officer, data_import=same, at=AT)


def test_headings_of_siasn_are_known_and_what_was_said_is_remembered(cast: Cast) -> None:
    headings = ("NIP BARU", "NAMA", "Status Pegawai", "GOL AKHIR NAMA", "TMT GOLONGAN", "Ruang")
    table = [headings, ("198503172010011901", "Pegawai Satu", "PNS", "III/a", "01-01-2010", "A1")]
    row = kept(cast, "employees", text(table))
    assert row.columns == ["nip", "name", "kind", "grade", "employment_from", ""]
    said: Any = {"actor": cast.hr_officer, "sheet": row.sheet, "header_row": 1, "valid_from": None, "at": AT}
    columns = [*row.columns[:5], "residence"]
    for wrong in (["", *columns[1:]], ["nip", "nip", *columns[2:]], columns[:-1]):
        with pytest.raises(ValuesRefused):
            assign_columns(data_import=row, columns=wrong, **said)
    assign_columns(data_import=row, columns=columns, **said)
    assert LearntColumn.objects.get(heading="ruang").column == "residence"
    assert kept(cast, "employees", text([*table, table[1]])).columns == columns


SIASN: Table = (
    ("NIP BARU", "NAMA", "Status Pegawai", "TMT GOLONGAN", "Kode Jabatan", "TMT JABATAN"),
    ("198503172010011901", "Pegawai Satu", "PNS", "01-01-2010", "DISKOMINFO-01", "01-03-2020"),
    ("198604182011021902", "Pegawai Dua", "PNS", "01-02-2011", "DISKOMINFO-01", "01-04-2021"),
)


def test_what_an_export_never_says_is_said_once_for_everything_new_and_remembered(client: Client, cast: Cast) -> None:
    client.force_login(cast.hr_officer)
    shown = upload(client, "pegawai", text(SIASN), "siasn.csv")
    url = shown.redirect_chain[-1][0]
    data = {name: shown.context["form"][name].value() or "" for name in shown.context["form"].fields}
    assert data["new_posting_reason"] == ""
    row = DataImport.objects.get()
    client.post(url, data)
    refused = [(one.row, one.label) for one in told(row, What.REFUSED)]
    assert refused == [(2, "posting_reason"), (3, "posting_reason")]
    assert client.post(url, data | {"new_posting_reason": "sihir"}).context["form"].errors
    client.post(url, data | {"new_posting_reason": "formation"})
    assert not told(row, What.REFUSED)
    client.post(f"/kota-contoh/impor/{row.pk}/laksanakan/")
    assert set(Posting.objects.current().values_list("reason", flat=True)) == {"formation"}
    own = [(*row, value) for row, value in zip(SIASN, ("Jenis Mutasi", "", "rotasi"), strict=True)]
    apply_import(actor=cast.hr_officer, data_import=examined(cast, "employees", text(own), "koreksi.csv"), at=AT)
    more = (*SIASN, ("199011052015032903", "Pegawai Tiga", "PNS", "01-03-2015", "DISKOMINFO-01", "01-05-2021"))
    again = examined(cast, "employees", text(more), "lagi.csv", for_new=None)
    assert again.for_new == {"posting_reason": "formation"}
    assert {one.part for one in told(again, What.CREATED)} == {"employee", "employment", "posting"}
    assert not told(again, What.CHANGED), "what is recorded goes before what is said of everything new"
    apply_import(actor=cast.hr_officer, data_import=again, at=AT)
    reasons = Posting.objects.current().order_by("employee__name").values_list("employee__name", "reason")
    assert dict(reasons) == {"Pegawai Dua": "rotation", "Pegawai Satu": "formation", "Pegawai Tiga": "formation"}


def test_nothing_is_said_of_everything_new_for_a_column_that_the_file_has(cast: Cast) -> None:
    table = [(*row, value) for row, value in zip(SIASN, ("Jenis Mutasi", "promosi", "mutasi"), strict=True)]
    row = kept(cast, "employees", text(table))
    said: Any = {"sheet": "", "header_row": 1, "columns": row.columns, "valid_from": None, "at": AT}
    for wrong in ({"posting_reason": "formation"}, {"capacity": "raja"}, {"predicate": "baik"}, {"apa": "x"}):
        with pytest.raises(ValuesRefused):
            assign_columns(actor=cast.hr_officer, data_import=row, for_new=wrong, **said)
    done = examined(cast, "employees", text(table), for_new={"capacity": "plt"})
    assert not told(done, What.REFUSED)
    apply_import(actor=cast.hr_officer, data_import=done, at=AT)
    assert set(Posting.objects.values_list("reason", "capacity")) == {("promotion", "plt"), ("transfer", "plt")}


def test_one_kind_is_said_for_every_new_agency(cast: Cast) -> None:
    table = [("KODE OPD", "NAMA OPD", "Kode Jabatan", "Nama Jabatan"), ("Baru", "Badan Baru", "B-9", "Arsiparis")]
    row = examined(cast, "positions", text(table))
    assert [one.label for one in told(row, What.REFUSED)] == ["agency_kind"]
    row = examined(cast, "positions", text(table), for_new={"agency_kind": "badan"})
    assert not told(row, What.REFUSED)
    apply_import(actor=cast.hr_officer, data_import=row, at=AT)
    assert Position.objects.get(code="B-9").agency.kind == "badan"


def test_a_title_above_the_headings_is_passed_over(cast: Cast) -> None:
    row = examined(cast, "positions", text([["Daftar jabatan Kota Contoh"], [], *JOBS]))
    assert (row.header_row, row.rows) == (3, 2)
    assert not told(row, What.REFUSED)


@pytest.mark.parametrize(
    ("word", "kind", "table"),
    [("jabatan", "positions", JOBS), ("pegawai", "employees", PEOPLE), ("layanan", "services", SERVICES)],
)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_handed_out_can_be_imported_and_changes_nothing(
    client: Client, cast: Cast, word: str, kind: str, table: Table, ending: str
) -> None:
    apply_import(actor=cast.hr_officer, data_import=examined(cast, kind, text(table)), at=AT)
    Position.objects.filter(code="DISKOMINFO-01").update(title="=cmd|'/c calc'!A1")
    client.force_login(cast.hr_officer)
    answer = client.get(f"/kota-contoh/impor/tercatat/{word}.{ending}")
    row = examined(cast, kind, answer.content, f"tercatat.{ending}")
    assert not told(row, What.REFUSED), [(one.row, one.fields) for one in told(row, What.REFUSED)]
    assert not told(row, What.CREATED) + told(row, What.CHANGED)
    assert len(told(row, What.UNCHANGED)) >= len(table) - 1
    template = client.get(f"/kota-contoh/impor/templat/{word}.{ending}").content
    assert opened(template).headings(1) == opened(answer.content).headings(1)


def test_the_file_comes_back_with_its_faults_beside_the_rows(client: Client, cast: Cast) -> None:
    row = examined(cast, "positions", workbook([*JOBS, ("Bappeda", "", "", "", "", "B-3", "", "tiga")]))
    client.force_login(cast.hr_officer)
    answer = client.get(f"/kota-contoh/impor/{row.pk}/kesalahan.xlsx")
    mended = content(answer)
    grid = opened(mended)
    assert [len(line) for line in grid.rows] == [11, 11, 11, 11]
    assert [bool(line[10]) for line in grid.rows] == [True, False, False, True]
    assert "needed" in str(grid.rows[3][10])
    again = kept(cast, "positions", mended, "kembali.xlsx")
    assert [*again.columns] == [*row.columns, ""]


def test_an_officer_goes_from_the_upload_to_the_receipt_by_pages_alone(client: Client, cast: Cast) -> None:
    client.force_login(cast.hr_officer)
    assert "/impor/baru/jabatan/" in client.get("/kota-contoh/impor/").content.decode()
    shown = upload(client, "jabatan", workbook(JOBS))
    url = shown.redirect_chain[-1][0]
    data = {name: shown.context["form"][name].value() or "" for name in shown.context["form"].fields}
    dry = client.post(url, data, follow=True)
    assert dry.context["run"].to_do == 6
    assert "Statistisi" in dry.content.decode()
    row = DataImport.objects.get()
    done = client.post(f"/kota-contoh/impor/{row.pk}/laksanakan/", follow=True)
    assert done.context["receipt"].digest in done.content.decode()
    assert Position.objects.filter(code="B-1").exists()
    assert row.file_name in client.get("/kota-contoh/impor/").content.decode()


def test_a_plan_that_has_changed_is_shown_again_before_anything_is_done(client: Client, cast: Cast) -> None:
    row = examined(cast, "positions", text(JOBS))
    Unit.objects.create(agency=cast.agency, code="lain", name="Lain")
    apply_import(actor=cast.hr_officer, data_import=examined(cast, "positions", text(JOBS[:2])), at=AT)
    client.force_login(cast.hr_officer)
    shown = client.post(f"/kota-contoh/impor/{row.pk}/laksanakan/", follow=True)
    assert not Position.objects.filter(code="B-2").exists()
    assert shown.context["row"].plan_changed
    assert shown.context["run"].to_do == 2
    client.post(f"/kota-contoh/impor/{row.pk}/laksanakan/")
    assert Position.objects.filter(code="B-2").exists()


def test_an_officer_of_one_agency_imports_nothing(client: Client, cast: Cast) -> None:
    client.force_login(person("kasubbag", Role.HR_OFFICER, cast.institution, cast.agency))
    row = examined(cast, "positions", text(JOBS))
    for page in ("", "baru/jabatan/", f"{row.pk}/", f"{row.pk}/kolom/", "tercatat/pegawai.csv"):
        assert client.get(f"/kota-contoh/impor/{page}").status_code == 404
    assert client.post(f"/kota-contoh/impor/{row.pk}/laksanakan/").status_code == 404
    assert not Position.objects.filter(code="B-1").exists()


def test_a_file_is_deleted_when_it_is_given_up_or_forgotten(cast: Cast) -> None:
    first, second = kept(cast, "positions", text(JOBS)), kept(cast, "employees", text(PEOPLE))
    abandon_import(actor=cast.hr_officer, data_import=first, at=AT)
    assert [file.data_import for file in ImportedFile.objects.all()] == [second]
    assert give_up_forgotten(cast.institution, AT + timedelta(days=6)) == 0
    call_command("tidy_imports", stdout=StringIO())
    assert not ImportedFile.objects.exists()
    with pytest.raises(ActRefused):
        apply_import(actor=cast.hr_officer, data_import=second, at=AT)


def test_reads_of_people_by_the_wizard_are_logged(client: Client, cast: Cast) -> None:
    row = examined(cast, "employees", text(PEOPLE))
    client.force_login(cast.hr_officer)
    client.get(f"/kota-contoh/impor/{row.pk}/?apa=created")
    client.get("/kota-contoh/impor/tercatat/pegawai.csv")
    reads = list(cast.institution.personal_data_reads.values_list("page", "count"))
    assert ("import", 8) in reads
    page = client.get(f"/kota-contoh/impor/{row.pk}/?apa=created").content.decode()
    assert "198503172010011901" not in page


def test_the_day_from_which_positions_hold_is_the_one_that_was_said(cast: Cast) -> None:
    row = examined(cast, "positions", text(JOBS))
    apply_import(actor=cast.hr_officer, data_import=row, at=datetime(2025, 8, 1, tzinfo=UTC))
    records = Task.objects.get(position__code="B-1").fact_records
    assert {record.valid_from for record in records.all()} == {DAY}
    assert {record.source for record in records.all()} == {"tabel.xlsx"}


def test_the_demonstration_has_an_import_and_a_file_with_faults_and_is_made_once(cast: Cast) -> None:
    agency = cast.institution.agencies.create(code="Bappeda", name="Bappeda", kind="badan")
    for number in range(4):
        PositionFactory.create(agency=agency, code=f"BAPPEDA-{number}")
    assert import_files(cast.institution, cast.hr_officer, AT) == 2
    right, wrong = DataImport.objects.order_by("pk")
    assert (right.state, right.moves.count()) == (DataImport.State.APPLIED, 4)
    assert [(one.row, one.label) for one in told(wrong, What.REFUSED)] == [(2, "grade"), (3, "position_code")]
    assert import_files(cast.institution, cast.hr_officer, AT) == 2


def test_values_as_other_systems_write_them_are_read_and_what_is_written_otherwise_is_named(cast: Cast) -> None:
    headings = ("NIP BARU", "NAMA", "JENIS PEGAWAI", "GOL AKHIR NAMA", "KEDUDUKAN HUKUM NAMA", "TMT GOLONGAN")
    more = (
        "KODE JABATAN",
        "STATUS JABATAN",
        "JENIS MUTASI",
        "TMT JABATAN",
        "PREDIKAT",
        "PERIODE AWAL",
        "PERIODE AKHIR",
    )
    own = ("198503172010011901", "Pegawai Satu", "PNS", "III/a", "AKTIF", "01-03-2010")
    held = ("DISKOMINFO-01", "Definitif", "FORMASI", "01-03-2010", "SANGAT  BAIK", "01-01-2024", "31-12-2024")
    row = examined(cast, "employees", workbook([[*headings, *more], [*own, *held]]))
    assert not told(row, PlannedRow.What.REFUSED)
    assert {"employee", "employment", "posting", "predicate"} <= {
        one.part for one in told(row, PlannedRow.What.CREATED)
    }
    other = ("198604182011021902", "Pegawai Dua", "Honorer", "III/a", "Cuti di Luar Tanggungan Negara", "01-03-2011")
    refused = examined(cast, "employees", workbook([[*headings], [*other]]), "lain.xlsx")
    faults = told(refused, PlannedRow.What.REFUSED)
    assert [one.label for one in faults] == ["kind"]
    jobs = [["KODE OPD", "NAMA OPD", "KODE JABATAN", "JABATAN", "JENIS JABATAN", "ESELON"]]
    jobs += [["Diskominfo", "Dinas Komunikasi", "J-9", "Pengolah Data", "Jabatan Pelaksana", ""]]
    assert not told(examined(cast, "positions", workbook(jobs)), PlannedRow.What.REFUSED)
