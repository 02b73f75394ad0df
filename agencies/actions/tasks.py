"""The acts on the tasks of a position: add, correct, close, their shares, the services they serve, whose they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import events
from agencies.checking import checked
from agencies.closing import refuse_outliving
from agencies.corrections import Correction, correct, record_new, refuse_unseen, told, told_new
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.fact_records import FactAct, new_profile
from agencies.models import Employee, HolderTask, Institution, Position, Posting, PublicService, Task, TaskProfile, User
from agencies.querysets import open_on
from agencies.structure import TaskValues


def add_task(
    *,
    actor: User | None,
    position: Position,
    values: TaskValues,
    share: int | None,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Record a further task of a position, of which nothing else is known yet.

    None, and nothing written, where the position has a task of that title and share already.
    Raises ActRefused where the shares would be more than 100 percent.
    """
    with transaction.atomic():
        Institution.objects.held(position.institution_id)
        owner = Position.objects.select_for_update().get(pk=position.pk)
        refuse_outliving(None, owner, field="")
        open_ones = list(Task.objects.filter(open_on(valid_from), position=owner))
        if any(TaskValues.of(task) == values and task.share == share for task in open_ones):
            return None
        _refuse_too_much([*(task.share for task in open_ones), share], "share")
        last = Task.objects.filter(position=owner).aggregate(last=Max("number"))["last"] or 0
        row = checked(Task(position=owner, number=last + 1, share=share, **values.by_name()))
        row.save()
        new_profile(row, {}).save()
        act = FactAct(owner.institution, source, valid_from, at or timezone.now())
        said = {**values.by_name(), "share": share}
        record_new(row, said, act)
        return told_new(actor, "task_added", row, act, said)


def correct_task(
    *,
    actor: User | None,
    task: Task,
    values: TaskValues,
    seen: str | None = None,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Correct the title of a task; None where it does not differ. `seen` is the digest of what its editor saw."""
    with transaction.atomic():
        Institution.objects.held(task.position.institution_id)
        row = Task.objects.select_for_update().get(pk=task.pk)
        refuse_unseen(row, TaskValues, seen)
        act = FactAct(row.position.institution, source, valid_from, at or timezone.now())
        found = correct(row, values.by_name(), act)
        return told(actor, "task_corrected", row, act, found) if found else None


def set_task_shares(
    *,
    actor: User | None,
    position: Position,
    shares: Mapping[int, int | None],
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Set the shares of working time (percent; None: not known) of the tasks of a position, by the tasks' keys.

    Raises ActRefused for more than 100 percent in all; a task of unknown share takes at least one.
    """
    with transaction.atomic():
        Institution.objects.held(position.institution_id)
        owner = Position.objects.select_for_update().get(pk=position.pk)
        tasks = list(Task.objects.select_for_update().filter(open_on(valid_from), position=owner).order_by("number"))
        _refuse_too_much([shares.get(task.pk, task.share) for task in tasks], "")
        act = FactAct(owner.institution, source, valid_from, at or timezone.now())
        found = {task.number: correct(task, {"share": shares[task.pk]}, act) for task in tasks if task.pk in shares}
        changes = {str(number): one for number, one in found.items() if one}
        if not changes:
            return None
        before = {number: one.before["share"] for number, one in changes.items()}
        after = {number: one.after["share"] for number, one in changes.items()}
        return told(actor, "task_shares_set", owner, act, Correction(before, after))


def set_task_services(
    *, actor: User | None, task: Task, services: Collection[PublicService], at: datetime | None = None
) -> Receipt | None:
    """Set which public services a task serves; None where they are the same."""
    with transaction.atomic():
        Institution.objects.held(task.position.institution_id)
        row = Task.objects.select_for_update().get(pk=task.pk)
        institution = row.position.institution
        if any(service.agency.institution_id != institution.pk for service in services):
            raise ActRefused(_("A task serves services of its own institution only."), "services")
        before, after = set(row.services.all()), set(services)
        if before == after:
            return None
        row.services.set(after)
        return events.record(
            actor=actor,
            action="task_services_set",
            subject=row,
            institution=institution,
            at=at,
            before=sorted(f"{one.agency.code}/{one.code}" for one in before),
            after=sorted(f"{one.agency.code}/{one.code}" for one in after),
        )


def set_task_holders(
    *, actor: User | None, task: Task, holders: Collection[Employee], on: date, at: datetime | None = None
) -> Receipt | None:
    """Set whose task it is among the holders of the position (nobody named: all holders'); None where nothing differs.

    Raises ActRefused for somebody who does not hold the position on the day or later.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(task.position.institution_id)
        row = Task.objects.select_for_update().get(pk=task.pk)
        _refuse_strangers(row, holders, on)
        current = list(HolderTask.objects.current().select_for_update().filter(task=row))
        before, after = {one.employee_id for one in current}, {one.pk for one in holders}
        if before == after:
            return None
        if actor is not None and actor.employee_id in before ^ after:
            raise ActRefused(_("Nobody records this about herself. Ask another HR officer."), "holders")
        for one in current:
            if one.employee_id not in after:
                one.superseded_at = moment
                one.save(update_fields=["superseded_at"])
        for key in sorted(after - before):
            HolderTask.objects.create(task=row, employee_id=key, recorded_at=moment)
        return events.record(
            actor=actor,
            action="task_holders_set",
            subject=row,
            institution=row.position.institution,
            at=moment,
            private={"before": sorted(before), "after": sorted(after)},
            named_before=len(before),
            named_after=len(after),
        )


def close_task(
    *, actor: User | None, task: Task, closed_on: date | None, source: str, at: datetime | None = None
) -> Receipt | None:
    """Have a task count no more from a day on (None: it counts again); None where that is recorded already.

    Raises ActRefused for the last task of a position, and where shares would be more than 100 percent.
    """
    with transaction.atomic():
        Institution.objects.held(task.position.institution_id)
        owner = Position.objects.select_for_update().get(pk=task.position_id)
        row = Task.objects.select_for_update().get(pk=task.pk)
        valid_from = closed_on or row.closed_on
        if valid_from is None or closed_on == row.closed_on:
            return None
        refuse_outliving(closed_on, owner)
        others = Task.objects.filter(open_on(valid_from), position=owner).exclude(pk=row.pk)
        if closed_on is None:
            _refuse_too_much([row.share, *(other.share for other in others)], "closed_on")
        elif closed_on != owner.closed_on and not others.exists():
            message = _("A position that counts has at least one task. Add another task first, or close the position.")
            raise ActRefused(message, "closed_on")
        act = FactAct(owner.institution, source, valid_from, at or timezone.now())
        found = correct(row, {"closed_on": closed_on}, act)
        TaskProfile.objects.filter(task=row).update(closed_on=closed_on)
        return told(actor, "task_closed" if closed_on else "task_opened_again", row, act, found) if found else None


def _refuse_too_much(shares: Collection[int | None], field: str) -> None:
    known = sum(share for share in shares if share is not None)
    unknown = sum(share is None for share in shares)
    if known + unknown > 100:
        message = ngettext(
            "The shares add up to %(sum)d percent and %(unknown)d is not known; together they may be at most 100."
            " Lower one, or write it as not known.",
            "The shares add up to %(sum)d percent and %(unknown)d are not known; together they may be at most 100."
            " Lower one, or write it as not known.",
            unknown,
        )
        raise ActRefused(message % {"sum": known, "unknown": unknown}, field)


def _refuse_strangers(task: Task, holders: Collection[Employee], on: date) -> None:
    runs = Q(effective_until__isnull=True) | Q(effective_until__gte=on)
    postings = Posting.objects.current().filter(runs, position=task.position_id)
    strangers = {one.pk for one in holders} - set(postings.values_list("employee_id", flat=True))
    if strangers:
        message = _("Somebody named here does not hold this position any more. Choose among its present holders.")
        raise ActRefused(message, "holders")
