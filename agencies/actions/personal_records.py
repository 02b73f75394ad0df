"""The acts on dated rows about an employee: postings, employment, absences, gates, predicates, additional tasks.

A row is never changed: to correct one supersedes it and writes another, to withdraw one supersedes it alone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.models import Employee, Institution, Posting, User
from agencies.personal_rules import refuse_own, refuse_wrong
from agencies.personal_values import stated


def record_row(*, actor: User | None, row: Any, at: datetime | None = None) -> events.Receipt | None:
    """Write a new row (an unsaved Versioned) about its employee; None where the same is recorded already.

    Raises ActRefused or ValuesRefused for what it cannot state.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        others = _others(row)
        row.recorded_at = moment
        checked(row)
        refuse_own(actor, row)
        if any(stated(other) == stated(row) for other in others):
            return None
        refuse_wrong(row, others)
        row.save(force_insert=True)
        return _recorded(actor, "employee_record_added", row, moment, after=stated(row))


def correct_row(*, actor: User | None, wrong: Any, right: Any, at: datetime | None = None) -> events.Receipt | None:
    """Supersede a row by another of the same kind and employee; None where both state the same.

    Raises ActRefused for a row that was superseded meanwhile, ActRefused or ValuesRefused for what the
    new one cannot state.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        others = _others(right)
        row = _still_current(wrong)
        right.recorded_at = moment
        checked(right)
        refuse_own(actor, right)
        before = stated(row)
        if stated(right) == before:
            return None
        refuse_wrong(right, others.exclude(pk=row.pk))
        _supersede(row, moment)
        right.save(force_insert=True)
        return _recorded(actor, "employee_record_corrected", right, moment, before=before, after=stated(right))


def withdraw_row(*, actor: User | None, row: Any, at: datetime | None = None) -> events.Receipt | None:
    """Supersede a row that should never have been written, e.g. about the wrong person; None where it is already."""
    moment = at or timezone.now()
    with transaction.atomic():
        found = _others(row).filter(pk=row.pk).first()
        if found is None:
            return None
        refuse_own(actor, found)
        _supersede(found, moment)
        return _recorded(actor, "employee_record_withdrawn", found, moment, before=stated(found))


def end_posting(
    *, actor: User | None, posting: Posting, last_day: date, at: datetime | None = None
) -> events.Receipt | None:
    """Give a posting its last day; None where it has that day already.

    Raises ActRefused for a day before it begins, and for a posting that was superseded meanwhile.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        _others(posting)
        refuse_own(actor, posting)
        row: Posting = _still_current(posting)
        before = stated(row)
        if row.effective_until == last_day:
            return None
        if last_day < row.effective_from:
            raise ActRefused(_("The last day is on or after the first."), field="last_day")
        _supersede(row, moment)
        row.pk, row.superseded_at, row.recorded_at, row.effective_until = None, None, moment, last_day
        refuse_wrong(row, _others(row))
        row.save(force_insert=True)
        return _recorded(actor, "posting_ended", row, moment, before=before, after=stated(row))


def _others(row: Any) -> QuerySet[Any]:
    """The current rows of the same kind about the same employee, who stays locked until the act ends."""
    Institution.objects.held(row.employee.institution_id)  # a position is not closed meanwhile
    Employee.objects.select_for_update(no_key=True).get(pk=row.employee_id)
    rows: QuerySet[Any] = type(row).objects.filter(employee=row.employee_id, superseded_at__isnull=True)
    return rows


def _still_current(row: Any) -> Any:
    found = type(row).objects.filter(pk=row.pk, superseded_at__isnull=True).first()
    if found is None:
        raise ActRefused(_("This entry was corrected meanwhile. Open the file again and start from what it says now."))
    return found


def _supersede(row: Any, moment: datetime) -> None:
    row.superseded_at = moment
    row.save(update_fields=["superseded_at"])


def _recorded(
    actor: User | None, action: str, row: Any, moment: datetime, **states: dict[str, events.Detail]
) -> events.Receipt:
    """The trail entry; of which kind the row is and what it states is nobody's business who reads the trail."""
    private = {"table": row._meta.model_name, "key": row.pk, **states}
    return events.record(actor=actor, action=action, subject=row.employee, at=moment, private=private)
