"""The acts on an employee as a whole: to add one, to correct who she is, to record that she left."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.models import AdditionalTask, Employee, Employment, Institution, Posting, User
from agencies.personal_rules import latest_kind, number_of, refuse_own, refuse_wrong
from agencies.personal_values import stated


def add_employee(
    *,
    actor: User | None,
    institution: Institution,
    nip: str,
    name: str,
    residence: str = "",
    kind: str,
    grade: str = "",
    sk_number: str = "",
    effective_from: date,
    at: datetime | None = None,
) -> Employee:
    """Write a new employee with her first employment.

    Raises ActRefused for a number that cannot be one, that is recorded already, or a wrong golongan.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        # One at a time: of two who add the same number, the second must be told.
        Institution.objects.held(institution.pk)
        digits = _free_number(institution, nip, kind)
        employee = checked(
            Employee(institution=institution, nip=digits, name=name, residence=residence, recorded_at=moment)
        )
        employee.save()
        employment = Employment(employee=employee, kind=kind, grade=grade, sk_number=sk_number)
        employment.effective_from, employment.recorded_at = effective_from, moment
        refuse_wrong(checked(employment), Employment.objects.none())
        employment.save()
        private = {"employee": stated(employee), "employment": stated(employment)}
        events.record(actor=actor, action="employee_added", subject=employee, at=moment, private=private)
        return employee


def correct_employee(
    *, actor: User | None, employee: Employee, nip: str, name: str, residence: str, at: datetime | None = None
) -> events.Receipt | None:
    """Correct number, name and residence; what stood there before is kept on the private side of the trail.

    Raises ActRefused for a number that cannot be hers or is another's.
    """
    with transaction.atomic():
        Institution.objects.held(employee.institution_id)
        row = Employee.objects.select_for_update().get(pk=employee.pk)
        before = stated(row)
        row.nip = row.nip if nip == row.nip else _free_number(row.institution, nip, latest_kind(row), row)
        row.name, row.residence = name, residence
        if stated(row) == before:
            return None
        checked(row).save(update_fields=["nip", "name", "residence"])
        private = {"before": before, "after": stated(row)}
        return events.record(actor=actor, action="employee_corrected", subject=row, at=at, private=private)


def close_employment(
    *, actor: User | None, employee: Employee, last_day: date, at: datetime | None = None
) -> events.Receipt | None:
    """End every posting and additional task that runs beyond the last day of an employee who left.

    What has not begun by then is superseded without a successor. None where nothing runs on.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(employee.institution_id)
        Employee.objects.select_for_update(no_key=True).get(pk=employee.pk)
        running = [
            *_beyond(Posting.objects.current().filter(employee=employee), "effective_until", last_day),
            *_beyond(AdditionalTask.objects.current().filter(employee=employee), "ends_on", last_day),
        ]
        if not running:
            return None
        refuse_own(actor, running[0])
        private: dict[str, events.Detail] = {"last_day": last_day, "rows": [stated(row) for row in running]}
        for row in running:
            _end(row, last_day, moment)
        return events.record(actor=actor, action="employee_left", subject=employee, at=moment, private=private)


def _free_number(institution: Institution, nip: str, kind: str, but: Employee | None = None) -> str:
    digits = number_of(nip, kind).digits
    others = Employee.objects.filter(institution=institution, nip=digits)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise ActRefused(_("An employee with this number is recorded already; open that file."), field="nip")
    return digits


def _beyond(rows: QuerySet[Any], last: str, day: date) -> list[Any]:
    """Those that run beyond a day; a null end is no end."""
    return list(rows.filter(Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gt": day})))


def _end(row: Any, last_day: date, moment: datetime) -> None:
    """Supersede a row, and where it has begun by the last day write it again with that day as its end."""
    first, last = ("effective_from", "effective_until") if isinstance(row, Posting) else ("starts_on", "ends_on")
    row.superseded_at = moment
    row.save(update_fields=["superseded_at"])
    if getattr(row, first) <= last_day:
        row.pk, row.superseded_at, row.recorded_at = None, None, moment
        setattr(row, last, last_day)
        row.save(force_insert=True)
