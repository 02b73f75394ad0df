"""A table of the portal as something to take away: its columns, what it was narrowed by, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from agencies.models import Employee, Institution

Kind = Literal["text", "number", "date", "yes_no"]
Cell = str | int | Decimal | date | bool | None
"""What a cell holds; None: nothing, or not known, which is never "no" and never zero. Moments go in as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how its cells stand, and how wide it is, in letters."""

    label: str
    kind: Kind = "text"
    width: int = 24


@dataclass(frozen=True)
class ExportTable:
    """A whole table, never a page of it.

    `on` is the day that it speaks of, `filters` are the names and words of what it is narrowed by, `fingerprint`
    is that of the rulebook that its outcomes were read with; where it is None, the head of the file names the
    rulebook of the day, as known at `known_at` (None: now). `rows` is called when the file is written and read
    once; it should read the database in parts.
    """

    title: str
    institution: Institution
    on: date
    filters: tuple[tuple[str, str], ...]
    fingerprint: str | None
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Sequence[Cell]]]
    known_at: datetime | None = None


@dataclass(frozen=True)
class PeopleTable:
    """A table about persons, and how many of them it shows; `employee` where it is about one."""

    table: ExportTable
    people: int
    employee: Employee | None = None
