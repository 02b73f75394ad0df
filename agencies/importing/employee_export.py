"""Employees as recorded now, in the rows that the import reads: importing them is idle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from typing import Final

from agencies.importing.differences import as_cell
from agencies.importing.employee_rows import COLUMN_OF
from agencies.importing.employee_versions import Version, recorded_of
from agencies.models import Employee, Institution, Position

Row = dict[str, str]
_PARTS: Final = (("employments", "employment"), ("postings", "posting"), ("predicates", "predicate"))
_DAYS: Final = {
    "employment": ("effective_from", ""),
    "posting": ("effective_from", "effective_until"),
    "predicate": ("period_starts_on", "period_ends_on"),
}


def recorded(institution: Institution, on: date) -> Iterator[Row]:
    """As many rows for each employee as she has employments, postings or predicates; each row names her."""
    codes = dict(Position.objects.filter(institution=institution).values_list("pk", "code"))
    versions = recorded_of(institution)
    people = Employee.objects.filter(institution=institution).order_by("nip")
    for key, nip, name, residence in people.values_list("pk", "nip", "name", "residence"):
        identity = {"nip": nip, "name": name, "residence": residence}
        parts = [[_row(part, one, codes) for one in versions[kind].get(key, ())] for kind, part in _PARTS]
        for of_row in zip_longest(*parts, fillvalue=None) if any(parts) else [()]:
            row = dict(identity)
            for of_part in of_row:
                row |= of_part or {}
            yield row


def _row(part: str, version: Version, codes: dict[int, str]) -> Row:
    first, last = _DAYS[part]
    values = dict(version.values)
    if "position_id" in values:
        values["position"] = codes[values.pop("position_id")]
    cells = {COLUMN_OF[part, name]: as_cell(value) for name, value in values.items()}
    cells[COLUMN_OF[part, first]] = as_cell(version.starts)
    if last:
        cells[COLUMN_OF[part, last]] = as_cell(version.ends)
    return cells
