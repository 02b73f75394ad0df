"""What would make it yes: the smallest sets of facts that turn a refusal, and the rules nobody can turn (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final, Protocol, TypeVar

from agencies.facts import Changeable, FactValue, Kind, Level
from eligibility.change_search import Assignment, Search, Steps, StepsSpentError, Values, changeable
from eligibility.decisions import JudgedTask, Reason, State, decide_task
from eligibility.facts import FACTS
from eligibility.masks import Layout
from eligibility.questions import position_bounds_of
from eligibility.rulebook import Bounds, Case, Criterion, Mode, Rule, Verdict

MOST_FACTS: Final = 5
"""Sets of more facts are no advice that anybody could follow, and are not looked for."""

MOST_STEPS: Final = 3000
"""How many sets are tried for a position in one mode, so that no page waits for a search; a stop is told."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of a set with the values that each will do; `now` is None where it was not answered yet.

    A number that no rule names stands for all between `above` and `below` (None: no bound).
    """

    fact: str
    now: FactValue | None
    then: tuple[FactValue, ...]
    above: FactValue | None = None
    below: FactValue | None = None

    @property
    def is_answer(self) -> bool:
        """Whether a question is answered; otherwise something recorded is corrected or redesigned."""
        return self.now is None

    @property
    def by(self) -> Changeable:
        """Whether a correction of the record or a redesign of the work changes it."""
        return FACTS[self.fact].changeable


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Facts of one task that, changed together, open it; the rules that are turned; the position's bounds then."""

    task: JudgedTask
    changes: tuple[Change, ...]
    turned: tuple[Rule, ...]
    bounds: Bounds

    @property
    def corrections(self) -> int:
        """How many facts known today would have to be another."""
        return sum(not change.is_answer for change in self.changes)


@dataclass(frozen=True, slots=True)
class Turning:
    """All smallest sets that turn a position in a mode, by its cheapest tasks; those with fewest corrections first.

    `unturnable` are the rules that fail in every task however the changeable facts are set. `searched` is the number
    of facts up to which all sets were tried: below `MOST_FACTS` without any set, the search stopped early.
    """

    sets: tuple[ChangeSet, ...] = ()
    unturnable: tuple[tuple[JudgedTask, Reason], ...] = ()
    searched: int = MOST_FACTS

    @property
    def stopped(self) -> bool:
        """Whether the search was given up before all sets of up to five facts were tried."""
        return not self.sets and not self.unturnable and self.searched < MOST_FACTS


def _without_changeable(case: Case, facts: Iterable[str]) -> Case:
    return case.with_values(dict.fromkeys(filter(changeable, facts)))


def unturnable(layout: Layout, tasks: Sequence[JudgedTask], mode: Mode) -> list[tuple[JudgedTask, Reason]]:
    """The rules that fail in every task however the changeable facts are set; empty when some task is free of them."""
    if _turnable(layout, tasks, mode):
        return []
    facts = layout.decider(mode).facts
    found = []
    for task in tasks:
        decision = decide_task(layout.rulebook, _without_changeable(task.case, facts), mode)
        found += [(task, reason) for reason in decision.reasons_in(State.FAILED)]
    return found


def _turnable(layout: Layout, tasks: Sequence[JudgedTask], mode: Mode) -> list[JudgedTask]:
    """The tasks in which no rule fails once every changeable fact is unknown."""
    decider = layout.decider(mode)
    cases = [(task, _without_changeable(task.case, decider.facts)) for task in tasks]
    return [task for task, case in cases if decider.bounds(case.values, case.place).best > Verdict.NOT_ELIGIBLE]


def smallest_changes(layout: Layout, tasks: Sequence[JudgedTask], mode: Mode, steps: int = MOST_STEPS) -> Turning:
    """What would turn the position's worst bound in the mode to at least conditional."""
    turnable = _turnable(layout, tasks, mode)
    if not turnable:
        return Turning(unturnable=tuple(unturnable(layout, tasks, mode)))
    search = Search(layout, mode, Steps(steps))
    alike = _alike(layout.decider(mode).facts, turnable)
    for size in range(1, MOST_FACTS + 1):
        try:
            found = [(same, search.turning(same[0].case.values, same[0].case.place, size)) for same in alike]
        except StepsSpentError:
            return Turning(searched=size - 1)
        sets = [one for same, ways in found for one in _change_sets(search, tasks, same, ways)]
        if sets:
            return Turning(tuple(sorted(sets, key=lambda one: one.corrections)), searched=size)
    return Turning()


def _alike(facts: Sequence[str], tasks: Sequence[JudgedTask]) -> list[list[JudgedTask]]:
    """The tasks, those that no rule tells apart together: they are searched once."""
    found: dict[tuple[object, ...], list[JudgedTask]] = {}
    for task in tasks:
        found.setdefault((task.case.place, *(task.case.value(fact) for fact in facts)), []).append(task)
    return list(found.values())


def _change_sets(
    search: Search, tasks: Sequence[JudgedTask], same: Sequence[JudgedTask], ways: set[Assignment]
) -> list[ChangeSet]:
    """The ways of tasks that are alike, those together that differ only in values that all will do."""
    case = same[0].case
    turned = tuple(dict.fromkeys(rule for rules in search.open_rules(case.values, case.place) for rule in rules))
    found = []
    bounds_then = partial(_bounds_then, search, tasks, same[0])
    for facts, alike in by_facts(ways):
        for changes, bounds in changes_together(search.layout, case.values, facts, alike, bounds_then):
            found += [ChangeSet(task, changes, turned, bounds) for task in same]
    return found


_T = TypeVar("_T")


def by_facts(ways: Iterable[Assignment]) -> list[tuple[tuple[str, ...], list[Mapping[str, FactValue]]]]:
    """The ways by the facts they change, in the order of facts."""
    order = list(FACTS)
    found: dict[tuple[str, ...], list[Mapping[str, FactValue]]] = {}
    for way in ways:
        facts = tuple(sorted((fact for fact, _value in way), key=order.index))
        found.setdefault(facts, []).append(dict(way))
    return sorted(found.items(), key=lambda pair: [order.index(name) for name in pair[0]])


class Cells(Protocol):
    """The values of facts that rules tell apart, and the criteria that do."""

    @property
    def criteria_by_fact(self) -> Mapping[str, Sequence[Criterion]]:
        """The criteria of each fact."""
        ...

    def cells(self, fact: str) -> tuple[FactValue, ...]:
        """One value for each way in which the criteria tell values of the fact apart."""
        ...


_Row = tuple[tuple[FactValue, ...], ...]


def changes_together(
    told: Cells,
    now: Values,
    facts: tuple[str, ...],
    ways: Sequence[Mapping[str, FactValue]],
    becomes: Callable[[Mapping[str, FactValue]], _T],
) -> Iterator[tuple[tuple[Change, ...], _T]]:
    """Ways of the same facts: of numbers the nearest that will do, of other values all after which alike becomes."""
    nearest: dict[tuple[object, ...], Mapping[str, FactValue]] = {}
    for way in sorted(ways, key=lambda one: [_distance(told, now.get(f), f, one[f]) for f in facts]):
        nearest.setdefault(tuple(way[f] for f in facts if FACTS[f].kind is not Kind.NUMBER), way)
    rows: dict[_Row, _T] = {tuple((way[f],) for f in facts): becomes(way) for way in nearest.values()}
    for place in range(len(facts)):
        merged: dict[tuple[_Row, _T], list[FactValue]] = {}
        for row, result in rows.items():
            merged.setdefault(((*row[:place], *row[place + 1 :]), result), []).extend(row[place])
        rows = {(*rest[:place], tuple(v), *rest[place:]): result for (rest, result), v in merged.items()}
    for row, result in rows.items():
        yield tuple(_change(told, now.get(f), f, chosen) for f, chosen in zip(facts, row, strict=True)), result


def _distance(told: Cells, now: FactValue | None, fact: str, value: FactValue) -> tuple[bool, Decimal, int]:
    """How far a value is from the present one: those that a rule names before others, numbers by their difference."""
    place = told.cells(fact).index(value)
    if FACTS[fact].kind is not Kind.NUMBER:
        return False, Decimal(0), place
    named = {operand for criterion in told.criteria_by_fact[fact] for operand in criterion.operands}
    return value not in named, abs(_number(value) - _number(now)), place


def _number(value: FactValue | None) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _bounds_then(search: Search, tasks: Sequence[JudgedTask], task: JudgedTask, way: Mapping[str, FactValue]) -> Bounds:
    """The position's bounds after the change: what lies above the task changes for all of its tasks."""
    shared = {fact: value for fact, value in way.items() if FACTS[fact].level is not Level.TASK}
    return position_bounds_of(
        [
            search.decider.bounds({**one.case.values, **(way if one is task else shared)}, one.case.place)
            for one in tasks
        ]
    )


def _change(told: Cells, now: FactValue | None, fact: str, values: tuple[FactValue, ...]) -> Change:
    values = tuple(sorted(values, key=told.cells(fact).index))
    return Change(fact, now, values, *_open_range(told, fact, values[0]))


def _open_range(told: Cells, fact: str, value: FactValue) -> tuple[FactValue | None, FactValue | None]:
    """The operands on either side of a number that no rule names; nothing for any other value."""
    cells = told.cells(fact)
    place = cells.index(value)
    if FACTS[fact].kind is not Kind.NUMBER or place % 2:
        return None, None
    return cells[place - 1] if place else None, cells[place + 1] if place + 1 < len(cells) else None
