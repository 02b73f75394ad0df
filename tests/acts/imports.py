"""The acts on the import of a file."""

from __future__ import annotations

from datetime import UTC, datetime

from agencies.actions import imports
from agencies.import_work import start_examination
from agencies.importing.kinds import KINDS
from agencies.importing.missing import Register
from agencies.models import DataImport, ImportKind
from tests.base import Cast

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
FILES = {
    ImportKind.POSITIONS: b"agency_code;agency_name;agency_kind;position_code;position_title\n"
    b"Bappeda;Badan Perencanaan;badan;B-1;Statistisi\n",
    ImportKind.EMPLOYEES: b"nip;name;kind;employment_from\n198503172010011901;Pegawai Sintetis;pns;2010-01-01\n",
}


def keep_import_file(cast: Cast, kind: ImportKind = ImportKind.POSITIONS) -> DataImport:
    return imports.keep_import_file(
        actor=cast.hr_officer,
        institution=cast.institution,
        kind=kind.value,
        name="tabel.csv",
        content=FILES[kind],
        at=NOON,
    )


def assign_columns(cast: Cast, kind: ImportKind = ImportKind.POSITIONS) -> object:
    row = keep_import_file(cast, kind)
    if row.state == DataImport.State.EXAMINING:
        start_examination(row, NOON)
    return imports.assign_columns(
        actor=cast.hr_officer,
        data_import=row,
        sheet="",
        header_row=1,
        columns=row.columns,
        valid_from=NOON.date() if KINDS[kind.value].dated else None,
        at=NOON,
    )


def examined(cast: Cast, kind: ImportKind = ImportKind.POSITIONS) -> DataImport:
    """An import whose dry run was made."""
    assign_columns(cast, kind)
    row = keep_import_file(cast, kind)
    start_examination(row, NOON)
    row.refresh_from_db()
    return row


def of_full_register(cast: Cast) -> DataImport:
    """An import whose dry run was made, of a file that is said to be the full register."""
    row = examined(cast, ImportKind.EMPLOYEES)
    register = Register(DataImport.Register.INSTITUTION, None, NOON.date())
    imports.assign_columns(
        actor=cast.hr_officer,
        data_import=row,
        sheet="",
        header_row=1,
        columns=row.columns,
        valid_from=None,
        register=register,
        at=NOON,
    )
    row.refresh_from_db()
    start_examination(row, NOON)
    row.refresh_from_db()
    return row


def applied(cast: Cast, kind: ImportKind = ImportKind.POSITIONS) -> DataImport:
    """An import that was carried out."""
    row = examined(cast, kind)
    imports.apply_import(actor=cast.hr_officer, data_import=row, at=NOON)
    row.refresh_from_db()
    return row


def latest(cast: Cast) -> DataImport:
    """The import that the test made before."""
    return DataImport.objects.filter(institution=cast.institution).latest("pk")


def apply_import(cast: Cast) -> object:
    return imports.apply_import(actor=cast.hr_officer, data_import=latest(cast), at=NOON)


def undo_import(cast: Cast) -> object:
    return imports.undo_import(actor=cast.hr_officer, data_import=latest(cast), reason="Berkas keliru", at=NOON)


def abandon_import(cast: Cast) -> object:
    return imports.abandon_import(actor=cast.hr_officer, data_import=latest(cast), at=NOON)


ACTS = {
    "agencies.actions.imports.keep_import_file": keep_import_file,
    "agencies.actions.imports.assign_columns": assign_columns,
    "agencies.actions.imports.apply_import": apply_import,
    "agencies.actions.imports.undo_import": undo_import,
    "agencies.actions.imports.abandon_import": abandon_import,
}
BEFORE = {
    "agencies.actions.imports.assign_columns": keep_import_file,
    "agencies.actions.imports.apply_import": examined,
    "agencies.actions.imports.undo_import": applied,
    "agencies.actions.imports.abandon_import": keep_import_file,
}
