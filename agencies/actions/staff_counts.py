"""The act of counting the people of an agency or unit who are no civil servants."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.models import Agency, NonAsnStaff, Unit, User


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
    if unit is not None and unit.agency_id != agency.pk:
        raise ActRefused(
            _("This unit belongs to another agency; choose one of %(agency)s.") % {"agency": agency}, "unit"
        )
    moment = at or timezone.now()
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        same_day = NonAsnStaff.objects.current().filter(agency=agency, unit=unit, counted_on=counted_on)
        former = same_day.select_for_update().first()
        if former is not None and (former.count, former.source) == (count, source):
            return None
        if former is not None:
            former.superseded_at = moment
            former.save(update_fields=["superseded_at"])
        row = NonAsnStaff(
            agency=agency, unit=unit, count=count, counted_on=counted_on, source=source, recorded_at=moment
        )
        checked(row).save()
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
