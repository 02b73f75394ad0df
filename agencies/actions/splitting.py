"""The act of splitting positions into tasks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.bulk_rows import insert_objects
from agencies.checking import checked
from agencies.corrections import record_new
from agencies.errors import ActRefused
from agencies.fact_records import FactAct, changed, corrected, new_profile
from agencies.mapping.splitting import Part
from agencies.models import Basis, Institution, Position, Task, User
from agencies.querysets import open_on


def split_positions(
    *,
    actor: User,
    positions: Collection[Position],
    parts: Sequence[Part],
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Split positions that have one task into the parts given; None where all are split so already.

    The task that a position has becomes the first part and keeps its facts; of the others nothing is known yet.
    Raises ActRefused for fewer than two parts, for shares that are not 100 percent together, and for a position
    that is split in another way already.
    """
    moment = at or timezone.now()
    _refuse_parts(parts)
    with transaction.atomic():
        institution = Institution.objects.held(next(iter(positions)).institution_id)
        act = FactAct(institution, source, valid_from, moment)
        rows = Position.objects.select_for_update().filter(pk__in=[one.pk for one in positions]).order_by("pk")
        split = [one for one in rows if _split(one, parts, act)]
        if not split:
            return None
        return events.record(
            actor=actor,
            action="positions_split",
            subject=split[0] if len(split) == 1 else institution,
            institution=institution,
            at=moment,
            act=act.number,
            valid_from=valid_from,
            positions=len(split),
            tasks=[title for title, _share in parts],
        )


def _split(position: Position, parts: Sequence[Part], act: FactAct) -> bool:
    """Split one position; False where it is split so already."""
    tasks = list(Task.objects.select_for_update().filter(open_on(act.valid_from), position=position).order_by("number"))
    if [(task.title, task.share) for task in tasks] == list(parts):
        return False
    if len(tasks) != 1 or position.closed_on is not None:
        message = _("%(position)s is closed or split already. Correct its tasks one by one.")
        raise ActRefused(message % {"position": position})
    _become(tasks[0], parts[0], act)
    last = max(position.tasks.values_list("number", flat=True))
    new = [
        checked(Task(position=position, number=last + place, title=title, share=share))
        for place, (title, share) in enumerate(parts[1:], 1)
    ]
    for task in new:
        task.save()
        record_new(task, {"title": task.title, "share": task.share}, act)
    insert_objects([new_profile(task, {}) for task in new])
    return True


def _become(task: Task, part: Part, act: FactAct) -> None:
    """Give the task that there was the name and share of the first part."""
    for column, value in zip(("title", "share"), part, strict=True):
        before = getattr(task, column)
        if before == value:
            continue
        setattr(task, column, value)
        change = changed(task, f"task.{column}", None if value is None else str(value), Basis.AGREED)
        act.write(corrected(task, f"task.{column}", None if before is None else str(before), change, act.valid_from))
    checked(task).save(update_fields=["title", "share"])


def _refuse_parts(parts: Sequence[Part]) -> None:
    if len(parts) < 2:
        raise ActRefused(_("Write at least two tasks; a position of one task needs no splitting."), "parts")
    if len({title.casefold() for title, _share in parts}) < len(parts):
        raise ActRefused(_("Two tasks have the same title; write what tells them apart."), "parts")
    shares = [share for _title, share in parts]
    known = sum(share for share in shares if share is not None)
    fits = known + shares.count(None) <= 100 if None in shares else known == 100
    if not fits:
        message = _("The shares add up to %(sum)d percent. Make them 100, or leave one empty that is not known.")
        raise ActRefused(message % {"sum": known}, "parts")
