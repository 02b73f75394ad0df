"""Which cells of a table are hidden, so that no small number is told and none follows from sums (pure).

The reader of a published table knows: every cell shown; the sum of every row; the sums of columns unless hidden;
that sums add up; and that a hidden cell is not zero, because zeros are shown. A hidden cell is safe when some other
table that agrees with all of this has another number in its place. Row sums are never hidden: they are the same in
the tables of all modes. So the tables of the modes tell nothing about one another.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

LEAST: Final = 5
"""A number below this, other than zero, is never told."""

Place = tuple[int, int]
"""Row and column; the row after the last holds the sums of the columns."""

Table = Sequence[Sequence[int]]


def hidden_cells(table: Table) -> frozenset[Place]:
    """The cells and column sums to hide: every small one, and as few others as keep them safe.

    Every row must sum to at least LEAST. A row with a single number that is not zero is never hidden in: its number
    is the sum of the row.
    """
    rows = _with_sums(table)
    small = {place for place, value in _places(rows) if 0 < value < LEAST}
    hidden = set(small)
    while exposed := sorted(derivable(rows, hidden)):
        hidden.add(_next(rows, hidden, exposed[0]))
    for place in sorted(hidden - small, key=lambda one: -rows[one[0]][one[1]]):
        if not derivable(rows, hidden - {place}):
            hidden.discard(place)
    return frozenset(hidden)


def derivable(rows: Table, hidden: Collection[Place]) -> set[Place]:
    """The hidden cells that follow from the rest; `rows` ends with the sums of the columns.

    A hidden cell can have another number where it lies on a cycle of hidden cells along which one after the other is
    raised and lowered by one in turn, so that all sums stay, and no cell that is lowered is one already: it would
    become zero, and zeros are shown. If another table exists at all, it differs from this one by such cycles.
    """
    return {place for place in hidden if not _varies(rows, hidden, place)}


def _varies(rows: Table, hidden: Collection[Place], place: Place) -> bool:
    return any(_has_cycle(rows, hidden, place, gains=gains) for gains in (True, False))


def _has_cycle(rows: Table, hidden: Collection[Place], place: Place, *, gains: bool) -> bool:
    """Whether the cell can gain one (or lose one) while others make up for it.

    The search goes from a column to the rows whose cell there makes up for the last change, and from such a row to
    the columns whose cell carries the change on, until it is back in the row of the first cell.
    """
    row, column = place
    if not _may(rows, place, gain=gains):
        return False
    seen, waiting = {column}, [column]
    while waiting:
        here = waiting.pop()
        making_up = (
            other
            for other in range(len(rows))
            if (other, here) in hidden and (other, here) != place and _may(rows, (other, here), gain=not gains)
        )
        for other in making_up:
            if other == row:
                return True
            for onward in range(len(rows[0])):
                if onward not in seen and (other, onward) in hidden and _may(rows, (other, onward), gain=gains):
                    seen.add(onward)
                    waiting.append(onward)
    return False


def _may(rows: Table, place: Place, *, gain: bool) -> bool:
    """Whether a number may gain or lose one. Sums stand on the other side of a balance: there gaining is losing."""
    row, column = place
    is_sum = row == len(rows) - 1
    return gain != is_sum or rows[row][column] > 1


def _next(rows: Table, hidden: Collection[Place], exposed: Place) -> Place:
    """A further cell to hide for one that is exposed: the smallest of its row if it is alone there, else of its
    column, else of both, else of the table; sums come last."""
    row, column = exposed
    of_sums = len(rows) - 1
    visible = [place for place in _hideable(rows) if place not in hidden]
    in_row = [place for place in visible if place[0] == row]
    in_column = [place for place in visible if place[1] == column]
    alone = sum(place[0] == row for place in hidden) == 1
    choice = (in_row if alone else in_column) or in_column or in_row or visible
    return min(choice, key=lambda place: (place[0] == of_sums, rows[place[0]][place[1]], place))


def _hideable(rows: Table) -> list[Place]:
    """What hiding can keep safe: cells of rows with two numbers or more, and the sums of columns with such a cell."""
    several = [row for row, cells in enumerate(rows[:-1]) if sum(value > 0 for value in cells) > 1]
    cells = [(row, column) for row in several for column, value in enumerate(rows[row]) if value]
    return [*cells, *((len(rows) - 1, column) for column in sorted({column for _row, column in cells}))]


def _with_sums(table: Table) -> list[tuple[int, ...]]:
    rows = [tuple(row) for row in table]
    return [*rows, tuple(sum(column) for column in zip(*rows, strict=True))]


def _places(rows: Table) -> list[tuple[Place, int]]:
    return [((row, column), value) for row, cells in enumerate(rows) for column, value in enumerate(cells)]
