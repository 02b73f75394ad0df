"""The act of deciding again what an institution determined and approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from agencies import events
from agencies.models import Institution, User
from oversight.models import Difference, Reperformance
from oversight.reperformance.differences import Found
from oversight.reperformance.run import Redone, decide_all_again

BATCH = 500


@dataclass(frozen=True, slots=True)
class Reperformed:
    """The run as it is kept, and how long its parts took."""

    run: Reperformance
    redone: Redone


def reperform(
    *,
    actor: User | None,
    institution: Institution,
    since: date | None,
    at: datetime | None = None,
    tell: Callable[[int], object] | None = None,
) -> Reperformed:
    """Decide again every Penetapan signed and every approval given since a day (None: all), and keep what differs.

    Deciding comes before the transaction: it may take minutes, and nobody waits for it. Nothing that is looked at
    is changed; what is decided meanwhile belongs to the next run. `tell` is called with how many more are done.
    """
    moment = at or timezone.now()
    redone = decide_all_again(institution, since, tell)
    return Reperformed(_kept(actor, institution, since, moment, redone), redone)


@transaction.atomic
def _kept(
    actor: User | None, institution: Institution, since: date | None, at: datetime, redone: Redone
) -> Reperformance:
    owner = Institution.objects.held(institution.pk)
    run = Reperformance.objects.create(
        institution=owner,
        since=since,
        by=actor,
        at=at,
        determinations=redone.determinations,
        positions=redone.positions,
        approvals=redone.approvals,
        later=redone.later,
    )
    Difference.objects.bulk_create(_rows(run, redone.found), batch_size=BATCH)
    kinds = Counter(one.kind for one in redone.found)
    events.record(
        actor=actor,
        action="reperformed",
        subject=run,
        institution=owner,
        at=at,
        since=since,
        determinations=redone.determinations,
        positions=redone.positions,
        approvals=redone.approvals,
        differences=len(redone.found),
        outcomes=kinds[Difference.Kind.OUTCOME],
        facts=kinds[Difference.Kind.FACTS],
        checks=kinds[Difference.Kind.CHECKS],
        law=kinds[Difference.Kind.LAW],
    )
    return run


def _rows(run: Reperformance, found: Iterable[Found]) -> Iterable[Difference]:
    for one in found:
        yield Difference(
            run=run,
            kind=one.kind,
            what=one.what,
            determination_id=one.determination,
            position_id=one.position,
            approval_id=one.approval,
        )
