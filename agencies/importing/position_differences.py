"""What an import of positions would do, thing by thing: agencies, units, positions, tasks with their facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from agencies.importing.agreements import Agreement, agreements
from agencies.importing.differences import Count, Difference, FieldChange, What, columns_of, field_changes, new_fields
from agencies.importing.position_plans import Part, Plan
from agencies.importing.position_rows import COLUMNS
from agencies.models import Agency, Position, Task, TaskProfile, Unit

_AGENCY: Final = columns_of(COLUMNS, "agency")
_UNIT: Final = columns_of(COLUMNS, "unit")
_POSITION: Final = columns_of(COLUMNS, "position") | {"agency": "agency_code", "unit": "unit_code"}
_TASK: Final = columns_of(COLUMNS, "task")
_FACTS: Final = columns_of(COLUMNS, "facts")


def differences(plan: Plan) -> Iterator[Difference]:
    """Every thing that the table tells of, and what becomes of it."""
    yield from _agencies(plan)
    yield from _units(plan)
    yield from _positions(plan)
    yield from _tasks(plan)


def counts(plan: Plan) -> dict[str, Count]:
    """How many rows of each kind are created, changed and left alone."""
    parts: Mapping[str, Part[Agency] | Part[Unit] | Part[Position] | Part[Task] | Part[TaskProfile]] = {
        "agencies": plan.agencies,
        "units": plan.units,
        "positions": plan.positions,
        "tasks": plan.tasks,
        "profiles": plan.profiles,
    }
    return {name: Count(len(part.created), part.changes, part.unchanged) for name, part in parts.items()}


def _agencies(plan: Plan) -> Iterator[Difference]:
    for what, agency, before in plan.agencies.each():
        told = plan.table.agencies[agency.code]
        fields = field_changes(_AGENCY, before, agency) or _new(what, _AGENCY, agency)
        yield Difference(what, told.row, "agency", f"{agency.code} · {agency.name}", fields)


def _units(plan: Plan) -> Iterator[Difference]:
    for what, unit, before in plan.units.each():
        told = plan.table.units[unit.agency.code, unit.code]
        fields = field_changes(_UNIT, before, unit) or _new(what, _UNIT, unit)
        yield Difference(what, told.row, "unit", f"{unit.agency.code}/{unit.code} · {unit.name}", fields)


def _positions(plan: Plan) -> Iterator[Difference]:
    for what, position, before in plan.positions.each():
        told = plan.table.positions[position.code]
        fields = field_changes(_POSITION, before, position) or _new(what, _POSITION, position)
        yield Difference(what, told.row, "position", f"{position.code} · {position}", fields)


def _tasks(plan: Plan) -> Iterator[Difference]:
    agreed = agreements(plan.profiles)
    for what, task, before in plan.tasks.each():
        told = plan.table.positions[task.position.code]
        row = told.tasks[task.number].row if task.number in told.tasks else told.row
        facts = plan.profiles.before.get(task.pk, {}) if what is not What.CREATED else {}
        told_facts = field_changes(_FACTS, facts, task.profile)
        if task.pk in agreed:
            told_facts = tuple(_marked(one, name, agreed[task.pk]) for one, name in zip(told_facts, facts, strict=True))
        fields = field_changes(_TASK, before, task) + told_facts
        what = What.CHANGED if fields else what
        if what is What.CREATED:
            fields = _new(what, _TASK, task) + _new(what, _FACTS, task.profile)
        yield Difference(what, row, "task", f"{task.position.code}/{task.number} · {task.title}", fields)


def _marked(change: FieldChange, name: str, agreed: Mapping[str, Agreement]) -> FieldChange:
    """A change of a fact, with the agreement on what stands recorded, if there is one."""
    one = agreed.get(name)
    return change._replace(agreed=one.day.isoformat(), by_reviewers=one.by_reviewers) if one else change


def _new(what: What, columns: Mapping[str, str], row: object) -> tuple[FieldChange, ...]:
    """What is known of a new row; nothing of one that is there."""
    if what is not What.CREATED:
        return ()
    return new_fields(columns, ((name, getattr(row, name, None)) for name in columns))
