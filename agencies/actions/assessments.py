"""The acts on answers: submitted, taken back, returned, settled; what both reviewers agree on becomes a fact."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from agencies import events
from agencies.bulk_rows import insert_objects
from agencies.errors import ActRefused, ValuesRefused
from agencies.fact_records import FactAct
from agencies.fact_values import as_text
from agencies.facts import FACTS
from agencies.mapping.agreed_facts import (
    Agreed,
    exposure_needs_reason,
    exposure_wanted,
    kinds_of_services,
    write_agreed,
)
from agencies.mapping.comparing import Given, Submitted, keep_blind_answers, submitted
from agencies.mapping.drafts import all_writable
from agencies.mapping.other_side import on_both_sides
from agencies.mapping.questions import questions_of, value_of
from agencies.models import Answer, Assessment, Institution, Settlement, Sheet, User
from agencies.models.sheets import ASSESSMENT_TRANSITIONS, SHEET_TRANSITIONS

State = Assessment.State


@dataclass(frozen=True, slots=True)
class Settled:
    """How one difference is settled: the answer as text (None: nobody knows yet) and why."""

    value: str | None
    reason: str


def submit_assessments(
    *, actor: User, assessments: Collection[Assessment], on: date, at: datetime | None = None
) -> events.Receipt | None:
    """Submit a reviewer's answers to one or several sheets; where the other reviewer has submitted, compare them.

    Sheets on which both agree are agreed from the day `on`. None where all are submitted already. The entry tells
    how many, never what was answered. Raises ActRefused for a sheet that is not hers, lacks answers, or of which she
    has or had the other side too.
    """
    moment = at or timezone.now()
    waiting = [one for one in assessments if one.state != State.SUBMITTED]
    if not waiting:
        return None
    with transaction.atomic():
        institution = Institution.objects.held(waiting[0].sheet.institution_id)
        rows = all_writable(actor, waiting)
        _refuse_both_sides(rows)
        _refuse_incomplete(rows, institution, on)
        for row in rows:
            _move(row, State.SUBMITTED)
        keys = [row.pk for row in rows]
        Assessment.objects.filter(pk__in=keys).update(state=State.SUBMITTED, submitted_at=moment, returned_because="")
        agreed, settling = _compare([row.sheet for row in rows], institution, on, moment)
        subject = rows[0] if len(rows) == 1 else institution
        return events.record(
            actor=actor,
            action="assessments_submitted",
            subject=subject,
            institution=institution,
            at=moment,
            sheets=len(rows),
            agreed=agreed,
            to_settle=settling,
        )


def take_back_assessment(*, actor: User, assessment: Assessment, at: datetime | None = None) -> events.Receipt | None:
    """Take submitted answers back to change them, as long as the other reviewer has not submitted; None if not sent.

    Raises ActRefused where the other may have seen them already.
    """
    with transaction.atomic():
        Institution.objects.held(assessment.sheet.institution_id)
        row = Assessment.objects.select_for_update().select_related("sheet").get(pk=assessment.pk)
        if row.state == State.DRAFT:
            return None
        if row.reviewer_id != actor.pk or row.state != State.SUBMITTED or row.sheet.compared_at is not None:
            raise ActRefused(_("Both reviewers have submitted, or it is not yours. Ask BKPSDM to return the sheet."))
        _move(row, State.DRAFT)
        row.submitted_at = None
        row.save(update_fields=["state", "submitted_at"])
        return _told(actor, "assessment_taken_back", row, at)


def return_assessment(
    *, actor: User, assessment: Assessment, reason: str, at: datetime | None = None
) -> events.Receipt | None:
    """Return submitted answers to their reviewer to be mended, once both have submitted; None if returned already.

    Raises ActRefused without a reason, or while the other reviewer has not submitted.
    """
    if not reason.strip():
        raise ActRefused(_("Write what is to be mended; the reviewer reads it."), "reason")
    with transaction.atomic():
        Institution.objects.held(assessment.sheet.institution_id)
        row = Assessment.objects.select_for_update().select_related("sheet").get(pk=assessment.pk)
        if row.state == State.RETURNED:
            return None
        if row.sheet.state != Sheet.State.SETTLING:
            raise ActRefused(_("A sheet is returned only while its differences are being settled."))
        _move(row, State.RETURNED)
        row.returned_because = reason.strip()
        row.save(update_fields=["state", "returned_because"])
        _move_sheet(row.sheet, Sheet.State.OPEN)
        row.sheet.save(update_fields=["state"])
        return _told(actor, "assessment_returned", row, at, reason=reason.strip())


def settle_sheets(
    *,
    actor: User,
    sheets: Collection[Sheet],
    settled: Mapping[str, Settled],
    on: date,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Settle every difference of one sheet, or of several that differ in the same way, and so agree on them.

    None where all are agreed already. Raises ValuesRefused where a difference has no answer or no reason, and
    ActRefused where a sheet differs in another way.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        institution = Institution.objects.held(next(iter(sheets)).institution_id)
        keys = [one.pk for one in sheets]
        rows = list(Sheet.objects.select_for_update().filter(pk__in=keys).exclude(state=Sheet.State.AGREED))
        if not rows:
            return None
        found = submitted(rows)
        _refuse_unsettled(found, rows, settled)
        settled = {fact: replace(how, value=as_text(value_of(fact, how.value))) for fact, how in settled.items()}
        _write_settlements(actor, found, settled, moment)
        _agree(found, settled, institution, on, moment)
        return events.record(
            actor=actor,
            action="sheets_settled",
            subject=rows[0] if len(rows) == 1 else institution,
            institution=institution,
            at=moment,
            sheets=len(rows),
            differences=len(settled),
        )


def _compare(sheets: Collection[Sheet], institution: Institution, on: date, at: datetime) -> tuple[int, int]:
    """Compare the sheets that both reviewers have submitted; how many are agreed and how many are to be settled."""
    found = submitted(sheets)
    keep_blind_answers(found)
    differing = [one for one in found if one.differing]
    alike = [one for one in found if not one.differing]
    _move_sheets([one.sheet for one in differing], Sheet.State.SETTLING, at)
    _agree(alike, {}, institution, on, at)
    return len(alike), len(differing)


def _agree(
    found: Collection[Submitted],
    settled: Mapping[str, Settled],
    institution: Institution,
    on: date,
    at: datetime,
) -> None:
    """Make the answers of compared and settled sheets the facts of their tasks."""
    if not found:
        return
    with override("id"):
        source = _("Mapping sheets agreed on %(day)s") % {"day": date_format(on)}
    act = FactAct(institution, source, on, at)
    chosen = {fact: one.value for fact, one in settled.items()}
    reasons = {fact: one.reason for fact, one in settled.items()}
    write_agreed([Agreed(one.sheet, {**one.agreed(), **chosen}, _reasons(one) | reasons) for one in found], act)
    _move_sheets([one.sheet for one in found], Sheet.State.AGREED, at, agreed_at=at)


def _reasons(one: Submitted) -> dict[str, str]:
    """Why an exposure is not the one that the services propose, in the reviewers' own words."""
    note = one.notes("task.exposure")
    return {"task.exposure": note} if note else {}


def _write_settlements(actor: User, found: Collection[Submitted], settled: Mapping[str, Settled], at: datetime) -> None:
    insert_objects(
        [
            Settlement(
                sheet=one.sheet, fact=fact, value=how.value, reason=how.reason.strip(), settled_by=actor, settled_at=at
            )
            for one in found
            for fact, how in settled.items()
        ]
    )


def _refuse_both_sides(rows: Collection[Assessment]) -> None:
    """Nobody agrees with herself, though she may have been named for either side when she could be."""
    twice = set(on_both_sides([row.pk for row in rows]).values_list("pk", flat=True))
    first = next((row for row in rows if row.pk in twice), None)
    if first is not None:
        message = _(
            "“%(task)s”: you were named for the other side of this sheet too, and nobody answers for both."
            " Ask BKPSDM to name another reviewer in your place."
        )
        raise ActRefused(message % {"task": first.sheet.task})


def _refuse_incomplete(rows: Collection[Assessment], institution: Institution, on: date) -> None:
    """Every question is answered, if only by "not known yet", and an unusual exposure has its reason."""
    asked = {question.fact.name for question in questions_of(institution)}
    given: dict[int, dict[str, Given]] = {row.pk: {} for row in rows}
    said = Answer.objects.filter(assessment__in=given)
    for key, fact, value, note in said.values_list("assessment", "fact", "value", "note"):
        given[key][fact] = Given(value, note)
    served = kinds_of_services([row.sheet.task_id for row in rows], on)
    for row in rows:
        _refuse_unanswered(row, len(asked - given[row.pk].keys()))
        _refuse_bare_exposure(row, given[row.pk], served.get(row.sheet.task_id, []))


def _refuse_unanswered(row: Assessment, missing: int) -> None:
    if missing:
        message = ngettext(
            "“%(task)s”: %(number)d question is not answered. Answer it, or choose “Not known yet”.",
            "“%(task)s”: %(number)d questions are not answered. Answer them, or choose “Not known yet”.",
            missing,
        )
        raise ActRefused(message % {"task": row.sheet.task, "number": missing})


def _refuse_bare_exposure(row: Assessment, answers: Mapping[str, Given], served: list[str]) -> None:
    exposure, kind = answers["task.exposure"], answers["task.service_kind"]
    if exposure.value is None or exposure.note:
        return
    if exposure.value != exposure_wanted(served, kind.value):
        label = _(FACTS["task.exposure"].label)
        raise ActRefused(f"“{row.sheet.task}”, {label}: {exposure_needs_reason()}", "task.exposure")


def _refuse_unsettled(found: Collection[Submitted], rows: Collection[Sheet], settled: Mapping[str, Settled]) -> None:
    faults: dict[str, list[str]] = {}
    for fact, how in settled.items():
        _take_value(fact, how.value, faults)
        if not how.reason.strip():
            faults.setdefault(f"{fact}:reason", []).append(_("Write why; both reviewers read it."))
    if faults:
        raise ValuesRefused(faults)
    if len(found) != len(rows):
        raise ActRefused(_("One of these sheets waits for a reviewer. Open the list again."))
    if any(set(one.differing) != settled.keys() for one in found):
        raise ActRefused(_("The differences are others by now. Look at the sheet again and settle them anew."))
    if len({tuple(one.pair(fact) for fact in settled) for one in found}) > 1:
        raise ActRefused(_("These sheets differ in other ways. Settle those one by one."))


def _take_value(fact: str, value: str | None, faults: dict[str, list[str]]) -> None:
    try:
        value_of(fact, value)
    except ValueError:
        faults.setdefault(fact, []).append(_("This is no answer to the question; choose one of those shown."))


def _move(row: Assessment, state: Assessment.State) -> None:
    if state not in ASSESSMENT_TRANSITIONS.get(State(row.state), frozenset()):
        raise ActRefused(_("These answers are closed: %(state)s.") % {"state": row.get_state_display()})
    row.state = state


def _move_sheet(row: Sheet, state: Sheet.State) -> None:
    if state not in SHEET_TRANSITIONS.get(Sheet.State(row.state), frozenset()):
        raise ActRefused(_("This sheet is closed: %(state)s.") % {"state": row.get_state_display()})
    row.state = state


def _move_sheets(rows: Collection[Sheet], state: Sheet.State, at: datetime, **more: datetime) -> None:
    """Move compared sheets; the moment of the first comparison stays."""
    for row in rows:
        _move_sheet(row, state)
    first = Coalesce("compared_at", Value(at))
    Sheet.objects.filter(pk__in=[row.pk for row in rows]).update(state=state, compared_at=first, **more)


def _told(actor: User, action: str, row: Assessment, at: datetime | None, **private: str) -> events.Receipt:
    return events.record(
        actor=actor, action=action, subject=row, institution=row.sheet.institution, at=at, private=private
    )
