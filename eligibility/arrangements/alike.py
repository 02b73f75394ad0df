"""Recorded facts as numbers that are equal wherever no rule of a rulebook can tell the facts apart (pure).

Every fact that a rule reads has a field of bits in the number: that it is known, and each criterion on it that it
meets. Every scope has a bit, which the place sets. What a rule says of a case is a matter of the fields of the facts
that it and its lifts read, so that an answer it gave once answers for every number that is the same in those fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from agencies.facts import FactValue
from eligibility.arrangements.judging import MOST_KEPT
from eligibility.arrangements.requests import Request
from eligibility.arrangements.span_texts import Plain, read_place, read_values
from eligibility.rulebook import Criterion, Mode, Place, Rule, Rulebook

KNOWN: Final = 1
"""The lowest bit of a fact's field; the criteria that the value meets stand above it. Unknown is 0."""

ASKED: Final = ("arrangement.place", "arrangement.days_per_week", "arrangement.weekdays", "arrangement.duration")
"""The facts that stand in a request."""


class _ToldValues(dict[Any, int]):
    """The bits of each value of one fact as it stands in a text, made when it is first met."""

    def __init__(self, name: str, criteria: Sequence[Criterion], shift: int) -> None:
        super().__init__()
        self._name: Final = name
        self._criteria: Final = criteria
        self._shift: Final = shift
        self.field: Final = (1 << len(criteria) + 1) - 1 << shift if criteria else 0

    def __missing__(self, told: object) -> int:
        if len(self) >= MOST_KEPT:
            self.clear()
        (value,) = read_values({self._name: told}).values()
        bits = self[told] = self.of(value)
        return bits

    def of(self, value: FactValue | None) -> int:
        """The bits of a value."""
        if value is None:
            return 0
        met = sum(1 << place for place, one in enumerate(self._criteria, 1) if one.holds(value))
        return (met | KNOWN) << self._shift


class _Tables(dict[str, _ToldValues]):
    """The table of each fact; one that no rule reads sets no bit, but its values are still read."""

    def __missing__(self, name: str) -> _ToldValues:
        table = self[name] = _Unread(name, (), 0)
        return table


class _Unread(_ToldValues):
    def of(self, value: FactValue | None) -> int:
        return 0


class Codes:
    """The numbers of facts and places under one rulebook in one mode."""

    def __init__(self, rulebook: Rulebook, mode: Mode) -> None:
        self._rulebook: Final = rulebook
        self._mode: Final = mode
        rules = [rule for rule in rulebook.rules if mode in rule.modes]
        self._scopes: Final = tuple(dict.fromkeys(rule.scope for rule in rules if not rule.scope.reaches_all))
        self._tables: Final = _Tables()
        shift = len(self._scopes)
        for name, criteria in _criteria_by_fact(rules).items():
            self._tables[name] = _ToldValues(name, criteria, shift)
            shift += len(criteria) + 1
        self.asked_field: Final = sum(self._tables[name].field for name in ASKED)
        self._places: Final[dict[tuple[Any, ...], int]] = {}
        self._asked: Final[dict[tuple[object, ...], int]] = {}

    def field(self, rules: Iterable[Rule]) -> int:
        """The bits of all that the rules and their lifts read."""
        told = [one for rule in rules for one in (rule, *self._rulebook.lifts_of(rule, self._mode))]
        bits = sum(1 << place for place, scope in enumerate(self._scopes) if any(one.scope == scope for one in told))
        for name in {criterion.fact for one in told for criterion in one.criteria()}:
            bits |= self._tables[name].field
        return bits

    def facts(self, told: Plain) -> int:
        """The bits of facts as a text tells them. Raises TypeError where a value is a list."""
        bits, tables = 0, self._tables
        for name, value in told.items():
            bits |= tables[name][value]
        return bits

    def below(self, above: int, values: Plain, own: Plain) -> int:
        """The bits of a task: those above it, but for the facts that it tells otherwise; what is asked for stays."""
        bits = self.facts(own) & ~self.asked_field
        if not own.keys().isdisjoint(values):
            above &= ~sum(self._tables[name].field for name in own) | self.asked_field
        return above | bits

    def place(self, told: Sequence[Any]) -> int:
        """The bits of a place as a text tells it."""
        if not self._scopes:
            return 0
        key = (told[0], tuple(told[1]), told[2])
        bits = self._places.get(key)
        if bits is None:
            bits = self._places[key] = self._reached(read_place(told))
        return bits

    def _reached(self, place: Place) -> int:
        return sum(1 << number for number, scope in enumerate(self._scopes) if scope.reaches(place))

    def asked(self, request: Request) -> int:
        """The bits of what is asked for."""
        key = (request.place, request.weekdays, request.duration)
        bits = self._asked.get(key)
        if bits is None:
            values = request.values().items()
            bits = self._asked[key] = sum(self._tables[name].of(value) for name, value in values)
        return bits


def _criteria_by_fact(rules: Iterable[Rule]) -> Mapping[str, tuple[Criterion, ...]]:
    found: dict[str, dict[Criterion, None]] = {}
    for rule in rules:
        for criterion in rule.criteria():
            found.setdefault(criterion.fact, {})[criterion] = None
    return {fact: tuple(criteria) for fact, criteria in found.items()}
