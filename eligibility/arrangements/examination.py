"""Examines a request against everything that is known of its matter: every check, span by span (pure).

Nothing is decided here that the engine does not say: tasks and gates are judged by `decisions.py`, limits are those
it leaves standing. What is added is measuring: days, dates and people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from eligibility.arrangements.checks import Check, CheckKind, CheckState, Examination, House
from eligibility.arrangements.counting import PeopleCounts, falls_on
from eligibility.arrangements.limit_checks import limit_checks
from eligibility.arrangements.matters import Matter, Usage
from eligibility.arrangements.places import place_checks
from eligibility.arrangements.requests import MODES_OF_PLACE, Request
from eligibility.arrangements.span_decisions import SpanReading, read_span
from eligibility.decisions import Reason, State
from eligibility.rulebook import Attach, Limit, Verdict

_PASSED, _FAILED, _UNKNOWN = CheckState.PASSED, CheckState.FAILED, CheckState.UNKNOWN


def examine(matter: Matter, request: Request, counts: PeopleCounts | None = None) -> Examination:
    """What the portal says of the request: the engine's answer for each span it touches, and every check.

    `counts` keeps what was counted for a matter, so that further requests need not count again.
    """
    readings = tuple(readings_of(matter, request, counts or PeopleCounts(matter.employee)))
    found = (check for reading in readings for check in span_checks(reading))
    of_period = chain(place_checks(matter.site, request), _past(matter.decided_on, request))
    checks = merged(chain(_uncovered(request, readings), of_period, found))
    return Examination(request, tuple(reading.decision for reading in readings), checks)


def readings_of(matter: Matter, request: Request, counts: PeopleCounts) -> Iterator[SpanReading]:
    """The spans that the request's period touches, cut to it and judged with what is asked for."""
    for ground in matter.spans:
        first, last = max(ground.starts_on, request.starts_on), min(ground.ends_on, request.ends_on)
        if first <= last:
            yield read_span(matter, ground, request, first, last, counts)


def span_checks(reading: SpanReading) -> Iterator[Check]:
    """Every check of one span."""
    yield from _determination(reading)
    yield from _suitability(reading)
    yield from (_gate(reading, reason) for reason in reading.gates if not isinstance(reason.rule.effect, Limit))
    yield from limit_checks(reading)
    yield from _house(reading)


def _uncovered(request: Request, readings: tuple[SpanReading, ...]) -> Iterator[Check]:
    """Days of the period of which nothing is known: she is not known to hold the position on them."""
    day = request.starts_on
    for reading in readings:
        if day < reading.first:
            yield Check(CheckKind.HOUSE, _UNKNOWN, House.POSTED, day, reading.first - timedelta(days=1))
        day = reading.last + timedelta(days=1)
    if day <= request.ends_on:
        yield Check(CheckKind.HOUSE, _UNKNOWN, House.POSTED, day, request.ends_on)


def _past(decided_on: date | None, request: Request) -> Iterator[Check]:
    """Whether nothing past is asked for, once it is decided."""
    if decided_on is None:
        return
    if request.starts_on >= decided_on:
        yield Check(CheckKind.HOUSE, _PASSED, House.NOT_PAST, request.starts_on, request.ends_on)
    else:
        last = min(request.ends_on, decided_on - timedelta(days=1))
        yield Check(CheckKind.HOUSE, _FAILED, House.NOT_PAST, request.starts_on, last)


def _determination(reading: SpanReading) -> Iterator[Check]:
    ground = reading.ground
    bounds = ground.determined
    if bounds is None or bounds.best is Verdict.NOT_ELIGIBLE:
        state = _FAILED
    else:
        state = _UNKNOWN if bounds.worst is Verdict.NOT_ELIGIBLE else _PASSED
    outcome = "" if bounds is None else bounds.outcome.value
    yield reading.check(CheckKind.DETERMINATION, state, CheckKind.DETERMINATION, asked=outcome or None)
    if bounds is not None:
        state = _FAILED if ground.stale else _PASSED
        yield reading.check(CheckKind.STALE, state, CheckKind.STALE, notes=ground.stale)


def _suitability(reading: SpanReading) -> Iterator[Check]:
    """Whether some task of hers may be done in the mode; when none may, by which rules, or for want of which facts."""
    bounds = reading.decision.bounds
    outcome = bounds.outcome.value
    if bounds.worst > Verdict.NOT_ELIGIBLE:
        yield reading.check(CheckKind.SUITABILITY, _PASSED, CheckKind.SUITABILITY, asked=outcome)
        return
    closed = bounds.best is Verdict.NOT_ELIGIBLE
    wanted = (State.FAILED,) if closed else (State.FAILED, State.UNKNOWN)
    reasons = [r for _title, task in reading.decision.tasks for r in task.reasons_in(*wanted) if _may_close(r)]
    norms = dict.fromkeys(rule for reason in reasons for rule in (reason.norms or (reason.rule,)))
    yield reading.check(
        CheckKind.SUITABILITY,
        _FAILED if closed else _UNKNOWN,
        CheckKind.SUITABILITY,
        norms=tuple(norms),
        asked=outcome,
        missing=() if closed else _unknown_facts(reasons),
    )


def _may_close(reason: Reason) -> bool:
    """Whether the rule closes a task where it fails: conditions and single limits do not."""
    return bool(reason.norms) or not isinstance(reason.rule.effect, Attach | Limit)


def _unknown_facts(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.fact for reason in reasons for fact in reason.facts if fact.value is None))


_GATE_STATES = {State.FAILED: _FAILED, State.UNKNOWN: _UNKNOWN, State.TO_CHECK: _UNKNOWN}


def _gate(reading: SpanReading, reason: Reason) -> Check:
    """A gate as it stands. A condition never closes one: where it may apply it is taken to apply."""
    state = _PASSED if isinstance(reason.rule.effect, Attach) else _GATE_STATES.get(reason.state, _PASSED)
    missing = _unknown_facts((reason,)) if reason.state is State.UNKNOWN else ()
    return reading.check(
        CheckKind.GATE, state, reason.rule.code, norms=(reason.rule,), facts=reason.facts, missing=missing
    )


def _house(reading: SpanReading) -> Iterator[Check]:
    ground = reading.ground
    yield reading.check(CheckKind.HOUSE, _PASSED if ground.is_posted else _FAILED, House.POSTED)
    active = {True: _PASSED, False: _FAILED, None: _UNKNOWN}[ground.is_active]
    yield reading.check(CheckKind.HOUSE, active, House.ACTIVE)
    same_mode = any(usage.mode is reading.request.mode for usage in reading.own)
    yield reading.check(CheckKind.HOUSE, _FAILED if same_mode else _PASSED, House.ONE_AT_A_TIME)
    if reading.request.is_away:
        taken = _taken_days(reading)
        yield reading.check(CheckKind.HOUSE, _FAILED if taken else _PASSED, House.SAME_DAY, asked=taken or None)


def _taken_days(reading: SpanReading) -> frozenset[str]:
    """The weekdays asked for on which she already works elsewhere, on some date of the span."""
    found: set[str] = set()
    for usage in reading.own:
        if usage.mode in MODES_OF_PLACE and usage.mode is not reading.request.mode:
            days = usage.weekdays & reading.request.weekdays
            found |= falls_on(days, *_overlap(usage, reading.first, reading.last))
    return frozenset(found)


def _overlap(usage: Usage, first: date, last: date) -> tuple[date, date]:
    return max(usage.starts_on, first), min(usage.ends_on, last)


_ORDER = {kind: place for place, kind in enumerate(CheckKind)}


def merged(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Equal checks of neighbouring spans as one, in the order of their kinds."""
    groups: dict[tuple[object, ...], list[Check]] = {}
    for check in checks:
        same = groups.setdefault(_identity(check), [])
        if same and same[-1].ends_on + timedelta(days=1) == check.starts_on:
            same[-1] = replace(same[-1], ends_on=check.ends_on)
        else:
            same.append(check)
    return tuple(sorted(chain.from_iterable(groups.values()), key=lambda check: _ORDER[check.kind]))


def _identity(check: Check) -> tuple[object, ...]:
    """All that a check says but its dates; rules by code and version, which is quick and enough."""
    told = (check.kind, check.state, check.name, check.subject, check.weekday, check.asked, check.allowed, check.base)
    norms = tuple((rule.code, rule.version) for rule in check.norms)
    beaten = tuple((rule.code, rule.version) for rule in check.beaten)
    return (*told, check.missing, check.facts, check.notes, check.unnamed, norms, beaten)
