"""The act of counting the people of an agency or unit who are no civil servants."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from agencies import events
from agencies.checking import checked
from agencies.corrections import refuse_foreign_unit
from agencies.events import Receipt
from agencies.models import Agency, Institution, NonAsnStaff, Unit, User


def count_non_asn_staff(
    *,
    actor: User | None,
    agency: Agency,
    unit: Unit | None,
    count: int,
    counted_on: date,
    source: str,
    at: datetime | None = None,
) -> Receipt | None:
    """Record how many people who are no civil servants work in an agency, or in a unit of it, as counted on a day.

    A count of the same day is superseded. None where that number with that source is recorded already.
    """
    refuse_foreign_unit(agency, unit)
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(agency.institution_id)
        same_day = NonAsnStaff.objects.current().filter(agency=agency, unit=unit, counted_on=counted_on)
        former = same_day.select_for_update().first()
        if former is not None:
            if (former.count, former.source) == (count, source):
                return None
            former.superseded_at = moment
            former.save(update_fields=["superseded_at"])
        _insert(agency, unit, count, counted_on, source, moment)
        return events.record(
            actor=actor,
            action="non_asn_staff_counted",
            subject=agency,
            at=moment,
            unit=unit.code if unit else None,
            counted_on=counted_on,
            before=former.count if former else None,
            after=count,
        )


def _insert(agency: Agency, unit: Unit | None, count: int, counted_on: date, source: str, moment: datetime) -> None:
    row = NonAsnStaff(agency=agency, unit=unit, count=count, counted_on=counted_on, source=source, recorded_at=moment)
    checked(row).save()
