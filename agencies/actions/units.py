"""The acts on one unit: add, correct, close and open again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.checking import checked
from agencies.closing import refuse_leaving_unit, refuse_outliving
from agencies.corrections import correct, record_new, refuse_unseen, told, told_new
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.fact_records import FactAct
from agencies.models import Agency, Institution, Unit, User
from agencies.structure import UnitValues


def add_unit(
    *,
    actor: User | None,
    agency: Agency,
    code: str,
    values: UnitValues,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Record a new unit of an agency; None, and nothing written, where it is recorded just so already.

    Raises ValuesRefused by field, and ActRefused for a code that another unit of the agency has.
    """
    with transaction.atomic():
        Institution.objects.held(agency.institution_id)
        owner = Agency.objects.select_for_update().get(pk=agency.pk)
        other = Unit.objects.filter(agency=owner, code=code).first()
        if other is not None:
            if UnitValues.of(other) == values:
                return None
            raise ActRefused(_("Another unit of this agency has this code; choose another."), "code")
        refuse_outliving(None, owner, field="")
        row = checked(Unit(agency=owner, code=code, **values.by_name()))
        row.save()
        act = FactAct(owner.institution, source, valid_from, at or timezone.now())
        said = {"code": code, **values.by_name()}
        record_new(row, said, act)
        return told_new(actor, "unit_added", row, act, said)


def correct_unit(
    *,
    actor: User | None,
    unit: Unit,
    values: UnitValues,
    seen: str | None = None,
    source: str,
    valid_from: date,
    at: datetime | None = None,
) -> Receipt | None:
    """Correct what is recorded of a unit; None where nothing differs. `seen` is the digest of what its editor saw."""
    with transaction.atomic():
        Institution.objects.held(unit.agency.institution_id)
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        refuse_unseen(row, UnitValues, seen)
        act = FactAct(row.agency.institution, source, valid_from, at or timezone.now())
        found = correct(row, values.by_name(), act)
        return told(actor, "unit_corrected", row, act, found) if found else None


def close_unit(
    *,
    actor: User | None,
    unit: Unit,
    closed_on: date | None,
    source: str,
    at: datetime | None = None,
) -> Receipt | None:
    """Have a unit count no more from a day on (None: it counts again); None where that is recorded already.

    Raises ActRefused while it has positions or services that still count.
    """
    with transaction.atomic():
        Institution.objects.held(unit.agency.institution_id)
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        valid_from = closed_on or row.closed_on
        if valid_from is None or closed_on == row.closed_on:
            return None
        if closed_on is not None:
            refuse_leaving_unit(row, closed_on)
        refuse_outliving(closed_on, row.agency)
        act = FactAct(row.agency.institution, source, valid_from, at or timezone.now())
        found = correct(row, {"closed_on": closed_on}, act)
        return told(actor, "unit_closed" if closed_on else "unit_opened_again", row, act, found) if found else None
