"""Counts people over granted arrangements: how many are away at most on one day (pure).

Nothing is looped over day by day: arrangements become ranges of whole weeks (of days, where the weekday does not
matter), and only the points at which somebody begins or stops are visited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from eligibility.arrangements.matters import Group, ServiceGroup, Usage
from eligibility.arrangements.requests import DAYS_OF_WEEK
from eligibility.rulebook import Mode


@dataclass(frozen=True, slots=True)
class Peak:
    """The greatest number of distinct people on one date, and the first such date (None: no date to look at)."""

    count: int
    on: date | None


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The dates looked at, numbered from 0: each `step` days after the one before."""

    first: date
    last: date
    step: int

    def range_of(self, usage: Usage) -> tuple[int, int] | None:
        """The numbers of the first date of the usage and of the one after its last; None: none of them."""
        begins = max(usage.starts_on, self.first)
        ends = min(usage.ends_on, self.last)
        low = -((self.first - begins).days // self.step)
        high = (ends - self.first).days // self.step + 1
        return (low, high) if low < high else None

    def date_of(self, number: int) -> date:
        """The date with the number."""
        return self.first + timedelta(days=number * self.step)


def busiest(usages: Iterable[Usage], weekday: str, first: date, last: date) -> Peak:
    """On which date of the weekday from `first` to `last` most people are away, and how many.

    Only arrangements on that weekday count. For weekday "" every date is looked at and every arrangement counts
    that is held on it, whatever its weekdays.
    """
    opening = first_on(weekday, first)
    if opening > last:
        return Peak(0, None)
    calendar = _Calendar(opening, last, 7 if weekday else 1)
    ranges: dict[int, list[tuple[int, int]]] = {}
    for usage in usages:
        if not weekday or weekday in usage.weekdays:
            found = calendar.range_of(usage)
            if found is not None:
                ranges.setdefault(usage.employee, []).append(found)
    count, number = _highest(ranges.values())
    return Peak(count, calendar.date_of(number))


CountKey = tuple[str, str, date, date]
"""What was counted (group and modes), on which weekday, from when to when."""


def count_key(group: Group | ServiceGroup, modes: Iterable[Mode]) -> str:
    """A name for the people of a group who work in the modes, the same on every day that they are counted."""
    kind = f"{group.kind}:{group.population}" if isinstance(group, Group) else f"serving:{group.key}"
    return f"{kind}:{'+'.join(sorted(modes))}:{group.name}"


class PeopleCounts:
    """Counts of the people of groups besides one person, each worked out once."""

    def __init__(self, employee: int) -> None:
        self.employee: Final = employee
        self.known: Final[dict[CountKey, Peak]] = {}

    def away(self, group: Group | ServiceGroup, modes: frozenset[Mode], weekday: str, first: date, last: date) -> Peak:
        """The most others at work in the modes on one date of the weekday (for "": on any date)."""
        key = (count_key(group, modes), weekday, first, last)
        peak = self.known.get(key)
        if peak is None:
            others = [one for one in group.usages if one.mode in modes and one.employee != self.employee]
            peak = self.known[key] = busiest(others, weekday, first, last)
        return peak


def first_on(weekday: str, day: date) -> date:
    """The first date from `day` on that falls on the weekday; the day itself for weekday ""."""
    if not weekday:
        return day
    return day + timedelta(days=(DAYS_OF_WEEK.index(weekday) - day.weekday()) % 7)


def falls_on(weekdays: Iterable[str], first: date, last: date) -> frozenset[str]:
    """Those of the weekdays that really occur in the period."""
    return frozenset(weekday for weekday in weekdays if first_on(weekday, first) <= last)


def _highest(people: Iterable[list[tuple[int, int]]]) -> tuple[int, int]:
    """The greatest number of people at once and the first place where it is reached."""
    steps: dict[int, int] = {}
    for ranges in people:
        for low, high in _merged(ranges):
            steps[low] = steps.get(low, 0) + 1
            steps[high] = steps.get(high, 0) - 1
    present = best = place = 0
    for number in sorted(steps):
        present += steps[number]
        if present > best:
            best, place = present, number
    return best, place


def _merged(ranges: list[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """One person's ranges without overlaps: she is one person, however many arrangements she has."""
    if len(ranges) == 1:
        return ranges
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def most_in_a_week(weekdays: frozenset[str], own: Sequence[Usage], first: date, last: date) -> int:
    """The most days in one week (Monday to Sunday) of the period that the weekdays and her own arrangements fill.

    A weekday taken twice counts once. Only weeks in which something begins or stops, and their neighbours, are
    looked at: between them every week is like the one before.
    """
    if not own:
        return len(weekdays)
    edges = [first, last, *(day for usage in own for day in (usage.starts_on, usage.ends_on))]
    mondays = {_monday(day) + timedelta(weeks=weeks) for day in edges for weeks in (-1, 0, 1)}
    counted = (monday for monday in mondays if _monday(first) <= monday <= last)
    return max(len(weekdays | _in_week(own, monday)) for monday in counted)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _in_week(own: Iterable[Usage], monday: date) -> frozenset[str]:
    found: set[str] = set()
    sunday = monday + timedelta(days=6)
    for usage in own:
        begins, ends = max(usage.starts_on, monday), min(usage.ends_on, sunday)
        found |= falls_on(usage.weekdays, begins, ends)
    return frozenset(found)


def most_in_a_month(usages: Sequence[Usage], first: date, last: date) -> int:
    """The most dates in one calendar month touched by the period that fall on any of the arrangements."""
    most, opening = 0, first.replace(day=1)
    while opening <= last:
        closing = (opening + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        most = max(most, sum(_dates_in(usages, weekday, opening, closing) for weekday in DAYS_OF_WEEK))
        opening = closing + timedelta(days=1)
    return most


def _dates_in(usages: Iterable[Usage], weekday: str, first: date, last: date) -> int:
    calendar = _Calendar(first_on(weekday, first), last, 7)
    found = [calendar.range_of(usage) for usage in usages if weekday in usage.weekdays]
    ranges = [one for one in found if one is not None]
    return sum(high - low for low, high in _merged(ranges)) if ranges else 0
