"""Hostile and broken files are answered with what is wrong and the way out, within bounds of memory and time."""

from __future__ import annotations

import io
import re
import resource
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from python_calamine import CalamineWorkbook

from agencies.importing import examining, first_guess, grids, refusals, tables, workbook_reader, workbooks
from agencies.importing.grids import Grid, opened
from agencies.importing.refusals import FileRefused
from agencies.importing.tables import BadCell
from agencies.models import DataImport, PlannedRow
from tests.agencies.importing import JOBS, PEOPLE, Table, examined, kept, text, told, workbook
from tests.base import Cast
from tests.exported import content as file_content
from tests.exported import from_csv

MB = 1024


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with override_settings(LANGUAGE_CODE="en"):
        yield


def rewritten(content: bytes, sheet: Callable[[bytes], bytes], part: str = "sheet1.xml") -> bytes:
    """The workbook with one part of it changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in archive.namelist():
            new.writestr(name, sheet(archive.read(name)) if name.endswith(part) else archive.read(name))
    return out.getvalue()


def with_rows(content: bytes, rows: bytes) -> bytes:
    """The workbook with more rows at the end of its sheet."""
    return rewritten(content, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


def bomb() -> bytes:
    """A small file whose sheet unfolds to 400 MB; written in pieces, so that the test itself stays small."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(JOBS))) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in archive.namelist():
            with new.open(name, "w") as part:
                part.write(archive.read(name))
                for _piece in range(400 if name.endswith("sheet1.xml") else 0):
                    part.write(b" " * 1024 * 1024)
    return out.getvalue()


def refusal(content: bytes) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(FileRefused) as refused:
        opened(content)
    assert refused.value.field == "file"
    return str(refused.value)


def cells(grid: Grid) -> list[list[str]]:
    return [[cell if isinstance(cell, str) else f"!{cell}" for cell in row] for row in grid.rows]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (bytes(4000), "no spreadsheet and no text"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><body><table>", "web page"),
        (b'[{"nip": "1"}]', "data file"),
        (b"PK\x03\x04" + bytes(range(256)) * 8, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("nip;nama".encode("utf-16-le"), "no spreadsheet and no text"),
        (b"nip;nama\n1;\x81", "Byte 11"),
        (b'nip;nama\n1;"' + b"x" * 200_000, "row 2"),
        (b"a;" * 300, "200 columns"),
        (b"x\n" * 100_001, "100,000 rows"),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_out(content: bytes, says: str) -> None:
    assert says in refusal(content)


def test_a_file_over_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grids, "LARGEST", 1000)
    assert "split it" in refusal(b"x" * 1001)
    assert opened(b"a;b\n1;2")


def test_a_workbook_of_another_kind_or_with_a_password_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "no XLSX workbook" in refusal(out.getvalue())
    locked = bytearray(workbook(JOBS))
    for found in re.finditer(rb"PK\x01\x02", bytes(locked)):
        locked[found.start() + 8] |= 1
    assert "password" in refusal(bytes(locked))


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    content = bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "300 MB" in refusal(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * MB


def test_parts_without_number_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/{number}", b"")
    assert "unfolds" in refusal(out.getvalue())


def test_a_million_empty_rows_are_no_rows_and_cost_this_process_nothing() -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(10, 1_000_010))
    content = with_rows(workbook(JOBS), empty)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(opened(content).rows) == 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * MB


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="9"><c r="XFD9"><v>1</v></c></row>',
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_lost_cell_far_away_is_named_as_such(rows: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "lost cell" in refusal(with_rows(workbook(JOBS), rows))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * MB


def test_a_workbook_that_would_fill_the_memory_ends_its_own_process_only() -> None:
    shared = rewritten(
        workbook([["satu"]]), lambda xml: xml.replace(b"<t>satu</t>", b"<t>" + b"x" * 32_000 + b"</t>"), "Strings.xml"
    )
    cell = b"".join(b'<c r="%s{n}" t="s"><v>0</v></c>' % bytes([65 + n]) for n in range(20))
    rows = b"".join(b'<row r="%d">' % n + cell.replace(b"{n}", b"%d" % n) + b"</row>" for n in range(2, 40_000))
    assert "larger than what is read" in refusal(with_rows(shared, rows))


def test_numbers_days_and_truth_come_as_they_were_meant_and_long_numbers_are_refused() -> None:
    table: Table = [["a", "b", "c", "d", "e"], [3, 7.5, date(2025, 7, 1), 123456789012345, 198503172010011901]]
    row = cells(opened(workbook(table)))[1]
    assert row[:4] == ["3", "7.5", "2025-07-01", "123456789012345"]
    assert row[4].startswith("!This is a number of more than 15 digits")


def test_formulas_count_by_their_values_and_one_without_is_named() -> None:
    def formulas(book: Any) -> None:
        sheet = book.worksheets()[0]
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, "=1+2", None, 3)

    content = workbook([["a", "b", "c"]], fill=formulas)
    content = rewritten(content, lambda xml: xml.replace(b"<v>3</v>", b"<v></v>"))
    row = cells(opened(content))[1]
    assert row[0] == "2"
    assert row[1].startswith("!A formula that has gone wrong")
    assert row[2].startswith("!This formula was never worked out")


def test_merged_cells_below_the_headings_are_named_where_they_begin() -> None:
    content = workbook(JOBS, fill=lambda book: book.worksheets()[0].merge_range(5, 1, 7, 1, "gabung"))
    records = dict(opened(content).records(1))
    assert isinstance(records[6][1], BadCell)
    assert "B6:B8" in str(records[6][1])
    titled = workbook([["Daftar jabatan"], *JOBS], fill=lambda book: book.worksheets()[0].merge_range(0, 0, 0, 3, "x"))
    assert not any(isinstance(cell, BadCell) for _row, record in opened(titled).records(2) for cell in record)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings_are_recognised(separator: str, encoding: str) -> None:
    grid = opened(text([["nama", "kota"], ["Café", "Malang"]], separator, encoding))
    assert cells(grid) == [["nama", "kota"], ["Café", "Malang"]]


def test_faults_of_cells_are_told_at_their_row_and_column(cast: Cast) -> None:
    table = [*PEOPLE, ("198503172010011901", "x", "pnz", "", 45000)]
    row = examined(cast, "employees", workbook([table[0], (198503172010011901, *table[1][1:]), *table[2:]]))
    assert row.state == DataImport.State.EXAMINED
    places = {(one.row, one.label) for one in told(row, PlannedRow.What.REFUSED)}
    assert places == {(2, "nip"), (4, "kind"), (4, "employment_from")}
    assert told(row, PlannedRow.What.CREATED), "the rows without a fault are compared"


def test_several_sheets_the_one_whose_headings_are_known_is_proposed(cast: Cast) -> None:
    row = examined(cast, "positions", workbook([["Petunjuk"], ["isi lembar kedua"]], JOBS))
    assert (row.sheet, row.rows) == ("Sheet2", 2)


def test_the_limits_stand_in_one_place() -> None:
    assert (refusals.LARGEST, refusals.MOST_ROWS) == (20 * 1024 * 1024, 100_000)
    assert (refusals.MOST_CELLS, refusals.MOST_FAULTS) == (2_000_000, 10_000)
    assert refusals.MOST_CELLS >= 20_000 * 70, "a whole export of the personnel of a city"


NUMBERS: Table = [["a", "b", "c"], *([row, row + 0.5, row * 7] for row in range(9))]


@pytest.mark.parametrize("written", [workbook, text])
def test_a_table_with_more_cells_than_are_read_is_refused_and_says_how_to_split_it(
    monkeypatch: pytest.MonkeyPatch, written: Callable[[Table], bytes]
) -> None:
    monkeypatch.setattr(grids, "MOST_CELLS", 30)
    monkeypatch.setattr(workbooks, "MOST_CELLS", 30)
    assert len(opened(written(NUMBERS)).rows) == 10
    assert "split the file" in refusal(written([*NUMBERS, [1, 2, 3]]))


def test_numbers_count_among_the_signs_of_a_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [12]
    assert [workbook_reader._cell(value, left) for value in (12345, "abc", True)] == ["12345", "abc", "true"]
    with pytest.raises(workbook_reader.TooLarge):
        workbook_reader._cell(98765, left)


def test_of_a_workbook_with_many_sheets_only_the_chosen_one_is_read_whole(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noted(content: bytes, sheet: str = "") -> Grid:
        read.append(sheet)
        return opened(content, sheet)

    monkeypatch.setattr(first_guess, "opened", noted)
    others: list[Table] = [[["Petunjuk"], [f"lembar {number}"]] for number in range(6)]
    row = examined(cast, "positions", workbook(*others, JOBS))
    assert (row.sheet, row.rows) == ("Sheet7", 2)
    assert read == ["", "Sheet7"]


def faulty(rows: int) -> bytes:
    """A file whose every row has two faults."""
    return text([PEOPLE[0], *(("198503172010011901", "x", "pnz", "", "bukan hari") for _row in range(rows))])


def test_of_very_many_faults_the_first_are_listed_and_the_rest_counted_with_their_rows(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_FAULTS", 10)
    row = examined(cast, "employees", faulty(40))
    assert len(told(row, PlannedRow.What.REFUSED)) == 10
    assert row.counts["faulty_rows"] == 40
    assert row.counts["faults"] >= 80
    left = row.counts["faults"] - 10
    client.force_login(cast.hr_officer)
    url = f"/{cast.institution.code}/impor/{row.pk}/"
    page = client.get(url).content.decode()
    assert "40 rows are refused" in page
    assert "The first 10 faults are listed" in page
    assert f"{left} further faults are not listed; they stand in rows 7 to 41" in page
    told_apart = from_csv(client.get(f"{url}?apa=refused&unduh=csv"))
    assert len(told_apart.rows) == 10
    assert told_apart.told["Not listed"].startswith(f"{left} further")
    book = CalamineWorkbook.from_filelike(io.BytesIO(file_content(client.get(f"{url}kesalahan.xlsx"))))
    faults = [str(line[-1]) for line in book.get_sheet_by_index(0).to_python()]
    assert len(faults) == 41
    assert sum(bool(said) for said in faults[1:]) == 6, "five rows with their faults, and where the list stops"
    assert f"{left} further faults" in faults[6]


def test_a_position_told_in_two_agencies_is_refused_at_its_second_row_alone(cast: Cast) -> None:
    heads = ["agency_code", "agency_name", "agency_kind", "unit_code", "unit_name", "position_code", "position_title"]
    first = ["A1", "Dinas Satu", "dinas", "", "", "P1", "Analis"]
    second = ["B1", "Dinas Dua", "dinas", "U1", "Bidang", "P1", "Analis"]
    row = examined(cast, "positions", text([heads, first, second]))
    assert row.state == "examined"
    assert [one.row for one in told(row, PlannedRow.What.REFUSED)] == [3]
    assert (row.counts["faults"], row.counts["faulty_rows"]) == (1, 1)


def test_faults_that_other_faults_bring_about_are_not_counted_beyond_the_list(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_FAULTS", 10)
    heads = ["agency_code", "position_code", "position_title", "needed", "task_number", "task_title"]
    first = [[cast.agency.code, f"P{number}", "Analis", "banyak", "1", "Olah data"] for number in range(9)]
    second = [[cast.agency.code, f"P{number}", "", "", "2", "Lapor"] for number in range(9)]
    row = examined(cast, "positions", text([heads, *first, *second]))
    assert (row.counts["faults"], row.counts["faulty_rows"]) == (9, 9), "the second rows are right"


def test_a_command_says_how_many_faults_there_are_where_not_all_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_FAULTS", 3)
    sheet = tables.Sheet()
    for number in range(2, 9):
        sheet.wrong(number, "nip", "x", "Salah.")
    with pytest.raises(tables.ImportRefused) as refused:
        sheet.refuse()
    assert len(refused.value.errors) == 3
    assert "7 errors" in str(refused.value)
    assert "rows 5 to 8" in str(refused.value)


def test_the_file_is_read_once_for_the_columns_and_not_while_the_import_is_held(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def noted(content: bytes, sheet: str = "") -> Grid:
        held.append(len(connection.savepoint_ids) > outside)
        return opened(content, sheet)

    outside = len(connection.savepoint_ids)
    row = kept(cast, "positions", workbook(JOBS))
    monkeypatch.setattr(examining, "opened", noted)
    client.force_login(cast.hr_officer)
    url = f"/{cast.institution.code}/impor/{row.pk}/kolom/"
    page = client.get(url)
    assert held == [False]
    sent = {field.html_name: field.value() or "" for field in page.context["form"]}
    assert client.post(url, sent).status_code == 302
    row.refresh_from_db()
    assert row.state == DataImport.State.EXAMINED
    assert held == [False, False]
