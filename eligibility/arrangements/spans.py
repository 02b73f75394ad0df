"""Cuts a period into spans in which everything that decides is constant (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last

    def meets(self, other: Days) -> bool:
        """Whether a day lies in both."""
        return self.first <= other.last and other.first <= self.last

    def common(self, other: Days) -> Days | None:
        """The days that lie in both; None if none does."""
        return Days(max(self.first, other.first), min(self.last, other.last)) if self.meets(other) else None


def cut(period: Days, changes: Iterable[date]) -> tuple[Days, ...]:
    """The period in spans: each day of `changes` within it begins a new one."""
    starts = sorted({period.first, *(day for day in changes if period.first < day <= period.last)})
    ends = [day - timedelta(days=1) for day in starts[1:]] + [period.last]
    return tuple(Days(first, last) for first, last in zip(starts, ends, strict=True))


def day_after(last: date | None) -> set[date]:
    """The first day on which a spell is over; none for a spell without a last day."""
    return set() if last is None else {last + timedelta(days=1)}
