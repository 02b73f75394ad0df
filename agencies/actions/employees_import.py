"""The act of importing employees with their employments, postings and predicates from one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agencies import events
from agencies.fact_records import FactAct
from agencies.importing.carrying_out import Brought, carry_out_at_once
from agencies.importing.differences import Count
from agencies.importing.employee_differences import counts
from agencies.importing.employee_plans import Plan, planned
from agencies.importing.employee_rows import read_people
from agencies.models import ImportKind, Institution, User


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
    source: str,
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
        receipt = carry_out_at_once(
            actor=actor,
            kind=ImportKind.EMPLOYEES,
            content=content,
            brought=Brought(plan, plan.people.rows, counts(plan)),
            act=FactAct(institution, source, timezone.localdate(moment), moment),
        )
        return _report(plan, receipt)


def _report(plan: Plan, receipt: events.Receipt | None) -> EmployeesReport:
    return EmployeesReport(plan.people.rows, counts(plan), not plan.empty, receipt)
