"""The rules in force for an institution as one frozen object, and the decision of one case with all reasons (pure).

Three-valued logic: True, False, and None for unknown. Unknown is never false and never zero.
A level that is not in the case at all (the person, when only a job is judged) is absent: an
exception or lift that reads it counts as not met.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from functools import cached_property
from itertools import combinations
from typing import Any, Final

from agencies.facts import FactValue, Level
from eligibility.facts import GATE_SUBJECTS

Truth = bool | None


class Mode(StrEnum):
    """A form of flexible work: by place (Pasal 12) or by time (Pasal 17 PermenPANRB 4/2025)."""

    OTHER_OFFICE = "other_office"
    HOME = "home"
    OTHER_PLACE = "other_place"
    SHIFT = "shift"
    DYNAMIC = "dynamic"


class Verdict(IntEnum):
    """One bound of an outcome; a greater one is the better for the person."""

    NOT_ELIGIBLE = 0
    CONDITIONAL = 1
    ELIGIBLE = 2


class Outcome(StrEnum):
    """What the portal answers."""

    ELIGIBLE = "eligible"
    CONDITIONAL = "conditional"
    NOT_ELIGIBLE = "not_eligible"
    NEEDS_INFORMATION = "needs_information"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The worst and the best that the known facts leave open."""

    worst: Verdict
    best: Verdict

    @property
    def outcome(self) -> Outcome:
        """Equal bounds are the outcome; else information is needed."""
        if self.worst is not self.best:
            return Outcome.NEEDS_INFORMATION
        return OUTCOME_OF[self.best]


OUTCOME_OF: Final = {
    Verdict.NOT_ELIGIBLE: Outcome.NOT_ELIGIBLE,
    Verdict.CONDITIONAL: Outcome.CONDITIONAL,
    Verdict.ELIGIBLE: Outcome.ELIGIBLE,
}


class Operator(StrEnum):
    """How a criterion compares a known value with its operands."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    ONE_OF = "one_of"
    NONE_OF = "none_of"


def _first(test: Callable[[Decimal, Decimal], bool]) -> Callable[[FactValue, tuple[FactValue, ...]], bool]:
    return lambda value, operands: test(Decimal(value), Decimal(operands[0]))  # type: ignore[arg-type]


TESTS: Final[Mapping[Operator, Callable[[FactValue, tuple[FactValue, ...]], bool]]] = {
    Operator.IS: lambda value, operands: value == operands[0],
    Operator.IS_NOT: lambda value, operands: value != operands[0],
    Operator.AT_LEAST: _first(lambda value, operand: value >= operand),
    Operator.AT_MOST: _first(lambda value, operand: value <= operand),
    Operator.MORE_THAN: _first(lambda value, operand: value > operand),
    Operator.ONE_OF: lambda value, operands: value in operands,
    Operator.NONE_OF: lambda value, operands: value not in operands,
}
"""The one test of each operator; both readings of a rulebook use it on known values only."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One test of one fact. `setting` names the institution's setting that gave the operand."""

    fact: str
    operator: Operator
    operands: tuple[FactValue, ...]
    setting: str = ""

    @property
    def level(self) -> Level:
        """The level of the fact read."""
        return Level(self.fact.partition(".")[0])

    def holds(self, value: FactValue) -> bool:
        """Whether a known value passes the test."""
        return TESTS[self.operator](value, self.operands)


Conjunction = tuple[Criterion, ...]
"""Criteria that must all hold; an empty one holds."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands: the agency's kind, its code followed by those above it, the unit's code."""

    agency_kind: str = ""
    lineage: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The agencies and units a rule reaches; nothing named reaches all.

    `subtrees` are codes of agencies that bring everything below them; `units` are pairs of agency
    and unit code. The kinds of institution and the institutions are settled when the rulebook is
    loaded.
    """

    agency_kinds: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    subtrees: frozenset[str] = frozenset()
    units: frozenset[tuple[str, str]] = frozenset()

    @property
    def reaches_all(self) -> bool:
        """Whether the scope names nothing."""
        return not (self.agency_kinds or self.agencies or self.subtrees or self.units)

    def reaches(self, place: Place) -> bool:
        """Whether any named kind, agency or unit is the place's."""
        return (
            self.reaches_all
            or place.agency_kind in self.agency_kinds
            or (bool(place.lineage) and place.lineage[0] in self.agencies)
            or not self.subtrees.isdisjoint(place.lineage)
            or (bool(place.lineage) and (place.lineage[0], place.unit) in self.units)
        )

    def reaches_a_unit_of(self, place: Place) -> bool:
        """Whether a unit of the place's agency is named, where the place is the whole agency."""
        return not place.unit and any(agency in place.lineage[:1] for agency, _unit in self.units)


class ConditionKind(StrEnum):
    """What a condition asks for."""

    APPROVER_ROLE = "approver_role"
    REPORT = "report"
    PRESENCE = "presence"
    PLACE = "place"
    SCHEDULE = "schedule"
    TEXT = "text"


class Approver(StrEnum):
    """Whose approval a condition of kind approver role asks for."""

    SEKDA = "sekda"
    PERSONNEL_HEAD = "personnel_head"
    HEAD_OF_REGION = "head_of_region"


class Quantity(StrEnum):
    """What a limit limits."""

    DAYS_PER_WEEK = "days_per_week"
    DAYS_PER_MONTH = "days_per_month"
    HOURS_PER_DAY = "hours_per_day"
    SHIFTED_START_MINUTES = "shifted_start_minutes"
    LATE_STARTS_PER_MONTH = "late_starts_per_month"
    DURATION_DAYS = "duration_days"
    NOTICE_DAYS = "notice_days"
    WEEKDAYS = "weekdays"
    PLACES = "places"
    SHARE_OF_STAFF = "share_of_staff"
    STAFF_ON_SITE = "staff_on_site"
    SHARE_ON_SITE = "share_on_site"


class Direction(StrEnum):
    """Which side of its value a limit allows, or that it names the allowed ones."""

    MOST = "most"
    LEAST = "least"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Require:
    """At least `at_least` of the criteria must hold (all of them: their number; any: 1)."""

    criteria: Conjunction
    at_least: int


@dataclass(frozen=True, slots=True)
class Prohibit:
    """The mode is not open."""


@dataclass(frozen=True, slots=True)
class Attach:
    """The mode is open under a condition; one of kind approver role may name a code of `Approver`."""

    kind: ConditionKind
    text: str
    approver: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a mode is open. Counts are rounded down.

    `together` are the modes whose use is added up; `population` whose staff is counted, `per` what
    group, `counting` whether on any one day or by who holds an arrangement.
    """

    quantity: Quantity
    direction: Direction
    value: Decimal | None = None
    members: frozenset[str] = frozenset()
    together: frozenset[Mode] = frozenset()
    population: str = "all"
    per: str = "person"
    counting: str = "any_day"

    @property
    def group(self) -> tuple[str, ...]:
        """Limits of the same group are compared with one another; the strictest wins."""
        return (self.quantity, self.per, self.population, self.counting)


@dataclass(frozen=True, slots=True)
class Lift:
    """Sets the named rules aside, for the lift's own modes, scope and dates."""

    rules: frozenset[str]
    enabled_by: str = ""


Effect = Require | Prohibit | Attach | Limit | Lift


@dataclass(frozen=True, slots=True)
class Citation:
    """The provision a rule rests on: of its instrument there is one of that reference.

    `verified` says whether it was compared with the official text. `provision` is the key that its row has in one
    database (0: not known), so it is no part of what the rule says.
    """

    provision: int = field(compare=False)
    instrument: str
    instrument_title: str
    reference: str
    layer: int
    verified: bool = field(default=False, compare=False)
    open_note: str = field(default="", compare=False)
    url: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.reference} {self.instrument_title}".strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence: IF all of applies THEN effect, UNLESS any of its exceptions, because of its citation."""

    code: str
    version: int
    title: str
    subject: Level
    modes: frozenset[Mode]
    effect: Effect
    citation: Citation
    applies: Conjunction = ()
    exceptions: tuple[Conjunction, ...] = ()
    scope: Scope = Scope()

    @property
    def is_gate(self) -> bool:
        """Whether the rule asks about the person or the arrangement, not about the job."""
        return self.subject in GATE_SUBJECTS

    def criteria(self) -> Iterable[Criterion]:
        """Every criterion of the sentence."""
        yield from self.applies
        for exception in self.exceptions:
            yield from exception
        if isinstance(self.effect, Require):
            yield from self.effect.criteria


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged: known values by fact name (a name without value is unknown), where it stands, what is absent."""

    values: Mapping[str, FactValue | None]
    place: Place = Place()
    absent: frozenset[Level] = frozenset({Level.EMPLOYEE, Level.ARRANGEMENT})

    def value(self, fact: str) -> FactValue | None:
        """The known value of a fact, None while it is unknown."""
        return self.values.get(fact)

    def with_values(self, values: Mapping[str, FactValue | None]) -> Case:
        """The same case with other values of some facts; None is unknown."""
        return Case({**self.values, **values}, self.place, self.absent)

    def place_reached(self, rules: Iterable[Rule]) -> tuple[bool, ...]:
        """Which of the rules' scopes reach the place."""
        return tuple(rule.scope.reaches(self.place) for rule in rules)


def criterion_truth(criterion: Criterion, case: Case) -> Truth:
    """Whether the criterion holds; None while its fact is unknown or its level absent."""
    value = case.value(criterion.fact)
    return None if value is None else criterion.holds(value)


def all_true(truths: Iterable[Truth]) -> Truth:
    """Kleene's conjunction; of nothing: True."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def negation(truth: Truth) -> Truth:
    """Kleene's negation: the opposite of unknown is unknown."""
    return None if truth is None else not truth


def any_true(truths: Iterable[Truth]) -> Truth:
    """Kleene's disjunction; of nothing: False."""
    return negation(all_true(negation(truth) for truth in truths))


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """Whether at least `count` are true, None while the unknown ones could decide it."""
    known = list(truths)
    if known.count(True) >= count:
        return True
    return None if known.count(True) + known.count(None) >= count else False


def conjunction_truth(conjunction: Conjunction, case: Case) -> Truth:
    """Whether all criteria hold."""
    return all_true(criterion_truth(criterion, case) for criterion in conjunction)


def exception_truth(exception: Conjunction, case: Case) -> Truth:
    """Whether the exception is met; one that reads an absent level is not."""
    if any(criterion.level in case.absent for criterion in exception):
        return False
    return conjunction_truth(exception, case)


def reaches_case(rule: Rule, case: Case) -> Truth:
    """Whether the rule's scope and IF part take the case in."""
    if not rule.scope.reaches(case.place):
        return False
    return conjunction_truth(rule.applies, case)


def lift_truth(lift: Rule, case: Case) -> Truth:
    """Whether the lift applies to the case; one that reads an absent level does not."""
    if any(criterion.level in case.absent for criterion in lift.applies):
        return False
    return all_true(
        (
            reaches_case(lift, case),
            *(negation(exception_truth(exception, case)) for exception in lift.exceptions),
        )
    )


FORMATS: Final = (1, 2)
"""How the text of a rulebook was and is written: the first with the keys of rows, which are others elsewhere."""

FORMAT: Final = FORMATS[-1]


@dataclass(frozen=True)
class Rulebook:
    """The rules in force for an institution, seen on a day with what was known at a moment.

    Equal fingerprints mean equal rules, in every database; dates and the institution are no part of it. One that was
    stored keeps the `format` of its text, and with it its fingerprint.
    """

    rules: tuple[Rule, ...]
    working_days: Decimal = Decimal(5)
    settings: tuple[tuple[str, str], ...] = ()
    format: int = FORMAT

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.canonical_json.encode()).hexdigest()

    @cached_property
    def fingerprints(self) -> frozenset[str]:
        """Its fingerprint in every format: under one of them it was stored, if it was."""
        return frozenset(replace(self, format=number).fingerprint for number in FORMATS)

    @cached_property
    def canonical_json(self) -> str:
        """One text for one content: keys and sets sorted, numbers as plain decimal text."""
        content = {
            "rules": [self._told(rule) for rule in sorted(self.rules, key=lambda rule: rule.code)],
            "working_days": plain(self.working_days),
            "settings": plain(self.settings),
        }
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def _told(self, rule: Rule) -> dict[str, object]:
        """A rule as its format has it: the first names the provision by the key of its row too."""
        citation = {} if self.format != FORMATS[0] else {"provision": rule.citation.provision}
        return {**_plain_fields(rule), "citation": {**_plain_fields(rule.citation), **citation}}

    @cached_property
    def by_code(self) -> Mapping[str, Rule]:
        """Rules by code."""
        return {rule.code: rule for rule in self.rules}

    @cached_property
    def _lifts(self) -> Mapping[tuple[str, Mode], tuple[Rule, ...]]:
        found: dict[tuple[str, Mode], list[Rule]] = {}
        for rule in self.rules:
            if isinstance(rule.effect, Lift):
                for lifted in rule.effect.rules:
                    for mode in rule.modes:
                        found.setdefault((lifted, mode), []).append(rule)
        return {key: tuple(rules) for key, rules in found.items()}

    def lifts_of(self, rule: Rule, mode: Mode) -> tuple[Rule, ...]:
        """The lifts that name the rule and speak to the mode."""
        return self._lifts.get((rule.code, mode), ())

    def suitability(self, mode: Mode) -> tuple[Rule, ...]:
        """The rules that say whether a job could be done in the mode."""
        return tuple(r for r in self.rules if mode in r.modes and not r.is_gate and not isinstance(r.effect, Lift))

    def gates(self, mode: Mode) -> tuple[Rule, ...]:
        """The rules that say whether it may be approved for a person on a day."""
        return tuple(r for r in self.rules if mode in r.modes and r.is_gate and not isinstance(r.effect, Lift))

    def limits(self, mode: Mode) -> tuple[Rule, ...]:
        """The suitability rules of the mode whose effect is a limit."""
        return tuple(rule for rule in self.suitability(mode) if isinstance(rule.effect, Limit))

    @cached_property
    def _exhausted(self) -> Mapping[Mode, tuple[tuple[Rule, ...], ...]]:
        return {mode: exhausting_sets(self.limits(mode)) for mode in Mode}

    def exhausted_limits(self, mode: Mode) -> tuple[tuple[Rule, ...], ...]:
        """The smallest sets of limits that leave nothing of the mode when all of them apply."""
        return self._exhausted[mode]

    def facts_read(self) -> frozenset[str]:
        """The names of all facts that some rule reads."""
        return frozenset(criterion.fact for rule in self.rules for criterion in rule.criteria())


def plain(value: object) -> object:
    """A value as JSON has it: dataclasses as their compared fields with their name, sets sorted."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted((plain(member) for member in value), key=repr)
    if isinstance(value, tuple):
        return [plain(member) for member in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value


def _plain_fields(value: Any) -> dict[str, object]:
    named = {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.compare}
    if isinstance(value, Attach) and not value.approver:
        del named["approver"]  # texts stored before conditions named an approver keep their fingerprint
    return {"": type(value).__name__, **named}


def _leaves_nothing(limits: tuple[Limit, ...]) -> bool:
    """Whether limits of one group together leave zero, an empty set, or a most below a least."""
    sets = [limit.members for limit in limits if limit.direction is Direction.SET]
    if sets and not frozenset.intersection(*sets):
        return True
    most = [limit.value for limit in limits if limit.direction is Direction.MOST and limit.value is not None]
    least = [limit.value for limit in limits if limit.direction is Direction.LEAST and limit.value is not None]
    if most and (min(most) <= 0 or (least and min(most) < max(least))):
        return True
    return bool(least) and limits[0].quantity is Quantity.SHARE_ON_SITE and max(least) >= 100


def _candidate_sets(rules: list[Rule]) -> Iterable[tuple[Rule, ...]]:
    """Sets of limits that could leave nothing: one, two, and more only of those that name sets."""
    yield from combinations(rules, 1)
    yield from combinations(rules, 2)
    naming = [rule for rule in rules if isinstance(rule.effect, Limit) and rule.effect.direction is Direction.SET]
    for size in range(3, len(naming) + 1):
        yield from combinations(naming, size)


def exhausting_sets(rules: Iterable[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """The smallest sets of limit rules that leave nothing when all of them apply."""
    groups: dict[tuple[str, ...], list[Rule]] = {}
    for rule in rules:
        if isinstance(rule.effect, Limit):
            groups.setdefault(rule.effect.group, []).append(rule)
    found: list[tuple[Rule, ...]] = []
    for members in groups.values():
        for subset in _candidate_sets(members):
            limits = tuple(rule.effect for rule in subset if isinstance(rule.effect, Limit))
            if _leaves_nothing(limits) and not any(set(known) <= set(subset) for known in found):
                found.append(subset)
    return tuple(found)
