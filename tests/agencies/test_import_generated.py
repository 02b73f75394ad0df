"""Generated files, good and broken, in CSV and XLSX: every row is stored as given or named in the faults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies.actions.imports import abandon_import, apply_import, assign_columns, undo_import
from agencies.coverage.week import read_time, time_text
from agencies.importing.kinds import KINDS
from agencies.importing.tables import printable
from agencies.importing.workbooks import column_name
from agencies.models import DataImport, Employee, Employment, PlannedRow, Position, Task
from tests.agencies.importing import AT, NOT_SHOWN, examined, kept, text, workbook
from tests.base import assemble_cast
from tests.factories import PublicServiceFactory

EXAMPLES = 25 if connection.vendor == "sqlite" else 8
WORKBOOKS = 4
"""A workbook is read by a process of its own, which takes a fraction of a second."""

WORD = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
ODD = st.one_of(
    st.just(""),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30),
    st.sampled_from(["?", "-", "=1+1", "tiga", "-1", "1e9", "ya", "TRUE", "2025-02-30", "\x1b", "x" * 500, "'"]),
)
TITLES = (
    st.text(st.sampled_from("abc déÅ–/=+-@'\""), min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda title: title not in {"", "-", "?"} and not title.startswith("'"))
)


@st.composite
def jobs(draw: st.DrawFn) -> list[list[str]]:
    """Positions with title, need and a fact; some cells odd."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        needed = draw(st.one_of(st.just(""), st.integers(0, 50).map(str)))
        row = [f"P-{number}", draw(TITLES), needed, draw(st.sampled_from(["", "ya", "tidak", "?"]))]
        if draw(st.integers(0, 3)) == 0:
            row[draw(st.integers(0, 3))] = draw(ODD)
        rows.append(row)
    return rows


@st.composite
def people(draw: st.DrawFn) -> list[list[str]]:
    """Employees with name, kind and golongan; some cells odd."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        row = [f"1985031720100119{number + 1:02}", draw(TITLES), "pns", draw(st.sampled_from(["", "III/a", "IV/e"]))]
        row.append(draw(st.dates(date(2000, 1, 1), date(2024, 12, 31))).isoformat())
        if draw(st.integers(0, 3)) == 0:
            row[draw(st.integers(0, 4))] = draw(ODD)
        rows.append(row)
    return rows


@st.composite
def weeks(draw: st.DrawFn) -> list[list[str]]:
    """Spans of weekdays of two services, some overlapping or ending before they begin; some cells odd."""
    rows = []
    for _number in range(draw(st.integers(1, 8))):
        times = [f"{draw(st.integers(6, 18)):02}.{draw(st.sampled_from(['00', '30']))}" for _time in range(2)]
        day = draw(st.sampled_from(["senin", "Selasa", "friday", "-"]))
        row = [draw(st.sampled_from(["L-1", "L-2"])), day, *times, draw(st.sampled_from(["", "?", "0", "4"]))]
        if draw(st.integers(0, 5)) == 0:
            row[draw(st.integers(0, 4))] = draw(ODD)
        rows.append(row)
    return rows


NEED_HEADINGS = ["agency_code", "service_code", "weekday", "opens", "closes", "staff"]
JOB_HEADINGS = ["agency_code", "position_code", "position_title", "needed", "outside_office"]
PERSON_HEADINGS = ["nip", "name", "kind", "grade", "employment_from"]


class Generated(TestCase):
    """Each example runs in a transaction of its own, with the cast in it."""

    def setup_example(self) -> None:
        super().setup_example()
        self.cast = assemble_cast()

    @settings(max_examples=EXAMPLES)
    @given(jobs())
    def test_positions_in_csv(self, rows: list[list[str]]) -> None:
        self.check_jobs(rows, quoted([JOB_HEADINGS, *(["Diskominfo", *row] for row in rows)]), "jabatan.csv")

    @settings(max_examples=WORKBOOKS)
    @given(jobs())
    def test_positions_in_workbooks(self, rows: list[list[str]]) -> None:
        kept = [[_xml(cell) for cell in row] for row in rows]
        self.check_jobs(kept, workbook([JOB_HEADINGS, *(["Diskominfo", *row] for row in kept)]), "jabatan.xlsx")

    @settings(max_examples=EXAMPLES)
    @given(people())
    def test_employees_in_csv(self, rows: list[list[str]]) -> None:
        self.check_people(rows, quoted([PERSON_HEADINGS, *rows]), "pegawai.csv")

    @settings(max_examples=EXAMPLES)
    @given(people(), st.permutations(range(len(PERSON_HEADINGS))))
    def test_employees_in_shuffled_columns_under_headings_that_were_learnt(
        self, rows: list[list[str]], order: list[int]
    ) -> None:
        headings = [f"Lajur {place}" for place in order]
        columns = [PERSON_HEADINGS[place] for place in order]
        self.learn(headings, columns)
        shuffled = [[row[place] for place in order] for row in rows]
        row = self.check_people(rows, quoted([headings, *shuffled]), "lain.csv")
        assert row.columns == columns
        for line in row.planned_rows.filter(what=PlannedRow.What.REFUSED):
            at, value = json.loads(line.fields)[0][:2]
            place = columns.index(line.label)
            assert at == f"{headings[place]} ({column_name(place)}{line.row})"
            cell = shuffled[line.row - 2][place].strip()
            shown = KINDS["employees"].columns[line.label].shown(cell)
            assert value == (printable(shown) or (NOT_SHOWN if cell else "")), "what stands there is what she wrote"

    def learn(self, headings: list[str], columns: list[str]) -> None:
        """An earlier file with these headings, whose columns the officer assigned."""
        row = kept(self.cast, "employees", quoted([headings, ["x"] * len(headings)]), "lama.csv")
        said: Any = {"sheet": row.sheet, "header_row": 1, "columns": columns, "valid_from": None, "at": AT}
        assign_columns(actor=self.cast.hr_officer, data_import=row, **said)
        abandon_import(actor=self.cast.hr_officer, data_import=row, at=AT)

    @given(weeks(), weeks())
    def test_weeks_of_services_are_stored_as_given_or_named_and_undone(
        self, first: list[list[str]], second: list[list[str]]
    ) -> None:
        for code in ("L-1", "L-2"):
            PublicServiceFactory.create(agency=self.cast.agency, code=code)
        self.imported("service_needs", of_weeks(first), "satu.csv")
        before = self.recorded("service_needs")
        row = self.imported("service_needs", of_weeks(second), "dua.csv")
        if row is None:
            return
        stored = {tuple(one.get(name, "") for name in NEED_HEADINGS[1:]) for one in self.recorded("service_needs")}
        told = [one for one in second if one[1].strip() not in {"", "-"}]
        assert {as_given_out(one) for one in told} <= stored
        undo_import(actor=self.cast.hr_officer, data_import=row, reason="uji", at=AT)
        assert self.recorded("service_needs") == before

    @settings(max_examples=EXAMPLES)
    @given(people(), people())
    def test_undo_restores_what_was_there(self, first: list[list[str]], second: list[list[str]]) -> None:
        self.imported("employees", quoted([PERSON_HEADINGS, *first]), "satu.csv")
        before = self.recorded("employees")
        row = self.imported("employees", quoted([PERSON_HEADINGS, *second]), "dua.csv")
        if row is not None:
            undo_import(actor=self.cast.hr_officer, data_import=row, reason="uji", at=AT)
        known = {one["nip"] for one in before}
        assert [one for one in self.recorded("employees") if one["nip"] in known] == before
        assert all(len(one) == 3 for one in self.recorded("employees") if one["nip"] not in known)

    def recorded(self, kind: str) -> list[dict[str, str]]:
        return list(KINDS[kind].recorded(self.cast.institution, date(2025, 7, 1)))

    def imported(self, kind: str, content: bytes, name: str) -> DataImport | None:
        """The import where the file has no faults and something to do; else None and nothing stored."""
        row = examined(self.cast, kind, content, name)
        counts = row.counts
        if counts["refused"] or not counts["created"] + counts["changed"]:
            before = self.recorded(kind)
            abandon_import(actor=self.cast.hr_officer, data_import=row, at=AT)
            assert self.recorded(kind) == before
            return None
        with transaction.atomic():
            apply_import(actor=self.cast.hr_officer, data_import=row, at=AT)
        row.refresh_from_db()
        return row

    def check_jobs(self, rows: list[list[str]], content: bytes, name: str) -> None:
        row = examined(self.cast, "positions", content, name)
        faulty = faults_of(row)
        if faulty:
            assert row.counts["refused"] >= len(faulty)
            assert not Position.objects.filter(code__startswith="P-").exists()
            return
        if row.counts["created"] + row.counts["changed"]:
            apply_import(actor=self.cast.hr_officer, data_import=row, at=AT)
        for code, title, needed, outside in rows:
            if not code.strip():
                assert not "".join((title, needed, outside)).strip()
                continue
            position = Position.objects.get(code=code.strip())
            assert position.title == title.strip()
            assert position.needed == (int(needed) if needed.strip() not in {"", "?"} else None)
            answer = {"ya": True, "tidak": False}.get(outside.strip().lower())
            assert outside.strip().lower() in {"true", "1", "y", "yes", "no", "n", "t", "false", "0"} or (
                Task.objects.get(position=position).profile.outside_office is answer
            )

    def check_people(self, rows: list[list[str]], content: bytes, name: str) -> DataImport:
        row = examined(self.cast, "employees", content, name)
        if faults_of(row):
            assert not Employee.objects.exists()
            return row
        if row.counts["created"]:
            apply_import(actor=self.cast.hr_officer, data_import=row, at=AT)
        assert Employee.objects.count() == len({nip for nip, *_rest in rows if nip.strip()})
        for nip, name_told, _kind, grade, since in rows:
            person = Employee.objects.get(nip=nip.strip())
            assert person.name == name_told.strip()
            employment = Employment.objects.current().get(employee=person)
            assert employment.grade == (grade.strip() if grade.strip() not in {"", "?", "-"} else "")
            assert employment.effective_from.isoformat() == since.strip()
        return row


def of_weeks(rows: list[list[str]]) -> bytes:
    return quoted([NEED_HEADINGS, *(["Diskominfo", *row] for row in rows)])


def as_given_out(row: list[str]) -> tuple[str, ...]:
    """A span as the portal gives it out again."""
    code, day, opens, closes, staff = (cell.strip() for cell in row)
    weekday = {"senin": "monday", "selasa": "tuesday"}.get(day.lower(), day.lower())
    return (code, weekday, time_text(read_time(opens)), time_text(read_time(closes)), "" if staff == "?" else staff)


def faults_of(row: DataImport) -> list[tuple[int, str]]:
    """Row and sentence of every fault; each has both."""
    found = []
    for line in row.planned_rows.filter(what=PlannedRow.What.REFUSED):
        sentence = json.loads(line.fields)[0][2]
        assert line.row >= 1
        assert len(sentence) > 10
        found.append((line.row, sentence))
    return found


def quoted(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as CSV with every cell in quotation marks."""
    return text([[_quoted(cell) for cell in row] for row in rows])


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _xml(cell: str) -> str:
    """What an XML file can hold of a text."""
    return "".join(sign for sign in cell if sign >= " " and sign not in "\ufffe\uffff")
