"""Cases beside a rule: one judged against what was expected, and which criteria all of them show (pure).

A case runs against a whole rulebook, so that a rule is tried among those it stands with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from agencies.facts import FactValue, Level
from eligibility.decisions import PERSON_LEVELS, State, TaskDecision, decide_gates, decide_task
from eligibility.facts import FACTS
from eligibility.rulebook import (
    Case,
    Criterion,
    Mode,
    Outcome,
    Place,
    Require,
    Rule,
    Rulebook,
    Truth,
    criterion_truth,
)


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """A case as an officer wrote it: what is known, and what she expects of it.

    Facts left out or None are unknown. `deciding` are the codes of the rules that decide it, as `deciding_rules`
    gives them.
    """

    name: str
    on: date
    mode: Mode
    facts: Mapping[str, FactValue | None]
    outcome: Outcome
    deciding: frozenset[str]
    place: Place = field(default_factory=Place)

    @property
    def case(self) -> Case:
        """The case as the engine reads it; the person is absent where no fact of her level is named."""
        named: set[Level] = {FACTS[name].level for name in self.facts}
        return Case(self.facts, self.place, PERSON_LEVELS - named)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case beside what was expected."""

    written: WrittenCase
    outcome: Outcome
    deciding: frozenset[str]

    @property
    def holds(self) -> bool:
        """Whether it came as expected, by the expected rules."""
        return self.outcome is self.written.outcome and not (self.missing or self.unexpected)

    @property
    def missing(self) -> tuple[str, ...]:
        """The rules that were expected to decide and do not, by code."""
        return tuple(sorted(self.written.deciding - self.deciding))

    @property
    def unexpected(self) -> tuple[str, ...]:
        """The rules that decide and were not expected to, by code."""
        return tuple(sorted(self.deciding - self.written.deciding))


def run_case(rulebook: Rulebook, written: WrittenCase) -> CaseResult:
    """Judge a case by the rulebook that is given for its date."""
    decision = decide_task(rulebook, written.case, written.mode)
    closed = decide_gates(rulebook, written.case, written.mode)
    gates = {gate.rule.code for gate in closed if gate.state is State.FAILED}
    return CaseResult(written, decision.bounds.outcome, deciding_rules(decision) | gates)


def deciding_rules(decision: TaskDecision) -> frozenset[str]:
    """The codes of rules that fail, leave open, attach a condition, set what is left of a limit, or surely lift."""
    speaking = decision.reasons_in(State.FAILED, State.UNKNOWN, State.CONDITION)
    found = {rule.code for reason in speaking for rule in (reason.norms or (reason.rule,))}
    found |= {rule.code for standing in decision.limits for rule in standing.norms}
    found |= {lift.code for reason in decision.reasons for lift in reason.lifted_by}
    return frozenset(found)


class Part(StrEnum):
    """The part of a rule's sentence in which a criterion stands."""

    APPLIES = "applies"
    REQUIRES = "requires"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class CriterionCoverage:
    """By which cases, by name, a criterion is seen holding, failing and unknown.

    `group` and `order` are its place: the number of its exception (0 elsewhere) and its row there, from 0.
    """

    part: Part
    group: int
    order: int
    criterion: Criterion
    holding: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether some case shows it holding, some failing and some unknown."""
        return bool(self.holding and self.failing and self.unknown)


def coverage(rule: Rule, cases: Iterable[WrittenCase]) -> tuple[CriterionCoverage, ...]:
    """How each criterion of a rule is read in its cases, in the order of the sentence.

    A case in a mode of which the rule does not speak, or at a place it does not reach, shows nothing of it.
    """
    spoken = [one for one in cases if one.mode in rule.modes and rule.scope.reaches(one.place)]
    return tuple(_covered(part, group, order, found, spoken) for part, group, order, found in _placed(rule))


def together(found: Iterable[Iterable[CriterionCoverage]]) -> tuple[CriterionCoverage, ...]:
    """What cases of several institutions show of one rule, in the order of the sentence.

    A criterion that compares with a setting stands once for each value that the institutions gave it.
    """
    seen: dict[tuple[Part, int, int, Criterion], CriterionCoverage] = {}
    for one in (one for coverages in found for one in coverages):
        place = (one.part, one.group, one.order, one.criterion)
        kept = seen.get(place)
        seen[place] = _joined(kept, one) if kept else one
    parts = list(Part)
    return tuple(sorted(seen.values(), key=lambda one: (parts.index(one.part), one.group, one.order)))


def _joined(one: CriterionCoverage, other: CriterionCoverage) -> CriterionCoverage:
    return replace(
        one,
        holding=one.holding + other.holding,
        failing=one.failing + other.failing,
        unknown=one.unknown + other.unknown,
    )


def _covered(part: Part, group: int, order: int, found: Criterion, cases: Iterable[WrittenCase]) -> CriterionCoverage:
    seen: dict[Truth, list[str]] = {True: [], False: [], None: []}
    for written in cases:
        if found.level not in written.case.absent:
            seen[criterion_truth(found, written.case)].append(written.name)
    return CriterionCoverage(part, group, order, found, tuple(seen[True]), tuple(seen[False]), tuple(seen[None]))


def _placed(rule: Rule) -> Iterator[tuple[Part, int, int, Criterion]]:
    for order, criterion in enumerate(rule.applies):
        yield Part.APPLIES, 0, order, criterion
    if isinstance(rule.effect, Require):
        for order, criterion in enumerate(rule.effect.criteria):
            yield Part.REQUIRES, 0, order, criterion
    for group, exception in enumerate(rule.exceptions):
        for order, criterion in enumerate(exception):
            yield Part.EXCEPTION, group, order, criterion
