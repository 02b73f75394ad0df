"""What an approval rests on, as its letter names it: instruments of the rules that decided, conditions, obligations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from eligibility.arrangements.examined import implementing_norm
from eligibility.arrangements.records import read_again, read_plan
from eligibility.arrangements.span_decisions import SpanReading
from eligibility.decisions import Reason, State, TaskDecision, limit_standings
from eligibility.explanations import limit_words
from eligibility.models import Approval, Instrument
from eligibility.models.instruments import Layer
from eligibility.rulebook import Attach, Quantity, Require, Rule, Verdict
from eligibility.rulebook_text import read_rulebook

OBLIGATIONS: Final = (
    Quantity.HOURS_PER_DAY,
    Quantity.SHIFTED_START_MINUTES,
    Quantity.LATE_STARTS_PER_MONTH,
    Quantity.DAYS_PER_MONTH,
)
"""What a limit asks of how the work is done afterwards; no request has a value for it."""


@dataclass(frozen=True, slots=True)
class LetterGround:
    """The instruments of the rules that decided, and what is to be kept, in words, each with its provision."""

    instruments: tuple[Instrument, ...]
    conditions: tuple[str, ...]


def ground_of(approval: Approval) -> LetterGround:
    """What the approval rests on, read from what was stored with it."""
    request = read_plan(approval.plan)
    stored = approval.spans.select_related("rulebook").order_by("number")
    readings = tuple(
        read_again(span.facts, read_rulebook(span.rulebook.text, span.rulebook.format), request) for span in stored
    )
    rules = dict.fromkeys(rule for reading in readings for rule in _decided(reading))
    codes = {rule.citation.instrument for rule in rules if rule.citation.layer != Layer.INTERNAL}
    instruments = {one.pk: one for one in Instrument.objects.filter(code__in=codes)}
    instruments |= {one.pk: one for one in _implementing(approval, readings)}
    conditions = dict.fromkeys(told for reading in readings for told in _to_be_kept(reading))
    return LetterGround(tuple(instruments.values()), tuple(conditions))


def _implementing(approval: Approval, readings: Sequence[SpanReading]) -> Iterator[Instrument]:
    """The instruments that open the gate, in each part of the period."""
    arrangement = approval.arrangement
    if arrangement.norm is not None:
        yield arrangement.norm
    for reading in readings:
        norm = implementing_norm(arrangement.institution, reading.ground.place, reading.first, approval.at)
        if norm is not None:
            yield norm


def _open_tasks(reading: SpanReading) -> Iterator[TaskDecision]:
    return (task for _title, task in reading.decision.tasks if task.bounds.best > Verdict.NOT_ELIGIBLE)


def _decided(reading: SpanReading) -> Iterator[Rule]:
    """The rules that spoke: what was required and held, conditions, limits that won, lifts, and gates."""
    for task in _open_tasks(reading):
        yield from _spoke(task.reasons)
    yield from _spoke(reading.gates)
    for standing in limit_standings(reading.limits):
        yield from standing.norms


def _spoke(reasons: Iterable[Reason]) -> Iterator[Rule]:
    for reason in reasons:
        yield from reason.lifted_by
        held = reason.state is State.PASSED and isinstance(reason.rule.effect, Require) and bool(reason.facts)
        if held or reason.state is State.CONDITION:
            yield reason.rule


def _to_be_kept(reading: SpanReading) -> Iterator[str]:
    """Conditions that apply, or may apply, to a task that is open; then the obligations of limits."""
    reasons = (*(reason for task in _open_tasks(reading) for reason in task.reasons), *reading.gates)
    for reason in reasons:
        if isinstance(reason.rule.effect, Attach) and reason.state in (State.CONDITION, State.UNKNOWN):
            yield _cited(reason.rule.effect.text, [reason.rule])
    for standing in limit_standings(reading.limits):
        if standing.limit is not None and standing.limit.quantity in OBLIGATIONS:
            yield _cited(limit_words(standing.limit, gettext), standing.norms)


def _cited(sentence: str, rules: Sequence[Rule]) -> str:
    """The sentence with its provisions; a rule of the portal is called what it is, without one."""
    sources = [
        gettext("Internal provision") if rule.citation.layer == Layer.INTERNAL else str(rule.citation) for rule in rules
    ]
    return f"{sentence} ({'; '.join(dict.fromkeys(sources))})"
