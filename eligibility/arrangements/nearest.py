"""Finds the request that passes and is nearest to one that does not, or says what stands against every plan (pure).

Nearest means, in this order: as many weekdays, but other ones; fewer weekdays, keeping those asked for; an earlier
last day; a later first day. Periods are cut only where something changes. For each period weekdays are tried only
when nothing stands against it whatever the weekdays are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, islice
from typing import Final

from eligibility.arrangements.checks import Check, CheckKind, Examination, House
from eligibility.arrangements.counting import PeopleCounts, falls_on
from eligibility.arrangements.examination import examine
from eligibility.arrangements.judging import judge_of
from eligibility.arrangements.matters import Matter
from eligibility.arrangements.requests import DAYS_OF_WEEK, Request
from eligibility.arrangements.span_decisions import ON_SITE_FACT, SHARE_FACT
from eligibility.rulebook import Direction, Limit, Quantity

_DAY: Final = timedelta(days=1)

_BY_WEEKDAYS: Final = frozenset({CheckKind.TIME, CheckKind.SERVICE, CheckKind.SHARE})
"""Kinds of checks that other weekdays may turn, besides limits of days."""

_DAY_LIMITS: Final = frozenset({Quantity.DAYS_PER_WEEK, Quantity.DAYS_PER_MONTH, Quantity.WEEKDAYS})

_WEEKDAY_FACTS: Final = frozenset({"arrangement.days_per_week", "arrangement.weekdays", SHARE_FACT, ON_SITE_FACT})
VARIED_FACTS: Final = _WEEKDAY_FACTS | {"arrangement.duration"}
"""Facts that a plan with other days or dates changes."""

_OF_THE_DATE: Final = frozenset({CheckKind.DETERMINATION, CheckKind.STALE, CheckKind.PLACE})
_OF_RULES: Final = frozenset({CheckKind.SUITABILITY, CheckKind.GATE})

MOST_PERIODS: Final = 60
"""Periods that are tried at most; matters have a few spans."""


def nearest(matter: Matter, request: Request) -> Request | None:
    """The nearest request of the same mode and place that surely passes; the request itself where it does.

    None: none of the tried ones does; `standing_against` says why.
    """
    counts = PeopleCounts(matter.employee)
    first = examine(matter, request, counts)
    if first.may_be_approved:
        return request
    closed = _closed_parts(matter, first)
    open_periods = (period for period in _periods(matter, request) if not _touches(period, closed))
    for period in islice(open_periods, MOST_PERIODS):
        found = _in_period(matter, period, counts)
        if found is not None:
            return found
    return None


def _closed_parts(matter: Matter, examination: Examination) -> list[tuple[date, date]]:
    """Parts of the period against which something stands whatever days and dates are asked for."""
    rules_vary = _reads(matter, examination.request, VARIED_FACTS)
    return [
        (check.starts_on, check.ends_on)
        for check in examination.checks
        if not check.passed and (_is_of_the_date(check) or (check.kind in _OF_RULES and not rules_vary))
    ]


def _is_of_the_date(check: Check) -> bool:
    return check.kind in _OF_THE_DATE or (check.kind is CheckKind.HOUSE and check.name == House.NOT_PAST)


def _touches(request: Request, parts: list[tuple[date, date]]) -> bool:
    return any(first <= request.ends_on and request.starts_on <= last for first, last in parts)


def standing_against(matter: Matter, examination: Examination) -> tuple[Check, ...]:
    """The checks that no other weekdays can turn; all that do not pass where every single one could be turned."""
    open_checks = tuple(check for check in examination.checks if not check.passed)
    turned_by_days = _reads(matter, examination.request, _WEEKDAY_FACTS)
    fixed = tuple(check for check in open_checks if not _weekdays_matter(check, turned_by_days))
    return fixed or open_checks


def _in_period(matter: Matter, request: Request, counts: PeopleCounts) -> Request | None:
    """The nearest passing weekdays for the request's period."""
    first = examine(matter, request, counts)
    if first.may_be_approved:
        return request
    turned_by_days = _reads(matter, request, _WEEKDAY_FACTS)
    if not all(check.passed or _weekdays_matter(check, turned_by_days) for check in first.checks):
        return None
    for weekdays in _weekday_sets(matter, request):
        other = replace(request, weekdays=weekdays)
        if examine(matter, other, counts).may_be_approved:
            return other
    return None


def _reads(matter: Matter, request: Request, facts: frozenset[str]) -> bool:
    """Whether some rule itself, not only a limit, reads one of the facts."""
    judges = (judge_of(ground.rulebook, request.mode) for ground in matter.spans)
    return any(not judge.facts.isdisjoint(facts) for judge in judges)


def _weekdays_matter(check: Check, rules_read_them: bool) -> bool:
    """Whether other weekdays could turn the check."""
    if check.kind is CheckKind.LIMIT:
        return rules_read_them or check.name in _DAY_LIMITS
    if check.kind in (CheckKind.GATE, CheckKind.SUITABILITY):
        return rules_read_them
    if check.kind is CheckKind.SHARE:
        return rules_read_them or bool(check.weekday)
    return check.kind in _BY_WEEKDAYS or (check.kind is CheckKind.HOUSE and check.name == House.SAME_DAY)


def _weekday_sets(matter: Matter, request: Request) -> Iterator[frozenset[str]]:
    """Other sets of the weekdays she works on, the largest first, and of equal ones those that keep most asked ones."""
    working = max((int(ground.rulebook.working_days) for ground in matter.spans), default=5)
    usual = {*DAYS_OF_WEEK[: min(working, len(DAYS_OF_WEEK))], *request.weekdays}
    occurring = falls_on(usual, request.starts_on, request.ends_on)
    days = [day for day in DAYS_OF_WEEK if day in occurring]
    for size in range(min(len(request.weekdays), len(days)), 0, -1):
        sets = (frozenset(chosen) for chosen in combinations(days, size))
        others = [chosen for chosen in sets if chosen != request.weekdays]
        yield from sorted(others, key=lambda chosen: -len(chosen & request.weekdays))


def _periods(matter: Matter, request: Request) -> Iterator[Request]:
    """The period asked for; then ending earlier, the latest first; then beginning later, the earliest first."""
    ends = sorted({request.ends_on, *_earlier_ends(matter, request)}, reverse=True)
    starts = sorted({request.starts_on, *_later_starts(matter, request)})
    for first in starts:
        moved = replace(request, starts_on=first)
        for last in (*_kept(ends, first, request.ends_on), *_longest(matter, moved)):
            yield replace(moved, ends_on=last)


def _kept(ends: list[date], first: date, last: date) -> list[date]:
    return [end for end in ends if first <= end <= last]


def _earlier_ends(matter: Matter, request: Request) -> Iterator[date]:
    """The days before something changes: a span begins, or another arrangement of hers, or the place closes."""
    changes = [*(ground.starts_on for ground in matter.spans), *(usage.starts_on for usage in matter.own)]
    changes += [matter.site.closes_on] if matter.site and matter.site.closes_on else []
    return (day - _DAY for day in changes if request.starts_on < day <= request.ends_on)


def _later_starts(matter: Matter, request: Request) -> Iterator[date]:
    """The days after something has ended: a span, another arrangement of hers, the days of notice, what is past."""
    ended = (*(ground.ends_on for ground in matter.spans), *(usage.ends_on for usage in matter.own))
    changes = [day + _DAY for day in ended]
    changes += [day for day in (matter.decided_on, matter.site and matter.site.opens_on) if day]
    changes += [request.asked_on + timedelta(days=days) for days in _limited(matter, Quantity.NOTICE_DAYS)]
    return (day for day in changes if request.starts_on < day <= request.ends_on)


def _longest(matter: Matter, request: Request) -> Iterator[date]:
    """Ends that keep to a longest duration, counted from the first day."""
    for days in sorted(_limited(matter, Quantity.DURATION_DAYS), reverse=True):
        last = request.starts_on + timedelta(days=days - 1)
        if request.starts_on <= last < request.ends_on:
            yield last


def _limited(matter: Matter, quantity: Quantity) -> set[int]:
    """The values that any rule of the matter names for a quantity."""
    rules = (rule for ground in matter.spans for rule in ground.rulebook.rules if matter.mode in rule.modes)
    limits = (rule.effect for rule in rules if isinstance(rule.effect, Limit) and rule.effect.quantity is quantity)
    return {int(limit.value) for limit in limits if limit.value is not None and limit.direction is not Direction.SET}
