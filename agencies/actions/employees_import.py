"""The act of importing employees with their employments, postings and predicates from one file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agencies import events
from agencies.actions.positions_import import Count
from agencies.bulk_rows import insert_rows
from agencies.importing.employee_plans import Plan, planned
from agencies.importing.employee_rows import read_people
from agencies.importing.employee_versions import Versions
from agencies.importing.position_plans import slices
from agencies.models import Employee, Employment, Institution, Posting, Predicate, User, Versioned


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
        _carry_out(institution, plan, moment)
        return _report(plan, _recorded(actor, institution, plan, moment, content))


def _carry_out(institution: Institution, plan: Plan, at: datetime) -> None:
    keys = _create_employees(institution, plan, at)
    _change_employees(plan)
    for model, versions, columns in (
        (Employment, plan.employments, ("effective_from",)),
        (Posting, plan.postings, ("effective_from", "effective_until")),
        (Predicate, plan.predicates, ("period_starts_on", "period_ends_on")),
    ):
        _supersede(model, versions, at)
        _insert(model, versions, columns, keys, at)


def _create_employees(institution: Institution, plan: Plan, at: datetime) -> dict[str, int]:
    """The key of each employee told, by number."""
    last = Employee.objects.aggregate(last=Max("pk"))["last"] or 0
    columns = ("institution", "nip", "name", "residence", "recorded_at")
    insert_rows(Employee, columns, ((institution.pk, *row, at) for row in plan.created))
    new = Employee.objects.filter(institution=institution, pk__gt=last).order_by()
    return plan.keys | dict(new.values_list("nip", "pk"))


def _change_employees(plan: Plan) -> None:
    rows = [Employee(pk=key, name=name, residence=residence) for key, name, residence in plan.changed]
    Employee.objects.bulk_update(rows, ["name", "residence"], batch_size=200)


def _supersede(model: type[Versioned], versions: Versions, at: datetime) -> None:
    for some in slices(versions.superseded):
        model._default_manager.filter(pk__in=some).update(superseded_at=at)


def _insert(
    model: type[Versioned], versions: Versions, days: tuple[str, ...], keys: Mapping[str, int], at: datetime
) -> None:
    if not versions.created:
        return
    names = tuple(versions.created[0][1].values)
    rows = (
        (at, keys[nip], *((one.starts, one.ends)[: len(days)]), *(one.values[name] for name in names))
        for nip, one in versions.created
    )
    insert_rows(model, ("recorded_at", "employee", *days, *(name.removesuffix("_id") for name in names)), rows)


def _report(plan: Plan, receipt: events.Receipt | None) -> EmployeesReport:
    versions = {"employments": plan.employments, "postings": plan.postings, "predicates": plan.predicates}
    counts = {"employees": Count(len(plan.created), len(plan.changed), len(plan.same))}
    counts |= {
        name: Count(len(part.created) - len(part.superseded), len(part.superseded), part.unchanged)
        for name, part in versions.items()
    }
    return EmployeesReport(plan.people.rows, counts, not plan.empty, receipt)


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
