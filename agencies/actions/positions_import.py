"""The act of importing agencies, units, positions, tasks and facts from one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from agencies import events
from agencies.fact_records import FactAct
from agencies.importing.carrying_out import Brought, carry_out_at_once
from agencies.importing.differences import Count
from agencies.importing.position_differences import counts
from agencies.importing.position_plans import Plan, planned
from agencies.importing.position_rows import read_table
from agencies.models import ImportKind, Institution, User


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do; without a receipt nothing was written."""

    rows: int
    counts: Mapping[str, Count]
    facts: int
    changed: bool
    receipt: events.Receipt | None


def import_positions(
    *,
    actor: User | None,
    institution: Institution,
    content: bytes,
    source: str,
    valid_from: date,
    at: datetime | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Bring agencies, units, positions, tasks and facts to what a CSV file tells, all or nothing.

    A file that tells nothing new writes nothing, not even a trail entry.
    Raises ImportRefused with every error found.
    """
    table = read_table(content)
    table.refuse()
    with transaction.atomic():
        # Two imports of one institution would each plan without the other's rows.
        Institution.objects.held(institution.pk)
        plan = planned(institution, table)
        table.refuse()
        if dry_run or plan.empty:
            return _report(plan, None)
        receipt = carry_out_at_once(
            actor=actor,
            kind=ImportKind.POSITIONS,
            content=content,
            brought=Brought(plan, plan.table.rows, counts(plan)),
            act=FactAct(institution, source, valid_from, at or timezone.now()),
        )
        return _report(plan, receipt)


def _report(plan: Plan, receipt: events.Receipt | None) -> ImportReport:
    return ImportReport(
        rows=plan.table.rows,
        counts=counts(plan),
        facts=len(plan.facts),
        changed=not plan.empty,
        receipt=receipt,
    )
