"""The dry run: what an import would do, worked out from the file and from what is recorded at this moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from agencies.bulk_rows import insert_rows
from agencies.importing.differences import Count, Difference, What
from agencies.importing.file_cells import FileCells, refusals
from agencies.importing.grids import Grid, opened
from agencies.importing.kinds import KINDS, told_for_new
from agencies.importing.missing import keep_missing, missing_from
from agencies.importing.progress import Stage, Teller, forget
from agencies.importing.tables import Record, Sheet
from agencies.models import DataImport, ImportedFile, PlannedRow

_QUIET: Final = Teller()
_COLUMNS: Final = ("data_import", "what", "row", "part", "label", "fields")
_LONGEST_LABEL: Final = 400


@dataclass(frozen=True)
class Examination:
    """What was found: the plan, every difference, the faults and their cells, and the digest of what would be done.

    `missing` are the keys of whom a full register does not name; nobody as long as there are faults, because a row
    that cannot be read may be hers.
    """

    plan: Any
    rows: int
    faults: Sheet
    cells: FileCells
    differences: list[Difference]
    counts: dict[str, Count]
    digest: str
    missing: list[int]


def file_of(data_import: DataImport) -> Grid:
    """The rows of the file that an import keeps. Raises FileRefused for a sheet that is not there."""
    return sheet_of(data_import, data_import.sheet)


def sheet_of(data_import: DataImport, sheet: str) -> Grid:
    """The rows of one sheet of that file. Raises FileRefused for one that is not there, or is given up already."""
    content = ImportedFile.objects.values_list("content", flat=True).get(data_import=data_import)
    return opened(bytes(content), sheet)


def examine(data_import: DataImport, grid: Grid, teller: Teller = _QUIET) -> Examination:
    """Read the rows, compare them with what is recorded, and tell every difference and fault; nothing is written.

    Rows with a fault in a cell are left out of the comparison, so that the others can be told all the same.
    """
    kind = KINDS[data_import.kind]
    columns = [kind.columns.get(name) for name in data_import.columns]
    for_new = told_for_new(kind, data_import.for_new)
    total = len(grid.rows)
    first: Sheet = kind.read(teller.counted(grid.records(data_import.header_row), Stage.READING, total), columns)
    first.for_new, first.valid_from, told = for_new, data_import.valid_from, first
    if first.faults:
        wrong = frozenset(first.wrong_rows)
        told = kind.read(_without(grid.records(data_import.header_row), wrong), columns)
        told.for_new, told.valid_from = for_new, data_import.valid_from
    teller.tell(Stage.COMPARING, 0, total)
    plan = kind.planned(data_import.institution, told)
    if told is not first:
        first.take_over(_wrong_in_any_case(data_import, first, told))
    found = [one for one in kind.differences(plan) if one.row not in first.wrong_rows]
    cells = FileCells(grid, data_import.header_row, data_import.columns, kind, data_import.for_new)
    missing = [] if first.errors else missing_from(data_import, kind.people(plan))
    return Examination(plan, first.rows, first, cells, found, kind.counts(plan), _digest(found), missing)


def _wrong_in_any_case(data_import: DataImport, first: Sheet, told: Sheet) -> Sheet:
    """Faults found without the rows left out, but those that are there only because these rows were left out."""
    whole = copy(first)
    whole.errors, whole.wrong_rows, whole.unlisted = [], set(), None
    try:
        KINDS[data_import.kind].planned(data_import.institution, whole)
    except LookupError:  # what is wrong may name what nothing tells of
        return told
    if whole.unlisted:  # so many that it is not known which
        return told
    if told.unlisted:  # more for the rows left out than can be listed: what is wrong in any case is listed whole
        kept = [error for error in whole.errors if error.row not in first.wrong_rows]
    else:
        cells = {(error.row, error.column) for error in whole.errors}
        kept = [error for error in told.errors if (error.row, error.column) in cells]
    return Sheet(told.rows, kept, None, {error.row for error in kept})


def keep_examination(data_import: DataImport, found: Examination, at: datetime, teller: Teller = _QUIET) -> None:
    """Keep what the dry run found, so that it can be read page by page; what was found before goes."""
    lines = [*refusals(found.faults, found.cells), *sorted(found.differences, key=lambda one: one.row)]
    with transaction.atomic():
        row = DataImport.objects.select_for_update().get(pk=data_import.pk)
        if not row.may_become(DataImport.State.EXAMINED):
            return
        PlannedRow.objects.filter(data_import=row).delete()
        counted = teller.counted(lines, Stage.WRITING, len(lines))
        insert_rows(PlannedRow, _COLUMNS, (_line(row, one) for one in counted))
        keep_missing(row, found.missing)
        row.state, row.alive_at = DataImport.State.EXAMINED, at
        row.rows, row.plan_digest, row.counts = found.rows, found.digest, _tally(lines) | _faults(found.faults)
        row.save(update_fields=["state", "alive_at", "rows", "plan_digest", "counts"])
    forget(data_import.pk)


def _without(records: Iterator[Record], wrong: frozenset[int]) -> Iterator[Record]:
    return ((number, cells) for number, cells in records if number not in wrong)


def _line(data_import: DataImport, one: Difference) -> tuple[object, ...]:
    fields = json.dumps([field.told for field in one.fields], ensure_ascii=False)
    return (data_import.pk, one.what.value, one.row, one.part, one.label[:_LONGEST_LABEL], fields)


def _tally(lines: list[Difference]) -> dict[str, int]:
    """How many things there are of each fate."""
    found = dict.fromkeys(What.values, 0)
    for one in lines:
        found[one.what.value] += 1
    return found


def _faults(sheet: Sheet) -> dict[str, int]:
    """How many faults there are in how many rows, and which of them are not listed."""
    left = sheet.unlisted
    told = {"faults": sheet.faults, "faulty_rows": len(sheet.wrong_rows)}
    return told | ({"unlisted": left.number, "from_row": left.first, "to_row": left.last} if left else {})


def _digest(found: list[Difference]) -> str:
    """Of everything that would be written; what stays as it is makes no difference."""
    digest = hashlib.sha256()
    for one in found:
        if one.what is not What.UNCHANGED:
            fields = [field.told for field in one.fields]
            digest.update(json.dumps([one.what.value, one.row, one.part, one.label, fields]).encode())
    return digest.hexdigest()
