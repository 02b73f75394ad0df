"""A fault is told at the officer's own cell, by kind on the page, and the file comes back as she wrote it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from agencies.actions.imports import apply_import, assign_columns
from agencies.importing import tables
from agencies.importing.workbook_reader import LONGEST
from agencies.models import DataImport, PlannedRow
from tests.agencies.importing import AT, PERSON_HEADINGS, Table, employee, examined, kept, text, told, workbook
from tests.base import Cast
from tests.exported import content, from_csv

What = PlannedRow.What
SIASN = ("PNS ID", "NIP BARU", "NAMA", "GOL AKHIR NAMA", "TMT GOLONGAN", "STATUS CPNS PNS", "ALAMAT")
FIRST = ("A8-1", "198503172010011901", "Pegawai Satu", "III/a", "01-01-2010", "PNS", "Jl. Satu")
SECOND = ("A8-2", "198604182011021902", "Pegawai Dua", "III/b", "01-02-2011", "PNS", "Jl. Dua")


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with override_settings(LANGUAGE_CODE="en"):
        yield


def but(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    """The row with other cells, by the headings of SIASN with lines below for spaces."""
    named = {name.replace("_", " "): cell for name, cell in cells.items()}
    return tuple(named.get(name, cell) for name, cell in zip(SIASN, row, strict=True))


def faults(row: DataImport) -> list[tuple[int, str, str, str]]:
    """Row, heading and cell, what stands there and what to do."""
    return [(one.row, *json.loads(one.fields)[0][:3]) for one in told(row, What.REFUSED)]


def url_of(row: DataImport) -> str:
    return f"/kota-contoh/impor/{row.pk}/"


def cells_of(answer: Any) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content(answer)))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def lines_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(answer).decode("utf-8-sig"), newline=""), delimiter=";"))


def both_files(client: Client, row: DataImport) -> tuple[list[list[Any]], list[list[str]]]:
    """The lines of the file with its faults, as a workbook and as CSV."""
    address = f"{url_of(row)}kesalahan"
    return cells_of(client.get(f"{address}.xlsx")), lines_of(client.get(f"{address}.csv"))


@pytest.mark.parametrize("written", [text, workbook])
def test_a_fault_names_the_heading_and_the_cell_of_the_officer_wherever_it_is_told(
    client: Client, cast: Cast, written: Any
) -> None:
    table = [["Unduhan SIASN"], SIASN, FIRST, but(SECOND, GOL_AKHIR_NAMA="Penata"), but(FIRST, GOL_AKHIR_NAMA="V")]
    row = examined(cast, "employees", written(table), "siasn")
    at = "GOL AKHIR NAMA (D4)"
    assert [one[:3] for one in faults(row)] == [(4, at, "Penata"), (5, "GOL AKHIR NAMA (D5)", "V")]
    client.force_login(cast.hr_officer)
    page = client.get(url_of(row)).content.decode()
    assert at in page
    assert ">grade<" not in page
    assert from_csv(client.get(f"{url_of(row)}?apa=refused&unduh=csv")).column("Heading and cell")[0] == at
    for back in both_files(client, row):
        assert [line[:7] for line in back[1:]] == [[*line] for line in table[1:]]
        assert [line[7] != "" for line in back] == [False, True, False, True, True]
        assert back[3][7].startswith(f"{at}: Write a golongan")
    assert client.get(f"{url_of(row)}kesalahan.pdf").status_code == 404
    assert kept(cast, "employees", text([["x"], *table[1:]]), "lain").columns == row.columns


def test_sentences_name_the_columns_that_are_to_be_mended_by_their_headings(cast: Cast) -> None:
    (one,) = faults(examined(cast, "employees", text([SIASN, but(FIRST, GOL_AKHIR_NAMA="V")])))
    assert one[3].endswith("correct GOL AKHIR NAMA (D2) or STATUS CPNS PNS (F2).")
    apply_import(actor=cast.hr_officer, data_import=examined(cast, "employees", text([SIASN, FIRST])), at=AT)
    undated = examined(cast, "employees", text([SIASN, but(FIRST, GOL_AKHIR_NAMA="III/c", TMT_GOLONGAN="")]))
    (one,) = faults(undated)
    assert one[:3] == (2, "GOL AKHIR NAMA (D2)", "III/c")
    assert "Fill TMT GOLONGAN (E2)" in one[3]


def test_a_value_said_for_everything_new_and_a_column_that_the_file_lacks_are_told_as_such(cast: Cast) -> None:
    short = [line[:5] for line in (SIASN, but(FIRST, GOL_AKHIR_NAMA="V"))]
    (one,) = faults(examined(cast, "employees", text(short), for_new={"kind": "pns"}))
    assert one[:2] == (2, "GOL AKHIR NAMA (D2)")
    assert "or employment: kind of employee (kind; said for everything new: PNS)" in one[3]
    (one,) = faults(examined(cast, "employees", text(short), "lagi", for_new={}))
    assert (one[0], one[2]) == (2, "")
    assert one[1] == "employment: kind of employee (kind; not in this file)"
    assert "No heading of the file means this column" in one[3]


def test_a_fault_of_a_whole_row_has_a_row_and_no_cell(client: Client, cast: Cast) -> None:
    row = examined(cast, "employees", text([SIASN, (*FIRST, "lebih"), SECOND]))
    assert [one[:3] for one in faults(row)] == [(2, "", "")]
    client.force_login(cast.hr_officer)
    assert "the whole row" in client.get(url_of(row)).content.decode()
    assert cells_of(client.get(f"{url_of(row)}kesalahan.xlsx"))[1][-1].startswith("The row has more cells")


def test_the_cell_at_fault_is_the_one_that_says_so_be_it_in_a_further_row(cast: Cast) -> None:
    heads = ("Kode OPD", "OPD Induk", "Nama OPD", "Jenis OPD")
    circle = [heads, ("A", "", "Dinas A", "dinas"), ("A", "B", "", ""), ("B", "A", "Dinas B", "dinas")]
    row = examined(cast, "positions", text(circle))
    assert [one[:3] for one in faults(row)] == [(3, "OPD Induk (B3)", "B"), (4, "OPD Induk (B4)", "A")]
    more = ("Kode OPD", "Kode Jabatan", "Nama Jabatan", "No. Uraian Tugas", "Uraian Tugas", "Bobot Waktu")
    position = ("Diskominfo", "P-1", "Analis")
    shares = [more, (*position, "1", "Olah", ""), (*position, "2", "Lapor", "120"), (*position, "3", "Kirim", "60")]
    assert [one[:3] for one in faults(examined(cast, "positions", text(shares)))] == [(3, "Bobot Waktu (F3)", "120")]
    again = [SIASN, but(FIRST, GOL_AKHIR_NAMA=""), but(FIRST, GOL_AKHIR_NAMA="V")]
    assert [one[:3] for one in faults(examined(cast, "employees", text(again)))] == [(3, "GOL AKHIR NAMA (D3)", "V")]
    third = [SIASN, but(FIRST, ALAMAT=""), FIRST, but(FIRST, ALAMAT="Jl. Lain")]
    (one,) = faults(examined(cast, "employees", text(third), "lagi"))
    assert one[:3] == (4, "ALAMAT (G4)", "not shown: it is about a person")
    assert one[3].startswith("Row 3 says")


def test_a_posting_that_begins_before_a_recorded_one_ends_is_at_fault_in_its_first_day(cast: Cast) -> None:
    until = (*PERSON_HEADINGS, "posting_until")
    first = employee("198503172010011901", "Pegawai Satu", "pns", "III/a", date(2010, 1, 1))
    apply_import(
        actor=cast.hr_officer,
        data_import=examined(cast, "employees", text([until, (*first, date(2030, 12, 31))])),
        at=AT,
    )
    heads = ("NIP", "Kode Jabatan", "Jenis Mutasi", "TMT Jabatan", "Status Jabatan")
    line = ("198503172010011901", "DISKOMINFO-01", "mutasi", "2026-01-01", "definitif")
    (one,) = faults(examined(cast, "employees", text([heads, line]), "mutasi"))
    assert one[:3] == (2, "TMT Jabatan (D2)", "2026-01-01")
    assert "Until 2030-12-31" in one[3]
    assert "correct Status Jabatan (E2)" in one[3]


def odd_cells(book: Any) -> None:
    sheet = book.worksheets()[0]
    sheet.write_number(1, 1, 198503172010011901)
    sheet.write_formula(2, 6, '=A1&"<x>"', None, "")
    sheet.write_formula(3, 3, "=1/0", None, "#DIV/0!")
    sheet.write_string(4, 2, "NUL\x00nama")
    sheet.merge_range(5, 6, 6, 6, "Jl. Gabungan")
    sheet.write_string(7, 6, "=cmd|'/c calc'!A1")
    sheet.write_string(8, 6, "x" * (LONGEST + 500))


def test_cells_that_cannot_be_read_come_back_as_the_officer_wrote_them_and_nothing_runs(
    client: Client, cast: Cast
) -> None:
    lines = [SIASN, *(but(SECOND, NIP_BARU=f"1986041820110219{10 + number}") for number in range(8))]
    row = examined(cast, "employees", workbook(lines, fill=odd_cells))
    places = {(one[0], one[1]) for one in faults(row)}
    assert {(2, "NIP BARU (B2)"), (3, "ALAMAT (G3)"), (4, "GOL AKHIR NAMA (D4)"), (5, "NAMA (C5)")} < places
    assert {(6, "ALAMAT (G6)"), (9, "ALAMAT (G9)")} < places
    assert not {one[2] for one in faults(row)} & {"198503172010011900", "Jl. Gabungan"}, "people are masked"
    client.force_login(cast.hr_officer)
    back, as_csv = both_files(client, row)
    long = (float(198503172010011901), "1.985031720100119e+17")
    assert (back[1][1], as_csv[1][1]) == long, "never as a text that passes for a number"
    assert (back[2][6], as_csv[2][6]) == ('=A1&"<x>"', '\'=A1&"<x>"')
    assert back[3][3] == as_csv[3][3] == "#DIV/0!"
    assert (back[4][2], as_csv[4][2]) == ("NUL\x00nama", "NUL\ufffdnama")
    assert back[5][6] == as_csv[5][6] == "Jl. Gabungan"
    assert (back[7][6], as_csv[7][6]) == ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1")
    assert len(back[8][6]) == len(as_csv[8][6]) == LONGEST
    assert f"Only the first {LONGEST} signs of G9 stand here." in back[8][7]
    assert b"<f>" not in content(client.get(f"{url_of(row)}kesalahan.xlsx"))
    for name in ("xlsx", "csv"):
        again = examined(cast, "employees", content(client.get(f"{url_of(row)}kesalahan.{name}")), f"kembali.{name}")
        assert {(2, "NIP BARU (B2)"), (4, "GOL AKHIR NAMA (D4)"), (5, "NAMA (C5)")} <= {
            one[:2] for one in faults(again)
        }
        assert again.columns[-1] == ""


def test_a_file_that_comes_back_unmended_has_one_column_of_faults_and_of_now(client: Client, cast: Cast) -> None:
    row = examined(cast, "employees", text([SIASN, but(FIRST, GOL_AKHIR_NAMA="Penata"), SECOND]))
    client.force_login(cast.hr_officer)
    lines = lines_of(client.get(f"{url_of(row)}kesalahan.csv"))
    lines[1][3], lines[2][3] = "III/a", "Pembina"
    again = lines_of(client.get(f"{url_of(examined(cast, 'employees', text(lines)))}kesalahan.csv"))
    assert [*again[0]] == [*SIASN, "What is wrong"]
    assert again[1][7] == ""
    assert "GOL AKHIR NAMA (D3)" in again[2][7]


def many(golongan: int, days: int) -> Table:
    """Employees of whom so many have no golongan that is known, and so many no day that there is."""
    rows = [but(FIRST, NIP_BARU=f"19850317201001{1901 + number}") for number in range(golongan + days)]
    spoilt = [but(row, GOL_AKHIR_NAMA=f"Penata {number}") for number, row in enumerate(rows[:golongan])]
    return [SIASN, *spoilt, *(but(row, TMT_GOLONGAN="31-02-2010") for row in rows[golongan:])]


def test_many_faults_are_told_by_kind_first_and_each_kind_opens_its_rows(client: Client, cast: Cast) -> None:
    row = examined(cast, "employees", text(many(70, 12)))
    client.force_login(cast.hr_officer)
    run = client.get(url_of(row)).context["run"]
    assert [(kind.of, kind.rows) for kind in run.kinds] == [("GOL AKHIR NAMA (D)", 70), ("TMT GOLONGAN (E)", 12)]
    assert run.kinds[0].sentence.startswith("Write a golongan")
    assert len(run.lines) == 50
    assert run.page.next
    url = f"{url_of(row)}?apa=refused&salah={run.kinds[1].key}"
    answer = client.get(url)
    assert {line.at for line in answer.context["run"].lines} == {
        f"TMT GOLONGAN (E{number})" for number in range(72, 84)
    }
    assert "12 faults of this kind: TMT GOLONGAN (E)" in answer.content.decode()
    read = from_csv(client.get(f"{url}&unduh=csv"))
    assert len(read.rows) == 12
    assert read.told["Kind of fault"].startswith("TMT GOLONGAN (E): Write a day")
    assert client.get(f"{url_of(row)}?apa=refused&salah=tiada").context["run"].listed == 82


def test_faults_that_differ_in_their_words_alone_are_one_kind(cast: Cast, client: Client) -> None:
    rows = [but(FIRST, NIP_BARU="1985031720100"), but(FIRST, NIP_BARU="19850317"), FIRST, but(FIRST, NAMA="Lain")]
    row = examined(cast, "employees", text([SIASN, *rows, but(FIRST, NAMA="Lagi")]))
    client.force_login(cast.hr_officer)
    kinds = client.get(url_of(row)).context["run"].kinds
    assert [(kind.of, kind.rows) for kind in kinds] == [("NIP BARU (B)", 2), ("NAMA (C)", 2)]
    assert "The number has … digits" in kinds[0].sentence
    assert "Row … says" in kinds[1].sentence


def test_a_page_of_faults_costs_the_same_for_few_and_many(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few, lots = (examined(cast, "employees", text(many(count, count)), f"{count}") for count in (1, 60))
    client.force_login(cast.hr_officer)
    client.get(url_of(few))
    with CaptureQueriesContext(connection) as first:
        client.get(url_of(few))
    with django_assert_num_queries(len(first)):
        client.get(url_of(lots))


def test_a_list_that_stops_says_so_on_the_page_and_in_both_files(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_FAULTS", 5)
    row = examined(cast, "employees", text(many(9, 0)))
    client.force_login(cast.hr_officer)
    stops = "4 further faults are not listed; they stand in rows 7 to 10."
    page = client.get(url_of(row)).content.decode()
    assert stops in page
    assert "counted among the faults that are listed" in page
    for back in both_files(client, row):
        assert [line[-1] != "" for line in back] == [True] * 7 + [False] * 3
        assert back[6][-1] == stops


def test_a_dry_run_made_before_kinds_were_told_is_shown_by_its_faults(client: Client, cast: Cast) -> None:
    row = examined(cast, "employees", text(many(2, 0)))
    row.planned_rows.update(part="", fields='[["grade", "Penata", "Write a golongan."]]')
    client.force_login(cast.hr_officer)
    run = client.get(url_of(row)).context["run"]
    assert (run.kinds, [line.at for line in run.lines]) == ((), ["grade", "grade"])
    assert cells_of(client.get(f"{url_of(row)}kesalahan.xlsx"))[1][-1] == "grade: Write a golongan."


def test_a_text_that_a_spreadsheet_could_not_work_out_is_no_name(cast: Cast) -> None:
    row = examined(cast, "employees", text([SIASN, but(FIRST, NAMA="#REF!"), but(SECOND, NAMA="Dewi #1")]))
    assert [one[:2] for one in faults(row)] == [(2, "NAMA (C2)")]


def test_a_title_above_headings_that_were_learnt_is_passed_over(cast: Cast) -> None:
    own = [["Nomor X", "Sebutan", "Macam", "Sejak"], ["198503172010011901", "Pegawai Satu", "PNS", "01-01-2010"]]
    row = kept(cast, "employees", text(own), "satu.csv")
    columns = ["nip", "name", "kind", "employment_from"]
    assign_columns(
        actor=cast.hr_officer, data_import=row, sheet="", header_row=1, columns=columns, valid_from=None, at=AT
    )
    later = kept(cast, "employees", text([["Daftar"], [], *own]), "dua.csv")
    assert (later.header_row, later.columns) == (3, columns)
