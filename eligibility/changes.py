"""What would turn a refusal: single facts whose change opens a position, and the rules nobody can turn (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agencies.facts import Changeable, FactValue
from eligibility.decisions import JudgedTask, Reason, State, decide_task
from eligibility.facts import FACTS
from eligibility.masks import Layout
from eligibility.rulebook import Bounds, Mode, Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of one task that, with another value, opens the task in the mode."""

    task: JudgedTask
    fact: str
    now: FactValue | None
    then: FactValue
    by: Changeable


_ORDER = (Changeable.CORRECTION, Changeable.REDESIGN)


def _bounds(layout: Layout, task: JudgedTask, mode: Mode, fact: str, value: FactValue) -> Bounds:
    case = task.case.with_value(fact, value)
    return layout.decider(mode).bounds(case.values, case.place)


def _changes_of(layout: Layout, task: JudgedTask, mode: Mode) -> Iterable[Change]:
    for fact in layout.decider(mode).facts:
        by = FACTS[fact].changeable
        now = task.case.value(fact)
        if by is Changeable.NOBODY:
            continue
        for value in layout.cells(fact):
            if value != now and _bounds(layout, task, mode, fact, value).worst > Verdict.NOT_ELIGIBLE:
                yield Change(task, fact, now, value, by)


def single_changes(layout: Layout, tasks: Sequence[JudgedTask], mode: Mode) -> list[Change]:
    """All single facts that would make the outcome at least conditional; corrections before redesigns.

    A position is turned by any one of its tasks.
    """
    found = [change for task in tasks for change in _changes_of(layout, task, mode)]
    return sorted(found, key=lambda change: _ORDER.index(change.by))


def unturnable(layout: Layout, tasks: Sequence[JudgedTask], mode: Mode) -> list[tuple[JudgedTask, Reason]]:
    """The rules that fail in every task however the changeable facts are set; empty when some task is free of them."""
    found: list[tuple[JudgedTask, Reason]] = []
    for task in tasks:
        case = task.case
        for fact in layout.decider(mode).facts:
            if FACTS[fact].changeable is not Changeable.NOBODY:
                case = case.with_value(fact, None)
        failed = decide_task(layout.rulebook, case, mode).reasons_in(State.FAILED)
        if not failed:
            return []
        found += [(task, reason) for reason in failed]
    return found
