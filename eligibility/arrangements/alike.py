"""Recorded facts as numbers that are equal wherever no rule of a rulebook can tell the facts apart (pure).

Every fact that a rule reads has a field of bits in the number: that it is known, and each criterion on it that it
meets. Every scope has a bit, which the place sets. What a rule says of a case is a matter of the fields of the facts
that it and its lifts read, so that an answer it gave once answers for every number that is the same in those fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class _Field:
    """The field of one fact: which criteria are asked of its values, and where its bits stand."""

    def __init__(self, criteria: Sequence[Criterion], shift: int) -> None:
        self._criteria: Final = criteria
        self._shift: Final = shift
        self.bits: Final = (1 << len(criteria) + 1) - 1 << shift

    def of(self, value: FactValue | None) -> int:
        """The bits of a value."""
        if value is None:
            return 0
        met = sum(1 << place for place, one in enumerate(self._criteria, 1) if one.holds(value))
        return (met | KNOWN) << self._shift


class _Told(dict[tuple[str, Any], int]):
    """The bits of each fact with its value as they stand in a text, made when they are first met.

    A fact that no rule reads sets no bit, but its value is still read: what cannot be read is told apart.
    """

    def __init__(self, fields: Mapping[str, _Field]) -> None:
        super().__init__()
        self._fields: Final = fields

    def __missing__(self, told: tuple[str, Any]) -> int:
        if len(self) >= MOST_KEPT:
            self.clear()
        ((name, value),) = read_values(dict([told])).items()
        bits = self[told] = self._fields[name].of(value) if name in self._fields else 0
        return bits


class Codes:
    """The numbers of facts and places under one rulebook in one mode."""

    def __init__(self, rulebook: Rulebook, mode: Mode) -> None:
        self._rulebook: Final = rulebook
        self._mode: Final = mode
        rules = [rule for rule in rulebook.rules if mode in rule.modes]
        self._scopes: Final = tuple(dict.fromkeys(rule.scope for rule in rules if not rule.scope.reaches_all))
        self._fields: Final = dict(_fields(rules, len(self._scopes)))
        self._told: Final = _Told(self._fields).__getitem__
        self._asked_field: Final = self._bits_of(ASKED)
        self.not_asked: Final = ~self._asked_field
        self._reads_duration: Final = "arrangement.duration" in self._fields
        self._places: Final[dict[tuple[Any, ...], int]] = {}
        self._asked: Final[dict[tuple[object, ...], int]] = {}

    def field(self, rules: Iterable[Rule]) -> int:
        """The bits of all that the rules and their lifts read."""
        told = [one for rule in rules for one in (rule, *self._rulebook.lifts_of(rule, self._mode))]
        bits = sum(1 << place for place, scope in enumerate(self._scopes) if any(one.scope == scope for one in told))
        return bits | self._bits_of({criterion.fact for one in told for criterion in one.criteria()})

    def _bits_of(self, facts: Iterable[str]) -> int:
        return sum(self._fields[name].bits for name in facts if name in self._fields)

    def facts(self, told: Plain) -> int:
        """The bits of facts as a text tells them. Raises TypeError where a value is a list."""
        return sum(map(self._told, told.items()))  # no two fields share a bit

    def below(self, above: int, values: Plain, own: Plain) -> int:
        """The bits of a task: those above it, but for the facts that it tells otherwise; what is asked for stays."""
        bits = self.facts(own) & self.not_asked
        if not own.keys().isdisjoint(values):
            above &= ~self._bits_of(own) | self._asked_field
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
        key = (request.place, request.weekdays, request.duration if self._reads_duration else 0)
        bits = self._asked.get(key)
        if bits is None:
            values = request.values().items()
            known = [(self._fields[name], value) for name, value in values if name in self._fields]
            bits = self._asked[key] = sum(field.of(value) for field, value in known)
        return bits


def _fields(rules: Iterable[Rule], shift: int) -> Iterator[tuple[str, _Field]]:
    """The field of each fact that the rules read, from this bit on."""
    found: dict[str, dict[Criterion, None]] = {}
    for rule in rules:
        for criterion in rule.criteria():
            found.setdefault(criterion.fact, {})[criterion] = None
    for fact, criteria in found.items():
        yield fact, _Field(tuple(criteria), shift)
        shift += len(criteria) + 1
