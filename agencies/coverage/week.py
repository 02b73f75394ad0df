"""When a service is open and how many people it needs on site then: spans of a weekday, and the most of each (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from agencies.facts import WEEKDAYS

CODES: Final = tuple(day.code for day in WEEKDAYS)
MIDNIGHT: Final = 24 * 60
"""The minute at which a day ends."""

_TIME: Final = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")


def weekday_of(day: date) -> str:
    """The code of the weekday of a date."""
    return CODES[day.weekday()]


def read_time(text: str) -> int:
    """The minute of the day that "8", "08.00" or "24:00" names. Raises ValueError."""
    found = _TIME.fullmatch(text.strip())
    if found is None or not text.strip().isascii():
        raise ValueError(text)
    minute = int(found[1]) * 60 + int(found[2] or 0)
    if int(found[2] or 0) > 59 or minute > MIDNIGHT:
        raise ValueError(text)
    return minute


def time_text(minute: int) -> str:
    """A minute of the day as a clock shows it."""
    return f"{minute // 60:02}.{minute % 60:02}"


@dataclass(frozen=True, slots=True, order=True)
class NeedSpan:
    """A part of a weekday, in minutes from midnight, and the people needed on site in it; `staff` None: not known."""

    weekday: str
    opens: int
    closes: int
    staff: int | None

    @property
    def hours(self) -> str:
        """From when to when."""
        return f"{time_text(self.opens)}–{time_text(self.closes)}"

    def __str__(self) -> str:
        staff = "?" if self.staff is None else str(self.staff)
        return f"{self.weekday} {time_text(self.opens)}-{time_text(self.closes)} {staff}"


def in_order(spans: Iterable[NeedSpan]) -> tuple[NeedSpan, ...]:
    """The spans by weekday and hour."""
    return tuple(sorted(spans, key=lambda span: (CODES.index(span.weekday), span.opens, span.closes)))


def overlapping(spans: Iterable[NeedSpan]) -> tuple[NeedSpan, NeedSpan] | None:
    """The first two spans of one weekday that have a minute in common."""
    for one, next_one in pairwise(in_order(spans)):
        if one.weekday == next_one.weekday and next_one.opens < one.closes:
            return one, next_one
    return None


@dataclass(frozen=True, slots=True)
class WeekNeed:
    """How many people a service needs on each weekday at its busiest hour; a closed weekday is left out.

    None is a need that is not known: then the most of the day is not known either.
    """

    by_weekday: tuple[tuple[str, int | None], ...]

    def is_open(self, weekday: str) -> bool:
        """Whether the service is open on the weekday."""
        return any(day == weekday for day, _staff in self.by_weekday)

    def on(self, weekday: str) -> int | None:
        """The need of a weekday; nobody is needed where it is closed."""
        return dict(self.by_weekday).get(weekday, 0)


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The spans of a week in their order; without any nothing is recorded."""

    spans: tuple[NeedSpan, ...]

    @property
    def need(self) -> WeekNeed:
        """The highest need of each weekday."""
        staff: dict[str, list[int | None]] = {}
        for span in self.spans:
            staff.setdefault(span.weekday, []).append(span.staff)
        return WeekNeed(tuple((day, _most(found)) for day, found in staff.items()))


def _most(staff: list[int | None]) -> int | None:
    known = [number for number in staff if number is not None]
    return max(known) if len(known) == len(staff) else None
