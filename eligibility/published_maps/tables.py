"""An aggregate map as it is counted and as it may be published: groups of agencies by mode and outcome (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eligibility.published_maps.suppression import LEAST, hidden_cells
from eligibility.rulebook import Mode, Outcome

OUTCOMES: Final = (Outcome.ELIGIBLE, Outcome.CONDITIONAL, Outcome.NEEDS_INFORMATION, Outcome.NOT_ELIGIBLE)
"""The order of the cells of a line."""

ROUNDED: Final = 10
"""Staff are told to the nearest ten."""

Group = tuple[str, str]
"""Kind of agency and sector; OTHERS for those too small to stand alone."""

OTHERS: Final[Group] = ("", "")


class Unsaid(StrEnum):
    """Why a number is not told."""

    HIDDEN = "hidden"
    UNKNOWN = "unknown"


Told = int | Unsaid


class TooFew(Exception):
    """There are not enough positions to tell anything of them without telling of one."""


@dataclass(frozen=True, slots=True)
class Count:
    """Positions of one group with one outcome, and their staff; None where the staff of one is not recorded."""

    positions: int = 0
    staff: int | None = 0

    def __add__(self, other: Count) -> Count:
        staff = None if self.staff is None or other.staff is None else self.staff + other.staff
        return Count(self.positions + other.positions, staff)


Counts = Mapping[Group, Mapping[Mode, tuple[Count, ...]]]
"""What is counted: for each group and mode a count for each of OUTCOMES."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is told of one group, mode and outcome."""

    positions: Told
    staff: Told


@dataclass(frozen=True)
class Line:
    """What is told of one group: all its positions, and for each mode a cell for each of OUTCOMES."""

    group: Group
    positions: int
    cells: Mapping[Mode, tuple[Cell, ...]]


@dataclass(frozen=True)
class PublicMap:
    """What may be told: no number of one to four positions, and none from which such a number follows."""

    lines: tuple[Line, ...]
    totals: Mapping[Mode, tuple[Told, ...]]

    @property
    def positions(self) -> int:
        """All positions."""
        return sum(line.positions for line in self.lines)

    def line(self, group: Group) -> Line | None:
        """What is told of a group; None where it has no positions or stands among the others."""
        return next((line for line in self.lines if line.group == group), None)

    @property
    def hidden(self) -> int:
        """How many cells and totals are hidden."""
        cells = [cell.positions for line in self.lines for cells in line.cells.values() for cell in cells]
        totals = [total for totals in self.totals.values() for total in totals]
        return sum(one is Unsaid.HIDDEN for one in (*cells, *totals))


def publishable(counts: Counts) -> PublicMap:
    """What may be told of what was counted. Raises TooFew below five positions in all."""
    merged = _merged({group: counts[group] for group in counts if _size(counts[group])})
    groups = sorted(merged, key=lambda group: (group == OTHERS, group))
    cells: dict[Group, dict[Mode, tuple[Cell, ...]]] = {group: {} for group in groups}
    totals: dict[Mode, tuple[Told, ...]] = {}
    for mode in Mode:
        rows = [merged[group][mode] for group in groups]
        table = [tuple(count.positions for count in row) for row in rows]
        hidden = hidden_cells(table)
        for place, group in enumerate(groups):
            cells[group][mode] = tuple(_cell(count, (place, n) in hidden) for n, count in enumerate(rows[place]))
        sums = [sum(column) for column in zip(*table, strict=True)]
        totals[mode] = tuple(Unsaid.HIDDEN if (len(rows), n) in hidden else one for n, one in enumerate(sums))
    return PublicMap(tuple(Line(group, _size(merged[group]), cells[group]) for group in groups), totals)


def _size(modes: Mapping[Mode, tuple[Count, ...]]) -> int:
    """All positions of a group: the same in every mode."""
    return sum(count.positions for count in modes[Mode.HOME])


def _merged(counts: Counts) -> dict[Group, Mapping[Mode, tuple[Count, ...]]]:
    """The groups, those too small to stand alone put together, with the next smallest until they are enough."""
    by_size = sorted(counts, key=lambda group: (_size(counts[group]), group))
    others: list[Group] = []
    while by_size and (_size(counts[by_size[0]]) < LEAST or 0 < sum(_size(counts[one]) for one in others) < LEAST):
        others.append(by_size.pop(0))
    kept = {group: counts[group] for group in by_size}
    if sum(_size(modes) for modes in counts.values()) < LEAST:
        raise TooFew
    if not others:
        return kept
    return kept | {OTHERS: {mode: _added(counts[one][mode] for one in others) for mode in Mode}}


def _added(rows: Iterable[tuple[Count, ...]]) -> tuple[Count, ...]:
    total = tuple(Count() for _outcome in OUTCOMES)
    for row in rows:
        total = tuple(a + b for a, b in zip(total, row, strict=True))
    return total


def _cell(count: Count, is_hidden: bool) -> Cell:
    if is_hidden:
        return Cell(Unsaid.HIDDEN, Unsaid.HIDDEN)
    if count.positions == 0:
        return Cell(0, 0)
    return Cell(count.positions, _rounded(count.staff))


def _rounded(staff: int | None) -> Told:
    """To the nearest ten; fewer than five are hidden like positions."""
    if staff is None:
        return Unsaid.UNKNOWN
    return Unsaid.HIDDEN if staff < LEAST else (staff + ROUNDED // 2) // ROUNDED * ROUNDED
