"""Hours of a week are counted in whole minutes and compared with what Perpres 21/2023 asks."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest

from eligibility.hours import WorkDay, meets_weekly_hours, week_hours, week_minutes


def day(start: str, end: str, break_minutes: int) -> WorkDay:
    return WorkDay(time.fromisoformat(start), time.fromisoformat(end), break_minutes)


ORDINARY = [day("07:30", "16:00", 60)] * 4 + [day("07:30", "16:30", 90)]
RAMADAN = [day("08:00", "15:00", 30)] * 4 + [day("08:00", "15:30", 60)]
RAMADAN_EARLY_FRIDAY = [day("08:00", "15:00", 30)] * 4 + [day("07:30", "15:00", 60)]
SHORT = [day("08:00", "15:15", 30)] * 4 + [day("08:00", "11:30", 0)]


def test_an_ordinary_week_is_just_enough() -> None:
    assert week_hours(ORDINARY) == Decimal("37.5")
    assert meets_weekly_hours(ORDINARY)
    assert not meets_weekly_hours([*ORDINARY[:4], day("07:30", "16:29", 90)])


@pytest.mark.parametrize("week", [RAMADAN, RAMADAN_EARLY_FRIDAY])
def test_a_week_of_ramadan_is_just_enough_in_ramadan_only(week: list[WorkDay]) -> None:
    assert week_hours(week) == Decimal("32.5")
    assert meets_weekly_hours(week, ramadan=True)
    assert not meets_weekly_hours(week)


def test_a_short_week_is_short_in_ramadan_too() -> None:
    assert week_hours(SHORT) == Decimal("30.5")
    assert not meets_weekly_hours(SHORT, ramadan=True)


def test_minutes_are_added_exactly() -> None:
    week = [day("08:00", "15:20", 0)] * 3 + [day("08:00", "15:45", 0)] * 2
    assert week_minutes(week) == 3 * 440 + 2 * 465 == 37 * 60 + 30
    assert meets_weekly_hours(week)


def test_a_day_without_working_time_is_refused() -> None:
    for start, end, pause in (("16:00", "07:30", 60), ("08:00", "09:00", 60)):
        with pytest.raises(ValueError, match="leaves no working time"):
            _ = day(start, end, pause).minutes
