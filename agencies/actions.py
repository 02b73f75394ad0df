"""The acts on agencies, positions and facts: each is one transaction that ends with one trail entry."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.bulk_rows import insert_objects
from agencies.errors import PortalError
from agencies.exposure import proposed_exposure
from agencies.fact_records import FactAct, changed
from agencies.fact_values import allowed, as_text, from_text
from agencies.facts import FACTS, FactValue, Level
from agencies.import_plans import Part, Plan, kinds_served, planned, slices
from agencies.imports import ImportRefused, RowError, read_table
from agencies.models import (
    Agency,
    Basis,
    FactRecord,
    Institution,
    Position,
    Task,
    TaskProfile,
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


class FactRefused(PortalError):
    """A fact that was not recorded, and why."""


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
    _refuse(table.errors)
    with transaction.atomic():
        # Two imports of one institution would each plan without the other's rows.
        Institution.objects.select_for_update().get(pk=institution.pk)
        plan = planned(institution, table)
        _refuse(table.errors)
        if dry_run or plan.empty:
            return _report(plan, None)
        act = FactAct(institution, source, valid_from, at or timezone.now())
        _carry_out(plan, act)
        return _report(plan, _recorded(actor, plan, act, content))


def _refuse(errors: list[RowError]) -> None:
    if errors:
        message = _("Nothing was imported: %(count)d errors. Correct them and import the file again.")
        raise ImportRefused(message % {"count": len(errors)}, sorted(errors, key=lambda error: error.row))


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


def set_task_fact(
    *,
    actor: User | None,
    task: Task,
    fact: str,
    value: FactValue | None,
    basis: Basis,
    source: str,
    reason: str = "",
    valid_from: date,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Record what a task's fact is from a day on (None: unknown), and make it the one that rules read.

    Nothing is written, and None returned, when the fact has that value on that basis already.
    Raises FactRefused for a value the fact cannot take, and for a direct service exposure other
    than the one its services propose without a reason.
    """
    column = _column_of(fact, value)
    with transaction.atomic():
        profile = TaskProfile.objects.select_for_update().get(task=task)
        before: FactValue | None = getattr(profile, column)
        if before == value and basis == _basis_of(task, fact):
            return None
        if fact == "task.exposure":
            _check_exposure(profile, value, reason)
        setattr(profile, column, value)
        profile.save(update_fields=[column])
        act = FactAct(profile.institution, source, valid_from, at or timezone.now())
        act.write([changed(task, fact, value, basis, reason)])
        return _fact_recorded(actor, task, act, fact=fact, before=before, after=value, basis=basis)


def _fact_recorded(
    actor: User | None,
    task: Task,
    act: FactAct,
    *,
    fact: str,
    before: FactValue | None,
    after: FactValue | None,
    basis: Basis,
) -> events.Receipt:
    """The trail entry of a fact; source and reason stay with its record, because they may name people."""
    return events.record(
        actor=actor,
        action="fact_set",
        subject=task,
        institution=act.institution,
        at=act.at,
        act=act.number,
        fact=fact,
        before=as_text(before),
        after=as_text(after),
        basis=basis.value,
        valid_from=act.valid_from,
    )


def _column_of(name: str, value: FactValue | None) -> str:
    """The profile's column for a fact of a task that may have this value."""
    fact = FACTS.get(name)
    if fact is None or fact.level is not Level.TASK:
        raise FactRefused(_("“%(fact)s” is no fact of a task; choose one that is.") % {"fact": name})
    text = as_text(value)
    try:
        fits = text is None or from_text(fact, text) == value
    except ValueError:
        fits = False
    if not fits:
        raise FactRefused(
            _("“%(value)s” is no value of “%(fact)s”; choose one of: %(words)s.")
            % {"value": text, "fact": _(fact.label), "words": allowed(fact)}
        )
    return fact.column


def _basis_of(task: Task, fact: str) -> str | None:
    last = FactRecord.objects.filter(task=task, fact=fact).order_by("recorded_at", "pk").last()
    return last.basis if last else None


def _check_exposure(profile: TaskProfile, value: FactValue | None, reason: str) -> None:
    served = list(profile.task.services.values_list("kind", flat=True))
    proposed = proposed_exposure(kinds_served(profile, served))
    if value not in (None, proposed) and not reason.strip():
        raise FactRefused(
            _("The services served propose “%(proposed)s”; choose that, or give the reason for another exposure.")
            % {"proposed": proposed}
        )
