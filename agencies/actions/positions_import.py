"""The act of importing agencies, units, positions, tasks and facts from one file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from agencies import events
from agencies.fact_records import FactAct
from agencies.importing.differences import Count
from agencies.importing.position_differences import counts
from agencies.importing.position_plans import Plan, planned
from agencies.importing.position_rows import read_table
from agencies.importing.position_writing import write
from agencies.models import Institution, User


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
        act = FactAct(institution, source, valid_from, at or timezone.now())
        write(plan, act)
        return _report(plan, _recorded(actor, plan, act, content))


def _report(plan: Plan, receipt: events.Receipt | None) -> ImportReport:
    return ImportReport(
        rows=plan.table.rows,
        counts=counts(plan),
        facts=len(plan.facts),
        changed=not plan.empty,
        receipt=receipt,
    )


def _recorded(actor: User | None, plan: Plan, act: FactAct, content: bytes) -> events.Receipt:
    report = _report(plan, None)
    return events.record(
        actor=actor,
        action="positions_imported",
        subject=act.institution,
        at=act.at,
        act=act.number,
        valid_from=act.valid_from,
        file_digest=hashlib.sha256(content).hexdigest(),
        rows=report.rows,
        facts=report.facts,
        created={name: count.created for name, count in report.counts.items()},
        changed={name: count.changed for name, count in report.counts.items()},
    )
