"""Which unknown facts, once answered, can move a bound: the questions worth asking (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agencies.facts import FactValue
from eligibility.decisions import JudgedTask, position_verdict
from eligibility.facts import FACTS
from eligibility.masks import (
    Alternative,
    BitKind,
    Layout,
    Literal,
    combined,
    failing_parts,
    lifts_that_can_apply,
)
from eligibility.rulebook import (
    Bounds,
    Case,
    Criterion,
    Mode,
    Rule,
    Scope,
    Truth,
    criterion_truth,
    negation,
)

_ORDER = {fact: place for place, fact in enumerate(FACTS)}

MOST_WAYS = 200
"""How many ways of one rule are looked at: rules that many lifts may set aside have very many."""

Values = Mapping[str, FactValue | None]


@dataclass(frozen=True, slots=True)
class Question:
    """An unknown fact of a task whose answer can move the position's bounds."""

    task: JudgedTask
    fact: str


def position_bounds_of(bounds: Sequence[Bounds]) -> Bounds:
    """The position function over its tasks' bounds."""
    return Bounds(position_verdict([b.worst for b in bounds]), position_verdict([b.best for b in bounds]))


def _open_ways(layout: Layout, rules: tuple[Rule, ...], mode: Mode, task: JudgedTask) -> list[Alternative]:
    """The ways in which the rules may still speak: unknown tests only, all known ones being as needed."""
    parts = [part for rule in rules for part in failing_parts(rule)]
    lifts = lifts_that_can_apply(layout.rulebook, rules, mode)
    lifting = (way for lift in lifts for way in combined(failing_parts(lift)))
    parts.extend([frozenset({(test, not needed)}) for test, needed in way] for way in lifting)
    ways: list[Alternative] = [frozenset()]
    for part in parts:
        ways = combined([ways, _undecided(part, task.case)])[:MOST_WAYS]
    return ways


def _undecided(part: Sequence[Alternative], case: Case) -> list[Alternative]:
    """A part without the ways that surely fail, each without the tests that surely hold."""
    found = []
    for way in part:
        truths = {literal: _literal_truth(literal, case) for literal in way}
        if False not in truths.values():
            found.append(frozenset(literal for literal, truth in truths.items() if truth is None))
    return found


def _literal_truth(literal: Literal, case: Case) -> Truth:
    test, needed = literal
    if isinstance(test, Scope):
        return test.reaches(case.place) is needed
    truth = criterion_truth(test, case)
    return truth if needed else negation(truth)


def _facts_of(way: Alternative) -> dict[str, list[tuple[Criterion, bool]]]:
    found: dict[str, list[tuple[Criterion, bool]]] = {}
    for test, needed in way:
        if isinstance(test, Criterion):
            found.setdefault(test.fact, []).append((test, needed))
    return found


def _answered(layout: Layout, way: Alternative, fact: str, values: Values) -> Values | None:
    """The case where the way hangs on the one fact alone; None when its other tests cannot be met."""
    answers: dict[str, FactValue | None] = {}
    for name, tests in _facts_of(way).items():
        if name != fact:
            fitting = (v for v in layout.cells(name) if all(test.holds(v) is needed for test, needed in tests))
            answers[name] = next(fitting, None)
    return None if None in answers.values() else {**values, **answers}


def _moves(layout: Layout, mode: Mode, tasks: Sequence[JudgedTask], index: int, way: Alternative, fact: str) -> bool:
    """Whether two answers to the fact lead to different bounds of the position, the way hanging on it alone."""
    task = tasks[index]
    values = _answered(layout, way, fact, task.case.values)
    if values is None:
        return False
    decider = layout.decider(mode)
    bounds = [decider.bounds(other.case.values, other.case.place) for other in tasks]
    found = set()
    for value in layout.cells(fact):
        bounds[index] = decider.bounds({**values, fact: value}, task.case.place)
        found.add(position_bounds_of(bounds))
    return len(found) > 1


def _open_rules(layout: Layout, mode: Mode) -> dict[tuple[Rule, ...], None]:
    counted = (bit for bit in layout.bits if mode in bit.modes and bit.kind in (BitKind.RULE, BitKind.CONDITION))
    return dict.fromkeys(bit.rules for bit in counted)


def open_questions(layout: Layout, tasks: Sequence[JudgedTask], mode: Mode) -> list[Question]:
    """The unknown facts of the position's tasks that can move its bounds in the mode; none when it needs none.

    Should no single answer move a bound, every unknown fact of an open rule is asked.
    """
    decider = layout.decider(mode)
    bounds = position_bounds_of([decider.bounds(task.case.values, task.case.place) for task in tasks])
    if bounds.worst is bounds.best:
        return []
    candidates: dict[Question, bool] = {}
    for index, task in enumerate(tasks):
        for rules in _open_rules(layout, mode):
            for way in _open_ways(layout, rules, mode, task):
                for fact in _facts_of(way):
                    question = Question(task, fact)
                    if not candidates.get(question):
                        candidates[question] = _moves(layout, mode, tasks, index, way, fact)
    asked = [question for question, moves in candidates.items() if moves] or list(candidates)
    return sorted(asked, key=lambda question: (tasks.index(question.task), _ORDER[question.fact]))
