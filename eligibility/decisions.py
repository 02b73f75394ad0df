"""Decides one task, one position, or the gates before an approval, keeping every reason (pure).

This is the readable reading of a rulebook: three-valued logic over the sentences themselves. The
quick readings (`masks.py` in memory, `screening.py` in the database) are tested against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from agencies.facts import FactValue, Level
from eligibility.rulebook import (
    Attach,
    Bounds,
    Case,
    Criterion,
    Direction,
    Limit,
    Mode,
    Require,
    Rule,
    Rulebook,
    Truth,
    Verdict,
    all_true,
    any_true,
    at_least,
    criterion_truth,
    exception_truth,
    lift_truth,
    negation,
    reaches_case,
)


class State(StrEnum):
    """How a rule stands to a case."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CONDITION = "condition"
    LIMIT = "limit"
    TO_CHECK = "to_check"


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact that a reason rests on, with the value read (None: unknown)."""

    fact: str
    value: FactValue | None


@dataclass(frozen=True, slots=True)
class Reason:
    """How one rule stands to a case and what was read for it.

    `lifted_by` are lifts that surely apply, `open_lifts` those that may. `for_a_person` says that an
    exception or lift reads the person, who is not in the case. `norms` are all limits that together
    leave nothing.
    """

    rule: Rule
    state: State
    facts: tuple[FactRead, ...] = ()
    lifted_by: tuple[Rule, ...] = ()
    open_lifts: tuple[Rule, ...] = ()
    for_a_person: bool = False
    norms: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitStanding:
    """What is left of one quantity: the sure limit with the norms that set it and those they beat.

    `possible` are limits that may apply and would be stricter. Without sure norms `limit` is None.
    """

    limit: Limit | None
    norms: tuple[Rule, ...]
    beaten: tuple[Rule, ...]
    possible: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class TaskDecision:
    """Bounds and all reasons for one task in one mode."""

    mode: Mode
    bounds: Bounds
    reasons: tuple[Reason, ...]
    limits: tuple[LimitStanding, ...]

    def reasons_in(self, *states: State) -> tuple[Reason, ...]:
        """The reasons in the given states, in the order of the rulebook."""
        return tuple(reason for reason in self.reasons if reason.state in states)


@dataclass(frozen=True, slots=True)
class JudgedTask:
    """A task as the engine sees it: its name, its share of working time in percent (None: unknown), its case."""

    key: int
    title: str
    share: int | None = field(compare=False)
    case: Case = field(compare=False)


@dataclass(frozen=True, slots=True)
class DaysRange:
    """Working days a week that the open tasks' share of time fills, from least to most."""

    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class PositionDecision:
    """A position in one mode: its bounds over its tasks, which may, and the days they fill."""

    mode: Mode
    bounds: Bounds
    tasks: tuple[tuple[JudgedTask, TaskDecision], ...]
    days: DaysRange

    @property
    def open_tasks(self) -> tuple[JudgedTask, ...]:
        """The tasks that surely may be done in the mode, with or without conditions."""
        return tuple(task for task, decision in self.tasks if decision.bounds.worst > Verdict.NOT_ELIGIBLE)

    @property
    def limits(self) -> tuple[LimitStanding, ...]:
        """The limits of the tasks that may be open, each once."""
        found: dict[LimitStanding, None] = {}
        for _task, decision in self.tasks:
            if decision.bounds.best > Verdict.NOT_ELIGIBLE:
                found.update(dict.fromkeys(decision.limits))
        return tuple(found)


def _excepted(rule: Rule, case: Case) -> Truth:
    return any_true(exception_truth(exception, case) for exception in rule.exceptions)


def binding_truth(rulebook: Rulebook, rule: Rule, mode: Mode, case: Case) -> Truth:
    """Whether the rule speaks to the case: it reaches it, no exception is met and no lift applies."""
    return all_true(
        (
            reaches_case(rule, case),
            negation(_excepted(rule, case)),
            *(negation(lift_truth(lift, case)) for lift in rulebook.lifts_of(rule, mode)),
        )
    )


def violation_truth(rule: Rule, case: Case) -> Truth:
    """Whether what the rule asks for is missing, given that it speaks to the case."""
    if isinstance(rule.effect, Require):
        held = at_least(rule.effect.at_least, (criterion_truth(c, case) for c in rule.effect.criteria))
        return negation(held)
    return True


def _state(rule: Rule, truth: Truth) -> State:
    if truth is False:
        return State.PASSED
    if truth is None:
        return State.UNKNOWN
    if isinstance(rule.effect, Attach):
        return State.CONDITION
    return State.LIMIT if isinstance(rule.effect, Limit) else State.FAILED


def _criteria_of(rule: Rule, lifts: Iterable[Rule]) -> Iterable[Criterion]:
    yield from rule.criteria()
    for lift in lifts:
        yield from lift.criteria()


def _facts_read(criteria: Iterable[Criterion], case: Case) -> tuple[FactRead, ...]:
    names = dict.fromkeys(c.fact for c in criteria if c.level not in case.absent)
    return tuple(FactRead(name, case.value(name)) for name in names)


def _reads_absent(rule: Rule, lifts: Iterable[Rule], case: Case) -> bool:
    exceptions = [c for exception in rule.exceptions for c in exception]
    lifting = [c for lift in lifts for c in lift.applies]
    return any(criterion.level in case.absent for criterion in (*exceptions, *lifting))


def judge_rule(rulebook: Rulebook, rule: Rule, mode: Mode, case: Case) -> Reason:
    """How one rule stands to a case in a mode."""
    lifts = rulebook.lifts_of(rule, mode)
    standing = [(lift, lift_truth(lift, case)) for lift in lifts]
    truth = all_true((binding_truth(rulebook, rule, mode, case), violation_truth(rule, case)))
    reaching = [lift for lift in lifts if lift.scope.reaches(case.place)]
    return Reason(
        rule=rule,
        state=_state(rule, truth),
        facts=_facts_read(_criteria_of(rule, reaching), case),
        lifted_by=tuple(lift for lift, applies in standing if applies is True),
        open_lifts=tuple(lift for lift, applies in standing if applies is None),
        for_a_person=_reads_absent(rule, reaching, case),
    )


def _exhaustion(rulebook: Rulebook, norms: tuple[Rule, ...], mode: Mode, case: Case) -> Reason:
    """Limits that leave nothing together are one failed rule that names them all."""
    parts = [judge_rule(rulebook, rule, mode, case) for rule in norms]
    truth = all_true(binding_truth(rulebook, rule, mode, case) for rule in norms)
    state = {True: State.FAILED, None: State.UNKNOWN, False: State.PASSED}[truth]
    facts = dict.fromkeys(fact for part in parts for fact in part.facts)
    lifted = dict.fromkeys(lift for part in parts for lift in part.lifted_by)
    return Reason(norms[0], state, tuple(facts), tuple(lifted), norms=norms)


def stricter_limit(limit: Limit, than: Limit) -> bool:
    """Whether a limit of the same group and direction leaves less; of sets: takes away what the other leaves."""
    if limit.direction is Direction.SET or than.direction is Direction.SET:
        return not than.members <= limit.members
    if limit.value is None or than.value is None:
        return False
    if limit.direction is Direction.MOST:
        return limit.value < than.value
    return limit.value > than.value


def _strictest(rules: Sequence[Rule]) -> tuple[Limit | None, tuple[Rule, ...]]:
    """The limit that is left of sure norms of one group and direction, and the norms that set it."""
    limits = [(rule, rule.effect) for rule in rules if isinstance(rule.effect, Limit)]
    if not limits:
        return None, ()
    strictest = limits[0][1]
    if strictest.direction is Direction.SET:
        left = frozenset.intersection(*(limit.members for _rule, limit in limits))
        winners = tuple(rule for rule, limit in limits if limit.members == left) or tuple(rules)
        return Limit(strictest.quantity, Direction.SET, members=left, together=strictest.together), winners
    for _rule, limit in limits[1:]:
        strictest = limit if stricter_limit(limit, strictest) else strictest
    return strictest, tuple(rule for rule, limit in limits if limit.value == strictest.value)


def _standing(sure: Sequence[Rule], possible: Sequence[Rule]) -> LimitStanding:
    limit, norms = _strictest(sure)
    threatening = tuple(
        rule
        for rule in possible
        if isinstance(rule.effect, Limit) and (limit is None or stricter_limit(rule.effect, limit))
    )
    return LimitStanding(limit, norms, tuple(rule for rule in sure if rule not in norms), threatening)


def limit_standings(reasons: Iterable[Reason]) -> tuple[LimitStanding, ...]:
    """For each quantity, group and direction: the winning norm, those it beat, and those that may apply."""
    sure: dict[tuple[object, ...], list[Rule]] = {}
    possible: dict[tuple[object, ...], list[Rule]] = {}
    for reason in reasons:
        effect = reason.rule.effect
        if isinstance(effect, Limit) and not reason.norms and reason.state is not State.PASSED:
            target = sure if reason.state is State.LIMIT else possible
            target.setdefault((*effect.group, effect.direction), []).append(reason.rule)
    keys = dict.fromkeys((*sure, *possible))
    standings = (_standing(sure.get(key, ()), possible.get(key, ())) for key in keys)
    return tuple(standing for standing in standings if standing.norms or standing.possible)


def _bounds(reasons: Iterable[Reason]) -> Bounds:
    best = worst = Verdict.ELIGIBLE
    for reason in reasons:
        is_limit = isinstance(reason.rule.effect, Limit) and not reason.norms
        if reason.state is State.PASSED or is_limit:
            continue
        verdict = Verdict.CONDITIONAL if isinstance(reason.rule.effect, Attach) else Verdict.NOT_ELIGIBLE
        worst = min(worst, verdict)
        if reason.state is not State.UNKNOWN:
            best = min(best, verdict)
    return Bounds(worst, best)


def decide_task(rulebook: Rulebook, case: Case, mode: Mode) -> TaskDecision:
    """Judge one task in one mode: bounds, every reason, and the limits."""
    return task_of(rulebook, case, mode, (judge_rule(rulebook, r, mode, case) for r in rulebook.suitability(mode)))


def task_of(rulebook: Rulebook, case: Case, mode: Mode, judged: Iterable[Reason]) -> TaskDecision:
    """The decision that the reasons of all suitability rules make, with those of limits that leave nothing together."""
    reasons = list(judged)
    reasons += [_exhaustion(rulebook, norms, mode, case) for norms in rulebook.exhausted_limits(mode)]
    return TaskDecision(mode, _bounds(reasons), tuple(reasons), limit_standings(reasons))


def position_verdict(tasks: Sequence[Verdict]) -> Verdict:
    """The position function: eligible if all its tasks are, not eligible if none may be, else conditional.

    Raises ValueError for no tasks: a position without tasks cannot be judged.
    """
    if not tasks:
        raise ValueError("a position without tasks cannot be judged")
    if min(tasks) is Verdict.ELIGIBLE:
        return Verdict.ELIGIBLE
    return Verdict.NOT_ELIGIBLE if max(tasks) is Verdict.NOT_ELIGIBLE else Verdict.CONDITIONAL


def share_range(open_shares: Sequence[int | None], closed_shares: Sequence[int | None]) -> tuple[int, int]:
    """Least and most percent of working time that open tasks take, given that all tasks together take 100."""
    open_known = sum(share for share in open_shares if share is not None)
    rest = max(0, 100 - sum(share for share in closed_shares if share is not None))
    if None not in open_shares:
        return (open_known, open_known) if closed_shares else (100, 100)
    return (rest, rest) if None not in closed_shares else (open_known, max(open_known, rest))


def _days(rulebook: Rulebook, tasks: Sequence[tuple[JudgedTask, TaskDecision]]) -> DaysRange:
    def shares(bound: str, is_open: bool) -> list[int | None]:
        return [
            task.share
            for task, decision in tasks
            if (getattr(decision.bounds, bound) > Verdict.NOT_ELIGIBLE) is is_open
        ]

    least, _ = share_range(shares("worst", True), shares("worst", False))
    _, most = share_range(shares("best", True), shares("best", False))
    return DaysRange(least * rulebook.working_days / 100, most * rulebook.working_days / 100)


def decide_position(rulebook: Rulebook, tasks: Sequence[JudgedTask], mode: Mode) -> PositionDecision:
    """Judge a position in one mode by the position function over its tasks' worst and best bounds.

    Raises ValueError for no tasks.
    """
    return position_of(rulebook, tuple((task, decide_task(rulebook, task.case, mode)) for task in tasks), mode)


def position_of(
    rulebook: Rulebook, decided: tuple[tuple[JudgedTask, TaskDecision], ...], mode: Mode
) -> PositionDecision:
    """The decision on a position that those on its tasks make. Raises ValueError for no tasks."""
    bounds = Bounds(
        position_verdict([decision.bounds.worst for _task, decision in decided]),
        position_verdict([decision.bounds.best for _task, decision in decided]),
    )
    return PositionDecision(mode, bounds, decided, _days(rulebook, decided))


def decide_gates(rulebook: Rulebook, case: Case, mode: Mode) -> tuple[Reason, ...]:
    """How each gate stands: passed, failed, unknown, or to be checked on the person who is not in the case."""
    reasons = []
    for rule in rulebook.gates(mode):
        reason = judge_rule(rulebook, rule, mode, case)
        waits = any(criterion.level in case.absent for criterion in rule.criteria())
        if reason.state is State.UNKNOWN and waits:
            reason = Reason(rule, State.TO_CHECK, reason.facts, reason.lifted_by)
        reasons.append(reason)
    return tuple(reasons)


FACT_OF_QUANTITY = {
    "days_per_week": "arrangement.days_per_week",
    "weekdays": "arrangement.weekdays",
    "places": "arrangement.place",
    "share_of_staff": "arrangement.share_of_staff",
    "staff_on_site": "arrangement.staff_on_site",
    "duration_days": "arrangement.duration",
}
"""The arrangement's fact that each quantity limits, as far as arrangements have one."""


def _within(limit: Limit, value: FactValue) -> bool:
    if limit.direction is Direction.SET:
        asked = value if isinstance(value, frozenset) else frozenset({str(value)})
        return asked <= limit.members
    number = Decimal(value)  # type: ignore[arg-type]
    assert limit.value is not None
    return number <= limit.value if limit.direction is Direction.MOST else number >= limit.value


def limit_truth(standing: LimitStanding, case: Case) -> Truth:
    """Whether what is asked keeps within the limit: above the sure limit no, within every possible one yes."""
    limit = standing.limit or next(r.effect for r in standing.possible if isinstance(r.effect, Limit))
    return measured_truth(standing, case.value(FACT_OF_QUANTITY.get(limit.quantity, "")))


def measured_truth(standing: LimitStanding, value: FactValue | None) -> Truth:
    """The same for a value that was measured: of a quantity that is no fact, or counted together with others."""
    if value is None:
        return None
    if standing.limit is not None and not _within(standing.limit, value):
        return False
    stricter = [rule.effect for rule in standing.possible if isinstance(rule.effect, Limit)]
    return True if all(_within(limit, value) for limit in stricter) else None


PERSON_LEVELS = frozenset({Level.EMPLOYEE, Level.ARRANGEMENT})
"""The levels absent while only a job is judged."""
