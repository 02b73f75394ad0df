"""The city at a glance: agencies down, modes across, each cell a tally; those below roll up into their parent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Final

from agencies.models import Agency
from eligibility.pages.tallies import Tally, tally_of
from eligibility.rulebook import Mode
from eligibility.screening import OutcomeCount

BY_NAME: Final = "nama"
ORDERS: Final = (BY_NAME, f"-{BY_NAME}", *Mode, *(f"-{mode}" for mode in Mode))
"""How rows may be sorted: by name, or by the share that a mode is open to; a minus turns it round."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The positions of a row in one mode."""

    mode: Mode
    tally: Tally


@dataclass(frozen=True)
class Row:
    """An agency with what lies below it rolled up; `children` are shown when it is opened."""

    agency: Agency
    cells: tuple[Cell, ...]
    children: tuple[Row, ...] = ()
    opened: bool = False

    @property
    def total(self) -> int:
        """All positions of the agency and of those below it."""
        return self.cells[0].tally.total

    def cell(self, mode: Mode) -> Cell:
        """The cell of a mode."""
        return next(cell for cell in self.cells if cell.mode is mode)


@dataclass(frozen=True)
class Heading:
    """The head of a column: what it sorts by next and how it is sorted now ("" where it is not)."""

    mode: Mode | None
    next_order: str
    sorted_now: str


@dataclass(frozen=True)
class Matrix:
    """All rows in their order, the sum of all, and the heads of the columns."""

    rows: tuple[Row, ...]
    summary: tuple[Cell, ...]
    order: str
    headings: tuple[Heading, ...]

    @property
    def total(self) -> int:
        """All positions shown."""
        return self.summary[0].tally.total

    def summary_of(self, mode: Mode) -> Tally:
        """The sum over all rows in one mode."""
        return next(cell.tally for cell in self.summary if cell.mode is mode)


def build_matrix(
    agencies: Iterable[Agency],
    counts: Iterable[OutcomeCount],
    order: str = BY_NAME,
    opened: Collection[str] = (),
) -> Matrix:
    """The matrix of the agencies in sight; one whose parent is out of sight stands at the top."""
    own = {(count.agency_id, count.mode): tally_of(count) for count in counts}
    in_sight = {agency.pk: agency for agency in agencies}
    below: dict[int | None, list[Agency]] = {}
    for agency in in_sight.values():
        parent = agency.parent_id if agency.parent_id in in_sight else None
        below.setdefault(parent, []).append(agency)
    chosen = order if order in ORDERS else BY_NAME
    rows = _rows(below, None, own, chosen, opened)
    return Matrix(rows, _summed([row.cells for row in rows]), chosen, _headings(chosen))


def _rows(
    below: Mapping[int | None, list[Agency]],
    parent: int | None,
    own: Mapping[tuple[int, Mode], Tally],
    order: str,
    opened: Collection[str],
) -> tuple[Row, ...]:
    rows = []
    for agency in below.get(parent, []):
        children = _rows(below, agency.pk, own, order, opened)
        mine = tuple(Cell(mode, own.get((agency.pk, mode), Tally())) for mode in Mode)
        cells = _summed([mine, *(child.cells for child in children)])
        rows.append(Row(agency, cells, children, agency.code in opened))
    return _sorted(rows, order)


def _summed(lines: list[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(mode, reduce(add, (line[place].tally for line in lines), Tally())) for place, mode in enumerate(Mode)
    )


def _sorted(rows: list[Row], order: str) -> tuple[Row, ...]:
    column = order.removeprefix("-")
    by_name = sorted(rows, key=lambda row: row.agency.name.casefold())
    if column == BY_NAME:
        return tuple(by_name[::-1] if order.startswith("-") else by_name)
    mode = Mode(column)
    # Sorting is stable: rows of equal share stay in the order of their names.
    share_first = sorted(by_name, key=lambda row: row.cell(mode).tally.openness, reverse=not order.startswith("-"))
    return tuple(share_first)


def _headings(order: str) -> tuple[Heading, ...]:
    return tuple(_heading(mode, order) for mode in (None, *Mode))


def _heading(mode: Mode | None, order: str) -> Heading:
    """Names rise first; shares fall first, because the greatest is looked for."""
    column = mode or BY_NAME
    turned = f"-{column}"
    if order == column:
        return Heading(mode, turned, "ascending" if mode is None else "descending")
    if order == turned:
        return Heading(mode, column, "descending" if mode is None else "ascending")
    return Heading(mode, column, "")
