"""What a file that was just given most likely is: which sheet, which row holds the headings, what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from agencies.importing.grids import Grid, opened
from agencies.importing.headings import guessed, most_likely_header, plain
from agencies.importing.kinds import KINDS, Kind
from agencies.importing.workbook_reader import BEGINNING
from agencies.importing.workbooks import beginnings
from agencies.models import Institution, LearntColumn

_LOOKED_AT: Final = BEGINNING
"""Rows among which the headings are looked for."""
_MOST_SHEETS: Final = 10


def best_sheet(kind: str, content: bytes) -> Grid:
    """The sheet whose headings name most columns; the first of several that name as many.

    Of the others only their beginnings are read. Raises FileRefused for what cannot be read.
    """
    first = opened(content)
    if len(first.sheets) < 2:
        return first
    found = {name: Grid(rows, "") for name, rows in beginnings(content, _MOST_SHEETS).items()}
    best = max(found, key=lambda name: _named(KINDS[kind], found[name]), default=first.sheet)
    named = _named(KINDS[kind], found[best]) if best in found else 0
    return opened(content, best) if best != first.sheet and named > _named(KINDS[kind], first) else first


def first_guess(institution: Institution, kind: str, grid: Grid) -> tuple[int, list[str]]:
    """The row of the headings, and the columns that they most likely mean."""
    columns, learnt = KINDS[kind].columns, _learnt(institution, kind)
    header = most_likely_header(kind, columns, _beginning(grid), learnt)
    return header, guessed(kind, columns, grid.headings(header), learnt)


def likely_columns(institution: Institution, kind: str, headings: Sequence[str]) -> list[str]:
    """The columns that headings mean: those learnt, else those of their names."""
    return guessed(kind, KINDS[kind].columns, headings, _learnt(institution, kind))


def _learnt(institution: Institution, kind: str) -> dict[str, str]:
    rows = LearntColumn.objects.filter(institution=institution, kind=kind)
    return dict(rows.exclude(heading__startswith=LearntColumn.FOR_NEW).values_list("heading", "column"))


def likely_for_new(institution: Institution, kind: str, columns: Sequence[str]) -> dict[str, str]:
    """The values said the last time of everything new, for columns that no heading means."""
    rows = LearntColumn.objects.filter(institution=institution, kind=kind, heading__startswith=LearntColumn.FOR_NEW)
    said = {one.removeprefix(LearntColumn.FOR_NEW): value for one, value in rows.values_list("heading", "column")}
    return {name: said[name] for name in KINDS[kind].for_new if said.get(name) and name not in columns}


def learn(
    institution: Institution,
    kind: str,
    headings: Sequence[str],
    columns: Sequence[str],
    for_new: Mapping[str, str],
) -> None:
    """Remember what headings mean for the next file, and the values said of everything new.

    Of two equal headings the first counts; of a column that the file has itself nothing was said.
    """
    asked = [name for name in KINDS[kind].for_new if name not in columns]
    said = {f"{LearntColumn.FOR_NEW}{name}": for_new.get(name, "") for name in asked}
    for heading, column in zip(headings, columns, strict=True):
        if plain(heading):
            said.setdefault(plain(heading), column)
    LearntColumn.objects.bulk_create(
        [LearntColumn(institution=institution, kind=kind, heading=one, column=column) for one, column in said.items()],
        update_conflicts=True,
        unique_fields=["institution", "kind", "heading"],
        update_fields=["column"],
    )


def _named(kind: Kind, grid: Grid) -> int:
    """How many columns the headings of a sheet name."""
    named = (guessed(kind.code, kind.columns, headings) for headings in _beginning(grid))
    return max((len([column for column in columns if column]) for columns in named), default=0)


def _beginning(grid: Grid) -> list[list[str]]:
    return [grid.headings(row) for row in range(1, min(_LOOKED_AT, len(grid.rows)) + 1)]
