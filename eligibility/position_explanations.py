"""Everything about a position in each mode, in words (pure): outcome, reasons, limits, what would turn it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from eligibility.change_words import ChangeWords, changes_note, word_changes
from eligibility.changes import Turning, smallest_changes
from eligibility.decisions import JudgedTask, PositionDecision, Reason, State, decide_position
from eligibility.explanations import (
    MODE_LABELS,
    OUTCOME_LABELS,
    LimitWords,
    ReasonWords,
    Translate,
    bounds_sentence,
    days_sentence,
    word_limit,
    word_reason,
)
from eligibility.facts import FACTS
from eligibility.masks import Layout
from eligibility.questions import Question, open_questions
from eligibility.rulebook import Mode, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """A question whose answer can move the outcome, and the tasks it is asked of."""

    fact: str
    label: str
    question: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModeExplanation:
    """Everything about a position in one mode, in words. Days are working days a week."""

    mode: Mode
    label: str
    outcome: Outcome
    outcome_label: str
    worst: Verdict
    best: Verdict
    bounds_sentence: str
    reasons: tuple[ReasonWords, ...]
    limits: tuple[LimitWords, ...]
    gates: tuple[ReasonWords, ...]
    open_tasks: tuple[str, ...]
    closed_tasks: tuple[str, ...]
    undecided_tasks: tuple[str, ...]
    days_least: Decimal
    days_most: Decimal
    days_sentence: str
    questions: tuple[QuestionWords, ...]
    changes: tuple[ChangeWords, ...]
    changes_note: str
    unturnable: tuple[ReasonWords, ...]


@dataclass(frozen=True, slots=True)
class PositionExplanation:
    """A position in all modes, in words."""

    modes: tuple[ModeExplanation, ...]


_SHOWN_STATES: Final = (State.FAILED, State.UNKNOWN, State.CONDITION, State.LIMIT)


def _word_reasons(decision: PositionDecision, translate: Translate) -> tuple[ReasonWords, ...]:
    """Every failed, unknown, conditional and limiting reason of all tasks; equal ones once, naming their tasks."""
    titles: dict[Reason, list[str]] = {}
    for state in _SHOWN_STATES:
        for task, judged in decision.tasks:
            for reason in judged.reasons_in(state):
                titles.setdefault(reason, []).append(task.title)
    return tuple(word_reason(reason, translate, tuple(tasks)) for reason, tasks in titles.items())


def _by_fact(questions: Iterable[Question], translate: Translate) -> tuple[QuestionWords, ...]:
    titles: dict[str, list[str]] = {}
    for question in questions:
        titles.setdefault(question.fact, []).append(question.task.title)
    return tuple(
        QuestionWords(fact, translate(FACTS[fact].label), translate(FACTS[fact].question), tuple(tasks))
        for fact, tasks in titles.items()
    )


def _titles(decision: PositionDecision, chosen: Callable[[Verdict, Verdict], bool]) -> tuple[str, ...]:
    return tuple(task.title for task, judged in decision.tasks if chosen(judged.bounds.worst, judged.bounds.best))


def explain_mode(
    layout: Layout,
    tasks: Sequence[JudgedTask],
    gates: Sequence[Reason],
    mode: Mode,
    translate: Translate,
    *,
    advised: bool = True,
) -> ModeExplanation:
    """A position in one mode, in words; `advised`: with what would turn a refusal, which takes a search."""
    decision = decide_position(layout.rulebook, tasks, mode)
    turned = advised and decision.bounds.best is Verdict.NOT_ELIGIBLE
    turning = smallest_changes(layout, tasks, mode) if turned else Turning()
    closed = Verdict.NOT_ELIGIBLE
    return ModeExplanation(
        mode=mode,
        label=translate(MODE_LABELS[mode]),
        outcome=decision.bounds.outcome,
        outcome_label=translate(OUTCOME_LABELS[decision.bounds.outcome]),
        worst=decision.bounds.worst,
        best=decision.bounds.best,
        bounds_sentence=bounds_sentence(decision, translate),
        reasons=_word_reasons(decision, translate),
        limits=tuple(word_limit(standing, translate) for standing in decision.limits),
        gates=tuple(word_reason(reason, translate) for reason in gates),
        open_tasks=_titles(decision, lambda worst, _best: worst > closed),
        closed_tasks=_titles(decision, lambda _worst, best: best is closed),
        undecided_tasks=_titles(decision, lambda worst, best: worst is closed and best > closed),
        days_least=decision.days.least,
        days_most=decision.days.most,
        days_sentence=days_sentence(decision, translate),
        questions=_by_fact(open_questions(layout, tasks, mode), translate),
        changes=word_changes(turning.sets, translate),
        changes_note=changes_note(turning, translate) if turned else "",
        unturnable=tuple(word_reason(reason, translate, (task.title,)) for task, reason in turning.unturnable),
    )


def explain_position(
    layout: Layout,
    tasks: Sequence[JudgedTask],
    gates_by_mode: Mapping[Mode, Sequence[Reason]],
    translate: Translate,
) -> PositionExplanation:
    """A position in all modes, in words. Raises ValueError for a position without tasks."""
    modes = (explain_mode(layout, tasks, gates_by_mode.get(mode, ()), mode, translate) for mode in Mode)
    return PositionExplanation(tuple(modes))
