"""The answer for a position in one line per form of flexible work, for who is told the answer without its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import Position
from eligibility.decisions import PositionDecision, State, decide_position
from eligibility.explanations import MODE_LABELS, LimitWords, bounds_sentence, days_sentence, word_limit
from eligibility.grounds import judged_tasks
from eligibility.pages.gates import GateNotice, gate_notice
from eligibility.pages.in_force import InForce, in_force_for
from eligibility.pages.reading import Reading
from eligibility.rulebook import Mode, Outcome


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A form of flexible work, its outcome, why in one sentence, and the limits on it with the norms they beat."""

    mode: Mode
    label: str
    outcome: Outcome
    short: str
    limits: tuple[LimitWords, ...]


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The answer for a position; without tasks there is no line."""

    position: Position
    lines: tuple[ShortLine, ...]
    notice: GateNotice
    holds: InForce | None


def short_answer(reading: Reading, position: Position) -> ShortAnswer:
    """Judge the position in every mode."""
    own = reading.within([position.agency_id])
    closed = position.closed_on is not None and position.closed_on <= reading.on
    return ShortAnswer(
        position=position,
        lines=() if closed else _lines(own, position),
        notice=gate_notice(own, [position.agency_id]),
        holds=in_force_for(own, [position.pk]).get(position.pk),
    )


def _lines(reading: Reading, position: Position) -> tuple[ShortLine, ...]:
    tasks = judged_tasks(position, reading.grounds.of(position.agency_id, position.unit_id))
    if not tasks:
        return ()
    decided = (decide_position(reading.rulebook, tasks, mode) for mode in Mode)
    return tuple(map(_line, decided))


def _line(decision: PositionDecision) -> ShortLine:
    """Limits are told where something may be left to limit."""
    closed = decision.bounds.outcome is Outcome.NOT_ELIGIBLE
    limits = () if closed else tuple(word_limit(standing, _) for standing in decision.limits)
    return ShortLine(decision.mode, _(MODE_LABELS[decision.mode]), decision.bounds.outcome, _in_short(decision), limits)


def _in_short(decision: PositionDecision) -> str:
    if decision.bounds.outcome is Outcome.NOT_ELIGIBLE:
        failed = (reason for _task, judged in decision.tasks for reason in judged.reasons_in(State.FAILED))
        return barred_sentence(str(reason.rule.citation) for reason in failed)
    if decision.bounds.outcome is Outcome.NEEDS_INFORMATION:
        return bounds_sentence(decision, _)
    return days_sentence(decision, _)


def barred_sentence(provisions: Iterable[str]) -> str:
    """What stands against it, each provision once; empty where nothing does."""
    found = dict.fromkeys(provisions)
    return _("Barred by %(provisions)s.") % {"provisions": "; ".join(found)} if found else ""
