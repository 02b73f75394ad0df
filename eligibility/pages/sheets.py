"""What the answers of a sheet would mean for its task: the same engine, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.facts import FACTS, FactValue
from agencies.mapping.questions import value_of
from agencies.mapping.sheet_lines import ComparedPage
from agencies.models import Answer, Task, TaskProfile
from eligibility.answers import naming_local_criteria
from eligibility.decisions import JudgedTask, State
from eligibility.explanations import ReasonWords
from eligibility.grounds import case_of
from eligibility.pages.reading import Reading
from eligibility.position_explanations import ModeExplanation, explain_mode
from eligibility.rulebook import Mode
from eligibility.statements import compiled


@dataclass(frozen=True, slots=True)
class ModeEffect:
    """One mode: the outcome, and the reasons that stand against it, with what they lack or ask for."""

    explanation: ModeExplanation
    reasons: tuple[ReasonWords, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What answers mean in every mode; `decisive` are the facts, not answered yet, that can still move an outcome."""

    modes: tuple[ModeEffect, ...]
    decisive: frozenset[str]


_SHOWN = (State.FAILED.value, State.UNKNOWN.value, State.CONDITION.value)


def effect_of(reading: Reading, task: Task, answers: Mapping[str, str | None]) -> Effect:
    """Judge the task by these answers alone; what is not answered, or not known, is unknown."""
    found = _judged(_within(reading, task), task, answers)
    return Effect(
        tuple(ModeEffect(one, _against(one)) for one in found),
        frozenset(question.fact for one in found for question in one.questions),
    )


def effects_compared(reading: Reading, page: ComparedPage) -> tuple[tuple[ModeExplanation, ModeExplanation], ...]:
    """What the answers of either reviewer of a compared sheet would mean, mode by mode: the agency's, BKPSDM's."""
    task = page.sheet.task
    own = _within(reading, task)
    of_agency = {line.question.fact.name: _value(line.by_agency) for line in page.lines}
    of_bkpsdm = {line.question.fact.name: _value(line.by_bkpsdm) for line in page.lines}
    by_agency = _judged(own, task, of_agency)
    by_bkpsdm = by_agency if of_bkpsdm == of_agency else _judged(own, task, of_bkpsdm)
    return tuple(zip(by_agency, by_bkpsdm, strict=True))


def _value(answer: Answer | None) -> str | None:
    return answer.value if answer else None


def _within(reading: Reading, task: Task) -> Reading:
    """The reading with the grounds of the task's agency alone."""
    return reading.within([task.position.agency_id])


def _judged(own: Reading, task: Task, answers: Mapping[str, str | None]) -> tuple[ModeExplanation, ...]:
    position = task.position
    values: dict[str, FactValue | None] = {FACTS[fact].column: value_of(fact, text) for fact, text in answers.items()}
    carried = {name: getattr(position, name) for name in TaskProfile.CARRIED}
    profile = TaskProfile(task=task, position=position, **carried, **values)
    case = case_of(profile, own.grounds.of(position.agency_id, position.unit_id))
    judged = [JudgedTask(key=task.pk, title=task.title, share=100, case=case)]
    words = naming_local_criteria(position.institution, _)
    layout = compiled(own.rulebook).layout
    return tuple(explain_mode(layout, judged, (), mode, words, advised=False) for mode in Mode)


def _against(explanation: ModeExplanation) -> tuple[ReasonWords, ...]:
    return tuple(reason for reason in explanation.reasons if reason.state in _SHOWN)
