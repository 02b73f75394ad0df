"""What would open the gates of a request: the smallest sets of facts, and the gates that nobody can open (pure).

What other weekdays and dates turn is left to `nearest`: facts that such a plan changes are never advised here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from agencies.facts import FactValue, Kind, Level
from eligibility.arrangements.checks import CheckKind, Examination
from eligibility.arrangements.counting import PeopleCounts
from eligibility.arrangements.examination import readings_of
from eligibility.arrangements.judging import judge_of
from eligibility.arrangements.matters import Matter
from eligibility.arrangements.nearest import VARIED_FACTS
from eligibility.arrangements.requests import PLACES_OF
from eligibility.arrangements.span_decisions import SpanReading, Values, gates_with
from eligibility.change_search import Assignment, Branch, Steps, StepsSpentError, changeable, turning_sets
from eligibility.changes import MOST_FACTS, Change, by_facts, changes_together
from eligibility.decisions import Reason, State
from eligibility.facts import FACTS
from eligibility.masks import cells
from eligibility.rulebook import Attach, Criterion, Limit, Rule

MOST_TRIES: Final = 2000
"""How many sets are tried for a span, so that no page waits; then nothing is advised."""

_PLACE: Final = "arrangement.place"


@dataclass(frozen=True, slots=True)
class GateTurning:
    """All smallest sets of facts that open those gates of a span that somebody can open (`turned`).

    `unturnable` are gates that fail whatever anybody changes; then no set is given. Further gates may not pass and
    not be turned either: those that wait for a fact of the person, and those that another plan turns.
    """

    sets: tuple[tuple[Change, ...], ...] = ()
    turned: tuple[Rule, ...] = ()
    unturnable: tuple[Rule, ...] = ()


def gate_turnings(matter: Matter, examination: Examination) -> tuple[GateTurning, ...]:
    """What would open the gates of each span in which some gate does not pass, each answer once."""
    if all(check.passed or check.kind is not CheckKind.GATE for check in examination.checks):
        return ()
    readings = readings_of(matter, examination.request, PeopleCounts(matter.employee))
    found = dict.fromkeys(gate_turning(reading) for reading in readings)
    return tuple(one for one in found if one.sets or one.unturnable)


def gate_turning(reading: SpanReading, tries: int = MOST_TRIES) -> GateTurning:
    """What would open the gates of one span; empty where all pass, and where nothing was found in so many tries."""
    gates, steps = _Gates(reading), Steps(tries)
    closed = [reason.rule for reason in gates.closed({})]
    if not closed:
        return GateTurning()
    blank: Values = dict.fromkeys((*gates.facts, *VARIED_FACTS))
    stuck = [reason.rule for reason in gates.closed(blank) if reason.state is State.FAILED]
    if stuck:
        return GateTurning(unturnable=tuple(stuck))
    try:
        turned = tuple(rule for rule in closed if _smallest(gates, steps, frozenset(gates.rules) - {rule}))
        ways = _smallest(gates, steps, frozenset(closed) - set(turned)) if turned else set()
    except StepsSpentError:
        return GateTurning()
    return GateTurning(tuple(_grouped(gates, ways)), turned if ways else ())


class _Gates:
    """The gates of a span that can close, and the facts of theirs that somebody can change."""

    def __init__(self, reading: SpanReading) -> None:
        self._reading = reading
        rulebook, mode = reading.ground.rulebook, reading.request.mode
        memories = [one for one in judge_of(rulebook, mode).gates if _closes(one.rule)]
        self.rules: Final = [one.rule for one in memories]
        self._facts_of = {one.rule: one.facts for one in memories}
        told = [rule for one in self.rules for rule in (one, *rulebook.lifts_of(one, mode))]
        self._criteria = [criterion for rule in told for criterion in rule.criteria()]
        self.facts: Final = [f for f in self.criteria_by_fact if changeable(f) and f not in VARIED_FACTS]

    @cached_property
    def criteria_by_fact(self) -> Mapping[str, tuple[Criterion, ...]]:
        """The criteria of each fact."""
        names = dict.fromkeys(criterion.fact for criterion in self._criteria)
        return {name: tuple(one for one in self._criteria if one.fact == name) for name in names}

    def cells(self, fact: str) -> tuple[FactValue, ...]:
        """The values that the gates tell apart and that can be reached.

        What a missing row stands for is not reached: a study that was made is not unmade.
        """
        known = FACTS[fact]
        values = cells(known, self.criteria_by_fact.get(fact, ()))
        if fact == _PLACE:
            return tuple(value for value in values if value in PLACES_OF.get(self._reading.request.mode, ()))
        return values if known.kind is Kind.NUMBER else tuple(value for value in values if value != known.missing)

    @cached_property
    def now(self) -> Values:
        """The facts as they are; of her tasks the first that says something."""
        ground = self._reading.ground
        tasks = {name: value for task in reversed(ground.tasks) for name, value in _told(task.case.values)}
        return {**tasks, **ground.values, **self._reading.asked}

    def closed(self, changed: Values) -> list[Reason]:
        """The gates that do not surely pass once the facts are as given."""
        reasons = gates_with(self._reading, changed)
        return [one for one in reasons if _closes(one.rule) and one.state in _CLOSED]

    def branches(self, rule: Rule, chosen: Mapping[str, FactValue]) -> Iterator[Branch]:
        """The single further changes that the gate may depend on."""
        for fact in self.facts:
            if fact in self._facts_of[rule] and fact not in chosen:
                same = None if FACTS[fact].level is Level.TASK else self.now.get(fact)
                yield from ((fact, value) for value in self.cells(fact) if value != same)


_CLOSED: Final = frozenset({State.FAILED, State.UNKNOWN, State.TO_CHECK})


def _closes(rule: Rule) -> bool:
    """Whether the gate can close: conditions do not, and limits are measured for themselves."""
    return not isinstance(rule.effect, Attach | Limit)


def _told(values: Values) -> Iterator[tuple[str, FactValue]]:
    return ((name, value) for name, value in values.items() if value is not None)


def _smallest(gates: _Gates, steps: Steps, ignored: frozenset[Rule]) -> set[Assignment]:
    """All sets of fewest facts after which every gate passes that is not ignored. Raises StepsSpentError."""
    for size in range(1, MOST_FACTS + 1):
        if found := _of_size(gates, steps, ignored, size):
            return found
    return set()


def _of_size(gates: _Gates, steps: Steps, ignored: frozenset[Rule], size: int) -> set[Assignment]:
    """Each turning set changes something that the first gate still closed reads, so only that is tried."""

    def branches(chosen: Mapping[str, FactValue]) -> Iterator[Branch] | None:
        closed = next((one for one in gates.closed(chosen) if one.rule not in ignored), None)
        return None if closed is None else gates.branches(closed.rule, chosen)

    return turning_sets(size, steps, branches)


def _grouped(gates: _Gates, ways: set[Assignment]) -> Iterator[tuple[Change, ...]]:
    """The ways, those together that differ only in values that all will do."""
    for facts, same in by_facts(ways):
        for changes, _alike in changes_together(gates, gates.now, facts, same, lambda _way: None):
            yield changes
