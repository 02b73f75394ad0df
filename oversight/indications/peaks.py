"""On which dates more people are away than may be, and who was approved last of them (pure)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from eligibility.arrangements.granted import Granted
from eligibility.arrangements.requests import DAYS_OF_WEEK


def beyond(usages: Iterable[Granted], weekday: str, first: date, last: date, allowed: int) -> Iterator[int]:
    """Keys of the arrangements approved after the places were taken, on some date of the weekday ("": any date).

    A person counts once, by the arrangement of hers that was approved first.
    """
    ranges: list[tuple[date, date, Granted]] = []
    for one in usages:
        begins, ends = max(one.usage.starts_on, first), min(one.usage.ends_on, last)
        if begins <= ends and (not weekday or weekday in one.usage.weekdays):
            ranges.append((begins, ends, one))
    if len({one.usage.employee for _begins, _ends, one in ranges}) <= allowed:
        return
    opening, closing = sorted(begins for begins, _e, _one in ranges), sorted(ends for _b, ends, _one in ranges)
    for day in sorted({_next_on(weekday, begins) for begins in opening}):
        # Begun by the day, less those over before it: most days are within the limit and need no list.
        if bisect_right(opening, day) - bisect_left(closing, day) > allowed:
            yield from _later([one for begins, ends, one in ranges if begins <= day <= ends], allowed)


def _later(away: list[Granted], allowed: int) -> Iterator[int]:
    people: dict[int, int] = {}
    for one in sorted(away, key=lambda one: one.approved):
        people.setdefault(one.usage.employee, one.usage.key)
    yield from list(people.values())[max(allowed, 0) :]


def _next_on(weekday: str, day: date) -> date:
    return day + timedelta(days=(DAYS_OF_WEEK.index(weekday) - day.weekday()) % 7) if weekday else day


def by_day(usages: Iterable[Granted], first: date, last: date) -> dict[date, list[Granted]]:
    """For each date from `first` to `last` the arrangements by which somebody is away on it."""
    found: dict[date, list[Granted]] = defaultdict(list)
    for one in usages:
        day, ends = max(one.usage.starts_on, first), min(one.usage.ends_on, last)
        while day <= ends:
            if DAYS_OF_WEEK[day.weekday()] in one.usage.weekdays:
                found[day].append(one)
            day += timedelta(days=1)
    return found
