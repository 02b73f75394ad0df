"""A sheet as its pages show it: each question with an answer, or with both answers side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from agencies.mapping.questions import Question, questions_of
from agencies.models import Answer, Assessment, Settlement, Sheet, User
from agencies.prepared import prepared

UNKNOWN = "unknown"
"""What stands in a page for "not known yet"."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question with a reviewer's answer; `faults` say why what was typed is not saved, `other` what is.

    `contrary`: "not known yet" was ticked beside `value`.
    """

    question: Question
    answer: Answer | None = None
    value: str = ""
    note: str = ""
    faults: tuple[str, ...] = ()
    other: str = ""
    decisive: bool = False
    contrary: bool = False

    @property
    def column(self) -> str:
        """The name under which it is answered."""
        return self.question.column

    @property
    def version(self) -> int:
        """How often it was saved."""
        return self.answer.version if self.answer else 0


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Questions about one thing."""

    title: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class AnsweringPage:
    """A part of a sheet while it is answered."""

    sheet: Sheet
    part: Assessment
    groups: tuple[LineGroup, ...]

    @property
    def lines(self) -> tuple[AnswerLine, ...]:
        """All questions."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def answered(self) -> int:
        """How many questions have an answer, "not known yet" included."""
        return sum(line.answer is not None for line in self.lines)


def line_of(question: Question, answer: Answer | None, **more: object) -> AnswerLine:
    """The line of a question as it is saved."""
    value = "" if answer is None else answer.value or UNKNOWN
    if answer is not None and answer.value and not question.choices:
        value = answer.value.replace(".", ",")
    found = {"value": value, "note": answer.note if answer else ""} | more
    return AnswerLine(question, answer, **found)  # type: ignore[arg-type]


def answers_of(part: Assessment, reader: User) -> dict[str, Answer]:
    """The answers of a part that a reader may see, by fact."""
    return {row.fact: row for row in _answers((part.pk,), reader.pk)}


@prepared
def _answers(parts: Collection[int], reader: int) -> QuerySet[Any, Answer]:
    rows = Answer.objects.disclosed_to(reader).filter(assessment__in=parts)
    return rows.select_related("evidence").order_by("pk")


def answering_page(
    sheet: Sheet,
    part: Assessment,
    answers: Mapping[str, Answer],
    decisive: Collection[str],
    typed: Mapping[str, AnswerLine],
) -> AnsweringPage:
    """A reviewer's part of a sheet with her answers by fact; `typed` are lines that were not saved, by column, and
    `decisive` the facts that can still move the outcome."""
    lines = [
        typed.get(one.column) or line_of(one, answers.get(one.fact.name), decisive=one.fact.name in decisive)
        for one in questions_of(sheet.institution)
    ]
    return AnsweringPage(sheet, part, _grouped(lines))


def _grouped(lines: Sequence[AnswerLine]) -> tuple[LineGroup, ...]:
    return tuple(
        LineGroup(title, tuple(of_group)) for title, of_group in groupby(lines, lambda line: line.question.group)
    )


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One question with both answers; `settlement` says how a difference was settled."""

    question: Question
    by_agency: Answer | None
    by_bkpsdm: Answer | None
    settlement: Settlement | None = None

    @property
    def same(self) -> bool:
        """Whether both answered alike."""
        return self._value(self.by_agency) == self._value(self.by_bkpsdm)

    @property
    def agency_words(self) -> str:
        """The agency's answer as people read it."""
        return self.question.in_words(self._value(self.by_agency))

    @property
    def bkpsdm_words(self) -> str:
        """BKPSDM's answer as people read it."""
        return self.question.in_words(self._value(self.by_bkpsdm))

    @property
    def settled_words(self) -> str:
        """The answer it was settled by."""
        return self.question.in_words(self.settlement.value) if self.settlement else ""

    def _value(self, answer: Answer | None) -> str | None:
        return answer.value if answer else None


@dataclass(frozen=True)
class ComparedPage:
    """A sheet that both reviewers have submitted."""

    sheet: Sheet
    parts: tuple[Assessment, ...]
    lines: tuple[ComparedLine, ...] = field(default=())

    @property
    def people(self) -> int:
        """How many people the page names: who answered, and who settled."""
        settled = {line.settlement.settled_by_id for line in self.lines if line.settlement}
        return len({part.reviewer_id for part in self.parts if part.reviewer_id} | settled)

    @property
    def differing(self) -> tuple[ComparedLine, ...]:
        """The questions answered differently."""
        return tuple(line for line in self.lines if not line.same)

    @property
    def equal(self) -> tuple[ComparedLine, ...]:
        """The questions answered alike."""
        return tuple(line for line in self.lines if line.same)


def compared_page(sheet: Sheet, reader: User) -> ComparedPage:
    """Both parts of a compared sheet, as far as the reader may see them, which is all of it."""
    parts = {part.pk: part for part in _current_parts(sheet.pk)}
    found = {(parts[row.assessment_id].side, row.fact): row for row in _answers(tuple(parts), reader.pk)}
    settled = {row.fact: row for row in _settlements(sheet.pk)}
    lines = (
        ComparedLine(one, found.get(("agency", name)), found.get(("bkpsdm", name)), settled.get(name))
        for one in questions_of(sheet.institution)
        for name in [one.fact.name]
    )
    lines_said = tuple(line for line in lines if line.by_agency or line.by_bkpsdm)
    return ComparedPage(sheet, tuple(parts.values()), lines_said)


@prepared
def _current_parts(sheet: int) -> QuerySet[Any, Assessment]:
    return Assessment.objects.current().filter(sheet_id=sheet).select_related("reviewer").order_by("side")


@prepared
def _settlements(sheet: int) -> QuerySet[Any, Settlement]:
    return Settlement.objects.filter(sheet_id=sheet).select_related("settled_by").order_by("pk")
