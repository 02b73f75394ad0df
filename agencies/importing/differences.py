"""What an import would do, thing by thing and field by field, in the words that a file itself uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from django.db.models import Model

from agencies.fact_values import as_text
from agencies.importing.tables import Column
from agencies.models import PlannedRow

What = PlannedRow.What


@dataclass(frozen=True)
class Count:
    """How many rows of one kind an import created, changed and left alone."""

    created: int
    changed: int
    unchanged: int


class FieldChange(NamedTuple):
    """A column, what stands recorded, and what will.

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


class FaultTold(NamedTuple):
    """A fault: heading and cell, what stands there and the sentence; then the heading with its column, and its kind.

    The kind is what all faults of the same kind say of that column.
    """

    at: str
    value: str
    sentence: str
    of: str
    kind: str

    @property
    def told(self) -> tuple[object, ...]:
        """What is kept of it: everything."""
        return self


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of one thing; `row` is the first row of the file that tells of it.

    Of a fault `part` is what is the same for all faults of its kind, and `label` the column of the portal.
    """

    what: What
    row: int
    part: str
    label: str
    fields: tuple[FieldChange | FaultTold, ...] = ()


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
