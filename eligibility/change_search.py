"""Searches the smallest sets of facts whose change opens a task: deepening by their number, over open rules (pure).

To turn a refusal, each way in which a rule speaks must be killed, or a lift of the rule must surely apply. So one open
way is taken at a time and its tests are tried: nothing that is left out could turn it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from agencies.facts import Changeable, FactValue
from eligibility.facts import FACTS
from eligibility.masks import Bit, BitKind, Layout, lifts_that_can_apply
from eligibility.rulebook import Mode, Place, Rule

Values = Mapping[str, FactValue | None]

Assignment = frozenset[tuple[str, FactValue]]
"""Facts with the value that each is given."""

Branch = tuple[str, FactValue]


class StepsSpentError(Exception):
    """The search has taken as many steps as it may."""


@dataclass
class Steps:
    """How many more sets of facts may be tried; shared by all tasks of a position in a mode."""

    left: int

    def take(self) -> None:
        """Take one step. Raises StepsSpentError when none is left."""
        if not self.left:
            raise StepsSpentError
        self.left -= 1


def turning_sets(
    size: int, steps: Steps, branches: Callable[[Mapping[str, FactValue]], Iterable[Branch] | None]
) -> set[Assignment]:
    """All sets of up to so many facts after which nothing is open.

    `branches` gives, for facts chosen so far, changes one of which any turning set must hold further; None where
    nothing is open any more. Raises StepsSpentError.
    """
    found: set[Assignment] = set()
    seen: set[Assignment] = set()
    waiting: list[Assignment] = [frozenset()]
    while waiting:
        chosen = waiting.pop()
        if chosen in seen:
            continue
        seen.add(chosen)
        steps.take()
        further = branches(dict(chosen))
        if further is None:
            found.add(chosen)
        elif len(chosen) < size:
            waiting += [chosen | {branch} for branch in further]
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """A rule (or limits that leave nothing together) with masks of its own bits and of those of its lifts."""

    rules: tuple[Rule, ...]
    own: int
    lifts: int


def changeable(fact: str) -> bool:
    """Whether somebody can change the fact."""
    return FACTS[fact].changeable is not Changeable.NOBODY


@dataclass
class Search:
    """The search in one mode of one rulebook."""

    layout: Layout
    mode: Mode
    steps: Steps
    _cells: dict[str, tuple[FactValue, ...]] = field(default_factory=dict)
    _branches: dict[tuple[Bit, str, bool], tuple[FactValue, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.decider = self.layout.decider(self.mode)
        self._groups = tuple(self._rule_groups())

    def _rule_groups(self) -> Iterator[_Group]:
        places: dict[tuple[tuple[Rule, ...], BitKind], int] = {}
        for place, bit in enumerate(self.decider.bits):
            key = (bit.rules, bit.kind)
            places[key] = places.get(key, 0) | 1 << place
        for (rules, kind), own in places.items():
            if kind is BitKind.RULE:
                lifts = lifts_that_can_apply(self.layout.rulebook, rules, self.mode)
                masks = (places.get(((lift,), BitKind.LIFT), 0) for lift in lifts)
                yield _Group(rules, own, reduce(or_, masks, 0))

    def _mask(self, values: Values, place: Place) -> int:
        known = {fact: values.get(fact) for fact in self.decider.facts}
        return self.decider.decide(known, self.decider.scope_mask(place))[2]

    def _open(self, mask: int) -> Iterator[tuple[_Group, int]]:
        """The rules that fail or may fail, with those of their bits that are not killed."""
        killed = mask >> len(self.decider.bits)
        for group in self._groups:
            alive = group.own & ~killed
            if alive and mask & group.lifts == group.lifts:
                yield group, alive

    def open_rules(self, values: Values, place: Place) -> tuple[tuple[Rule, ...], ...]:
        """The rules, or sets of limits, that fail or may fail."""
        return tuple(group.rules for group, _alive in self._open(self._mask(values, place)))

    def turning(self, values: Values, place: Place, size: int) -> set[Assignment]:
        """All sets of exactly so many facts that open the case, none of fewer doing so.

        Raises StepsSpentError.
        """

        def branches(chosen: Mapping[str, FactValue]) -> list[Branch] | None:
            trial = {**values, **chosen}
            return self._narrowest(self._mask(trial, place), trial, set(chosen), place)

        return turning_sets(size, self.steps, branches)

    def _narrowest(self, mask: int, values: Values, fixed: set[str], place: Place) -> list[Branch] | None:
        """The fewest changes one of which any turning set must hold; None where nothing is open any more."""
        best: list[Branch] | None = None
        for group, alive in self._open(mask):
            lifting = list(self._lifting(group, values, fixed, place))
            for bit in self._chosen(alive):
                branches = list(dict.fromkeys([*self._killing(bit, values, fixed), *lifting]))
                if best is None or len(branches) < len(best):
                    best = branches
                if not best:
                    return best
        return best

    def _chosen(self, mask: int) -> Iterator[Bit]:
        while mask:
            lowest = mask & -mask
            yield self.decider.bits[lowest.bit_length() - 1]
            mask ^= lowest

    def _killing(self, bit: Bit, values: Values, fixed: set[str]) -> Iterator[Branch]:
        for fact in bit.by_fact:
            if fact not in fixed and changeable(fact):
                yield from ((fact, value) for value in self._values(bit, fact, False) if value != values.get(fact))

    def _lifting(self, group: _Group, values: Values, fixed: set[str], place: Place) -> Iterator[Branch]:
        """For each way in which a lift may apply, the values of its first test that does not hold yet."""
        for bit in self._chosen(group.lifts):
            missing = [fact for fact in bit.by_fact if bit.fact_truth(fact, values.get(fact)) is not True]
            within_reach = all(changeable(fact) and fact not in fixed for fact in missing)
            if missing and within_reach and bit.scope_truth(place):
                yield from ((missing[0], value) for value in self._values(bit, missing[0], True))

    def _values(self, bit: Bit, fact: str, needed: bool) -> tuple[FactValue, ...]:
        """The values of a fact under which the bit's tests of it come out as needed."""
        key = (bit, fact, needed)
        if key not in self._branches:
            cells = self._cells.setdefault(fact, self.layout.cells(fact))
            self._branches[key] = tuple(value for value in cells if bit.fact_truth(fact, value) is needed)
        return self._branches[key]
