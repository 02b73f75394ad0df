"""What tests of the import wizard share: files as officers make them, and the way from an upload to its end."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.actions.imports import assign_columns, keep_import_file
from agencies.import_work import start_examination
from agencies.models import DataImport, PlannedRow
from tests.base import Cast

AT = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
DAY = date(2025, 6, 1)
NOT_SHOWN = "tidak ditampilkan karena tentang pribadi"
"""What stands in a list of faults in the place of a cell about a person."""
Table = Sequence[Sequence[object]]

JOB_HEADINGS = (
    "agency_code",
    "agency_name",
    "agency_kind",
    "unit_code",
    "unit_name",
    "position_code",
    "position_title",
    "needed",
    "outside_office",
    "hours_per_day",
)
JOBS: Table = (
    JOB_HEADINGS,
    ("Bappeda", "Badan Perencanaan", "badan", "litbang", "Bidang Litbang", "B-1", "Statistisi", 3, "ya", 7.5),
    ("Bappeda", "", "", "litbang", "", "B-2", "Perencana", 2, "tidak", ""),
)
PERSON_HEADINGS = (
    "nip",
    "name",
    "kind",
    "grade",
    "employment_from",
    "position_code",
    "posting_reason",
    "posting_from",
    "predicate",
    "predicate_from",
    "predicate_until",
)


def employee(nip: str, name: str, kind: str, grade: str, since: date, predicate: str = "baik") -> tuple[object, ...]:
    """A row of an employee who holds the cast's position since her employment."""
    place = ("DISKOMINFO-01", "formation", since)
    return (nip, name, kind, grade, since, *place, predicate, date(2024, 1, 1), date(2024, 12, 31))


PEOPLE: Table = (
    PERSON_HEADINGS,
    employee("198503172010011901", "Pegawai Satu", "pns", "III/a", date(2010, 1, 1)),
    employee("198604182011021902", "Pegawai Dua", "pns", "III/b", date(2011, 2, 1)),
)
SERVICES: Table = (
    ("agency_code", "service_code", "service_name", "service_kind", "hours", "staff_on_site", "position_code"),
    ("Diskominfo", "L-1", "Loket pengaduan", "counter", "Senin-Jumat 08.00-15.00", 2, "DISKOMINFO-01"),
)
NEEDS: Table = (
    ("agency_code", "service_code", "weekday", "opens", "closes", "staff"),
    ("Diskominfo", "L-1", "monday", "08.00", "12.00", 3),
    ("Diskominfo", "L-1", "monday", "13.00", "15.30", "?"),
    ("Diskominfo", "L-1", "friday", "08.00", "11.00", 1),
)
"""The week of the service of `SERVICES`."""


def workbook(*tables: Table, fill: Callable[[Any], None] | None = None) -> bytes:
    """An XLSX workbook with a sheet for each table; `fill` does more to it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"})
    for table in tables:
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif cell is not None:
                    sheet.write(number, place, cell)
    if fill is not None:
        fill(book)
    book.close()
    return out.getvalue()


def text(table: Table, separator: str = ";", encoding: str = "utf-8") -> bytes:
    """The table as CSV."""
    return "\r\n".join(separator.join(map(_cell, row)) for row in table).encode(encoding)


def _cell(cell: object) -> str:
    return "" if cell is None else str(cell)


def kept(cast: Cast, kind: str, content: bytes, name: str = "tabel.xlsx") -> DataImport:
    """A file that was uploaded by the HR officer."""
    return keep_import_file(
        actor=cast.hr_officer, institution=cast.institution, kind=kind, name=name, content=content, at=AT
    )


def examined(
    cast: Cast, kind: str, content: bytes, name: str = "tabel.xlsx", *, for_new: Mapping[str, str] | None = None
) -> DataImport:
    """A file whose columns were assigned as guessed, and whose dry run was made.

    `for_new` is said of everything new; without it, what was said the last time.
    """
    row = kept(cast, kind, content, name)
    assign_columns(
        actor=cast.hr_officer,
        data_import=row,
        sheet=row.sheet,
        header_row=row.header_row,
        columns=row.columns,
        valid_from=DAY if kind != "employees" else None,
        for_new=row.for_new if for_new is None else for_new,
        at=AT,
    )
    row.refresh_from_db()
    start_examination(row, AT)
    row.refresh_from_db()
    return row


def told(row: DataImport, what: PlannedRow.What) -> list[PlannedRow]:
    """The lines of its dry run of one fate."""
    return list(row.planned_rows.filter(what=what).order_by("pk"))


def upload(client: Client, word: str, content: bytes, name: str = "tabel.xlsx") -> Any:
    """Send a file as a browser does, and follow to where that leads."""
    file = SimpleUploadedFile(name, content)
    return client.post(f"/kota-contoh/impor/baru/{word}/", {"file": file}, follow=True)


def many_jobs(count: int) -> Table:
    """Positions in units of ten agencies, as many as asked for."""
    rows = ([*_job(number)] for number in range(count))
    return [JOBS[0], *rows]


def _job(number: int) -> Iterable[object]:
    agency = number % 10
    yield from (f"OPD-{agency}", f"Dinas {agency}", "dinas", f"bidang-{number % 7}", f"Bidang {number % 7}")
    yield from (f"J-{number}", f"Analis Kebijakan {number}", 1, "ya", 7.5)
