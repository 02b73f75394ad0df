"""Days worked under an arrangement, as the attendance record says: written down, and taken back where wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import events
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.models import Institution, User
from eligibility.models import Arrangement, WorkedDay

OWN_DAYS: Final = gettext_lazy(
    "Nobody records or takes back days of her own. Ask your superior or the HR officer of your agency."
)
"""Why nobody writes in her own days, and who does."""


@transaction.atomic
def record_worked_days(
    *,
    actor: User | None,
    arrangement: Arrangement,
    days: Sequence[date],
    source: str,
    on: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Write down the days; those recorded already are left as they are. None where nothing is new.

    Also days outside the period are taken: what was is written down, whether it was allowed or not.
    Raises ActRefused for one's own arrangement, one that was never approved, and a day to come.
    """
    moment = at or timezone.now()
    Institution.objects.held(arrangement.institution_id)
    _refuse_own(arrangement, actor)
    _refuse_wrong(arrangement, days, on)
    known = set(arrangement.worked_days.current().values_list("on", flat=True))
    new = sorted(set(days) - known)
    if not new:
        return None
    WorkedDay.objects.bulk_create(
        WorkedDay(arrangement=arrangement, on=day, source=source, recorded_at=moment, recorded_by=actor) for day in new
    )
    return events.record(
        actor=actor,
        action="worked_days_recorded",
        subject=arrangement,
        at=moment,
        days=len(new),
        first=new[0],
        last=new[-1],
        source=source,
    )


def _refuse_own(arrangement: Arrangement, actor: User | None) -> None:
    if actor is not None and actor.employee_id == arrangement.employee_id:
        raise ActRefused(str(OWN_DAYS))


def _refuse_wrong(arrangement: Arrangement, days: Sequence[date], on: date) -> None:
    if arrangement.approved_at is None:
        raise ActRefused(_("This request was never approved, so nobody has worked by it."))
    to_come = [day for day in days if day > on]
    if to_come:
        sentence = _("%(day)s is still to come; leave it out.") % {"day": date_format(min(to_come))}
        raise ActRefused(sentence, field="days")


@transaction.atomic
def withdraw_worked_day(
    *, actor: User | None, arrangement: Arrangement, day: date, at: datetime | None = None
) -> Receipt | None:
    """Take back a day that was recorded wrongly; it stays readable as superseded. None where it is not recorded.

    Raises ActRefused for a day of one's own.
    """
    moment = at or timezone.now()
    Institution.objects.held(arrangement.institution_id)
    _refuse_own(arrangement, actor)
    row = arrangement.worked_days.current().filter(on=day).first()
    if row is None:
        return None
    row.superseded_at = moment
    row.save(update_fields=["superseded_at"])
    return events.record(actor=actor, action="worked_day_withdrawn", subject=arrangement, at=moment, day=day)
