"""People away on a weekday are counted as somebody would who looks at every date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eligibility.arrangements.counting import busiest, falls_on, most_in_a_month, most_in_a_week
from eligibility.arrangements.matters import Usage
from eligibility.arrangements.requests import DAYS_OF_WEEK
from eligibility.rulebook import Mode

OPENING = date(2026, 1, 1)
DAYS = st.integers(0, 80).map(lambda number: OPENING + timedelta(days=number))
WEEKDAYS = st.frozensets(st.sampled_from(DAYS_OF_WEEK), min_size=1, max_size=4)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Usage(draw(st.integers(1, 99)), draw(st.integers(1, 5)), Mode.HOME, draw(WEEKDAYS), first, last)


MANY = st.lists(usages(), max_size=8)


def dates(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def away(usage: Usage, day: date) -> bool:
    return usage.starts_on <= day <= usage.ends_on and DAYS_OF_WEEK[day.weekday()] in usage.weekdays


@given(MANY, st.sampled_from(DAYS_OF_WEEK), DAYS, DAYS)
def test_the_busiest_date_of_a_weekday(found: list[Usage], weekday: str, one: date, other: date) -> None:
    first, last = sorted((one, other))
    peak = busiest(found, weekday, first, last)
    counts = {
        day: len({usage.employee for usage in found if away(usage, day)})
        for day in dates(first, last)
        if DAYS_OF_WEEK[day.weekday()] == weekday
    }
    assert peak.count == max(counts.values(), default=0)
    assert peak.on == next((day for day, count in counts.items() if count == peak.count), None)


@given(MANY, DAYS, DAYS)
def test_who_holds_an_arrangement_counts_on_every_date(found: list[Usage], one: date, other: date) -> None:
    first, last = sorted((one, other))
    held = [
        len({usage.employee for usage in found if usage.starts_on <= day <= usage.ends_on})
        for day in dates(first, last)
    ]
    assert busiest(found, "", first, last).count == max(held)


@given(WEEKDAYS, MANY, DAYS, DAYS)
def test_days_a_week_and_dates_a_month_with_other_arrangements(
    weekdays: frozenset[str], own: list[Usage], one: date, other: date
) -> None:
    first, last = sorted((one, other))
    opening = first - timedelta(days=first.weekday())
    weeks = [opening + timedelta(weeks=number) for number in range((last - opening).days // 7 + 1)]
    in_weeks = [
        {DAYS_OF_WEEK[day.weekday()] for day in dates(week, week + timedelta(days=6)) if any(away(u, day) for u in own)}
        for week in weeks
    ]
    assert most_in_a_week(weekdays, own, first, last) == max(len(weekdays | days) for days in in_weeks)

    months = {(day.year, day.month) for day in dates(first, last)}
    whole = dates(date(2025, 12, 1), date(2026, 4, 30))
    taken = [(day.year, day.month) for day in whole if any(away(usage, day) for usage in own)]
    assert most_in_a_month(own, first, last) == max(taken.count(month) for month in months)


def test_only_weekdays_that_occur_fall_on_a_period() -> None:
    wednesday, friday = date(2026, 6, 3), date(2026, 6, 5)
    assert falls_on(["monday", "wednesday", "friday"], wednesday, friday) == {"wednesday", "friday"}
    assert busiest([], "monday", wednesday, friday).on is None
