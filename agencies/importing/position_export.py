"""Agencies, units, positions and tasks as recorded now, in the rows that the import reads: importing them is idle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from django.db.models import Q

from agencies.importing.differences import as_cell, columns_of
from agencies.importing.position_rows import COLUMNS
from agencies.models import Agency, Institution, Task, Unit
from agencies.querysets import open_on

Row = dict[str, str]
_AGENCY: Final = columns_of(COLUMNS, "agency")
_UNIT: Final = columns_of(COLUMNS, "unit")
_POSITION: Final = columns_of(COLUMNS, "position")
_TASK: Final = {field: name for field, name in columns_of(COLUMNS, "task").items() if field != "exposure_reason"}
_FACTS: Final = columns_of(COLUMNS, "facts")


def recorded(institution: Institution, on: date) -> Iterator[Row]:
    """A row for each task that counts on the day, then one for each agency and unit that has none."""
    agencies = {one.pk: _row(_AGENCY, one) for one in _agencies(institution, on)}
    units = {one.pk: agencies[one.agency_id] | _row(_UNIT, one) for one in _units(institution, on)}
    shown_agencies: set[int] = set()
    shown_units: set[int | None] = set()
    tasks = Task.objects.filter(open_on(on), _position_open_on(on), position__institution=institution)
    ordered = tasks.select_related("position", "profile").order_by("position__agency__code", "position__code", "number")
    for task in ordered.iterator(chunk_size=2000):
        position = task.position
        shown_agencies.add(position.agency_id)
        shown_units.add(position.unit_id)
        above = units[position.unit_id] if position.unit_id in units else agencies[position.agency_id]
        of_task = _row(_TASK, task) | _row(_FACTS, task.profile)
        yield above | _row(_POSITION, position) | of_task
    yield from (row for key, row in units.items() if key not in shown_units)
    of_units = {unit.agency_id for unit in _units(institution, on)}
    yield from (row for key, row in agencies.items() if key not in shown_agencies | of_units)


def _agencies(institution: Institution, on: date) -> list[Agency]:
    return list(Agency.objects.filter(open_on(on), institution=institution).select_related("parent").order_by("code"))


def _units(institution: Institution, on: date) -> list[Unit]:
    agency = Q(agency__closed_on__isnull=True) | Q(agency__closed_on__gt=on)
    return list(Unit.objects.filter(open_on(on), agency, agency__institution=institution).order_by("agency", "code"))


def _position_open_on(on: date) -> Q:
    """What a position belongs to is not closed before it."""
    return Q(position__closed_on__isnull=True) | Q(position__closed_on__gt=on)


def _row(columns: Mapping[str, str], one: object) -> Row:
    return {name: as_cell(getattr(one, field)) for field, name in columns.items()}
