"""The acts on one position: add, correct, close and open again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.checking import checked
from agencies.closing import refuse_leaving_holders, refuse_outliving
from agencies.corrections import correct, record_new, refuse_foreign_unit, refuse_unseen, told, told_new
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.fact_records import FactAct, new_profile
from agencies.models import Agency, Institution, Position, Task, TaskProfile, Unit, User
from agencies.structure import PositionValues


def add_position(
    *,
    actor: User | None,
    institution: Institution,
    code: str,
    values: PositionValues,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Record a new position with one task, itself, of which nothing is known yet.

    None, and nothing written, where it is recorded just so already. Raises ValuesRefused by field, and
    ActRefused for a code that another position has.
    """
    with transaction.atomic():
        Institution.objects.held(institution.pk)
        other = Position.objects.filter(institution=institution, code=code).first()
        if other is not None:
            if PositionValues.of(other) == values:
                return None
            raise ActRefused(_("Another position of this institution has this code; choose another."), "code")
        _refuse_place(values, None)
        row = checked(Position(institution=institution, code=code, **values.by_name()))
        row.save()
        act = FactAct(institution, source, valid_from, at or timezone.now())
        said = {"code": code, **values.by_name()}
        record_new(row, said, act)
        task = checked(Task(position=row, number=1, title=str(row), share=100))
        task.save()
        new_profile(task, {}).save()
        record_new(task, {"title": task.title, "share": task.share}, act)
        return told_new(actor, "position_added", row, act, said)


def correct_position(
    *,
    actor: User | None,
    position: Position,
    values: PositionValues,
    seen: str | None = None,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Correct what is recorded of a position; None where nothing differs. `seen` is the digest of what was seen.

    The profiles of its tasks follow by themselves. A position that nobody has split has one task named
    as itself, which follows a new name.
    """
    with transaction.atomic():
        Institution.objects.held(position.institution_id)
        row = Position.objects.select_for_update().get(pk=position.pk)
        refuse_unseen(row, PositionValues, seen)
        _refuse_place(values, row.closed_on)
        act = FactAct(row.institution, source, valid_from, at or timezone.now())
        named = str(row)
        found = correct(row, values.by_name(), act)
        if found is None:
            return None
        tasks = list(Task.objects.select_for_update().filter(position=row).order_by("number"))
        if len(tasks) == 1 and tasks[0].title == named != str(row):
            correct(tasks[0], {"title": str(row)}, act)
        return told(actor, "position_corrected", row, act, found)


def close_position(
    *,
    actor: User | None,
    position: Position,
    closed_on: date | None,
    source: str,
    at: datetime | None = None,
) -> Receipt | None:
    """Have a position and its tasks count no more from a day on (None: they count again); None where that is recorded.

    Raises ActRefused while somebody holds it on that day or later. Tasks that were closed on an earlier day
    of their own stay closed.
    """
    with transaction.atomic():
        Institution.objects.held(position.institution_id)
        row = Position.objects.select_for_update().get(pk=position.pk)
        former = row.closed_on
        valid_from = closed_on or former
        if valid_from is None or closed_on == former:
            return None
        if closed_on is not None:
            refuse_leaving_holders(row, closed_on)
        refuse_outliving(closed_on, row.agency, row.unit)
        act = FactAct(row.institution, source, valid_from, at or timezone.now())
        found = correct(row, {"closed_on": closed_on}, act)
        _close_tasks(row, former, closed_on, act)
        return (
            told(actor, "position_closed" if closed_on else "position_opened_again", row, act, found) if found else None
        )


def _close_tasks(position: Position, former: date | None, closed_on: date | None, act: FactAct) -> None:
    """The tasks that were open with the position, or closed with it, follow; none outlives it."""
    for task in Task.objects.select_for_update().filter(position=position).order_by("number"):
        outlives = closed_on is not None and task.closed_on is not None and task.closed_on > closed_on
        if task.closed_on == former or outlives:
            correct(task, {"closed_on": closed_on}, act)
            TaskProfile.objects.filter(task=task).update(closed_on=closed_on)


def _refuse_place(values: PositionValues, closed_on: date | None) -> None:
    """The agency and unit are locked, so that none of them is closed meanwhile."""
    agency = Agency.objects.select_for_update().get(pk=values.agency.pk)
    unit = Unit.objects.select_for_update().get(pk=values.unit.pk) if values.unit else None
    refuse_foreign_unit(agency, unit, "place")
    refuse_outliving(closed_on, agency, unit, field="place")
