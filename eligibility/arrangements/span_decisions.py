"""One span of a matter with a request put into it: what the engine says of its tasks, gates and limits (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from agencies.facts import FactValue
from eligibility.arrangements.checks import Check, CheckKind, CheckState, SpanDecision
from eligibility.arrangements.counting import Peak, PeopleCounts, falls_on
from eligibility.arrangements.judging import Judge, RuleMemory, judge_of
from eligibility.arrangements.matters import AGENCY, Group, Matter, ServiceGroup, SpanGround, Usage
from eligibility.arrangements.requests import MODES_OF_PLACE, Request
from eligibility.decisions import (
    DaysRange,
    JudgedTask,
    Reason,
    State,
    TaskDecision,
    position_of,
)
from eligibility.rulebook import Bounds, Case, Limit, Mode, Verdict

Values = Mapping[str, FactValue | None]


@dataclass(frozen=True, slots=True)
class SpanReading:
    """A span cut to the request's period, judged with what is asked for.

    `own` are her other granted arrangements that have a day in common with the cut span; `matter_own` those that
    have one with the whole period. `asked` are the facts of the arrangement. `limits` are those of all her tasks that
    may be open and of the gates.
    """

    ground: SpanGround
    request: Request
    first: date
    last: date
    employee: int
    own: tuple[Usage, ...]
    matter_own: tuple[Usage, ...]
    asked: Values
    decision: SpanDecision
    gates: tuple[Reason, ...]
    limits: tuple[Reason, ...]
    counts: PeopleCounts

    def away(self, group: Group | ServiceGroup, modes: frozenset[Mode], weekday: str) -> Peak:
        """The most others of the group at work in the modes on one date of the weekday in the span."""
        return self.counts.away(group, modes, weekday, self.first, self.last)

    def check(self, kind: CheckKind, state: CheckState, name: str, **told: Any) -> Check:
        """A check of this span."""
        return Check(kind, state, name, self.first, self.last, **told)


def read_span(
    matter: Matter, ground: SpanGround, request: Request, first: date, last: date, counts: PeopleCounts
) -> SpanReading:
    """Judge the tasks and gates of a span, cut to the days from `first` to `last`, with what is asked for."""
    judge = judge_of(ground.rulebook, request.mode)
    own = tuple(usage for usage in matter.own if usage.starts_on <= last and usage.ends_on >= first)
    asked = asked_values(judge, ground, request, first, last, counts)
    cases = [(task, {**task.case.values, **asked}) for task in ground.tasks]
    decided = tuple((task, judge.task(values, task.case.place)) for task, values in cases)
    gates = tuple(_gates(judge, ground, {**ground.values, **asked}, cases))
    return SpanReading(
        ground=ground,
        request=request,
        first=first,
        last=last,
        employee=counts.employee,
        own=own,
        matter_own=matter.own,
        asked=asked,
        decision=_decision(judge, decided, first, last),
        gates=gates,
        limits=limiting((decision for _task, decision in decided), gates),
        counts=counts,
    )


def _decision(
    judge: Judge, decided: tuple[tuple[JudgedTask, TaskDecision], ...], first: date, last: date
) -> SpanDecision:
    """The position function over her tasks. Somebody without tasks is not known to have an open one."""
    titled = tuple((task.title, decision) for task, decision in decided)
    if not decided:
        days = DaysRange(Decimal(0), judge.rulebook.working_days)
        return SpanDecision(first, last, Bounds(Verdict.NOT_ELIGIBLE, Verdict.ELIGIBLE), titled, days)
    position = position_of(judge.rulebook, decided, judge.mode)
    return SpanDecision(first, last, position.bounds, titled, position.days)


def _gates(
    judge: Judge, ground: SpanGround, values: Values, cases: list[tuple[JudgedTask, dict[str, FactValue | None]]]
) -> Iterable[Reason]:
    """How each gate stands; one that reads tasks is judged on each of them, and the worst answer counts."""
    for memory in judge.gates:
        if memory.reads_tasks and cases:
            yield _worst(memory, ((task_values, task.case.place) for task, task_values in cases))
        else:
            yield memory.judge(Case(values, ground.place, frozenset()))


def gates_with(reading: SpanReading, changed: Values) -> tuple[Reason, ...]:
    """How each gate would stand if these facts were as given; facts of tasks would be so in all of her tasks."""
    ground, told = reading.ground, {**reading.asked, **changed}
    cases = [(task, {**task.case.values, **told}) for task in ground.tasks]
    return tuple(_gates(judge_of(ground.rulebook, reading.request.mode), ground, {**ground.values, **told}, cases))


SEVERITY: Final = (State.PASSED, State.LIMIT, State.CONDITION, State.UNKNOWN, State.FAILED)


def _worst(memory: RuleMemory, cases: Iterable[tuple[Values, Any]]) -> Reason:
    reasons = (memory.judge(Case(values, place, frozenset())) for values, place in cases)
    return max(reasons, key=lambda reason: SEVERITY.index(reason.state))


def limiting(tasks: Iterable[TaskDecision], gates: Iterable[Reason]) -> tuple[Reason, ...]:
    """The limits of all tasks that may be open and of the gates, each once, as surely as it applies to any of them."""
    found: dict[str, Reason] = {}
    opened = (task for task in tasks if task.bounds.best > Verdict.NOT_ELIGIBLE)
    reasons = [reason for task in opened for reason in task.reasons]
    for reason in (*reasons, *gates):
        if not isinstance(reason.rule.effect, Limit) or reason.norms or reason.state is State.PASSED:
            continue
        known = found.get(reason.rule.code)
        if known is None or (known.state is State.UNKNOWN and reason.state is State.LIMIT):
            found[reason.rule.code] = reason
    return tuple(found.values())


SHARE_FACT: Final = "arrangement.share_of_staff"
ON_SITE_FACT: Final = "arrangement.staff_on_site"


def asked_values(
    judge: Judge, ground: SpanGround, request: Request, first: date, last: date, counts: PeopleCounts
) -> dict[str, FactValue | None]:
    """The facts of the arrangement: those that stand in the request, and those counted over her agency.

    People are counted only where a rule reads the count as a fact; limits are counted for themselves.
    """
    values = request.values()
    group = next((one for one in ground.groups if one.kind == AGENCY and one.population == "all"), None)
    if group is None or group.staff == 0 or judge.facts.isdisjoint((SHARE_FACT, ON_SITE_FACT)):
        return values
    days = falls_on(request.weekdays, first, last)
    others = (counts.away(group, MODES_OF_PLACE, day, first, last).count for day in days)
    away = max(others, default=0) + request.is_away
    values[SHARE_FACT] = Decimal(away * 100) / group.staff
    values[ON_SITE_FACT] = Decimal(group.staff - away)
    return values


def modes_counted(limit: Limit, mode: Mode) -> frozenset[Mode]:
    """The modes whose use a limit adds up; the mode asked for is always among them."""
    return limit.together | {mode}
