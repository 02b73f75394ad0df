"""Working hours of a day and a week, and what Perpres 21/2023 asks of them (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Final

WEEKLY_MINUTES: Final = 37 * 60 + 30
"""Minutes a week without breaks (Perpres 21/2023)."""

RAMADAN_WEEKLY_MINUTES: Final = 32 * 60 + 30
"""Minutes a week without breaks in Ramadan (Perpres 21/2023)."""


@dataclass(frozen=True, slots=True)
class WorkDay:
    """One day's presence from start to end with its break in minutes."""

    start: time
    end: time
    break_minutes: int

    @property
    def minutes(self) -> int:
        """Minutes worked without the break. Raises ValueError when the day ends before it starts or is all break."""
        present = (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute
        worked = present - self.break_minutes
        if worked <= 0:
            raise ValueError(f"a day from {self.start} to {self.end} leaves no working time")
        return worked


def week_minutes(days: Sequence[WorkDay]) -> int:
    """Minutes worked in a week, without breaks: whole, so that twenty minutes three times are an hour."""
    return sum(day.minutes for day in days)


def week_hours(days: Sequence[WorkDay]) -> Decimal:
    """Hours worked in a week, without breaks, to be shown; compare minutes."""
    return Decimal(week_minutes(days)) / 60


def meets_weekly_hours(days: Sequence[WorkDay], *, ramadan: bool = False) -> bool:
    """Whether the week fulfils the hours that Perpres 21/2023 asks for (Pasal 9: flexible work too)."""
    return week_minutes(days) >= (RAMADAN_WEEKLY_MINUTES if ramadan else WEEKLY_MINUTES)
