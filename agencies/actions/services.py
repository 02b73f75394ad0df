"""The acts on one public service: add, correct, close and open again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.checking import checked
from agencies.closing import refuse_outliving
from agencies.corrections import correct, record_new, refuse_foreign_unit, refuse_unseen, told, told_new
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.fact_records import FactAct
from agencies.models import Agency, Institution, PublicService, User
from agencies.structure import ServiceValues


def add_service(
    *,
    actor: User | None,
    agency: Agency,
    code: str,
    values: ServiceValues,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Record a new public service of an agency; None, and nothing written, where it is recorded just so already.

    Raises ValuesRefused by field, and ActRefused for a code that another service of the agency has.
    """
    with transaction.atomic():
        Institution.objects.held(agency.institution_id)
        owner = Agency.objects.select_for_update().get(pk=agency.pk)
        other = PublicService.objects.filter(agency=owner, code=code).first()
        if other is not None:
            if ServiceValues.of(other) == values:
                return None
            raise ActRefused(_("Another service of this agency has this code; choose another."), "code")
        refuse_foreign_unit(owner, values.unit)
        refuse_outliving(None, owner, values.unit, field="")
        row = checked(PublicService(agency=owner, code=code, **values.by_name()))
        row.save()
        act = FactAct(owner.institution, source, valid_from, at or timezone.now())
        said = {"code": code, **values.by_name()}
        record_new(row, said, act)
        return told_new(actor, "service_added", row, act, said)


def correct_service(
    *,
    actor: User | None,
    service: PublicService,
    values: ServiceValues,
    seen: str | None = None,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Correct what is recorded of a service; None where nothing differs. `seen` is the digest of what was seen."""
    with transaction.atomic():
        Institution.objects.held(service.agency.institution_id)
        row = PublicService.objects.select_for_update().get(pk=service.pk)
        refuse_unseen(row, ServiceValues, seen)
        refuse_foreign_unit(row.agency, values.unit)
        refuse_outliving(row.closed_on, values.unit, field="unit")
        act = FactAct(row.agency.institution, source, valid_from, at or timezone.now())
        found = correct(row, values.by_name(), act)
        return told(actor, "service_corrected", row, act, found) if found else None


def close_service(
    *,
    actor: User | None,
    service: PublicService,
    closed_on: date | None,
    source: str,
    at: datetime | None = None,
) -> Receipt | None:
    """Have a service count no more from a day on (None: it counts again); None where that is recorded already.

    The tasks that served it keep their facts: who closed the service looks at their exposure.
    """
    with transaction.atomic():
        Institution.objects.held(service.agency.institution_id)
        row = PublicService.objects.select_for_update().get(pk=service.pk)
        valid_from = closed_on or row.closed_on
        if valid_from is None or closed_on == row.closed_on:
            return None
        refuse_outliving(closed_on, row.agency, row.unit)
        act = FactAct(row.agency.institution, source, valid_from, at or timezone.now())
        found = correct(row, {"closed_on": closed_on}, act)
        return (
            told(actor, "service_closed" if closed_on else "service_opened_again", row, act, found) if found else None
        )
