"""What is wrong with a rulebook itself, found over pairs of rules and the cells that their criteria cut (pure).

Every fact is taken as known: over the product of all cells that the rules at issue can tell apart, at the places of the
institution, the answers are exact. A product that passes the bound is not looked at, and listed so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import permutations, product
from math import prod
from typing import Final

from agencies.facts import FactValue
from eligibility.decisions import PERSON_LEVELS, binding_truth, stricter_limit, violation_truth
from eligibility.facts import FACTS
from eligibility.masks import cells
from eligibility.rulebook import (
    Case,
    Conjunction,
    Criterion,
    Direction,
    Lift,
    Limit,
    Mode,
    Prohibit,
    Require,
    Rule,
    Rulebook,
    conjunction_truth,
    exception_truth,
    lift_truth,
    reaches_case,
)

MOST_CELLS: Final = 2048
"""Cells of one question at most."""

MOST_CELLS_IN_ALL: Final = 150_000
"""Cells of a whole analysis at most, so that no page waits for it."""


class FindingKind(StrEnum):
    """What is wrong; `OUTDONE` is overruled by nothing but a stricter limit of a lower layer, as the law allows."""

    CONTRADICTION = "contradiction"
    NEVER = "never"
    OVERRULED = "overruled"
    OUTDONE = "outdone"
    IMPLIED = "implied"


@dataclass(frozen=True, slots=True)
class Finding:
    """The rule at issue first, then those that make it so; a cell in which it shows, where there is one."""

    kind: FindingKind
    rules: tuple[Rule, ...]
    modes: frozenset[Mode]
    criterion: Criterion | None = None
    cell: Case | None = field(default=None, compare=False)

    def holds(self, case: Case) -> bool:
        """Whether a known case lies in the cell: no criterion of the rules tells them apart."""
        if self.cell is None or self.cell.place_reached(self.rules) != case.place_reached(self.rules):
            return False
        return all(
            case.value(c.fact) is not None and _told(c, case) == _told(c, self.cell)
            for rule in self.rules
            for c in rule.criteria()
            if c.level not in self.cell.absent
        )


def _told(criterion: Criterion, case: Case) -> bool:
    value = case.value(criterion.fact)
    return value is not None and criterion.holds(value)


@dataclass(frozen=True, slots=True)
class Unexamined:
    """Rules whose question has too many cells, and which question."""

    kind: FindingKind
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """All findings by kind and rule; what was not examined; how many questions were."""

    findings: tuple[Finding, ...]
    unexamined: tuple[Unexamined, ...]
    examined: int


class TooManyCellsError(Exception):
    """A question has more cells than are looked at."""


@dataclass
class _Space:
    """The cells of some rules at the places of an institution; `grounds` hold the facts that a place settles."""

    grounds: Sequence[Case]
    left: int

    def of(self, rules: Sequence[Rule]) -> list[Case]:
        """All cells that the rules tell apart. Raises TooManyCellsError."""
        absent = frozenset() if any(rule.is_gate for rule in rules) else PERSON_LEVELS
        criteria: dict[str, list[Criterion]] = {}
        for criterion in (c for rule in rules for c in rule.criteria() if c.level not in absent):
            criteria.setdefault(criterion.fact, []).append(criterion)
        grounds = self._told_apart(rules, criteria)
        found: list[Case] = []
        for ground in grounds:
            free = {fact: _apart(fact, tests) for fact, tests in criteria.items() if ground.value(fact) is None}
            if len(found) + prod(map(len, free.values())) > min(MOST_CELLS, self.left):
                raise TooManyCellsError
            for values in product(*free.values()):
                known = {fact: value for fact, value in ground.values.items() if fact in criteria}
                found.append(Case({**known, **dict(zip(free, values, strict=True))}, ground.place, absent))
        self.left -= len(found)
        return found

    def _told_apart(self, rules: Sequence[Rule], criteria: dict[str, list[Criterion]]) -> list[Case]:
        """One ground for each way in which scopes and settled facts differ for the rules."""
        kept: dict[tuple[object, ...], Case] = {}
        for ground in self.grounds:
            settled = (
                (fact, tuple(test.holds(value) for test in tests))
                for fact, tests in criteria.items()
                if (value := ground.value(fact)) is not None
            )
            kept.setdefault((ground.place_reached(rules), *settled), ground)
        return list(kept.values())


def _apart(fact: str, criteria: Sequence[Criterion]) -> list[FactValue]:
    """One value for each way in which the criteria come out."""
    found: dict[tuple[bool, ...], FactValue] = {}
    for value in cells(FACTS[fact], criteria):
        found.setdefault(tuple(test.holds(value) for test in criteria), value)
    return list(found.values())


def analyse(rulebook: Rulebook, grounds: Sequence[Case], fallbacks: frozenset[str] = frozenset()) -> Analysis:
    """Look for contradictions, rules that can never apply, rules always overruled, and criteria that say nothing.

    `grounds` are the places of the institution with the facts that are settled there. `fallbacks` are codes of rules
    that hold only until a norm sets them aside: that one does is no finding.
    """
    search = _Analyst(rulebook, _Space(grounds, MOST_CELLS_IN_ALL), fallbacks)
    search.run()
    order = list(FindingKind)
    found = sorted(search.findings(), key=lambda one: (order.index(one.kind), one.rules[0].code))
    return Analysis(tuple(found), tuple(dict.fromkeys(search.unexamined)), search.examined)


@dataclass
class _Analyst:
    rulebook: Rulebook
    space: _Space
    fallbacks: frozenset[str]
    unexamined: list[Unexamined] = field(default_factory=list)
    examined: int = 0
    _found: dict[tuple[object, ...], Finding] = field(default_factory=dict)
    _never: set[str] = field(default_factory=set)

    def findings(self) -> Iterable[Finding]:
        """What was found, each once with all its modes."""
        return [one for one in self._found.values() if not self._is_overruled_anyway(one)]

    def _is_overruled_anyway(self, finding: Finding) -> bool:
        """Whether a rule outdone from below is overruled in all these modes by another norm too."""
        if finding.kind is not FindingKind.OUTDONE:
            return False
        others = (one for one in self._found.values() if one.kind is FindingKind.OVERRULED)
        return any(one.rules[0] is finding.rules[0] and finding.modes <= one.modes for one in others)

    def run(self) -> None:
        """Ask every question: of single rules first, then of pairs."""
        rules = sorted(self.rulebook.rules, key=lambda rule: rule.code)
        for rule in rules:
            self._ask(FindingKind.NEVER, (rule,), partial(self._single, rule))
        speaking = [rule for rule in rules if rule.code not in self._never and not isinstance(rule.effect, Lift)]
        for rule in (one for one in speaking if one.code not in self.fallbacks):
            for modes, lifts in self._modes(rule):
                self._set_aside(rule, modes, lifts)
        for one, other in permutations(speaking, 2):
            if one.is_gate is other.is_gate and one.modes & other.modes:
                self._pair(one, other)

    def _ask(
        self, kind: FindingKind, rules: tuple[Rule, ...], question: Callable[[list[Case]], Iterable[Finding]]
    ) -> None:
        try:
            space = self.space.of(rules)
        except TooManyCellsError:
            self.unexamined.append(Unexamined(kind, rules))
            return
        self.examined += 1
        for finding in question(space):
            self._keep(finding)

    def _keep(self, finding: Finding) -> None:
        """One finding for all modes; of a contradiction one for both orders."""
        codes: object = tuple(rule.code for rule in finding.rules)
        if finding.kind is FindingKind.CONTRADICTION:
            codes = frozenset(rule.code for rule in finding.rules)
        key = (finding.kind, codes, finding.criterion)
        known = self._found.setdefault(key, finding)
        self._found[key] = Finding(
            known.kind, known.rules, known.modes | finding.modes, known.criterion, known.cell or finding.cell
        )

    def _single(self, rule: Rule, space: list[Case]) -> Iterator[Finding]:
        """Whether the rule can apply at all; if it can, its criteria that the others imply."""
        if not any(_speaks(rule, case) for case in space):
            self._never.add(rule.code)
            yield Finding(FindingKind.NEVER, (rule,), rule.modes)
            return
        reached = [case for case in space if rule.scope.reaches(case.place)]
        for given, criteria in _conjunctions(rule):
            for criterion in criteria:
                others = (*given, *(one for one in criteria if one is not criterion))
                met = [case for case in reached if conjunction_truth(others, case)]
                if met and all(conjunction_truth((criterion,), case) for case in met):
                    yield Finding(FindingKind.IMPLIED, (rule,), rule.modes, criterion, met[0])

    def _modes(self, rule: Rule) -> Iterator[tuple[frozenset[Mode], tuple[Rule, ...]]]:
        """The modes in which the same lifts may set the rule aside, with these."""
        found: dict[tuple[Rule, ...], set[Mode]] = {}
        for mode in Mode:
            lifts = self.rulebook.lifts_of(rule, mode)
            if mode in rule.modes and lifts:
                found.setdefault(lifts, set()).add(mode)
        for lifts, modes in found.items():
            yield frozenset(modes), lifts

    def _set_aside(self, rule: Rule, modes: frozenset[Mode], lifts: tuple[Rule, ...]) -> None:
        """Whether the lifts together reach wherever the rule speaks."""
        self._ask(FindingKind.OVERRULED, (rule, *lifts), partial(self._lifted, rule, modes, lifts))

    def _lifted(
        self, rule: Rule, modes: frozenset[Mode], lifts: tuple[Rule, ...], space: list[Case]
    ) -> Iterator[Finding]:
        speaking = [case for case in space if _speaks(rule, case)]
        if speaking and all(any(lift_truth(lift, case) for lift in lifts) for case in speaking):
            yield Finding(FindingKind.OVERRULED, (rule, *lifts), modes, None, speaking[0])

    def _pair(self, one: Rule, other: Rule) -> None:
        for modes in self._shared_modes(one, other):
            mode = min(modes)
            lifts = dict.fromkeys((*self.rulebook.lifts_of(one, mode), *self.rulebook.lifts_of(other, mode)))
            rules = (one, other, *lifts)
            if _beats(other, one):
                self._ask(FindingKind.OVERRULED, rules, partial(self._beaten, one, other, modes))
            if _may_contradict(one, other, rules):
                self._ask(FindingKind.CONTRADICTION, rules, partial(self._contradicting, one, other, modes))

    def _shared_modes(self, one: Rule, other: Rule) -> Iterable[frozenset[Mode]]:
        found: dict[tuple[object, ...], set[Mode]] = {}
        for mode in one.modes & other.modes:
            lifts = (self.rulebook.lifts_of(one, mode), self.rulebook.lifts_of(other, mode))
            found.setdefault(lifts, set()).add(mode)
        return map(frozenset, found.values())

    def _beaten(self, one: Rule, other: Rule, modes: frozenset[Mode], space: list[Case]) -> Iterator[Finding]:
        """Whether the stricter limit speaks wherever the other does."""
        mode = min(modes)
        speaking = [case for case in space if binding_truth(self.rulebook, one, mode, case)]
        if speaking and all(binding_truth(self.rulebook, other, mode, case) for case in speaking):
            kind = FindingKind.OUTDONE if other.citation.layer > one.citation.layer else FindingKind.OVERRULED
            yield Finding(kind, (one, other), modes, None, speaking[0])

    def _contradicting(self, one: Rule, other: Rule, modes: frozenset[Mode], space: list[Case]) -> Iterator[Finding]:
        """Jobs of one kind for which each of both can be met, and never both: what they demand is told apart."""
        mode = min(modes)
        demanded = _demanded(one) | _demanded(other)
        kinds: dict[object, list[tuple[bool, bool, Case]]] = {}
        for case in space:
            if binding_truth(self.rulebook, one, mode, case):
                kind = (case.place, *((f, v) for f, v in sorted(case.values.items()) if f not in demanded))
                met = not violation_truth(one, case)
                kinds.setdefault(kind, []).append((met, self._met(other, mode, case), case))
        for jobs in kinds.values():
            each = any(first for first, _second, _case in jobs) and any(second for _first, second, _case in jobs)
            if each and not any(first and second for first, second, _case in jobs):
                shown = next(case for first, _second, case in jobs if first)
                yield Finding(FindingKind.CONTRADICTION, (one, other), modes, None, shown)
                return

    def _met(self, rule: Rule, mode: Mode, case: Case) -> bool:
        return not (binding_truth(self.rulebook, rule, mode, case) and violation_truth(rule, case))


def _speaks(rule: Rule, case: Case) -> bool:
    """Whether the rule reaches the case and no exception is met, lifts apart."""
    if isinstance(rule.effect, Lift):
        return lift_truth(rule, case) is True
    return reaches_case(rule, case) is True and not any(exception_truth(one, case) for one in rule.exceptions)


def _conjunctions(rule: Rule) -> Iterator[tuple[Conjunction, Conjunction]]:
    """What is given and the criteria that must all hold besides."""
    yield (), rule.applies
    if isinstance(rule.effect, Require) and rule.effect.at_least >= len(rule.effect.criteria):
        yield rule.applies, rule.effect.criteria
    for exception in rule.exceptions:
        if rule.is_gate or not any(c.level in PERSON_LEVELS for c in exception):
            yield rule.applies, exception


def _demanded(rule: Rule) -> frozenset[str]:
    if isinstance(rule.effect, Require):
        return frozenset(criterion.fact for criterion in rule.effect.criteria)
    return frozenset()


def _may_contradict(one: Rule, other: Rule, rules: Sequence[Rule]) -> bool:
    """Whether one demands something of a fact that the other reads; what shares no such fact is met apart."""
    if not isinstance(one.effect, Require) or not isinstance(other.effect, Require | Prohibit):
        return False
    read = {criterion.fact for rule in rules if rule is not one for criterion in rule.criteria()}
    return bool(_demanded(one) & read)


def _beats(other: Rule, one: Rule) -> bool:
    """Whether the other's limit is of the same group and direction and stricter."""
    mine, its = one.effect, other.effect
    if not (isinstance(mine, Limit) and isinstance(its, Limit)):
        return False
    if mine.group != its.group or mine.direction is not its.direction:
        return False
    if mine.direction is Direction.SET:
        return its.members < mine.members
    return stricter_limit(its, mine)
