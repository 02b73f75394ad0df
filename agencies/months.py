"""Counts full months between two days (pure)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def full_months(since: date, on: date) -> int:
    """How many months have passed in full from the start of one day to another, 0 where `on` is before `since`.

    A month that has no such day is full on its last: from 31 January to 28 February is one month.
    """
    months = (on.year - since.year) * 12 + on.month - since.month
    last = monthrange(on.year, on.month)[1]
    return max(0, months - (on.day < min(since.day, last)))


def months_after(since: date, months: int) -> date:
    """The first day on which so many months have passed in full since the start of a day."""
    years, month = divmod(since.month - 1 + months, 12)
    year = since.year + years
    return date(year, month + 1, min(since.day, monthrange(year, month + 1)[1]))
