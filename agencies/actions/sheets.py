"""The acts on sheets as such: opened for the tasks of an agency, given to other reviewers, reminded of, cancelled."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.bulk_rows import insert_objects
from agencies.errors import ActRefused
from agencies.mapping.other_side import held_on_other_side, to_be_given
from agencies.mapping.querysets import SheetQuerySet
from agencies.mapping.reminding import send_reminders
from agencies.mapping.reviewers import reviewers_for
from agencies.models import Agency, Assessment, Institution, Position, Sheet, Task, User
from agencies.querysets import keys_in, open_on

Side = Assessment.Side

QUIET: Final = timedelta(hours=20)
"""How long somebody who was reminded is left in peace."""


@dataclass(frozen=True)
class Assignment:
    """Who answers, and by when; what is not said stays as it is (of a new sheet: nobody, no deadline)."""

    reviewers: Mapping[str, User] = field(default_factory=dict)
    due_on: date | None = None


def open_sheets(
    *,
    actor: User,
    agency: Agency,
    tasks: Collection[Task],
    assignment: Assignment,
    on: date,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Open a sheet for each task of an agency, or of one below it, that has none alive; None where all have.

    Tasks are those that count on the day `on`. Raises ActRefused for a task of another agency or one that is
    closed, and for a reviewer who may not answer.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(agency.institution_id)
        _refuse_strangers(agency, assignment, moment)
        chosen = _without_sheet(agency, {task.pk for task in tasks}, on)
        if not chosen:
            return None
        insert_objects([_new_sheet(task, assignment.due_on, moment) for task in chosen])
        sheets = Sheet.objects.live().filter(task__in=[task.pk for task in chosen]).values_list("pk", flat=True)
        insert_objects([_part(key, side, assignment.reviewers.get(side)) for key in sheets for side in Side.values])
        return _told(actor, "sheets_opened", agency, len(chosen), assignment, moment)


def assign_sheets(
    *,
    actor: User,
    agency: Agency,
    sheets: Collection[Sheet],
    assignment: Assignment,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Name other reviewers of live sheets of an agency, or another day; None where nothing differs.

    What a former reviewer wrote is set aside with her; what is submitted stays hers. A sheet whose other side the
    reviewer has or had is left out (`left_out` counts them). Raises ActRefused for a reviewer who may not answer, and
    where all that could be given to her is left out.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(agency.institution_id)
        _refuse_strangers(agency, assignment, moment)
        keys = list(_live(agency, sheets).values_list("pk", flat=True))
        changed = _set_due_day(keys, assignment.due_on)
        for side, reviewer in assignment.reviewers.items():
            changed |= _give_to(keys, side, reviewer)
        if not changed:
            return None
        return _told(actor, "sheets_assigned", agency, len(changed), assignment, moment)


def remind_reviewers(*, actor: User, agency: Agency, on: date, at: datetime | None = None) -> events.Receipt | None:
    """Remind everybody who has still to answer a sheet of an agency or of one below it, or to settle its differences.

    None where nothing waits. Differences are settled by the reviewer of BKPSDM. Nobody is reminded of tasks that are
    closed on the day `on`. Who was reminded a short while ago is left in peace, but of differences found since then.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        institution = Institution.objects.held(agency.institution_id)
        rested = Q(reminded_at__isnull=True) | Q(reminded_at__lt=moment - QUIET)
        asked = Assessment.objects.filter(sheet__in=_live(agency).counting(on).values("pk"), reviewer__isnull=False)
        waiting = asked.filter(rested, state__in=("draft", "returned"))
        settling = asked.settling().filter(rested | Q(reminded_at__lt=F("sheet__compared_at")))
        found = send_reminders(waiting, settling, institution)
        if not found.people:
            return None
        keys = [*waiting.values_list("pk", flat=True), *settling.values_list("pk", flat=True)]
        Assessment.objects.filter(pk__in=keys_in(keys)).update(reminded_at=moment)
        return events.record(
            actor=actor,
            action="reviewers_reminded",
            subject=agency,
            institution=institution,
            at=moment,
            reviewers=len(found.people),
            sheets=sum(found.answers.values()),
            settling=sum(found.differences.values()),
        )


def cancel_sheets(
    *, actor: User, agency: Agency, sheets: Collection[Sheet], reason: str, at: datetime | None = None
) -> events.Receipt | None:
    """Cancel live sheets of an agency, or of one below it; None where none is alive. What was written is kept.

    Raises ActRefused without a reason.
    """
    moment = at or timezone.now()
    if not reason.strip():
        raise ActRefused(_("Write why these sheets are cancelled; their reviewers read it."), "reason")
    with transaction.atomic():
        institution = Institution.objects.held(agency.institution_id)
        number = _live(agency, sheets).update(state=Sheet.State.CANCELLED, cancelled_because=reason.strip())
        if not number:
            return None
        return events.record(
            actor=actor,
            action="sheets_cancelled",
            subject=agency,
            institution=institution,
            at=moment,
            private={"reason": reason.strip()},
            sheets=number,
        )


def _live(agency: Agency, chosen: Collection[Sheet] | None = None) -> SheetQuerySet:
    """The live sheets of an agency and those below it; of the chosen ones where some are given."""
    below = Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk])
    live = Sheet.objects.live().of_agencies(below)
    return live if chosen is None else live.filter(pk__in=[one.pk for one in chosen])


def _likeness_of(task: Task) -> str:
    """Equal for tasks that are alike: same title of position and task, same jenjang, same kind of unit."""
    position = task.position
    parts = (position.title, position.jenjang, position.unit.kind if position.unit else None, task.title)
    return hashlib.sha256("\n".join(" ".join((part or "").split()).lower() for part in parts).encode()).hexdigest()


def _without_sheet(agency: Agency, keys: set[int], on: date) -> list[Task]:
    """The tasks of these keys that have no live sheet; ActRefused for one that is closed or of another agency."""
    below = Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk])
    counting = Position.objects.filter(open_on(on), agency__in=below).values("pk")
    found = Task.objects.filter(open_on(on), position__in=counting).select_related("position__unit")
    chosen = {task.pk: task for task in found if task.pk in keys}
    if len(chosen) != len(keys):
        raise ActRefused(_("Some of these tasks are closed, or belong to another agency. Choose again."), "tasks")
    taken = set(Sheet.objects.live().of_agencies(below).values_list("task", flat=True))
    return [task for key, task in chosen.items() if key not in taken]


def _new_sheet(task: Task, due_on: date | None, at: datetime) -> Sheet:
    position = task.position
    return Sheet(
        institution_id=position.institution_id,
        agency_id=position.agency_id,
        task=task,
        likeness=_likeness_of(task),
        due_on=due_on,
        opened_at=at,
    )


def _part(sheet: int, side: str, reviewer: User | None) -> Assessment:
    return Assessment(sheet_id=sheet, side=side, reviewer=reviewer)


def _set_due_day(sheets: Collection[int], due_on: date | None) -> set[int]:
    """Set the last day of these sheets; the keys of those that had another or none."""
    if due_on is None:
        return set()
    other = Q(due_on__isnull=True) | ~Q(due_on=due_on)
    keys = set(Sheet.objects.filter(other, pk__in=sheets).values_list("pk", flat=True))
    Sheet.objects.filter(pk__in=keys).update(due_on=due_on)
    return keys


def _give_to(sheets: Collection[int], side: str, reviewer: User) -> set[int]:
    """Give one side of these sheets to a reviewer, save where she has the other; the keys of those that changed."""
    asked = to_be_given(sheets, side, reviewer)
    held = held_on_other_side(reviewer, side)
    given = list(asked.exclude(sheet__in=held).values_list("pk", "sheet", "reviewer"))
    if not given and asked.filter(sheet__in=held).exists():
        message = _("%(name)s is or was the reviewer of the other side of these sheets; name somebody else.")
        raise ActRefused(message % {"name": _name_of(reviewer)}, side)
    nobodys = [key for key, _sheet, former in given if former is None]
    moved = {key: sheet for key, sheet, former in given if former is not None}
    Assessment.objects.filter(pk__in=nobodys).update(reviewer=reviewer)
    Assessment.objects.filter(pk__in=moved).update(state=Assessment.State.REPLACED)
    insert_objects([_part(sheet, side, reviewer) for sheet in moved.values()])
    return {sheet for _key, sheet, _former in given}


def _refuse_strangers(agency: Agency, assignment: Assignment, at: datetime) -> None:
    """Grants count by the real day, as everywhere."""
    on = timezone.localdate(at)
    for side, reviewer in assignment.reviewers.items():
        if not reviewers_for(side, agency, on).filter(pk=reviewer.pk).exists():
            message = _("%(name)s may not answer for this side; choose somebody from the list.")
            raise ActRefused(message % {"name": _name_of(reviewer)}, side)
    if len({reviewer.pk for reviewer in assignment.reviewers.values()}) < len(assignment.reviewers):
        raise ActRefused(_("One person cannot answer for both sides; name two."), Side.BKPSDM)


def _name_of(reviewer: User) -> str:
    return reviewer.get_full_name() or reviewer.get_username()


def _told(
    actor: User, action: str, agency: Agency, sheets: int, assignment: Assignment, at: datetime
) -> events.Receipt:
    """The entry says how many; who answers stands aside, because it names people."""
    return events.record(
        actor=actor,
        action=action,
        subject=agency,
        institution=agency.institution,
        at=at,
        sheets=sheets,
        due_on=assignment.due_on,
        private={side: reviewer.get_username() for side, reviewer in assignment.reviewers.items()},
    )
