"""Importing people: ours beside django-import-export, the same file, every row checked, one run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from time import perf_counter
from typing import Any, Final

import tablib
import xlsxwriter
from django.db import connection, transaction
from django.utils import timezone
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import DateWidget, ForeignKeyWidget

from agencies.actions.employees_import import EmployeesReport, import_employees
from agencies.actions.imports import apply_import, keep_import_file
from agencies.importing.examining import examine, file_of, keep_examination
from agencies.models import (
    Agency,
    DataImport,
    Employee,
    Employment,
    ImportKind,
    Institution,
    Position,
    Posting,
    Predicate,
    User,
)
from benchmarks.report import Line

ROWS: Final = 100_000
WORKBOOK_ROWS: Final = 20_000
THEIR_ROWS: Final = 1_000
"""The reference needs milliseconds for a row, so it is given fewer; rates are per row."""

COLUMNS: Final = (
    "nip name residence kind grade standing employment_sk employment_from position_code capacity posting_reason "
    "posting_sk posting_from predicate predicate_from predicate_until"
)
_EMPLOYMENT: Final = COLUMNS.split().index("position_code")
_POSITIONS: Final = 500
_BIRTHS: Final = date(1965, 1, 1)


def measure(city: Institution, name: str) -> Iterator[Line]:
    """Rows a second of the first import, of a dry run before it and of a second import after it."""
    _positions(city)
    rows = tablib.Dataset().load(_file(0, THEIR_ROWS).decode(), format="csv")
    looked, stored = _theirs(city, rows, dry_run=True), _theirs(city, rows, dry_run=False)
    theirs, twice = THEIR_ROWS / stored, THEIR_ROWS / (looked + stored)
    content = _file(THEIR_ROWS, ROWS)
    dry = _rate(city, content, dry_run=True, changed=True)
    first = _rate(city, content, dry_run=False, changed=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    second = _rate(city, content, dry_run=False, changed=False)
    work = f"{name}: rows of people imported a second"
    yield Line(work, "django-import-export", first, theirs, at_least=15)
    yield Line(work, "", first, at_least=8_000 if name == "PostgreSQL" else None)
    wizard = _wizard_rate(city, _workbook(THEIR_ROWS + ROWS, WORKBOOK_ROWS))
    yield Line(f"{name}: the same from XLSX, dry run and import", "its dry run and import", wizard, twice, at_least=15)
    yield Line(f"{name}: the same, dry run", "", dry)
    yield Line(f"{name}: the same file again, nothing changes", "", second)


def _rate(city: Institution, content: bytes, *, dry_run: bool, changed: bool) -> float:
    start = perf_counter()
    report: EmployeesReport = import_employees(
        actor=None, institution=city, content=content, source="pegawai.csv", dry_run=dry_run
    )
    seconds = perf_counter() - start
    if report.changed is not changed:
        raise ValueError(f"the import changed something: {report.changed}, expected: {changed}")
    return report.rows / seconds


def _wizard_rate(city: Institution, content: bytes) -> float:
    """Rows a second from the workbook that is handed in to what it says being recorded.

    In between every row is looked through twice, as in the portal: for the dry run, which is kept, and to be
    recorded as the dry run showed it.
    """
    actor = User.objects.create(username="pengimpor")
    kind = ImportKind.EMPLOYEES.value
    start = perf_counter()
    row = keep_import_file(actor=actor, institution=city, kind=kind, name="pegawai.xlsx", content=content)
    keep_examination(row, examine(row, file_of(row)), timezone.now())
    apply_import(actor=actor, data_import=row)
    seconds = perf_counter() - start
    row.refresh_from_db()
    if (row.state, row.rows) != (DataImport.State.APPLIED, WORKBOOK_ROWS):
        raise ValueError(f"the workbook was not imported: {row.state}, {row.counts}")
    return row.rows / seconds


def _positions(city: Institution) -> None:
    agency = Agency.objects.create(institution=city, code="Import", name="Import", kind="dinas", sector="general")
    Position.objects.bulk_create(
        Position(institution=city, agency=agency, code=f"P-{number}", title=f"Jabatan {number}")
        for number in range(_POSITIONS)
    )


def _file(start: int, count: int) -> bytes:
    """The rows as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(_rows(start, count))
    return text.getvalue().encode()


def joining(start: int, count: int) -> bytes:
    """As many new people as CSV, employed and not posted yet."""
    text = io.StringIO()
    csv.writer(text).writerows(row[:_EMPLOYMENT] for row in _rows(start, count))
    return text.getvalue().encode()


def _workbook(start: int, count: int) -> bytes:
    """The rows as XLSX, every cell a text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, row in enumerate(_rows(start, count)):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def _rows(start: int, count: int) -> Iterator[list[str]]:
    """The headings, then so many rows with one employee each, all of them right."""
    yield COLUMNS.split()
    for number in range(start, start + count):
        born = _BIRTHS + timedelta(days=number // 100)
        year, month = born.year + 25, number % 12 + 1
        yield [
            f"{born:%Y%m%d}{year}{month:02}{number % 2 + 1}{900 + number % 100}",
            f"Pegawai Sintetis {number:06}",
            f"Jalan Sintetis {number}",
            "pns",
            "III/a",
            "active",
            f"SK-{number}",
            f"{year}-{month:02}-01",
            f"P-{number % _POSITIONS}",
            "definitive",
            "formation",
            f"SP-{number}",
            f"{year}-{month:02}-01",
            "baik",
            "2024-01-01",
            "2024-12-31",
        ]


class _ByNumber(ForeignKeyWidget):
    """The employee of a number, as the rows name her."""

    def __init__(self) -> None:
        super().__init__(Employee, "nip")


class _Resource(ModelResource):
    """What all four share: the columns that no file has."""

    def init_instance(self, row: Any = None) -> Any:
        """A new row, recorded now."""
        return self._meta.model(recorded_at=timezone.now())


class _Options:
    clean_model_instances = True
    use_transactions = True
    exclude = ("id", "recorded_at", "superseded_at")


def _day(column: str, attribute: str) -> Field:
    return Field(column_name=column, attribute=attribute, widget=DateWidget("%Y-%m-%d"))


def _person() -> Field:
    return Field(column_name="nip", attribute="employee", widget=_ByNumber())


class _Employees(_Resource):
    class Meta(_Options):
        model = Employee
        fields = ("nip", "name", "residence")
        import_id_fields = ("nip",)

    def __init__(self, city: Institution) -> None:
        super().__init__()
        self.city = city

    def init_instance(self, row: Any = None) -> Employee:
        """A new employee of the city."""
        return Employee(institution=self.city, recorded_at=timezone.now())


class _Employments(_Resource):
    employee = _person()
    sk_number = Field(column_name="employment_sk", attribute="sk_number")
    effective_from = _day("employment_from", "effective_from")

    class Meta(_Options):
        model = Employment
        fields = ("employee", "kind", "grade", "standing", "sk_number", "effective_from")
        import_id_fields = ("employee", "effective_from")


class _Postings(_Resource):
    employee = _person()
    position = Field(column_name="position_code", attribute="position", widget=ForeignKeyWidget(Position, "code"))
    reason = Field(column_name="posting_reason", attribute="reason")
    sk_number = Field(column_name="posting_sk", attribute="sk_number")
    effective_from = _day("posting_from", "effective_from")

    class Meta(_Options):
        model = Posting
        fields = ("employee", "position", "capacity", "reason", "sk_number", "effective_from")
        import_id_fields = ("employee", "position", "effective_from")


class _Predicates(_Resource):
    employee = _person()
    period_starts_on = _day("predicate_from", "period_starts_on")
    period_ends_on = _day("predicate_until", "period_ends_on")

    class Meta(_Options):
        model = Predicate
        fields = ("employee", "predicate", "period_starts_on", "period_ends_on")
        import_id_fields = ("employee", "period_starts_on", "period_ends_on")


def _theirs(city: Institution, rows: Any, *, dry_run: bool) -> float:
    """Seconds of the reference: a resource for each table, all four given the same rows, in one transaction.

    A dry run takes all of it back at the end, because each table needs the rows of the one before it.
    """
    start = perf_counter()
    with transaction.atomic():
        for resource in (_Employees(city), _Employments(), _Postings(), _Predicates()):
            result = resource.import_data(rows, dry_run=False, raise_errors=False)
            if result.has_errors() or result.has_validation_errors():
                raise ValueError(f"the reference refused its rows: {result.row_errors()[:1]} {result.invalid_rows[:1]}")
        transaction.set_rollback(dry_run)
    seconds = perf_counter() - start
    if Posting.objects.count() != (0 if dry_run else THEIR_ROWS):
        raise ValueError("the reference did not import every row")
    return seconds
