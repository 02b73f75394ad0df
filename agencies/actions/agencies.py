"""The acts on one agency: add, correct, close and open again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.checking import checked
from agencies.closing import refuse_leaving_agency, refuse_outliving
from agencies.corrections import correct, record_new, refuse_unseen, told, told_new
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.fact_records import FactAct
from agencies.models import Agency, Institution, User
from agencies.structure import AgencyValues


def add_agency(
    *,
    actor: User | None,
    institution: Institution,
    code: str,
    values: AgencyValues,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Record a new agency; None, and nothing written, where it is recorded just so already.

    Raises ValuesRefused by field, and ActRefused for a code that another agency has.
    """
    with transaction.atomic():
        # Two agencies of one code at the same moment wait for one another here.
        Institution.objects.held(institution.pk)
        other = Agency.objects.filter(institution=institution, code=code).first()
        if other is not None:
            if AgencyValues.of(other) == values:
                return None
            raise ActRefused(_("Another agency of this institution has this code; choose another."), "code")
        refuse_outliving(None, values.parent, field="parent")
        row = checked(Agency(institution=institution, code=code, **values.by_name()))
        row.save()
        act = FactAct(institution, source, valid_from, at or timezone.now())
        said = {"code": code, **values.by_name()}
        record_new(row, said, act)
        return told_new(actor, "agency_added", row, act, said)


def correct_agency(
    *,
    actor: User | None,
    agency: Agency,
    values: AgencyValues,
    seen: str | None = None,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Correct what is recorded of an agency; None where nothing differs. `seen` is the digest of what its editor saw.

    Raises ValuesRefused by field, and ActRefused where the agency would stand below itself.
    """
    with transaction.atomic():
        Institution.objects.held(agency.institution_id)
        row = Agency.objects.select_for_update().get(pk=agency.pk)
        refuse_unseen(row, AgencyValues, seen)
        _refuse_circle(row, values.parent)
        refuse_outliving(row.closed_on, values.parent, field="parent")
        act = FactAct(row.institution, source, valid_from, at or timezone.now())
        found = correct(row, values.by_name(), act)
        return told(actor, "agency_corrected", row, act, found) if found else None


def close_agency(
    *,
    actor: User | None,
    agency: Agency,
    closed_on: date | None,
    source: str,
    at: datetime | None = None,
) -> Receipt | None:
    """Have an agency count no more from a day on (None: it counts again); None where that is recorded already.

    Raises ActRefused while it has positions, units, services or agencies below it that still count.
    """
    with transaction.atomic():
        Institution.objects.held(agency.institution_id)
        row = Agency.objects.select_for_update().get(pk=agency.pk)
        valid_from = closed_on or row.closed_on
        if valid_from is None or closed_on == row.closed_on:
            return None
        if closed_on is not None:
            refuse_leaving_agency(row, closed_on)
        refuse_outliving(closed_on, row.parent)
        act = FactAct(row.institution, source, valid_from, at or timezone.now())
        found = correct(row, {"closed_on": closed_on}, act)
        return told(actor, "agency_closed" if closed_on else "agency_opened_again", row, act, found) if found else None


def _refuse_circle(agency: Agency, parent: Agency | None) -> None:
    below = Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk])
    if parent is not None and parent.pk in below:
        raise ActRefused(_("The agency would stand above itself; choose another parent, or none."), "parent")
