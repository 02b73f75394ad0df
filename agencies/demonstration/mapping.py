"""Three weeks of mapping in the fictional city: sheets agreed, to be settled, half answered and not begun."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db import transaction

from agencies.actions.assessments import submit_assessments
from agencies.actions.sheets import Assignment, open_sheets
from agencies.demonstration.lots import falls
from agencies.fact_values import as_text
from agencies.facts import FACTS
from agencies.mapping.questions import questions_of
from agencies.models import Agency, Answer, Assessment, Institution, Sheet, Task, TaskProfile, User

CITY: Final = "kota-contoh"
OPENED: Final = datetime(2025, 9, 8, 2, tzinfo=UTC)
SUBMITTED: Final = datetime(2025, 9, 24, 3, tzinfo=UTC)
DUE: Final = date(2025, 10, 10)
LATE: Final = date(2025, 9, 26)
"""The day set for the agency that has only begun."""

_AGREED, _DIFFERENT, _ONE_SIDE = 55, 20, 12
"""Of a hundred sheets: both say the same, they differ, only the agency has submitted; the rest waits."""

OTHER_ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "task.face_to_face": {"none": "minimal", "minimal": "regular", "regular": "minimal", "constant": "regular"},
    "task.with_tik": {"yes": "no", "no": "yes"},
    "task.continuous_supervision": {"yes": "no", "no": "yes"},
}
"""What a second reviewer may see otherwise."""


@dataclass(frozen=True)
class Mapped:
    """How many sheets stand in the city; `created` is false where they stood there before."""

    created: bool
    sheets: int


def map_city(institution: Institution, clerk: User, officer: User) -> Mapped:
    """Have the clerk of Diskominfo and BKPSDM's officer work on its sheets; Bappeda has only begun."""
    if Sheet.objects.filter(institution=institution).exists():
        return Mapped(False, Sheet.objects.filter(institution=institution).count())
    with transaction.atomic():
        reviewers = {"agency": clerk, "bkpsdm": officer}
        begun = _opened(institution, "Diskominfo", Assignment(reviewers, DUE), officer)
        _opened(institution, "Bappeda", Assignment({"bkpsdm": officer}, LATE), officer)
        _answer(begun, institution, clerk, officer)
    return Mapped(True, Sheet.objects.filter(institution=institution).count())


def _opened(institution: Institution, code: str, assignment: Assignment, officer: User) -> list[Sheet]:
    agency = Agency.objects.get(institution=institution, code=code)
    tasks = list(Task.objects.filter(position__agency=agency))
    open_sheets(actor=officer, agency=agency, tasks=tasks, assignment=assignment, on=OPENED.date(), at=OPENED)
    return list(Sheet.objects.filter(agency=agency).select_related("task").order_by("pk"))


def _answer(sheets: Collection[Sheet], institution: Institution, clerk: User, officer: User) -> None:
    """Both answer what is recorded; in some sheets the officer sees one answer otherwise."""
    by_agency, by_bkpsdm = [], []
    profiles = TaskProfile.objects.in_bulk([sheet.task_id for sheet in sheets])
    facts = [question.fact.name for question in questions_of(institution)]
    for number, sheet in enumerate(sheets):
        known = {fact: as_text(getattr(profiles[sheet.task_id], FACTS[fact].column)) for fact in facts}
        lot = number * 100 // len(sheets)
        if lot < _AGREED + _DIFFERENT + _ONE_SIDE:
            by_agency.append(_written(sheet, "agency", known))
        if lot < _AGREED + _DIFFERENT:
            seen = known if lot < _AGREED else _otherwise(known, number)
            by_bkpsdm.append(_written(sheet, "bkpsdm", seen))
    on = SUBMITTED.date()
    submit_assessments(actor=clerk, assessments=by_agency, on=on, at=SUBMITTED)
    submit_assessments(actor=officer, assessments=by_bkpsdm, on=on, at=SUBMITTED)


def _written(sheet: Sheet, side: str, answers: Mapping[str, str | None]) -> Assessment:
    part = Assessment.objects.current().select_related("sheet").get(sheet=sheet, side=side)
    note = "Sesuai uraian jabatan (data sintetis)"
    Answer.objects.bulk_create(
        Answer(
            assessment=part,
            fact=fact,
            value=value,
            note=note if fact == "task.exposure" else "",
            saved_at=SUBMITTED,
        )
        for fact, value in answers.items()
    )
    return part


def _otherwise(known: Mapping[str, str | None], number: int) -> dict[str, str | None]:
    """One answer, or two, seen in another way."""
    facts = [*OTHER_ANSWERS][: 2 if falls(30, "mapping", str(number)) else 1]
    other = {fact: OTHER_ANSWERS[fact].get(known[fact] or "", None) for fact in facts}
    return {**known, **other}
