"""Sheets in tests: opened for the cast's task, with a clerk of the agency and BKPSDM's officer as reviewers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db import transaction

from agencies.actions.assessments import submit_assessments
from agencies.actions.sheets import Assignment, open_sheets
from agencies.mapping.drafts import Written, save_answer, writable
from agencies.mapping.questions import questions_of
from agencies.models import Agency, Answer, Assessment, Role, Sheet, Task, User
from tests.base import Cast, person

DAY: Final = date(2025, 7, 1)
AT: Final = datetime(2025, 7, 1, 5, tzinfo=UTC)

HOME_WORK: Final[dict[str, str | None]] = {
    "task.outside_office": "yes",
    "task.work_place": "free",
    "task.special_workspace": "no",
    "task.with_tik": "yes",
    "task.confidential_material": "no",
    "task.function": "data",
    "task.service_kind": "none",
    "task.exposure": "none",
    "task.face_to_face": "minimal",
    "task.continuous_supervision": "no",
    "task.output_measurable": "yes",
    "task.hours_per_day": "7.5",
    "task.days_per_week": "5",
    "task.hours_per_week": "37.5",
    "task.agency_hours": "yes",
}
"""An answer to every question, of a task that may be done at home."""


@dataclass(frozen=True)
class Desk:
    """A sheet and its two reviewers."""

    sheet: Sheet
    clerk: User
    officer: User

    @property
    def by_agency(self) -> Assessment:
        """The agency's part."""
        return self.sheet.assessments.current().get(side="agency")

    @property
    def by_bkpsdm(self) -> Assessment:
        """BKPSDM's part."""
        return self.sheet.assessments.current().get(side="bkpsdm")


def clerk_of(cast: Cast, agency: Agency | None = None) -> User:
    """The personnel clerk of an agency, the cast's own where none is given."""
    agency = agency or cast.agency
    name = "clerk" if agency == cast.agency else f"clerk-{agency.code}"
    return User.objects.filter(username=name).first() or person(name, Role.HR_OFFICER, cast.institution, agency)


def opened(cast: Cast, task: Task | None = None, due_on: date | None = None, officer: User | None = None) -> Desk:
    """A sheet of a task, the cast's own where none is given, with the clerk of its agency and an officer of BKPSDM."""
    task, officer = task or cast.task, officer or cast.hr_officer
    agency = task.position.agency
    clerk = clerk_of(cast, agency)
    reviewers = {"agency": clerk, "bkpsdm": officer}
    open_sheets(
        actor=cast.hr_officer,
        agency=agency,
        tasks=[task],
        assignment=Assignment(reviewers, due_on),
        on=DAY,
        at=AT,
    )
    return Desk(Sheet.objects.live().get(task=task), clerk, officer)


def answer(assessment: Assessment, answers: Mapping[str, str | None] = HOME_WORK, **other: str | None) -> Assessment:
    """Answer every question; `other` answers by the names of the columns come instead, and documents stay."""
    assert assessment.reviewer is not None
    reviewer = assessment.reviewer
    given = {**answers, **{f"task.{column}": value for column, value in other.items()}}
    with transaction.atomic():
        writable(reviewer, assessment)
    there = {row.fact: row for row in assessment.answers.select_related("evidence")}
    new = []
    for question in questions_of(assessment.sheet.institution):
        fact = question.fact
        note = "Alasan tertulis" if fact.name == "task.exposure" else ""
        if fact.name not in given:
            continue
        if fact.name in there:
            written = Written(given[fact.name], note, there[fact.name].evidence)
            save_answer(reviewer=reviewer, assessment=assessment, fact=fact, written=written, seen=None, at=AT)
        else:
            new.append(Answer(assessment=assessment, fact=fact.name, value=given[fact.name], note=note, saved_at=AT))
    Answer.objects.bulk_create(new)
    return assessment


def submit(assessment: Assessment) -> None:
    """Submit a part whose questions are answered."""
    assert assessment.reviewer is not None
    submit_assessments(actor=assessment.reviewer, assessments=[assessment], on=DAY, at=AT)


def both_submitted(desk: Desk, **other: str | None) -> Sheet:
    """Both answer and submit; BKPSDM's answers differ in what is given by name."""
    submit(answer(desk.by_agency))
    submit(answer(desk.by_bkpsdm, HOME_WORK, **other))
    desk.sheet.refresh_from_db()
    return desk.sheet
