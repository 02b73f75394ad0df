"""What would turn a refusal: single facts whose change opens a position, and the rules nobody can turn (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agencies.facts import Changeable, FactValue, Kind
from eligibility.decisions import JudgedTask, Reason, State, decide_task
from eligibility.facts import FACTS
from eligibility.masks import Layout
from eligibility.rulebook import Bounds, Mode, Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of one task that, with another value, opens the task in the mode.

    A number that no rule names stands for all between `above` and `below` (None: no bound).
    """

    task: JudgedTask
    fact: str
    now: FactValue | None
    then: FactValue
    by: Changeable
    above: FactValue | None = None
    below: FactValue | None = None


_ORDER = (Changeable.CORRECTION, Changeable.REDESIGN)


def _bounds(layout: Layout, task: JudgedTask, mode: Mode, fact: str, value: FactValue) -> Bounds:
    case = task.case.with_value(fact, value)
    return layout.decider(mode).bounds(case.values, case.place)


def _turning_values(layout: Layout, task: JudgedTask, mode: Mode, fact: str) -> list[FactValue]:
    """The values of a fact that open the task; of a number the nearest that a rule names, if one opens it."""
    now = task.case.value(fact)
    opening = [
        value
        for value in layout.cells(fact)
        if value != now and _bounds(layout, task, mode, fact, value).worst > Verdict.NOT_ELIGIBLE
    ]
    if FACTS[fact].kind is not Kind.NUMBER:
        return opening
    named = {operand for criterion in layout.criteria_by_fact[fact] for operand in criterion.operands}
    near = [value for value in opening if value in named] or opening
    return sorted(near, key=lambda value: abs(_number(value) - _number(now)))[:1]


def _open_range(layout: Layout, fact: str, value: FactValue) -> tuple[FactValue | None, FactValue | None]:
    """The operands on either side of a number that no rule names; nothing for any other value."""
    cells = layout.cells(fact)
    place = cells.index(value)
    if FACTS[fact].kind is not Kind.NUMBER or place % 2:
        return None, None
    return cells[place - 1] if place else None, cells[place + 1] if place + 1 < len(cells) else None


def _number(value: FactValue | None) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _changes_of(layout: Layout, task: JudgedTask, mode: Mode) -> Iterable[Change]:
    for fact in layout.decider(mode).facts:
        by = FACTS[fact].changeable
        if by is not Changeable.NOBODY:
            for value in _turning_values(layout, task, mode, fact):
                yield Change(task, fact, task.case.value(fact), value, by, *_open_range(layout, fact, value))


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
