"""No small number of a published map is told, and none follows from what is told: held against every other table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.published_maps.suppression import LEAST, derivable, hidden_cells
from eligibility.published_maps.tables import (
    OTHERS,
    OUTCOMES,
    Count,
    Group,
    PublicMap,
    Told,
    TooFew,
    Unsaid,
    publishable,
)
from eligibility.rulebook import Mode

Table = tuple[tuple[int, ...], ...]


def rows_of(width: int, most: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Rows that sum to five or more, with many zeros and small numbers."""
    number = st.one_of(st.just(0), st.integers(1, 4), st.integers(0, most))
    return st.tuples(*[number] * width).filter(lambda row: sum(row) >= LEAST)


tables = st.integers(1, 4).flatmap(lambda height: st.tuples(*[rows_of(4, 30)] * height))
small_tables = st.integers(1, 3).flatmap(lambda height: st.tuples(*[rows_of(3, 6)] * height))


def fillings(row: tuple[int, ...], hidden: list[int]) -> Iterator[tuple[int, ...]]:
    """Every row that agrees with what is told of this one: its sum, its shown cells, and that hidden ones are not 0."""
    left = sum(row[column] for column in hidden)
    for values in product(range(1, left + 1), repeat=len(hidden)):
        if sum(values) == left:
            filled = list(row)
            for column, value in zip(hidden, values, strict=True):
                filled[column] = value
            yield tuple(filled)


def agreeing(table: Table, hidden: frozenset[tuple[int, int]]) -> Iterator[Table]:
    """Every table that agrees with what is told, found by trying all: the reader who computes."""
    height, width = len(table), len(table[0])
    sums = [sum(column) for column in zip(*table, strict=True)]
    shown_sums = [column for column in range(width) if (height, column) not in hidden]
    rows = [
        list(fillings(row, [column for column in range(width) if (number, column) in hidden]))
        for number, row in enumerate(table)
    ]
    for chosen in product(*rows):
        found = [sum(column) for column in zip(*chosen, strict=True)]
        if all(found[column] == sums[column] for column in shown_sums):
            yield chosen


@settings(max_examples=150, deadline=None)
@given(small_tables)
def test_a_reader_who_tries_every_table_finds_two_numbers_for_each_hidden_cell(table: Table) -> None:
    hidden = hidden_cells(table)
    whole = (*table, tuple(sum(column) for column in zip(*table, strict=True)))
    assert {(r, c) for r, row in enumerate(whole) for c, value in enumerate(row) if 0 < value < LEAST} <= hidden
    found: dict[tuple[int, int], set[int]] = {place: set() for place in hidden}
    for other in agreeing(table, hidden):
        sums = (*other, tuple(sum(column) for column in zip(*other, strict=True)))
        for row, column in hidden:
            found[row, column].add(sums[row][column])
    assert {place for place, values in found.items() if len(values) < 2} == set()


@settings(max_examples=150, deadline=None)
@given(small_tables, st.data())
def test_what_is_called_derivable_is_just_what_a_reader_can_compute(table: Table, data: st.DataObject) -> None:
    whole = (*table, tuple(sum(column) for column in zip(*table, strict=True)))
    places = [(r, c) for r, row in enumerate(whole) for c, value in enumerate(row) if value]
    hidden = frozenset(data.draw(st.sets(st.sampled_from(places), max_size=7)))
    found: dict[tuple[int, int], set[int]] = {place: set() for place in hidden}
    for other in agreeing(table, hidden):
        sums = (*other, tuple(sum(column) for column in zip(*other, strict=True)))
        for row, column in hidden:
            found[row, column].add(sums[row][column])
    assert derivable(whole, hidden) == {place for place, values in found.items() if len(values) == 1}


@settings(max_examples=200, deadline=None)
@given(tables)
def test_nothing_hidden_is_derivable_and_nothing_is_hidden_without_need(table: Table) -> None:
    hidden = hidden_cells(table)
    whole = [*table, tuple(sum(column) for column in zip(*table, strict=True))]
    small = {(r, c) for r, row in enumerate(whole) for c, value in enumerate(row) if 0 < value < LEAST}
    assert derivable(whole, hidden) == set()
    assert small <= hidden
    assert bool(hidden) == bool(small)
    for place in hidden - small:
        assert derivable(whole, hidden - {place}), "a cell is hidden beyond the small ones only because it has to be"
    assert not {place for place in hidden if whole[place[0]][place[1]] == 0}, "zeros are told"


def counts_of(sizes: dict[Group, list[int]], staff: int | None = 1) -> dict[Group, dict[Mode, tuple[Count, ...]]]:
    """The same numbers in every mode, each position with so many staff."""
    return {
        group: {
            mode: tuple(Count(number, None if staff is None else number * staff) for number in numbers) for mode in Mode
        }
        for group, numbers in sizes.items()
    }


def numbers(found: PublicMap) -> Iterator[Told]:
    """Every number that is told."""
    for line in found.lines:
        yield line.positions
        for cells in line.cells.values():
            for cell in cells:
                yield from (cell.positions, cell.staff)
    for totals in found.totals.values():
        yield from totals


groups = st.dictionaries(
    st.tuples(st.sampled_from(["dinas", "badan"]), st.sampled_from(["health", "finance", "social"])),
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
    min_size=1,
)


@settings(max_examples=200, deadline=None)
@given(groups)
def test_no_number_from_one_to_four_is_told_and_all_positions_are_counted(sizes: dict[Group, list[int]]) -> None:
    total = sum(map(sum, sizes.values()))
    if total < LEAST:
        with pytest.raises(TooFew):
            publishable(counts_of(sizes))
        return
    found = publishable(counts_of(sizes))
    assert not {one for one in numbers(found) if isinstance(one, int) and 0 < one < LEAST}
    assert found.positions == total
    for line in found.lines:
        for cells in line.cells.values():
            assert all(cell.staff is Unsaid.HIDDEN for cell in cells if cell.positions is Unsaid.HIDDEN)
            assert all(cell.staff % 10 == 0 for cell in cells if isinstance(cell.staff, int))


def test_groups_too_small_to_stand_alone_stand_together() -> None:
    sizes = {
        ("dinas", "health"): [20, 0, 0, 10],
        ("badan", "finance"): [6, 0, 0, 0],
        ("badan", "social"): [0, 0, 2, 0],
    }
    found = publishable(counts_of(sizes))
    assert [(line.group, line.positions) for line in found.lines] == [(("dinas", "health"), 30), (OTHERS, 8)]
    assert len(OUTCOMES) == 4


def test_staff_that_nobody_recorded_is_unknown_and_not_zero() -> None:
    found = publishable(counts_of({("dinas", "health"): [20, 0, 0, 10]}, staff=None))
    told = [cell.staff for cell in found.lines[0].cells[Mode.HOME]]
    assert told == [Unsaid.UNKNOWN, 0, 0, Unsaid.UNKNOWN]
