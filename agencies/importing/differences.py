"""What an import would do, thing by thing and field by field, in the words that a file itself uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from django.db.models import Model

from agencies.fact_values import as_text
from agencies.importing.tables import Column, Sheet
from agencies.models import PlannedRow

What = PlannedRow.What


@dataclass(frozen=True)
class Count:
    """How many rows of one kind an import created, changed and left alone."""

    created: int
    changed: int
    unchanged: int


class FieldChange(NamedTuple):
    """A column, what stands recorded, and what will; of a fault what stands in the file, and the sentence.

    `agreed` is the day on which what stands recorded was agreed on, and `by_reviewers` whether two reviewers did so.
    """

    column: str
    before: str
    after: str
    agreed: str = ""
    by_reviewers: bool = False

    @property
    def told(self) -> tuple[object, ...]:
        """What is kept of it: the agreement only where there is one."""
        return self if self.agreed else self[:3]


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one thing; `row` is the first row of the file that tells of it."""

    what: What
    row: int
    part: str
    label: str
    fields: tuple[FieldChange, ...] = ()


_YES_NO: Final = {True: "ya", False: "tidak"}


def as_cell(value: object) -> str:
    """A value as a cell of a file tells it; what is unknown or not there is an empty cell."""
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, Decimal):
        return as_text(value) or ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Model):
        return str(getattr(value, "code", value.pk))
    return "" if value is None else str(value)


def field_changes(columns: Mapping[str, str], before: Mapping[str, object], now: object) -> tuple[FieldChange, ...]:
    """The fields of an existing row that change: `columns` names the column that fills each."""
    return tuple(
        FieldChange(columns[name], as_cell(former), as_cell(getattr(now, name))) for name, former in before.items()
    )


def new_fields(columns: Mapping[str, str], values: Iterable[tuple[str, object]]) -> tuple[FieldChange, ...]:
    """The fields of a new row of which something is known."""
    told = ((columns[name], as_cell(value)) for name, value in values if name in columns)
    return tuple(FieldChange(column, "", cell) for column, cell in told if cell)


def columns_of(columns: Mapping[str, Column], of: str) -> dict[str, str]:
    """The column that fills each field of a part."""
    return {column.field: column.name for column in columns.values() if column.of == of}


def refusals(sheet: Sheet) -> list[Difference]:
    """Every fault of a file, in the order of its rows."""
    found = sorted(sheet.errors, key=lambda error: error.row)
    return [
        Difference(What.REFUSED, one.row, "", one.column, (FieldChange(one.column, one.value, one.message),))
        for one in found
    ]
