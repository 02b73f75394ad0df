"""Two files of employees in the fictional city: one that was imported, one whose faults wait to be mended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from agencies.actions.imports import apply_import, assign_columns, keep_import_file
from agencies.csv_files import csv_text
from agencies.import_work import start_examination
from agencies.models import DataImport, ImportKind, Institution, Position, User
from agencies.querysets import open_on

IMPORTED: Final = datetime(2025, 9, 30, 2, tzinfo=UTC)
_AGENCY: Final = "Bappeda"
_HEADINGS: Final = (
    *("NIP BARU", "NAMA", "Status Pegawai", "GOL AKHIR NAMA", "TMT CPNS"),
    *("Kode Jabatan", "Jenis Mutasi", "TMT Jabatan"),
)
"""As an export of SIASN names them."""
_BORN: Final = ("19990412", "20000823", "19981105", "20010217")


def import_files(institution: Institution, officer: User, now: datetime) -> int:
    """Have the officer import four new CPNS, and upload a second file with two faults; how many imports there are.

    A city with any import is left as it is.
    """
    found = DataImport.objects.filter(institution=institution)
    if not found.exists():
        positions = Position.objects.filter(open_on(IMPORTED.date()), institution=institution, agency__code=_AGENCY)
        codes = list(positions.order_by("code").values_list("code", flat=True)[: len(_BORN)])
        rows = [_row(born, number, codes[number]) for number, born in enumerate(_BORN)]
        right = _examined(institution, officer, "cpns-formasi-2025.csv", rows, IMPORTED)
        apply_import(actor=officer, data_import=right, at=IMPORTED)
        wrong = [[*rows[0][:3], "III/z", *rows[0][4:]], [*rows[1][:5], "JABATAN-TIDAK-ADA", *rows[1][6:]]]
        _examined(institution, officer, "cpns-susulan.csv", wrong, now)
    return found.count()


def _row(born: str, number: int, position: str) -> list[str]:
    nip = f"{born}2025091{990 + number}"
    name = f"Pegawai Sintetis CPNS {number + 1}"
    return [nip, name, "CPNS", "III/a", "01-09-2025", position, "Formasi", "01-09-2025"]


def _examined(institution: Institution, officer: User, name: str, rows: list[list[str]], at: datetime) -> DataImport:
    content = csv_text(_HEADINGS, rows).encode()
    row = keep_import_file(
        actor=officer, institution=institution, kind=ImportKind.EMPLOYEES.value, name=name, content=content, at=at
    )
    assign_columns(actor=officer, data_import=row, sheet="", header_row=1, columns=row.columns, valid_from=None, at=at)
    row.refresh_from_db()
    start_examination(row, at)
    row.refresh_from_db()
    return row
