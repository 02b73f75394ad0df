"""Writes what a plan for agencies, units, positions and tasks says, at the speed of the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agencies.bulk_rows import insert_objects
from agencies.fact_records import FactAct, changed
from agencies.importing.column_records import column_records
from agencies.importing.journal import Written, written_part
from agencies.importing.position_plans import POSITION_FACT_COLUMNS, Part, Plan, slices
from agencies.models import Agency, Institution, Position, Task, Unit

_BATCH: Final = 200


def write(plan: Plan, act: FactAct) -> Iterator[Written]:
    """Carry the plan out; what was written is told once everything is."""
    _create_agencies(plan.agencies.created)
    Unit.objects.bulk_create(plan.units.created)
    _create_positions(act.institution, plan.positions.created)
    _create_tasks(plan.tasks.created)
    insert_objects(plan.profiles.created)
    parts: tuple[Part[Any], ...] = (plan.agencies, plan.units, plan.positions, plan.tasks, plan.profiles)
    for part in parts:
        update(part)
    for part in (plan.agencies, plan.units, plan.positions, plan.tasks):
        act.write(column_records(part, act, POSITION_FACT_COLUMNS if part is plan.positions else ()))
    act.write(changed(one.subject, one.fact, one.value, one.basis, one.reason) for one in plan.facts)
    return (written for part in parts for written in written_part(part))


def update(part: Part[Any]) -> None:
    """Write the fields that change, rows with the same fields together."""
    for fields, rows in part.changed.items():
        type(rows[0])._default_manager.bulk_update(rows, fields, batch_size=_BATCH)


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
