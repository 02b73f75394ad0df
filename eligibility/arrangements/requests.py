"""What is asked for: mode, place, weekdays and period, as the engine reads it (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from agencies.facts import WEEKDAYS, FactValue
from eligibility.rulebook import Mode

DAYS_OF_WEEK: Final = tuple(choice.code for choice in WEEKDAYS)
"""The codes of the weekdays in the order of `date.weekday()`."""

MODES_OF_PLACE: Final = frozenset({Mode.OTHER_OFFICE, Mode.HOME, Mode.OTHER_PLACE})
"""Flexible by location (Pasal 12 PermenPANRB 4/2025); who works so is away from her office."""


RESIDENCE: Final = "recorded_residence"

PLACES_OF: Final[Mapping[Mode, frozenset[str]]] = {
    Mode.HOME: frozenset({RESIDENCE}),
    Mode.OTHER_OFFICE: frozenset({"main_office", "uptd", "liaison_office", "other"}),
    Mode.OTHER_PLACE: frozenset({"other"}),
}
"""The codes of the fact arrangement.place that can be asked for in a mode; none in modes of time."""


@dataclass(frozen=True, slots=True)
class Request:
    """A plan to be examined. `place` is a code of the fact arrangement.place; None while unknown, or for modes of time.

    `asked_on` is the day on which it was, or would be, submitted; both ends of the period are included.
    """

    mode: Mode
    place: str | None
    weekdays: frozenset[str]
    starts_on: date
    ends_on: date
    asked_on: date

    @property
    def duration(self) -> int:
        """Days of the period."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def is_away(self) -> bool:
        """Whether the work is done away from the office of placement."""
        return self.mode in MODES_OF_PLACE

    def values(self) -> dict[str, FactValue | None]:
        """The facts of an arrangement that stand in the request itself."""
        return {
            "arrangement.place": self.place,
            "arrangement.days_per_week": Decimal(len(self.weekdays)),
            "arrangement.weekdays": self.weekdays,
            "arrangement.duration": Decimal(self.duration),
        }

    def dates(self) -> Iterator[date]:
        """Every date of the period that falls on one of the weekdays."""
        for number in range(self.duration):
            day = self.starts_on + timedelta(days=number)
            if DAYS_OF_WEEK[day.weekday()] in self.weekdays:
                yield day
