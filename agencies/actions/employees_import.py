"""The act of importing employees with their employments, postings and predicates from one file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies import events
from agencies.importing.differences import Count
from agencies.importing.employee_differences import counts
from agencies.importing.employee_plans import Plan, planned
from agencies.importing.employee_rows import read_people
from agencies.importing.employee_writing import write
from agencies.models import Institution, User


@dataclass(frozen=True)
class EmployeesReport:
    """What an import did, or would do; without a receipt nothing was written."""

    rows: int
    counts: Mapping[str, Count]
    changed: bool
    receipt: events.Receipt | None


def import_employees(
    *,
    actor: User | None,
    institution: Institution,
    content: bytes,
    at: datetime | None = None,
    dry_run: bool = False,
) -> EmployeesReport:
    """Bring employees to what a CSV file tells, all or nothing; recorded versions are superseded, never changed.

    A file that tells nothing new writes nothing, not even a trail entry. The entry holds counts only.
    Raises ImportRefused with every error found.
    """
    people = read_people(content)
    people.refuse()
    with transaction.atomic():
        # Two imports of one institution would each plan without the other's rows.
        Institution.objects.held(institution.pk)
        plan = planned(institution, people)
        people.refuse()
        if dry_run or plan.empty:
            return _report(plan, None)
        moment = at or timezone.now()
        write(institution, plan, moment)
        return _report(plan, _recorded(actor, institution, plan, moment, content))


def _report(plan: Plan, receipt: events.Receipt | None) -> EmployeesReport:
    return EmployeesReport(plan.people.rows, counts(plan), not plan.empty, receipt)


def _recorded(actor: User | None, institution: Institution, plan: Plan, at: datetime, content: bytes) -> events.Receipt:
    report = _report(plan, None)
    details: dict[str, Any] = {
        "created": {name: count.created for name, count in report.counts.items()},
        "changed": {name: count.changed for name, count in report.counts.items()},
    }
    return events.record(
        actor=actor,
        action="employees_imported",
        subject=institution,
        at=at,
        file_digest=hashlib.sha256(content).hexdigest(),
        rows=report.rows,
        **details,
    )
