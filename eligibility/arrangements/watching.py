"""The queue of the watcher: what waits for it, and its round, in the background or as a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from agencies import clock
from agencies.models import Institution
from eligibility.arrangements.reexamination import AT_ONCE, Tally, living, reexamine
from eligibility.loading import NoLawInForce
from eligibility.models import Arrangement, Reexamination


def ask(institution: Institution, cause: Reexamination.Cause, at: datetime) -> None:
    """Have the institution's arrangements examined again by the worker, as soon as the act that asks is stored.

    Nothing is asked where nothing is granted. Where no worker runs, the next `manage.py watch` finds what waits.
    """
    if _wait(institution, cause, at):
        transaction.on_commit(partial(_start, institution.pk), robust=True)


def ask_for_the_day(institution: Institution, on: date, at: datetime) -> None:
    """Have the passing of time looked at by the round that follows, once for each day."""
    with transaction.atomic():
        Institution.objects.held(institution.pk)
        rows = Reexamination.objects.filter(institution=institution, cause=Reexamination.Cause.TIME)
        if not rows.filter(on=on).exists():
            _wait(institution, Reexamination.Cause.TIME, at, on)


def _wait(institution: Institution, cause: Reexamination.Cause, at: datetime, day: date | None = None) -> bool:
    """Note that something waits, if anything is granted; of one cause at most one row waits.

    A row that waits already takes the later moment, so that a round that is being made leaves it to the next.
    """
    if not Arrangement.objects.filter(institution=institution).granted().exists():
        return False
    waiting = Reexamination.objects.filter(institution=institution, cause=cause, done_at__isnull=True)
    if not waiting.update(asked_at=at, on=day):
        Reexamination.objects.create(institution=institution, cause=cause, asked_at=at, on=day)
    return True


def _start(institution: int) -> None:
    """Enqueue a round unless one waits to begin: that one will find what has just been stored.

    One that has begun may have read the queue before, so it does not count. Of two acts stored at the same time each
    may enqueue one; the second round finds nothing and ends.
    """
    begun_never = DBTaskResult.objects.ready().filter(task_path=make_round.module_path)
    if not begun_never.filter(args_kwargs__args__0=institution).exists():
        make_round.enqueue(institution)


@task()
def make_round(institution: int) -> None:
    """Work what waits; where no rule is in force it goes on waiting, for the rules or for `manage.py watch`."""
    owner = Institution.objects.get(pk=institution)
    with suppress(NoLawInForce):
        work_queue(owner, on=clock.today(owner), at=timezone.now())


def work_queue(institution: Institution, *, on: date, at: datetime, everything: bool = False) -> Tally | None:
    """Examine all living arrangements once if anything waits (or `everything`), and mark what waited as done.

    What is asked for meanwhile waits for the next round. None where nothing waited. Raises NoLawInForce.
    """
    waiting = list(Reexamination.objects.filter(institution=institution, done_at__isnull=True))
    if not waiting and not everything:
        return None
    cause = ", ".join(sorted({row.cause for row in waiting})) or "all"
    tally = sum(
        (reexamine(rows, institution, on=on, at=at, cause=cause) for rows in _batches(institution, on)), Tally()
    )
    for row in waiting:
        same = Reexamination.objects.filter(pk=row.pk, asked_at=row.asked_at, done_at__isnull=True)
        same.update(done_at=at, examined=tally.examined, suspended=tally.suspended)
    return tally


def _batches(institution: Institution, on: date) -> Iterator[list[Arrangement]]:
    """All living arrangements in the order of their approval, some at a time."""
    last: Arrangement | None = None
    while True:
        rows = living(institution, on)
        if last is not None:
            rows = rows.filter(Q(approved_at__gt=last.approved_at) | Q(approved_at=last.approved_at, pk__gt=last.pk))
        batch = list(rows[:AT_ONCE])
        if not batch:
            return
        yield batch
        last = batch[-1]
