"""Measures what a request would make of each limit: days, dates, people, and staff left on site (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Final

from agencies.facts import FactValue
from eligibility.arrangements.checks import Check, CheckKind, CheckState, share_allows
from eligibility.arrangements.counting import Peak, falls_on, most_in_a_month, most_in_a_week
from eligibility.arrangements.matters import SERVICE, Group, ServiceGroup, Usage
from eligibility.arrangements.requests import DAYS_OF_WEEK, MODES_OF_PLACE, Request
from eligibility.arrangements.span_decisions import SpanReading, modes_counted
from eligibility.decisions import LimitStanding, Reason, State, limit_standings, measured_truth
from eligibility.rulebook import Direction, Limit, Mode, Quantity, Rule, Truth, Verdict

_PASSED, _FAILED, _UNKNOWN = CheckState.PASSED, CheckState.FAILED, CheckState.UNKNOWN
_STATES: Final = {True: _PASSED, False: _FAILED, None: _UNKNOWN}

COUNTED_OVER_STAFF: Final = frozenset({Quantity.SHARE_OF_STAFF, Quantity.STAFF_ON_SITE, Quantity.SHARE_ON_SITE})
"""Quantities that many people fill together."""

HOLDING: Final = "holding"
"""A way of counting: who holds an arrangement, whatever its weekdays."""


def limit_checks(reading: SpanReading) -> Iterator[Check]:
    """Every limit on what is asked for, the days that open tasks fill, shares of staff, and services."""
    personal = [reason for reason in reading.limits if _limit_of(reason.rule).quantity not in COUNTED_OVER_STAFF]
    for standing in limit_standings(personal):
        yield from _personal(reading, standing)
    yield from _time(reading)
    yield from people_checks(reading)


def people_checks(reading: SpanReading) -> Iterator[Check]:
    """Shares of staff and services: all that counts people."""
    yield from _shares(reading)
    if reading.request.is_away:
        for service in reading.ground.services:
            yield from _service(reading, service)


def _limit_of(rule: Rule) -> Limit:
    assert isinstance(rule.effect, Limit)
    return rule.effect


def _shown(standing: LimitStanding) -> Limit:
    """The sure limit, or the strictest of those that may apply."""
    return standing.limit or _strictest(standing.possible)


TOGETHER: Final = "together"
"""The subject of a limit of days that her other arrangements fill, too."""

# Limits on what one person asks for.


def _days_per_week(reading: SpanReading, limit: Limit) -> FactValue:
    own = _own_in(reading, modes_counted(limit, reading.request.mode))
    return Decimal(most_in_a_week(reading.request.weekdays, own, reading.first, reading.last))


def _days_per_month(reading: SpanReading, limit: Limit) -> FactValue:
    """Dates of the busiest calendar month that the span touches; the month counts as a whole."""
    request = reading.request
    asked = Usage(0, reading.employee, request.mode, request.weekdays, request.starts_on, request.ends_on)
    own = _own_in(reading, modes_counted(limit, request.mode))
    return Decimal(most_in_a_month((asked, *own), reading.first, reading.last))


def _own_in(reading: SpanReading, modes: frozenset[Mode]) -> list[Usage]:
    return [usage for usage in reading.matter_own if usage.mode in modes]


_MEASURES: Final[dict[str, Callable[[SpanReading, Limit], FactValue | None]]] = {
    Quantity.DAYS_PER_WEEK: _days_per_week,
    Quantity.DAYS_PER_MONTH: _days_per_month,
    Quantity.WEEKDAYS: lambda reading, limit: reading.request.weekdays,
    Quantity.PLACES: lambda reading, limit: reading.request.place,
    Quantity.DURATION_DAYS: lambda reading, limit: Decimal(reading.request.duration),
    Quantity.NOTICE_DAYS: lambda reading, limit: Decimal((reading.request.starts_on - reading.request.asked_on).days),
}
"""What a request makes of each quantity. The others are obligations that the letter carries."""


def _personal(reading: SpanReading, standing: LimitStanding) -> Iterator[Check]:
    limit = _shown(standing)
    if limit.quantity not in _MEASURES or (limit.quantity is Quantity.PLACES and not reading.request.is_away):
        return
    asked = _MEASURES[limit.quantity](reading, limit)
    check = _limit_check(reading, CheckKind.LIMIT, standing, asked, measured_truth(standing, asked))
    more = limit.quantity is Quantity.DAYS_PER_WEEK and asked != Decimal(len(reading.request.weekdays))
    yield replace(check, subject=TOGETHER) if more else check


def _limit_check(
    reading: SpanReading, kind: CheckKind, standing: LimitStanding, asked: FactValue | None, truth: Truth
) -> Check:
    """A limit with what it leaves. Between the sure limit and those that may apply, those are shown."""
    unsure = truth is None and bool(standing.possible) and asked is not None
    if unsure:
        standing = _open_standing(standing, asked)
    limit = _shown(standing)
    missing = _missing(reading, standing.possible) if unsure else ()
    if asked is None and limit.quantity is Quantity.PLACES:
        missing = ("arrangement.place",)
    return reading.check(
        kind,
        _STATES[truth],
        limit.quantity.value,
        norms=standing.possible if unsure else standing.norms or standing.possible,
        beaten=() if unsure else standing.beaten,
        asked=asked,
        allowed=limit.members if limit.direction is Direction.SET else limit.value,
        missing=missing,
    )


def _open_standing(standing: LimitStanding, asked: FactValue | None) -> LimitStanding:
    """The standing left with the limits that what is asked for would break if they applied."""
    broken = tuple(r for r in standing.possible if measured_truth(_alone(r), asked) is False)
    return LimitStanding(_strictest(broken), (), (), broken)


def _alone(rule: Rule) -> LimitStanding:
    return LimitStanding(_limit_of(rule), (rule,), (), ())


def _strictest(rules: tuple[Rule, ...]) -> Limit:
    """What limits of one group leave, as if all applied."""
    left = limit_standings(Reason(rule, State.LIMIT) for rule in rules)[0].limit
    assert left is not None
    return left


def _missing(reading: SpanReading, rules: Iterable[Rule]) -> tuple[str, ...]:
    """The unknown facts for which it is open whether the rules apply."""
    codes = {rule.code for rule in rules}
    reasons = (reason for reason in reading.limits if reason.rule.code in codes and reason.state is State.UNKNOWN)
    return tuple(dict.fromkeys(fact.fact for reason in reasons for fact in reason.facts if fact.value is None))


def _time(reading: SpanReading) -> Iterator[Check]:
    """The days asked for are at most those that her open tasks fill, in whole days."""
    if reading.decision.bounds.best is Verdict.NOT_ELIGIBLE:
        return
    asked, days = len(reading.request.weekdays), reading.decision.days
    if asked <= int(days.least):
        state, allowed = _PASSED, int(days.least)
    else:
        state, allowed = (_FAILED, int(days.most)) if asked > int(days.most) else (_UNKNOWN, int(days.least))
    yield reading.check(CheckKind.TIME, state, CheckKind.TIME, asked=Decimal(asked), allowed=Decimal(allowed))


# Limits that many people fill together.


def _shares(reading: SpanReading) -> Iterator[Check]:
    """Limits over staff. Those that name the staff they apply to are counted each over its own people."""
    counted = [reason for reason in reading.limits if _limit_of(reason.rule).quantity in COUNTED_OVER_STAFF]
    general = [reason for reason in counted if _limit_of(reason.rule).population == "all"]
    for standing in limit_standings(general):
        yield from _share(reading, standing, "all")
    for reason in counted:
        if reason not in general:
            for standing in limit_standings([reason]):
                yield from _share(reading, standing, reason.rule.code)


def _share(reading: SpanReading, standing: LimitStanding, population: str) -> Iterator[Check]:
    limit = _shown(standing)
    if limit.quantity is not Quantity.SHARE_OF_STAFF and not reading.request.is_away:
        return
    groups = [group for group in _groups(reading, limit.per) if group.population == population]
    if not groups:
        yield replace(_limit_check(reading, CheckKind.SHARE, standing, None, None), allowed=None)
    for group in groups:
        for weekday, peak in _peaks(reading, group, limit):
            yield _people_check(reading, standing, group, weekday, peak)


def _groups(reading: SpanReading, per: str) -> list[Group]:
    """The groups of a kind; services count the people who serve them."""
    groups = [group for group in reading.ground.groups if group.kind == per]
    if per == SERVICE and not groups:
        return [Group(SERVICE, one.name, one.staff, one.usages) for one in reading.ground.services]
    return groups


def _peaks(reading: SpanReading, group: Group | ServiceGroup, limit: Limit) -> Iterator[tuple[str, Peak]]:
    """For each weekday asked for: the most people with herself; by who holds one: the most on any date."""
    modes = modes_counted(limit, reading.request.mode)
    if limit.quantity is not Quantity.SHARE_OF_STAFF:
        modes &= MODES_OF_PLACE
    for weekday in [""] if limit.counting == HOLDING else asked_days(reading):
        peak = reading.away(group, modes, weekday)
        yield weekday, Peak(peak.count + 1, peak.on)


def asked_days(reading: SpanReading) -> list[str]:
    """The weekdays asked for that really occur in the span, in the order of the week."""
    return weekdays_in(reading.request, reading.first, reading.last)


def weekdays_in(request: Request, first: date, last: date) -> list[str]:
    """The weekdays asked for that occur from the first day to the last, in the order of the week."""
    occurring = falls_on(request.weekdays, first, last)
    return [day for day in DAYS_OF_WEEK if day in occurring]


def _away_allowed(limit: Limit, base: int) -> int:
    """How many of `base` people a limit lets be away, rounded down."""
    assert limit.value is not None
    if limit.quantity is Quantity.STAFF_ON_SITE:
        return base - ceil(limit.value)
    share = limit.value if limit.quantity is Quantity.SHARE_OF_STAFF else 100 - limit.value
    return share_allows(share, base)


def _people_check(reading: SpanReading, standing: LimitStanding, group: Group, weekday: str, peak: Peak) -> Check:
    """So many people against what the limits leave. Of what is on site, what is left against what must be there."""
    sure = standing.limit is None or peak.count <= _away_allowed(standing.limit, group.staff)
    broken = tuple(r for r in standing.possible if peak.count > _away_allowed(_limit_of(r), group.staff))
    truth: Truth = (None if broken else True) if sure else False
    check = _limit_check(reading, CheckKind.SHARE, standing, Decimal(peak.count), bool(truth))
    if truth is None:
        shown = LimitStanding(_strictest(broken), (), (), broken)
        check = replace(check, norms=broken, beaten=(), missing=_missing(reading, broken))
    else:
        shown = standing
    asked, allowed = _measured(_shown(shown), group.staff, peak.count)
    told = replace(check, state=_STATES[truth], asked=asked, allowed=allowed, base=group.staff)
    return replace(told, subject=group.name, weekday=weekday, on=peak.on)


def _measured(limit: Limit, base: int, away: int) -> tuple[Decimal, Decimal]:
    """What a person reads of a count: people away and how many may be, or people left and how many must be."""
    allowed = _away_allowed(limit, base)
    if limit.quantity is Quantity.SHARE_OF_STAFF:
        return Decimal(away), Decimal(allowed)
    return Decimal(base - away), Decimal(base - allowed)


def _service(reading: SpanReading, service: ServiceGroup) -> Iterator[Check]:
    """The staff left on site for a service on each weekday asked for on which it is open."""
    if not service.is_served:
        return
    if service.week is None and service.needed is None:
        yield reading.check(CheckKind.SERVICE, _UNKNOWN, SERVICE, subject=service.name, base=service.staff)
        return
    for weekday in asked_days(reading):
        if service.is_open(weekday):
            yield _service_on(reading, service, weekday)


def _service_on(reading: SpanReading, service: ServiceGroup, weekday: str) -> Check:
    needed = service.needed_on(weekday)
    known = service.staff + (service.unnamed or 0)
    unknown = reading.check(CheckKind.SERVICE, _UNKNOWN, SERVICE, subject=service.name, weekday=weekday, base=known)
    if needed is None:
        return unknown
    peak = reading.away(service, MODES_OF_PLACE, weekday)
    left = known - peak.count - 1
    # Where filled places are not counted more may be there: then it is not known that too few are left.
    short = _UNKNOWN if service.unnamed is None else _FAILED
    state = _PASSED if left >= needed else short
    told = replace(unknown, state=state, asked=Decimal(left), allowed=Decimal(needed), on=peak.on)
    return replace(told, unnamed=service.unnamed or None)
