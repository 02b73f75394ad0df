"""What the invented people of the fictional city ask for, and what becomes of it, by lot (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agencies.demonstration.lots import drawn, lot
from eligibility.arrangements.requests import DAYS_OF_WEEK
from eligibility.rulebook import Mode

FIRST_DAY: Final = date(2025, 6, 23)
LAST_DAY: Final = date(2025, 10, 6)
"""Between these days requests are submitted."""
SEEN_ON: Final = date(2025, 10, 1)
"""The day on which the city is shown: what is to come by then has not happened yet."""

_WIB: Final = ZoneInfo("Asia/Jakarta")
_OPENS: Final = time(8, 0)
_SLOT: Final = timedelta(minutes=3)
"""Acts of one day follow one another at this distance, so that nobody decides in a rush."""

_PAIRS: Final = ((0, 2), (1, 3), (2, 4), (0, 3), (1, 2), (3, 4), (0, 1))
_MODES: Final = (*(Mode.HOME,) * 7, *(Mode.OTHER_OFFICE,) * 2, Mode.OTHER_PLACE)
_FATES: Final = (
    ("approved", 66),
    ("ended", 6),
    ("suspended", 4),
    ("returned", 5),
    ("refused", 4),
    ("objected", 2),
    ("withdrawn", 5),
    ("amended", 3),
    ("consultation", 2),
    ("draft", 3),
)
"""Of a hundred. Requests submitted in the last days are still on their way, whatever their lot."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One request: whose (key of the employee), what, when it is submitted, and what becomes of it."""

    employee: int
    mode: Mode
    weekdays: tuple[str, ...]
    starts_on: date
    ends_on: date
    submitted: date
    fate: str


def wishes_of(city: str, employees: Sequence[tuple[int, str]]) -> Iterator[Wish]:
    """One wish, or two after one another, for each employee, given by key and NIP."""
    for employee, nip in employees:
        for number in range(1 + (lot(city, nip, "again") < _TWICE)):
            yield _wish(city, employee, nip, number)


_TWICE: Final = 50
"""Of a hundred employees so many ask a second time, once the first arrangement is over."""


def _wish(city: str, employee: int, nip: str, number: int) -> Wish:
    key = (city, nip, str(number))
    half = (LAST_DAY - FIRST_DAY) // 2
    submitted = _working_day(FIRST_DAY + half * number + timedelta(days=drawn(half.days - 4, *key, "day")))
    starts = _monday_after(submitted + timedelta(days=7))
    weeks = 3 + drawn(2, *key, "weeks") if number == 0 else 6 + drawn(5, *key, "weeks")
    days = _PAIRS[drawn(len(_PAIRS), *key, "pair")]
    asked = days if lot(*key, "days") < _TWO_DAYS else days[:1]
    return Wish(
        employee=employee,
        mode=_MODES[drawn(len(_MODES), *key, "mode")],
        weekdays=tuple(DAYS_OF_WEEK[day] for day in asked),
        starts_on=starts,
        ends_on=starts + timedelta(days=7 * weeks - 3),
        submitted=submitted,
        fate=_fate(*key),
    )


_TWO_DAYS: Final = 55
"""Of a hundred ask for two days a week, the others for one."""


def _fate(*key: str) -> str:
    left = lot(*key, "fate")
    for fate, share in _FATES:
        left -= share
        if left < 0:
            return fate
    return "approved"


def _working_day(day: date) -> date:
    """The day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def _monday_after(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) % 7)


def days_later(day: date, number: int) -> date:
    """So many working days after a day."""
    for _step in range(number):
        day = _working_day(day + timedelta(days=1))
    return day


def midnight(day: date) -> datetime:
    """The moment at which a day begins in the city."""
    return datetime.combine(day, time.min, tzinfo=_WIB)


class Diary:
    """Gives each act its own moment: those of one day one after the other, in the hours of the office."""

    def __init__(self) -> None:
        self._taken: dict[date, int] = {}

    def moment(self, day: date) -> datetime:
        """The next free moment of the day."""
        number = self._taken.get(day, 0)
        self._taken[day] = number + 1
        return datetime.combine(day, _OPENS, tzinfo=_WIB) + number * _SLOT
