"""The act of importing agencies, units, positions, tasks and facts from one file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from agencies import events
from agencies.bulk_rows import insert_objects
from agencies.fact_records import FactAct, changed
from agencies.importing.position_plans import Part, Plan, planned, slices
from agencies.importing.position_rows import read_table
from agencies.models import (
    Agency,
    Institution,
    Position,
    Task,
    Unit,
    User,
)

_BATCH: Final = 200


@dataclass(frozen=True)
class Count:
    """How many rows of one kind an import created, changed and left alone."""

    created: int
    changed: int
    unchanged: int


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
        _carry_out(plan, act)
        return _report(plan, _recorded(actor, plan, act, content))


def _carry_out(plan: Plan, act: FactAct) -> None:
    _create_agencies(plan.agencies.created)
    Unit.objects.bulk_create(plan.units.created)
    _create_positions(act.institution, plan.positions.created)
    _create_tasks(plan.tasks.created)
    insert_objects(plan.profiles.created)
    for part in (plan.agencies, plan.units, plan.positions, plan.tasks, plan.profiles):
        _update(part)
    act.write(changed(one.subject, one.fact, one.value, one.basis, one.reason) for one in plan.facts)


def _create_agencies(agencies: list[Agency]) -> None:
    """Parents before children: a child needs the key of its parent."""
    waiting = agencies
    while waiting:
        ready = [agency for agency in waiting if agency.parent is None or agency.parent.pk is not None]
        Agency.objects.bulk_create(ready)
        waiting = [agency for agency in waiting if agency.pk is None]


def _create_positions(institution: Institution, positions: list[Position]) -> None:
    insert_objects(positions)
    keys: dict[str, int] = {}
    for codes in slices([position.code for position in positions]):
        keys.update(Position.objects.filter(institution=institution, code__in=codes).values_list("code", "pk"))
    for position in positions:
        position.pk = keys[position.code]


def _create_tasks(tasks: list[Task]) -> None:
    insert_objects(tasks)
    keys: dict[tuple[int, int], int] = {}
    for positions in slices(list({task.position_id for task in tasks})):
        rows = Task.objects.filter(position__in=positions).values_list("position", "number", "pk")
        keys |= {(position, number): key for position, number, key in rows}
    for task in tasks:
        task.pk = keys[task.position_id, task.number]


def _update(part: Part[Any]) -> None:
    for fields, rows in part.changed.items():
        type(rows[0])._default_manager.bulk_update(rows, fields, batch_size=_BATCH)


def _report(plan: Plan, receipt: events.Receipt | None) -> ImportReport:
    parts: Mapping[str, Part[Any]] = {
        "agencies": plan.agencies,
        "units": plan.units,
        "positions": plan.positions,
        "tasks": plan.tasks,
        "profiles": plan.profiles,
    }
    return ImportReport(
        rows=plan.table.rows,
        counts={name: Count(len(part.created), part.changes, part.unchanged) for name, part in parts.items()},
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
