"""Words for decisions and rules (pure): every function takes the translation as an argument."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from agencies.facts import FactValue, gettext_noop
from eligibility.decisions import FactRead, LimitStanding, PositionDecision, Reason, State
from eligibility.facts import FACTS
from eligibility.rulebook import (
    Attach,
    Conjunction,
    Criterion,
    Direction,
    Lift,
    Limit,
    Mode,
    Operator,
    Outcome,
    Prohibit,
    Quantity,
    Require,
    Rule,
    Verdict,
)

Translate = Callable[[str], str]
_N = gettext_noop

MODE_LABELS: Final = {
    Mode.OTHER_OFFICE: _N("At another office"),
    Mode.HOME: _N("At home"),
    Mode.OTHER_PLACE: _N("At another place"),
    Mode.SHIFT: _N("Shifts (sif)"),
    Mode.DYNAMIC: _N("Dynamic hours"),
}

OUTCOME_LABELS: Final = {
    Outcome.ELIGIBLE: _N("Eligible"),
    Outcome.CONDITIONAL: _N("Conditionally eligible"),
    Outcome.NOT_ELIGIBLE: _N("Not eligible"),
    Outcome.NEEDS_INFORMATION: _N("Needs information"),
}

VERDICT_LABELS: Final = {
    Verdict.ELIGIBLE: OUTCOME_LABELS[Outcome.ELIGIBLE],
    Verdict.CONDITIONAL: OUTCOME_LABELS[Outcome.CONDITIONAL],
    Verdict.NOT_ELIGIBLE: OUTCOME_LABELS[Outcome.NOT_ELIGIBLE],
}

EFFECT_OF: Final = {Require: "require", Prohibit: "prohibit", Attach: "attach", Limit: "limit", Lift: "lift"}

COMPARISONS: Final = {
    Operator.IS: _N("%(fact)s: %(values)s"),
    Operator.IS_NOT: _N("%(fact)s: not %(values)s"),
    Operator.AT_LEAST: _N("%(fact)s: at least %(values)s"),
    Operator.AT_MOST: _N("%(fact)s: at most %(values)s"),
    Operator.MORE_THAN: _N("%(fact)s: more than %(values)s"),
    Operator.ONE_OF: _N("%(fact)s: one of %(values)s"),
    Operator.NONE_OF: _N("%(fact)s: none of %(values)s"),
}

LIMIT_SENTENCES: Final = {
    (Quantity.DAYS_PER_WEEK, Direction.MOST): _N("At most %(value)s working days a week"),
    (Quantity.DAYS_PER_MONTH, Direction.MOST): _N("At most %(value)s working days a month"),
    (Quantity.HOURS_PER_DAY, Direction.LEAST): _N("At least %(value)s hours a day"),
    (Quantity.SHIFTED_START_MINUTES, Direction.MOST): _N("Start shifted by at most %(value)s minutes"),
    (Quantity.LATE_STARTS_PER_MONTH, Direction.MOST): _N("At most %(value)s late starts a month"),
    (Quantity.DURATION_DAYS, Direction.MOST): _N("For at most %(value)s days"),
    (Quantity.NOTICE_DAYS, Direction.LEAST): _N("Asked for at least %(value)s days before"),
    (Quantity.WEEKDAYS, Direction.SET): _N("Only on these weekdays: %(value)s"),
    (Quantity.PLACES, Direction.SET): _N("Only at these places: %(value)s"),
    (Quantity.SHARE_OF_STAFF, Direction.MOST): _N("At most %(value)s percent of the staff"),
    (Quantity.STAFF_ON_SITE, Direction.LEAST): _N("At least %(value)s people left on site"),
    (Quantity.SHARE_ON_SITE, Direction.LEAST): _N("At least %(value)s percent of the staff left on site"),
}

PER_SENTENCES: Final = {
    "unit": _N("per unit"),
    "agency": _N("per agency"),
    "service": _N("per service"),
    "institution": _N("in the whole institution"),
}

_UNKNOWN = _N("not known yet")
_YES, _NO = _N("yes"), _N("no")


# Translated as the sign between whole and tenths: a comma in Indonesian.
_DECIMAL_SIGN = _N(".")


def number_words(value: Decimal, translate: Translate) -> str:
    """A number without trailing zeros, with the decimal sign of the language."""
    return format(value.normalize(), "f").replace(".", translate(_DECIMAL_SIGN))


def value_words(fact: str, value: FactValue | None, translate: Translate) -> str:
    """A fact's value in words; an unknown one says so."""
    if value is None:
        return translate(_UNKNOWN)
    if isinstance(value, bool):
        return translate(_YES if value else _NO)
    declared = FACTS[fact]
    if isinstance(value, Decimal):
        unit = f" {translate(declared.unit)}" if declared.unit else ""
        return number_words(value, translate) + unit
    labels = {choice.code: choice.label for choice in declared.choices}
    codes = sorted(value) if isinstance(value, frozenset) else [value]
    return ", ".join(translate(labels[code]) if code in labels else str(code) for code in codes)


def criterion_words(criterion: Criterion, translate: Translate) -> str:
    """A criterion as a phrase."""
    values = ", ".join(value_words(criterion.fact, operand, translate) for operand in criterion.operands)
    words = {"fact": translate(FACTS[criterion.fact].label), "values": values}
    return translate(COMPARISONS[criterion.operator]) % words


def _conjunction_words(conjunction: Conjunction, translate: Translate) -> str:
    return " · ".join(criterion_words(criterion, translate) for criterion in conjunction)


def limit_words(limit: Limit, translate: Translate) -> str:
    """A limit as a sentence."""
    labels = {choice.code: choice.label for fact in FACTS.values() for choice in fact.choices}
    order = list(labels)
    members = sorted(limit.members, key=lambda member: order.index(member) if member in labels else 0)
    value = (
        ", ".join(translate(labels.get(member, member)) for member in members)
        if limit.direction is Direction.SET
        else number_words(limit.value or Decimal(0), translate)
    )
    template = LIMIT_SENTENCES.get((limit.quantity, limit.direction), f"{limit.quantity} {limit.direction} %(value)s")
    parts = [translate(template) % {"value": value}]
    if limit.per in PER_SENTENCES:
        parts.append(translate(PER_SENTENCES[limit.per]))
    if len(limit.together) > 1:
        modes = ", ".join(translate(MODE_LABELS[mode]) for mode in Mode if mode in limit.together)
        parts.append(translate(_N("(counted together: %(modes)s)")) % {"modes": modes})
    return " ".join(parts)


@dataclass(frozen=True, slots=True)
class FactWords:
    """A fact read, in words."""

    fact: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """One reason as a sentence with what it rests on. `tasks` are the titles it holds for; empty: the position."""

    code: str
    effect: str
    state: str
    sentence: str
    provision: str
    verified: bool
    open_note: str
    url: str
    facts: tuple[FactWords, ...]
    tasks: tuple[str, ...]
    lifted_by: tuple[str, ...]
    for_a_person: bool


@dataclass(frozen=True, slots=True)
class LimitWords:
    """What is left of one quantity, whose norm won, whom it beat, and which norms may apply beside it."""

    sentence: str
    norms: tuple[str, ...]
    beaten: tuple[str, ...]
    possible: tuple[str, ...]


def _missing_words(reason: Reason, translate: Translate) -> str:
    """What a failed requirement lacks, as read."""
    assert isinstance(reason.rule.effect, Require)
    read = {fact.fact: fact.value for fact in reason.facts}
    missing = []
    for criterion in reason.rule.effect.criteria:
        value = read.get(criterion.fact)
        if value is not None and not criterion.holds(value):
            words = {
                "fact": translate(FACTS[criterion.fact].label),
                "value": value_words(criterion.fact, value, translate),
            }
            missing.append(translate(_N("%(fact)s: %(value)s")) % words)
    return "; ".join(missing)


def _unknown_words(reason: Reason, translate: Translate) -> str:
    labels = (translate(FACTS[fact.fact].label) for fact in reason.facts if fact.value is None)
    return "; ".join(labels)


def full_sentence(text: str) -> str:
    """The text with its full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def reason_sentence(reason: Reason, translate: Translate) -> str:
    """The reason in one or two sentences."""
    effect, title = reason.rule.effect, full_sentence(reason.rule.title)
    if reason.norms:
        norms = "; ".join(str(rule.citation) for rule in reason.norms)
        title = translate(_N("The limits together leave nothing: %(norms)s.")) % {"norms": norms}
    if reason.state is State.UNKNOWN:
        words = {"title": title, "facts": _unknown_words(reason, translate)}
        return translate(_N("%(title)s Cannot be judged yet, not known: %(facts)s.")) % words
    if reason.state is State.FAILED and isinstance(effect, Require):
        words = {"title": title, "missing": _missing_words(reason, translate)}
        return translate(_N("Required: %(title)s Not met: %(missing)s.")) % words
    if reason.state is State.CONDITION and isinstance(effect, Attach):
        return effect.text
    if isinstance(effect, Limit) and not reason.norms:
        return limit_words(effect, translate)
    return title


def _fact_words(fact: FactRead, translate: Translate) -> FactWords:
    return FactWords(fact.fact, translate(FACTS[fact.fact].label), value_words(fact.fact, fact.value, translate))


def word_reason(reason: Reason, translate: Translate, tasks: tuple[str, ...] = ()) -> ReasonWords:
    """A reason in words, for the named tasks."""
    citation = reason.rule.citation
    return ReasonWords(
        code=reason.rule.code,
        effect=EFFECT_OF[type(reason.rule.effect)],
        state=reason.state.value,
        sentence=reason_sentence(reason, translate),
        provision=str(citation),
        verified=citation.verified,
        open_note=citation.open_note,
        url=citation.url,
        facts=tuple(_fact_words(fact, translate) for fact in reason.facts),
        tasks=tasks,
        lifted_by=tuple(str(lift.citation) for lift in reason.lifted_by),
        for_a_person=reason.for_a_person,
    )


def beaten_words(rules: Iterable[Rule], translate: Translate) -> tuple[str, ...]:
    """What norms that lost to a stricter one would have left, with their provisions, each once."""
    limits = ((rule.effect, rule.citation) for rule in rules)
    told = (f"{limit_words(limit, translate)} ({cited})" for limit, cited in limits if isinstance(limit, Limit))
    return tuple(dict.fromkeys(told))


def word_limit(standing: LimitStanding, translate: Translate) -> LimitWords:
    """A limit's standing in words."""
    possible = [rule for rule in standing.possible if isinstance(rule.effect, Limit)]
    shown = standing.limit or next(rule.effect for rule in possible if isinstance(rule.effect, Limit))
    sentence = limit_words(shown, translate)
    if standing.limit is None:
        sentence = translate(_N("Possibly: %(limit)s")) % {"limit": sentence}
    return LimitWords(
        sentence,
        tuple(str(rule.citation) for rule in standing.norms),
        beaten_words(standing.beaten, translate),
        tuple(str(rule.citation) for rule in standing.possible),
    )


def bounds_sentence(decision: PositionDecision, translate: Translate) -> str:
    """Between which outcomes it lies; empty where it is one."""
    if decision.bounds.worst is decision.bounds.best:
        return ""
    words = {
        "worst": translate(VERDICT_LABELS[decision.bounds.worst]),
        "best": translate(VERDICT_LABELS[decision.bounds.best]),
    }
    return translate(_N("At least “%(worst)s”, at best “%(best)s”.")) % words


def _weekly_cap(decision: PositionDecision) -> LimitStanding | None:
    """The strictest sure limit of days a week, when every task that may be open stands under one."""
    open_decisions = [judged for _task, judged in decision.tasks if judged.bounds.best > Verdict.NOT_ELIGIBLE]
    capped = [
        next((s for s in judged.limits if s.limit and s.limit.quantity is Quantity.DAYS_PER_WEEK), None)
        for judged in open_decisions
    ]
    found = [standing for standing in capped if standing is not None]
    if not found or len(found) < len(open_decisions):
        return None
    return max(found, key=lambda standing: (standing.limit and standing.limit.value) or Decimal(0))


def days_sentence(decision: PositionDecision, translate: Translate) -> str:
    """How many days the open tasks fill, and the limit of days when it is lower."""
    if decision.bounds.best is Verdict.NOT_ELIGIBLE:
        return ""
    least, most = decision.days.least, decision.days.most
    words = {"least": number_words(least, translate), "most": number_words(most, translate)}
    template = (
        _N("The tasks that may be done this way fill %(most)s working days a week.")
        if least == most
        else _N("The tasks that may be done this way fill %(least)s to %(most)s working days a week.")
    )
    sentence = translate(template) % words
    cap = _weekly_cap(decision)
    if cap and cap.limit and cap.limit.value is not None and cap.limit.value < most:
        limit = {
            "value": number_words(cap.limit.value, translate),
            "norm": "; ".join(str(rule.citation) for rule in cap.norms),
        }
        sentence += " " + translate(_N("Of these at most %(value)s a week (%(norm)s).")) % limit
    return sentence


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as the sentence it is: if, then, unless, because."""

    code: str
    version: int
    title: str
    subject: str
    modes: tuple[str, ...]
    conditions: tuple[str, ...]
    consequence: str
    exceptions: tuple[str, ...]
    provision: str
    provision_id: int
    instrument: str
    verified: bool
    open_note: str
    url: str
    layer: int
    is_gate: bool


def _requirement_words(effect: Require, translate: Translate) -> str:
    criteria = _conjunction_words(effect.criteria, translate)
    words = {"count": effect.at_least, "all": len(effect.criteria), "criteria": criteria}
    if effect.at_least >= len(effect.criteria):
        return translate(_N("must be met: %(criteria)s")) % words
    return translate(_N("at least %(count)s of %(all)s must be met: %(criteria)s")) % words


def consequence_words(rule: Rule, translate: Translate) -> str:
    """What follows when the rule applies."""
    effect = rule.effect
    if isinstance(effect, Require):
        return _requirement_words(effect, translate)
    if isinstance(effect, Attach):
        return translate(_N("open on condition: %(text)s")) % {"text": effect.text}
    if isinstance(effect, Limit):
        return limit_words(effect, translate)
    if isinstance(effect, Lift):
        words = {"rules": ", ".join(sorted(effect.rules))}
        sentence = translate(_N("these rules are set aside: %(rules)s")) % words
        if effect.enabled_by:
            sentence += " " + translate(_N("(enabled by %(provision)s)")) % {"provision": effect.enabled_by}
        return sentence
    return translate(_N("not open"))


def word_rule(rule: Rule, translate: Translate) -> RuleWords:
    """A rule in words."""
    return RuleWords(
        code=rule.code,
        version=rule.version,
        title=rule.title,
        subject=rule.subject.value,
        modes=tuple(translate(MODE_LABELS[mode]) for mode in Mode if mode in rule.modes),
        conditions=tuple(criterion_words(criterion, translate) for criterion in rule.applies),
        consequence=consequence_words(rule, translate),
        exceptions=tuple(_conjunction_words(exception, translate) for exception in rule.exceptions),
        provision=str(rule.citation),
        provision_id=rule.citation.provision,
        instrument=rule.citation.instrument,
        verified=rule.citation.verified,
        open_note=rule.citation.open_note,
        url=rule.citation.url,
        layer=rule.citation.layer,
        is_gate=rule.is_gate,
    )
