"""Whole tables of every kind of import in any format: stored exactly as given, or the wrong cell alone is named."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from python_calamine import CalamineWorkbook

from agencies.actions.imports import abandon_import, apply_import, assign_columns
from agencies.csv_files import restored
from agencies.errors import ActRefused
from agencies.importing.examining import file_of
from agencies.importing.files_back import csv_with_faults, workbook_with_faults
from agencies.importing.kinds import KINDS
from agencies.importing.tables import printable
from agencies.importing.workbooks import column_name
from agencies.models import DataImport, PlannedRow
from agencies.pages.import_faults import faults_by_row
from tests.agencies.generated_tables import (
    File,
    Table,
    broken,
    employees,
    found_again,
    positions,
    services,
    under_own_headings,
    weeks,
    written,
)
from tests.agencies.importing import AT, DAY, NOT_SHOWN, examined, kept, text, workbook
from tests.base import Cast, assemble_cast
from tests.factories import PublicServiceFactory, UnitFactory

EXAMPLES = 12 if connection.vendor == "sqlite" else 4
drawn = settings(
    max_examples=EXAMPLES, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
"""An example is an import: searching a smaller one for a failing one would take minutes."""
UNIT = "loket"
SERVICE_CODES = ("L-1", "L-2", "L-3")
KINDS_DRAWN = st.one_of(positions(), employees(), services(UNIT), weeks(SERVICE_CODES))


class WholeTables(TestCase):
    """Each example runs in a transaction of its own, with the cast, a unit and some services in it."""

    def setup_example(self) -> None:
        super().setup_example()
        self.cast = assemble_cast()
        UnitFactory.create(agency=self.cast.agency, code=UNIT)
        for code in SERVICE_CODES:
            PublicServiceFactory.create(agency=self.cast.agency, code=code)

    @drawn
    @given(st.data(), positions())
    def test_agencies_units_positions_and_tasks(self, data: st.DataObject, table: Table) -> None:
        self.check_stored(data, table)

    @drawn
    @given(st.data(), employees())
    def test_employees_with_postings_and_predicates(self, data: st.DataObject, table: Table) -> None:
        self.check_stored(data, table)

    @drawn
    @given(st.data(), services(UNIT))
    def test_services(self, data: st.DataObject, table: Table) -> None:
        self.check_stored(data, table)

    @drawn
    @given(st.data(), KINDS_DRAWN)
    def test_every_kind_in_shuffled_columns_under_headings_that_were_learnt(
        self, data: st.DataObject, table: Table
    ) -> None:
        file = data.draw(under_own_headings(table))
        remembered(self.cast, table.kind, file)
        row = examined(self.cast, table.kind, file.content, file.name)
        assert (row.columns, faults(row)) == ([*file.columns], set())
        apply_import(actor=self.cast.hr_officer, data_import=row, at=AT)
        recorded = self.recorded()[table.kind]
        assert [found_again(one, table, recorded) for one in table.rows] == [[] for _row in table.rows]

    @drawn
    @given(st.data(), weeks(SERVICE_CODES))
    def test_weeks_of_services(self, data: st.DataObject, table: Table) -> None:
        self.check_stored(data, table)

    @settings(parent=drawn, max_examples=EXAMPLES * 3)
    @given(st.data(), broken(KINDS_DRAWN))
    def test_a_wrong_value_is_named_where_it_stands_and_nothing_is_stored(
        self, data: st.DataObject, table: Table
    ) -> None:
        before = self.recorded()
        file = data.draw(written(table))
        row = examined(self.cast, table.kind, file.content, file.name)
        assert table.wrong is not None
        place, column = table.wrong
        named = {fault for fault in faults(row) if fault[0] not in {file.numbers[at] for at in table.tied}}
        assert named == {(file.numbers[place], column)}, table.rows[place]
        with pytest.raises(ActRefused):
            apply_import(actor=self.cast.hr_officer, data_import=row, at=AT)
        assert self.recorded() == before

    @settings(parent=drawn, max_examples=EXAMPLES * 2)
    @given(st.data(), broken(KINDS_DRAWN))
    def test_through_a_remembered_mapping_a_fault_is_told_at_the_officers_own_cell(
        self, data: st.DataObject, table: Table
    ) -> None:
        self.check_told_at_her_cell(data, table, workbook=False)

    @settings(parent=drawn, max_examples=EXAMPLES // 3)
    @given(st.data(), broken(KINDS_DRAWN))
    def test_so_it_is_in_a_workbook(self, data: st.DataObject, table: Table) -> None:
        self.check_told_at_her_cell(data, table, workbook=True)

    def check_told_at_her_cell(self, data: st.DataObject, table: Table, *, workbook: bool) -> None:
        file = data.draw(under_own_headings(table, workbook=workbook))
        remembered(self.cast, table.kind, file)
        row = examined(self.cast, table.kind, file.content, file.name)
        assert (row.header_row, row.columns) == (file.numbers[0] - 1, [*file.columns])
        assert table.wrong is not None
        at_fault, tied = file.numbers[table.wrong[0]], {file.numbers[at] for at in table.tied}
        assert {fault for fault in faults(row) if fault[0] not in tied} == {(at_fault, table.wrong[1])}
        given_back, as_csv = back(row, file)
        for line in row.planned_rows.filter(what=PlannedRow.What.REFUSED):
            at, value, sentence, *_kind = json.loads(line.fields)[0]
            place = file.columns.index(line.label)
            assert at == f"{file.headings[place]} ({column_name(place)}{line.row})"
            written = KINDS[table.kind].columns[line.label].shown(file.cell(line.row, line.label))
            assert value == (printable(written) or NOT_SHOWN), "what stands there is what she wrote"
            for cells in (given_back[line.row - 1], as_csv[line.row - 1]):
                assert f"{at}: {sentence}" in cells[-1]

    @settings(parent=drawn, max_examples=EXAMPLES // 3)
    @given(st.data(), KINDS_DRAWN)
    def test_merged_cells_and_a_missing_key_column_are_named_and_nothing_is_stored(
        self, data: st.DataObject, table: Table
    ) -> None:
        before = self.recorded()
        place = data.draw(st.integers(0, len(table.rows) - 1))
        first = table.columns.index(KINDS[table.kind].needed)
        last = min(first + 1, len(table.columns) - 1)
        first = last - 1
        grid = [table.columns, *table.cells()]
        content = workbook(grid, fill=lambda book: _merge(book, place + 1, first, last))
        row = examined(self.cast, table.kind, content)
        tied = {at + 2 for at in table.tied_to(place, table.columns[first : last + 1])}
        assert (place + 2, table.columns[first]) in faults(row)
        assert {number for number, _column in faults(row)} - tied == {place + 2}
        keyless = [[cell for at, cell in enumerate(line) if at != _needed(table)] for line in grid]
        with pytest.raises(ActRefused):
            examined(self.cast, table.kind, text(keyless), "tabel.csv")
        assert self.recorded() == before

    def check_stored(self, data: st.DataObject, table: Table) -> None:
        """Every row of a table without fault is given out again as it was given, and importing it again is idle."""
        file = data.draw(written(table))
        row = examined(self.cast, table.kind, file.content, file.name)
        assert not faults(row)
        assert row.rows == len(table.rows)
        apply_import(actor=self.cast.hr_officer, data_import=row, at=AT)
        recorded = self.recorded()[table.kind]
        for one in table.rows:
            assert found_again(one, table, recorded) == [], one
        again = examined(self.cast, table.kind, file.content, "lagi.csv")
        assert (again.counts["created"], again.counts["changed"], again.counts["refused"]) == (0, 0, 0)

    def recorded(self) -> dict[str, list[dict[str, str]]]:
        """Everything that can be imported, as it is given out."""
        return {code: list(kind.recorded(self.cast.institution, date(2025, 7, 1))) for code, kind in KINDS.items()}


def faults(row: DataImport) -> set[tuple[int, str]]:
    """Row and column of every fault; each has a sentence."""
    found = set()
    for line in row.planned_rows.filter(what=PlannedRow.What.REFUSED):
        assert len(json.loads(line.fields)[0][2]) > 10
        found.add((line.row, line.label))
    return found


def remembered(cast: Cast, kind: str, file: File) -> None:
    """An earlier file with the same headings, whose columns the officer assigned."""
    row = kept(cast, kind, text([file.headings, ["x"] * len(file.headings)]), "lama.csv")
    since = DAY if kind != "employees" else None
    said: Any = {"sheet": row.sheet, "header_row": 1, "columns": file.columns, "valid_from": since, "at": AT}
    assign_columns(actor=cast.hr_officer, data_import=row, **said)
    abandon_import(actor=cast.hr_officer, data_import=row, at=AT)


def back(row: DataImport, file: File) -> tuple[list[list[str]], list[list[str]]]:
    """The file with its faults, as a workbook and as CSV; every cell is as she wrote it, and nothing is computed."""
    grid, said = file_of(row), faults_by_row(row)
    with workbook_with_faults(grid, row.header_row, said) as content:
        sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0)
        written = [[str(cell) for cell in line] for line in sheet.to_python(skip_empty_area=False)]
    lines = "".join(csv_with_faults(grid, row.header_row, said)).removeprefix("\ufeff")
    as_csv = list(csv.reader(io.StringIO(lines, newline=""), delimiter=";"))
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in as_csv for cell in line)
    width = max(map(len, file.lines))
    given = [[*line, *[""] * (width - len(line))] for line in file.lines]
    assert [line[:width] for line in written] == given
    assert [[restored(cell) for cell in line[:width]] for line in as_csv] == given
    return written, as_csv


def _needed(table: Table) -> int:
    return table.columns.index(KINDS[table.kind].needed)


def _merge(book: object, row: int, first: int, last: int) -> None:
    book.worksheets()[0].merge_range(row, first, row, last, "gabungan")  # type: ignore[attr-defined]


def test_a_right_row_is_not_blamed_for_what_a_wrong_one_leaves_open_and_other_faults_are_told(cast: Cast) -> None:
    headings = ("agency_code", "agency_name", "agency_kind", "position_code", "position_title", "task_number")
    more = ("task_title", "task_share", "with_tik")
    rows = [
        ("A-1", "Dinas Satu", "dinas", "P-1", "Arsiparis", 1, "Menata arsip", 60, "mungkin"),
        ("A-1", "", "", "P-1", "", 2, "Melayani arsip", 40, "ya"),
        ("A-1", "", "", "P-2", "Statistisi", 1, "Mengolah data", 30, "ya"),
    ]
    row = examined(cast, "positions", text([[*headings, *more], *rows]), "jabatan.csv")
    assert faults(row) == {(2, "with_tik"), (4, "task_share")}
