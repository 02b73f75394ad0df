"""A text of a rule as the engine's rule, so that a draft can be worded and judged before it is a row (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agencies.facts import FactValue, Level
from eligibility.facts import FACTS
from eligibility.rulebook import (
    Attach,
    Citation,
    ConditionKind,
    Conjunction,
    Criterion,
    Direction,
    Effect,
    Lift,
    Limit,
    Mode,
    Operator,
    Prohibit,
    Quantity,
    Require,
    Rule,
)
from eligibility.texts import CriterionText, LimitText, VersionText, typed

Settings = Mapping[str, FactValue | None]
"""What the settings that criteria name hold, by name."""


def rule_of_text(code: str, text: VersionText, citation: Citation, settings: Settings) -> Rule:
    """The rule that the text says, reaching everybody; the text must be free of faults."""
    return Rule(
        code=code,
        version=text.number,
        title=text.title,
        subject=Level(text.subject),
        modes=frozenset(map(Mode, text.modes)),
        effect=_effect(text, settings),
        citation=citation,
        applies=_conjunction(text.applies, settings),
        exceptions=tuple(_conjunction(group, settings) for group in text.exceptions),
    )


def criterion_of(text: CriterionText, settings: Settings) -> Criterion:
    """A criterion of the engine, the setting put in as its operand."""
    kind = FACTS[text.fact].kind
    if text.setting:
        value = settings[text.setting]
        assert value is not None, "rules refer only to settings with a default"
        return Criterion(text.fact, Operator(text.operator), (value,), text.setting)
    operands = tuple(typed(kind, operand) for operand in text.operands)
    return Criterion(text.fact, Operator(text.operator), operands)


def limit_of(text: LimitText) -> Limit:
    """A limit of the engine."""
    return Limit(
        quantity=Quantity(text.quantity),
        direction=Direction(text.direction),
        value=text.value,
        members=frozenset(text.members),
        together=frozenset(map(Mode, text.together)),
        population=text.population,
        per=text.per,
        counting=text.counting,
    )


def _conjunction(texts: Iterable[CriterionText], settings: Settings) -> Conjunction:
    return tuple(criterion_of(text, settings) for text in texts)


def _effect(text: VersionText, settings: Settings) -> Effect:
    if text.effect == "require":
        return Require(_conjunction(text.requires, settings), _required(text, settings))
    if text.effect == "attach":
        return Attach(ConditionKind(text.condition_kind), text.condition_text, text.condition_approver)
    if text.effect == "limit":
        assert text.limit is not None, "a text without faults has its limit"
        return limit_of(text.limit)
    if text.effect == "lift":
        enabling = sorted({f"{lift.reference} {lift.instrument}".strip() for lift in text.lifts if lift.instrument})
        return Lift(frozenset(lift.rule for lift in text.lifts), "; ".join(enabling))
    return Prohibit()


def _required(text: VersionText, settings: Settings) -> int:
    if text.required_count_setting:
        return int(str(settings[text.required_count_setting]))
    return len(text.requires) if text.required_count is None else text.required_count
