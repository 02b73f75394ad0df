"""A span of an approval as text: the facts it was judged on and its outcome, written and read back (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import orjson

from agencies.coverage.week import WeekNeed
from agencies.facts import FactValue, Kind
from eligibility.arrangements.checks import Check
from eligibility.arrangements.counting import CountKey, Peak, PeopleCounts, count_key
from eligibility.arrangements.examination import readings_of, span_checks
from eligibility.arrangements.matters import Group, Matter, ServiceGroup, SpanGround, Usage
from eligibility.arrangements.requests import DAYS_OF_WEEK, Request
from eligibility.arrangements.span_decisions import SpanReading, read_span
from eligibility.decisions import DaysRange, JudgedTask, Reason, State, TaskDecision
from eligibility.facts import FACTS
from eligibility.rulebook import Bounds, Case, Mode, Place, Rulebook, Verdict, plain
from eligibility.rulebook_text import read_value

FORMAT: Final = 1
"""The format of the texts written now; it stands in each of them as "v"."""

Plain = Mapping[str, Any]


class NotRecorded(LookupError):
    """Deciding again asks for a count that was not made then: the portal counts otherwise today."""


def canonical(content: object) -> str:
    """One text for one content: keys sorted, no spaces, ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def in_week_order(weekdays: Iterable[str]) -> list[str]:
    """Weekdays as a list, Monday first."""
    return sorted(weekdays, key=DAYS_OF_WEEK.index)


def told_value(value: FactValue | None) -> object:
    """A value that says of itself what it is: numbers as {"n": text}, sets as lists."""
    if isinstance(value, Decimal):
        return {"n": plain(value)}
    return in_week_order(value) if isinstance(value, frozenset) and value <= set(DAYS_OF_WEEK) else plain(value)


def read_fact(name: str, value: object) -> FactValue | None:
    """A fact's value as `plain` wrote it."""
    return None if value is None else read_value(name, value)


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """One span of an approval as it is stored: its rulebook and determination, facts and outcome as texts."""

    starts_on: date
    ends_on: date
    rulebook: Rulebook
    determination: int | None
    facts: str
    outcome: str


def span_records(matter: Matter, request: Request) -> tuple[SpanRecord, ...]:
    """What each span of the request's period rested on, and what came of it."""
    return tuple(_record(reading) for reading in readings_of(matter, request, PeopleCounts(matter.employee)))


def _record(reading: SpanReading) -> SpanRecord:
    outcome = outcome_text(reading)  # first: it counts what the facts then hold
    ground = reading.ground
    facts = canonical(_facts(reading))
    return SpanRecord(reading.first, reading.last, ground.rulebook, ground.determination, facts, outcome)


def _facts(reading: SpanReading) -> Plain:
    ground = reading.ground
    bounds = ground.determined
    return {
        "v": FORMAT,
        "from": reading.first.isoformat(),
        "to": reading.last.isoformat(),
        "place": _place(ground.place),
        "values": {name: plain(value) for name, value in ground.values.items()},
        "tasks": [_task(task, ground.values) for task in ground.tasks],
        "determined": None if bounds is None else [int(bounds.worst), int(bounds.best)],
        "stale": list(ground.stale),
        "posted": ground.is_posted,
        "active": ground.is_active,
        "own": sorted(_own(usage) for usage in reading.matter_own),
        "groups": [[one.kind, one.name, one.population, one.staff] for one in ground.groups],
        "services": [_service(one) for one in ground.services],
        "counts": sorted(_count(key, peak) for key, peak in reading.counts.known.items() if key[2] == reading.first),
    }


def _place(place: Place) -> list[object]:
    return [place.agency_kind, list(place.lineage), place.unit]


def _task(task: JudgedTask, above: Mapping[str, FactValue | None]) -> list[object]:
    """Key, title and share of a task, its own values, and its place where it is another than the span's."""
    own = {name: plain(value) for name, value in task.case.values.items() if name not in above or above[name] != value}
    return [task.key, task.title, task.share, own, _place(task.case.place)]


def _service(one: ServiceGroup) -> list[object]:
    """Its need is a number for every day, or where a week is recorded one for each weekday on which it is open.

    People named nowhere stand at the end, where some are counted or may be there.
    """
    needed = one.needed if one.week is None else dict(one.week.by_weekday)
    told: list[object] = [one.key, one.name, one.staff, needed, one.is_served]
    return told if one.unnamed == 0 else [*told, one.unnamed]


def _own(usage: Usage) -> list[object]:
    dates = [usage.starts_on.isoformat(), usage.ends_on.isoformat()]
    return [usage.key, usage.mode.value, in_week_order(usage.weekdays), *dates]


def _count(key: CountKey, peak: Peak) -> list[object]:
    return [key[0], key[1], peak.count, peak.on.isoformat() if peak.on else None]


class RecordedCounts(PeopleCounts):
    """The counts as they were made then."""

    def away(self, group: Group | ServiceGroup, modes: frozenset[Mode], weekday: str, first: date, last: date) -> Peak:
        """The recorded count. Raises NotRecorded where none was made."""
        try:
            return self.known[count_key(group, modes), weekday, first, last]
        except KeyError as missing:
            raise NotRecorded(str(missing)) from missing


def read_again(facts: str, rulebook: Rulebook, request: Request) -> SpanReading:
    """A span from its facts and its rulebook alone, with every reason, as the engine reads it today."""
    return read_told(orjson.loads(facts), rulebook, request)


def read_told(told: Plain, rulebook: Rulebook, request: Request) -> SpanReading:
    """The same from facts that are no text any more."""
    first, last = date.fromisoformat(told["from"]), date.fromisoformat(told["to"])
    counts = RecordedCounts(0)
    for key, weekday, count, on in told["counts"]:
        counts.known[key, weekday, first, last] = Peak(count, date.fromisoformat(on) if on else None)
    own = tuple(read_own(row) for row in told["own"])
    ground = _read_ground(told, rulebook, first, last)
    return read_span(Matter(0, 0, request.mode, (ground,), own), ground, request, first, last, counts)


def _read_ground(told: Plain, rulebook: Rulebook, first: date, last: date) -> SpanGround:
    values = read_values(told["values"])
    place = read_place(told["place"])
    bounds = told["determined"]
    return SpanGround(
        starts_on=first,
        ends_on=last,
        rulebook=rulebook,
        place=place,
        values=values,
        tasks=tuple(_read_task(row, values) for row in told["tasks"]),
        determination=None,
        determined=None if bounds is None else Bounds(Verdict(bounds[0]), Verdict(bounds[1])),
        stale=tuple(told["stale"]),
        is_posted=told["posted"],
        is_active=told["active"],
        groups=tuple(Group(kind, name, staff, (), population) for kind, name, population, staff in told["groups"]),
        services=tuple(_read_service(row) for row in told["services"]),
    )


def _read_service(row: Sequence[Any]) -> ServiceGroup:
    key, name, staff, needed, serves, *unnamed = row
    if not isinstance(needed, dict):
        return ServiceGroup(key, name, staff, needed, (), serves, None, *unnamed)
    week = WeekNeed(tuple(sorted(needed.items(), key=lambda day: DAYS_OF_WEEK.index(day[0]))))
    return ServiceGroup(key, name, staff, None, (), serves, week, *unnamed)


_AS_WRITTEN: Final = frozenset(
    name for name, fact in FACTS.items() if fact.kind in (Kind.YES_NO, Kind.CHOICE, Kind.CODE)
)
"""Facts whose values stand in the text as they are."""


def read_values(told: Plain) -> dict[str, FactValue | None]:
    """Values by fact as they were written."""
    return {name: value if name in _AS_WRITTEN else read_fact(name, value) for name, value in told.items()}


def read_place(told: Sequence[Any]) -> Place:
    return Place(told[0], tuple(told[1]), told[2])


def _read_task(row: Sequence[Any], above: Mapping[str, FactValue | None]) -> JudgedTask:
    key, title, share, own, place = row
    return JudgedTask(key, title, share, Case({**above, **read_values(own)}, read_place(place), frozenset()))


def read_own(row: Sequence[Any]) -> Usage:
    key, mode, weekdays, starts_on, ends_on = row
    first, last = date.fromisoformat(starts_on), date.fromisoformat(ends_on)
    return Usage(key, 0, Mode(mode), frozenset(weekdays), first, last)


# The outcome.


def outcome_text(reading: SpanReading) -> str:
    """Bounds, days and every check of a span, and of each task the rules that move it."""
    decision = reading.decision
    tasks = (task_text(task.key, told_task(judged)) for task, judged in _judged(reading))
    return closed(opening(decision.bounds, decision.days, map(told_check, span_checks(reading))), tasks)


def opening(bounds: Bounds, days: DaysRange, checks: Iterable[str]) -> str:
    """How the canonical text of an outcome begins, up to its tasks; checks stand in the order of their texts."""
    return (
        f'{{"bounds":[{int(bounds.worst)},{int(bounds.best)}],"checks":[{",".join(sorted(checks))}],'
        f'"days":["{plain(days.least)}","{plain(days.most)}"],"tasks":['
    )


def closed(opened: str, tasks: Iterable[str]) -> str:
    """The whole text from how it begins and the texts of its tasks."""
    return f'{opened}{",".join(tasks)}],"v":{FORMAT}}}'


def task_text(key: int, told: str) -> str:
    """A task with what was decided of it."""
    return f"[{key},{told}]"


def _judged(reading: SpanReading) -> Iterable[tuple[JudgedTask, TaskDecision]]:
    return zip(reading.ground.tasks, (judged for _title, judged in reading.decision.tasks), strict=True)


_TOLD_STATES: Final = (State.FAILED, State.UNKNOWN, State.CONDITION, State.LIMIT)


def told_task(judged: TaskDecision) -> str:
    """Bounds of a task and the codes of the rules that move them, by how they stand."""
    codes = {state.value: sorted(_code(r) for r in judged.reasons_in(state)) for state in _TOLD_STATES}
    told = {name: found for name, found in codes.items() if found}
    return f"[{int(judged.bounds.worst)},{int(judged.bounds.best)}],{canonical(told)}"


def _code(reason: Reason) -> str:
    """The code of its rule; of norms that leave nothing together all codes, in an order that no reading changes."""
    return "+".join(sorted(rule.code for rule in reason.norms)) or reason.rule.code


def told_check(check: Check) -> str:
    """A check as counted: by codes, without words and sources."""
    norms = sorted(rule.code for rule in check.norms)
    beaten = sorted(rule.code for rule in check.beaten)
    counted = [check.subject, check.weekday, told_value(check.asked), told_value(check.allowed), check.base]
    told = [check.kind.value, str(check.name), check.state.value, norms, beaten, counted, sorted(check.missing)]
    return canonical(told)


# What was known, for who reads it.


@dataclass(frozen=True, slots=True)
class RecordedTask:
    """A task of a span as it was judged: its title and the facts of its own."""

    title: str
    values: Mapping[str, FactValue | None]


@dataclass(frozen=True, slots=True)
class RecordedFacts:
    """The facts of a span as they were judged: those above the tasks, and those of each task."""

    values: Mapping[str, FactValue | None]
    tasks: tuple[RecordedTask, ...]


def read_facts(text: str) -> RecordedFacts:
    """The facts of a span, without its counts."""
    told = orjson.loads(text)
    tasks = tuple(RecordedTask(row[1], read_values(row[3])) for row in told["tasks"])
    return RecordedFacts(read_values(told["values"]), tasks)
