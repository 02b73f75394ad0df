"""What must hold of what a rule says before it is stored: every fault, by the part of the sentence it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db import models
from django.utils.translation import gettext as _

from agencies.facts import WEEKDAYS, Fact, Kind, Level
from eligibility.decisions import PERSON_LEVELS
from eligibility.facts import ABOVE, FACTS
from eligibility.local_settings import SETTINGS
from eligibility.models import LimitTerm, RuleVersion
from eligibility.models.rules import Effect
from eligibility.rulebook import Approver, ConditionKind, Direction, Mode, Operator, Quantity
from eligibility.texts import CriterionText, InstrumentText, LiftText, LimitText, Operand, VersionText

_ONE_VALUE: Final = frozenset({Operator.IS, Operator.IS_NOT})
_SOME_VALUES: Final = frozenset({Operator.ONE_OF, Operator.NONE_OF})
_MEASURES: Final = frozenset({Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN})

OPERATORS: Final[Mapping[Kind, frozenset[Operator]]] = {
    Kind.YES_NO: _ONE_VALUE,
    Kind.CHOICE: _ONE_VALUE | _SOME_VALUES,
    Kind.CODE: _ONE_VALUE | _SOME_VALUES,
    Kind.NUMBER: _ONE_VALUE | _MEASURES,
    Kind.SET: frozenset(),
}
"""The operators that fit each kind of fact; sets are read by limits only."""

_TOO_GREAT: Final = 100_000

SET_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    Quantity.WEEKDAYS: tuple(choice.code for choice in WEEKDAYS),
    Quantity.PLACES: FACTS["arrangement.place"].codes,
}
"""What the limits that name a set may name."""

Found = Iterator[tuple[str, str]]
"""Pairs of place and sentence."""


@dataclass(frozen=True, slots=True)
class KnownRule:
    """What lifts must know of a rule: how high its norm stands and whether it is itself a lift."""

    layer: int
    is_lift: bool


@dataclass(frozen=True)
class KnownLaw:
    """What texts may refer to: rules by code, the layer of each citable provision, institutions."""

    rules: Mapping[str, KnownRule] = field(default_factory=dict)
    provisions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    institutions: frozenset[str] = frozenset()

    def with_texts(self, texts: Iterable[InstrumentText]) -> KnownLaw:
        """The same with what the texts themselves bring."""
        rules, provisions = dict(self.rules), dict(self.provisions)
        for text in texts:
            provisions.update({(text.code, one.reference): text.layer for one in text.provisions})
            for rule, version in text.versions():
                rules[rule.code] = KnownRule(text.layer, version.effect == Effect.LIFT)
        return KnownLaw(rules, provisions, self.institutions)


def check_version(version: VersionText, text: InstrumentText, known: KnownLaw) -> Iterator[str]:
    """Every fault of what a rule says, as sentences."""
    for _part, sentence in version_faults(version, text, known):
        yield sentence


def version_faults(version: VersionText, text: InstrumentText, known: KnownLaw) -> Found:
    """Every fault of what a rule says by the part it belongs to; criteria and lifts by their place: `applies.0`.

    Criteria of exceptions are counted through all exceptions: `exceptions.2`.
    """
    if (text.code, version.provision) not in known.provisions:
        sentence = _(
            "The rule cites “%(reference)s”, which the instrument does not have; add it or correct “provision”."
        )
        yield "provision", sentence % {"reference": version.provision}
    if version.number < 1:
        yield "number", _("Versions are numbered from 1; correct “number”.")
    if version.subject not in list(Level):
        yield "subject", unknown_choice("subject", version.subject, list(Level))
        return
    if version.effect not in Effect.values:
        yield "effect", unknown_choice("effect", version.effect, Effect.values)
        return
    yield from long_texts(version, RuleVersion)
    yield from (("modes", sentence) for sentence in _modes(version))
    yield from _parts(version)
    yield from (("required_count", sentence) for sentence in _counts(version))
    for place, criterion in placed_criteria(version):
        yield from ((place, sentence) for sentence in check_criterion(criterion))
    yield from _levels(version)
    for number, lift in enumerate(version.lifts):
        if lift.rule in {other.rule for other in version.lifts[:number]}:
            yield f"lifts.{number}", _("“%(rule)s” is named twice; name it once.") % {"rule": lift.rule}
        yield from ((f"lifts.{number}", sentence) for sentence in _lift(lift, text.layer, known))


def placed_criteria(version: VersionText) -> Iterator[tuple[str, CriterionText]]:
    """Every criterion of the sentence with its place."""
    exceptions = [criterion for exception in version.exceptions for criterion in exception]
    for part, criteria in (("applies", version.applies), ("requires", version.requires), ("exceptions", exceptions)):
        yield from ((f"{part}.{number}", criterion) for number, criterion in enumerate(criteria))


def _modes(version: VersionText) -> Iterator[str]:
    if not version.modes:
        yield _("The rule speaks to no form of flexible work; name at least one in “modes”.")
    for mode in version.modes:
        if mode not in list(Mode):
            yield unknown_choice("modes", mode, list(Mode))


def _parts(version: VersionText) -> Found:
    """The parts that the effect needs and those that only another effect has."""
    condition = (version.condition_kind, version.condition_text)
    belongs: tuple[tuple[str, Effect, bool, bool], ...] = (
        ("requires", Effect.REQUIRE, bool(version.requires), bool(version.requires)),
        ("condition", Effect.ATTACH, all(condition), any(condition)),
        ("limit", Effect.LIMIT, version.limit is not None, version.limit is not None),
        ("lifts", Effect.LIFT, bool(version.lifts), bool(version.lifts)),
    )
    for key, effect, whole, begun in belongs:
        if effect == version.effect and not whole:
            sentence = _("A rule of effect “%(effect)s” needs “%(key)s”; add it.")
            yield key, sentence % {"effect": effect.value, "key": key}
        if effect != version.effect and begun:
            sentence = _("“%(key)s” belongs to effect “%(effect)s”; leave it out or change the effect.")
            yield key, sentence % {"effect": effect.value, "key": key}
    if version.condition_kind and version.condition_kind not in list(ConditionKind):
        yield "condition", unknown_choice("condition", version.condition_kind, list(ConditionKind))
    if version.condition_approver and version.condition_approver not in list(Approver):
        yield "condition_approver", unknown_choice("approver", version.condition_approver, list(Approver))
    if version.condition_approver and version.condition_kind != ConditionKind.APPROVER_ROLE:
        sentence = _("Only a condition of kind approver role says whose approval it asks for; leave “approver” out.")
        yield "condition_approver", sentence
    if version.limit is not None:
        yield from (("limit", sentence) for sentence in _limit(version.limit))


def _counts(version: VersionText) -> Iterator[str]:
    count, name = version.required_count, version.required_count_setting
    if count is not None and not 1 <= count <= len(version.requires):
        yield _("“required_count” must lie between 1 and the number of required criteria; correct it.")
    if count is not None and name:
        yield _("How many criteria must hold is given by a number and by a setting; keep one of them.")
    if name:
        yield from _setting(name, Kind.NUMBER)
    if (count is not None or name) and version.effect != Effect.REQUIRE:
        yield _("Only a rule that requires criteria says how many must hold; leave the number out.")


def _setting(name: str, kind: Kind) -> Iterator[str]:
    # Only what the engine reads and what always has a value can be compared with.
    known = [one.name for one in SETTINGS.values() if one.judges and one.default is not None]
    if name not in known:
        yield unknown_choice("setting", name, known)
    elif SETTINGS[name].kind is not kind:
        sentence = _("The setting “%(name)s” does not fit what it is compared with; choose another.")
        yield sentence % {"name": name}


def check_criterion(criterion: CriterionText) -> Iterator[str]:
    """Every fault of one test of one fact."""
    fact = FACTS.get(criterion.fact)
    if fact is None:
        yield _("The fact “%(fact)s” is not known; correct the spelling or choose one of the list.") % {
            "fact": criterion.fact
        }
        return
    if criterion.operator not in OPERATORS[fact.kind]:
        fitting = ", ".join(sorted(OPERATORS[fact.kind])) or _("none: sets are read by limits only")
        yield _("“%(operator)s” does not fit “%(fact)s”; use one of: %(fitting)s.") % {
            "operator": criterion.operator,
            "fact": fact.name,
            "fitting": fitting,
        }
        return
    yield from _values(criterion, fact)


def _values(criterion: CriterionText, fact: Fact) -> Iterator[str]:
    if criterion.setting:
        yield from _setting(criterion.setting, fact.kind)
        if criterion.operands:
            yield _("“%(fact)s” is compared with values and with a setting; keep one.") % {"fact": fact.name}
        return
    wanted = criterion.operator in _SOME_VALUES
    if not criterion.operands or (len(criterion.operands) > 1 and not wanted):
        sentence = _(
            "“%(operator)s” on “%(fact)s” needs exactly one value, a list comparison at least one; correct it."
        )
        yield sentence % {"operator": criterion.operator, "fact": fact.name}
    for operand in criterion.operands:
        if not _fits(operand, fact):
            sentence = _("“%(value)s” is no value of “%(fact)s”; use one of: %(fitting)s.")
            yield sentence % {"value": operand, "fact": fact.name, "fitting": _fitting(fact)}


def _fits(operand: Operand, fact: Fact) -> bool:
    if fact.kind is Kind.YES_NO:
        return isinstance(operand, bool)
    if fact.kind is Kind.NUMBER:
        return not isinstance(operand, bool) and _is_number(operand)
    if fact.kind is Kind.CHOICE:
        return operand in fact.codes
    return isinstance(operand, str) and bool(operand)


def _is_number(operand: int | str) -> bool:
    plain = isinstance(operand, int) or bool(re.fullmatch(r"-?\d+(\.\d+)?", operand, re.ASCII))
    return plain and is_measure(Decimal(operand))


def is_measure(number: Decimal) -> bool:
    """Whether columns of numbers can hold it: below 100 000, two decimals at most."""
    return number.is_finite() and abs(number) < _TOO_GREAT and number == round(number, 2)


def _fitting(fact: Fact) -> str:
    words = {Kind.YES_NO: "true, false", Kind.NUMBER: '8, "8.5"', Kind.CODE: '"…"'}
    return words.get(fact.kind) or ", ".join(fact.codes)


def _levels(version: VersionText) -> Found:
    """A rule reads its subject and what is above; exceptions and lifts may read the person too."""
    own = ABOVE[Level(version.subject)]
    wide = own | PERSON_LEVELS
    allowed = {"applies": wide if version.effect == Effect.LIFT else own, "requires": own, "exceptions": wide}
    for place, criterion in placed_criteria(version):
        if criterion.fact in FACTS and FACTS[criterion.fact].level not in allowed[place.partition(".")[0]]:
            sentence = _("A rule about “%(subject)s” may not read “%(fact)s” here; change the subject or the fact.")
            yield place, sentence % {"subject": version.subject, "fact": criterion.fact}


def _limit(limit: LimitText) -> Iterator[str]:
    for key, value, choices in (
        ("quantity", limit.quantity, list(Quantity)),
        ("direction", limit.direction, list(Direction)),
        ("population", limit.population, _field_codes("population")),
        ("per", limit.per, _field_codes("per")),
        ("counting", limit.counting, _field_codes("counting")),
    ):
        if value not in choices:
            yield unknown_choice(key, value, choices)
    for mode in limit.together:
        if mode not in list(Mode):
            yield unknown_choice("together", mode, list(Mode))
    if (limit.quantity in SET_MEMBERS) is not (limit.direction == Direction.SET):
        yield _("Weekdays and places are limited by a set, everything else by most or least; correct “direction”.")
    elif limit.direction == Direction.SET:
        yield from _limit_members(limit)
    elif limit.value is None or limit.value < 0 or limit.members:
        yield _("A most or least has a number that is not negative, and no “members”; correct it.")
    elif not is_measure(limit.value):
        yield _("“value” is below 100 000 and has two decimals at most; correct it.")
    elif "share" in limit.quantity and limit.value > Decimal(100):
        yield _("A share lies between 0 and 100 percent; correct “value”.")


def _limit_members(limit: LimitText) -> Iterator[str]:
    if limit.value is not None:
        yield _("A set has members and no number; leave “value” out.")
    for member in limit.members:
        if member not in SET_MEMBERS[limit.quantity]:
            yield unknown_choice("members", member, SET_MEMBERS[limit.quantity])


def _lift(lift: LiftText, layer: int, known: KnownLaw) -> Iterator[str]:
    lifted = known.rules.get(lift.rule)
    if lifted is None:
        yield _("The rule “%(rule)s” that is to be lifted is not known; load it first or correct the code.") % {
            "rule": lift.rule
        }
        return
    if lifted.is_lift:
        yield _("“%(rule)s” is itself a lift, and lifts cannot be lifted; repeal or amend it.") % {"rule": lift.rule}
    enabling = known.provisions.get((lift.instrument, lift.reference))
    if lift.instrument and enabling is None:
        sentence = _("The enabling provision “%(reference)s” of %(instrument)s is not known; correct “enabled_by”.")
        yield sentence % {"reference": lift.reference, "instrument": lift.instrument}
    elif layer > lifted.layer and (enabling is None or enabling > lifted.layer):
        sentence = _(
            "A lower norm lifts “%(rule)s” without a provision as high as it that allows it; cite one in “enabled_by”."
        )
        yield sentence % {"rule": lift.rule}


def long_texts(text: object, model: type[models.Model]) -> Found:
    """Texts longer than their column: PostgreSQL would refuse them, SQLite would keep them."""
    for column in model._meta.concrete_fields:
        value = getattr(text, column.name, None)
        if isinstance(value, str) and column.max_length and len(value) > column.max_length:
            sentence = _("“%(key)s” has %(length)d characters; shorten it to %(most)d.")
            yield column.name, sentence % {"key": column.name, "length": len(value), "most": column.max_length}


def _field_codes(name: str) -> list[str]:
    column = next(one for one in LimitTerm._meta.concrete_fields if one.name == name)
    return [str(code) for code, _label in column.flatchoices]


def unknown_choice(key: str, value: object, choices: Iterable[object]) -> str:
    sentence = _("“%(value)s” is not possible for “%(key)s”; use one of: %(choices)s.")
    return sentence % {"value": value, "key": key, "choices": ", ".join(str(choice) for choice in choices)}
