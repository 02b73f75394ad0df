"""Compares what a table tells with what is recorded: what to create, what to change, what does not fit.

Reads the database and writes nothing; `position_writing` carries a plan out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from agencies.exposure import proposed_exposure
from agencies.fact_records import new_profile
from agencies.facts import POSITION_FACTS, FactValue
from agencies.importing.differences import What
from agencies.importing.position_rows import Table, Told, ToldPosition, ToldTask
from agencies.models import Agency, Basis, Institution, Position, Task, TaskProfile, Unit

M = TypeVar("M", bound=Model)

_AT_A_TIME: Final = 900
"""Codes in one query: databases limit how many values a statement may hold."""
_NAMED_BY: Final[Mapping[type, str]] = {Agency: "agency_code", Unit: "unit_code", Position: "position_code"}
"""The column that names each."""
POSITION_FACT_COLUMNS: Final = frozenset(fact.column for fact in POSITION_FACTS)
"""Columns of a position that rules read."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One fact that gets another value; its subject may not be saved yet."""

    subject: Task | Position
    fact: str
    value: FactValue | None
    basis: Basis
    reason: str = ""


Former = dict[str, object]
"""What stood in the fields of a row that change, by their names."""


@dataclass(slots=True)
class Part(Generic[M]):
    """The rows of one kind: new ones, changed ones by the fields that change, and those that stay.

    `before` holds, by the key of a changed row, what stood in its fields.
    """

    created: list[M] = field(default_factory=list)
    changed: dict[tuple[str, ...], list[M]] = field(default_factory=dict)
    before: dict[int, Former] = field(default_factory=dict)
    same: list[M] = field(default_factory=list)

    def note(self, row: M, before: Former) -> None:
        """Sort an existing row by what changes in it."""
        if before:
            self.changed.setdefault(tuple(sorted(before)), []).append(row)
            self.before[row.pk] = before
        else:
            self.same.append(row)

    def each(self) -> Iterator[tuple[What, M, Former]]:
        """Every row with what becomes of it and what stands in the fields that change."""
        yield from ((What.CREATED, row, {}) for row in self.created)
        yield from ((What.CHANGED, row, self.before[row.pk]) for rows in self.changed.values() for row in rows)
        yield from ((What.UNCHANGED, row, {}) for row in self.same)

    @property
    def unchanged(self) -> int:
        """How many existing rows stay as they are."""
        return len(self.same)

    @property
    def changes(self) -> int:
        """How many existing rows change."""
        return sum(len(rows) for rows in self.changed.values())


@dataclass(slots=True)
class Plan:
    """What an import would do. Errors are in the table."""

    table: Table
    agencies: Part[Agency] = field(default_factory=Part)
    units: Part[Unit] = field(default_factory=Part)
    positions: Part[Position] = field(default_factory=Part)
    tasks: Part[Task] = field(default_factory=Part)
    profiles: Part[TaskProfile] = field(default_factory=Part)
    facts: list[PlannedChange] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether everything told is recorded already."""
        parts = (self.agencies, self.units, self.positions, self.tasks, self.profiles)
        return not self.facts and not any(part.created or part.changed for part in parts)


def planned(institution: Institution, table: Table) -> Plan:
    """The plan for what a table tells; further errors are added to the table."""
    planner = _Planner(institution, table)
    planner.plan_agencies()
    planner.plan_units()
    planner.plan_positions()
    return planner.plan


class _Planner:
    """Holds the rows that exist while the plan is made."""

    def __init__(self, institution: Institution, table: Table) -> None:
        self.institution = institution
        self.table = table
        self.plan = Plan(table)
        by_key = {agency.pk: agency for agency in Agency.objects.filter(institution=institution)}
        for agency in by_key.values():
            agency.parent = by_key.get(agency.parent_id) if agency.parent_id else None
        self.agencies = {agency.code: agency for agency in by_key.values()}
        units = Unit.objects.filter(agency__institution=institution)
        self.units = {(by_key[unit.agency_id].code, unit.code): unit for unit in units}

    # Agencies and units

    def plan_agencies(self) -> None:
        """New agencies first, so that a parent may stand anywhere in the table."""
        new = [code for code in self.table.agencies if code not in self.agencies]
        for code in new:
            told = self.table.agencies[code]
            for name, value in self.table.for_new.get("agency", {}).items():
                told.values.setdefault(name, value)
            for name in ("name", "kind"):
                if told.values.get(name) is None:
                    self._missing(told.row, f"agency_{name}", _("The agency %(code)s is new"), code)
            self.agencies[code] = Agency(institution=self.institution, code=code)
        for code, told in self.table.agencies.items():
            agency = self.agencies[code]
            before = differing(agency, {name: value for name, value in told.values.items() if name != "parent"})
            before |= self._parent(agency, told.row_of("parent"), told.values.get("parent"))
            if agency._state.adding:
                self.plan.agencies.created.append(agency)
            else:
                self.plan.agencies.note(agency, before)
        self._refuse_circles()

    def _parent(self, agency: Agency, row: int, code: str | None) -> Former:
        if code is None:
            return {}
        if code and code not in self.agencies:
            message = _("There is no such agency; add a row for it, or correct the code.")
            self.table.wrong(row, "agency_parent", code, message)
            return {}
        before = differing(agency, {"parent": self.agencies[code] if code else None})
        if before and agency.closed_on is None:
            self._refuse_closed(row, agency.parent, column="agency_parent")
        return before

    def _refuse_circles(self) -> None:
        """A circle is closed by a row that tells a parent; those that tell none are not at fault."""
        for code, told in self.table.agencies.items():
            seen, above = {code}, self.agencies[code].parent
            while above is not None and above.code not in seen:
                seen.add(above.code)
                above = above.parent
            if above is not None and above.code == code and told.values.get("parent"):
                message = _("The agency stands above itself; name another parent, or - for none.")
                self.table.wrong(told.row_of("parent"), "agency_parent", told.values["parent"], message)

    def plan_units(self) -> None:
        """Units belong to their agency by code."""
        for key, told in self.table.units.items():
            unit = self.units.get(key)
            if unit is not None:
                self.plan.units.note(unit, differing(unit, told.values))
                continue
            if told.values.get("name") is None:
                self._missing(told.row, "unit_name", _("The unit %(code)s is new"), key[1])
            unit = Unit(agency=self.agencies[key[0]], code=key[1], **told.values)
            self._refuse_closed(told.row, unit.agency)
            self.units[key] = unit
            self.plan.units.created.append(unit)

    # Positions and tasks

    def plan_positions(self) -> None:
        """Every position told, with the tasks told of it."""
        existing = _existing_positions(self.institution, self.table.positions)
        tasks = _existing_tasks(existing.values())
        services = _services_of(task for of_position in tasks.values() for task in of_position.values())
        for code, told in self.table.positions.items():
            position = existing.get(code)
            if position is None:
                position = self._new_position(code, told)
                of_position: dict[int, Task] = {}
            else:
                of_position = tasks.get(position.pk, {})
                self._changed_position(position, told, of_position)
            self._plan_tasks(position, told, of_position, services)

    def _new_position(self, code: str, told: ToldPosition) -> Position:
        if told.values.get("title") is None:
            self._missing(told.row, "position_title", _("The position %(code)s is new"), code)
        position = Position(institution=self.institution, code=code, **told.values)
        position.agency = self.agencies[told.agency]
        position.unit = self.units[told.agency, told.unit] if told.unit else None
        self._refuse_closed(told.row, position.agency)
        self._refuse_closed(told.row_of("unit"), position.unit)
        self.plan.positions.created.append(position)
        self.plan.facts += [
            PlannedChange(position, f"position.{name}", value, Basis.IMPORTED)
            for name, value in told.values.items()
            if name in POSITION_FACT_COLUMNS and value is not None
        ]
        return position

    def _changed_position(self, position: Position, told: ToldPosition, tasks: dict[int, Task]) -> None:
        named = str(position)
        values = dict(told.values)
        agency = self.agencies[told.agency]
        unit = self.units[told.agency, told.unit] if told.unit else None
        moved = position.agency_id != agency.pk
        # A unit that is not told stays, but not across agencies: units belong to one.
        if moved or (told.unit is not None and position.unit_id != (unit.pk if unit else None)):
            values |= {"agency": agency, "unit": unit}
        before = differing(position, values)
        if position.closed_on is None and {"agency", "unit"} & {*before}:
            self._refuse_closed(told.row, agency)
            self._refuse_closed(told.row_of("unit"), position.unit)
        self.plan.positions.note(position, before)
        self.plan.facts += [
            PlannedChange(position, f"position.{name}", told.values[name], Basis.IMPORTED)
            for name in before
            if name in POSITION_FACT_COLUMNS
        ]
        # A position that nobody has split has one task, named as the position: it follows a new name.
        if list(tasks) == [1] and tasks[1].title == named != str(position):
            told.tasks.setdefault(1, ToldTask(told.row, {}, {})).values.setdefault("title", str(position))

    def _plan_tasks(
        self, position: Position, told: ToldPosition, tasks: dict[int, Task], services: dict[int, list[str]]
    ) -> None:
        told_tasks = told.tasks or ({} if tasks else {1: ToldTask(told.row, {}, {})})
        alone = not tasks and len(told_tasks) == 1
        for number, of_task in told_tasks.items():
            reason = of_task.values.pop("exposure_reason", "")
            task = tasks.get(number)
            if task is None:
                self._refuse_closed(of_task.row, position)
                task = self._new_task(position, number, of_task, alone=alone)
                tasks[number] = task
                self.plan.tasks.created.append(task)
                task.profile = new_profile(task, {})
                self.plan.profiles.created.append(task.profile)
            else:
                self.plan.tasks.note(task, differing(task, of_task.values))
            self._plan_facts(task, of_task, reason, services.get(task.pk, []) if task.pk else [])
        if told_tasks:
            self._check_shares(told, told_tasks, tasks)

    def _new_task(self, position: Position, number: int, told: ToldTask, *, alone: bool) -> Task:
        values: Told = {"share": 100 if alone else None} | told.values
        if values.get("title") is None:
            if number != 1:
                self._missing(told.row, "task_title", _("The task %(code)s is new"), str(number))
            values["title"] = str(position)
        return Task(position=position, number=number, **values)

    def _plan_facts(self, task: Task, told: ToldTask, reason: str, served: list[str]) -> None:
        profile = task.profile
        new = profile._state.adding
        exposure = profile.exposure
        before = differing(profile, told.facts)
        changes = [
            PlannedChange(task, f"task.{name}", told.facts[name], Basis.IMPORTED, reason if name == "exposure" else "")
            for name in before
        ]
        proposed = proposed_exposure(kinds_served(profile, served))
        if "exposure" in before:
            self._check_exposure(told, proposed, reason)
        elif "exposure" not in told.facts and exposure is None and told.facts.get("service_kind"):
            profile.exposure = proposed
            before["exposure"] = None
            changes.append(PlannedChange(task, "task.exposure", proposed, Basis.PROPOSED))
        self.plan.facts += changes
        if not new:
            self.plan.profiles.note(profile, before)

    def _check_exposure(self, told: ToldTask, proposed: str, reason: str) -> None:
        exposure = told.facts["exposure"]
        if exposure not in (None, proposed) and not reason:
            message = _(
                "The services served propose “%(proposed)s”; write that, correct %(service_kind)s, or fill"
                " %(exposure_reason)s."
            )
            self.table.wrong(told.row, "exposure", exposure, message, {"proposed": proposed})

    def _check_shares(self, told: ToldPosition, told_tasks: dict[int, ToldTask], tasks: dict[int, Task]) -> None:
        if not any("share" in one.values for one in told_tasks.values()) and all(task.pk for task in tasks.values()):
            return
        shares = [task.share for task in tasks.values() if task.closed_on is None]
        known = sum(share for share in shares if share is not None)
        fits = known <= 100 - shares.count(None) if None in shares else known == 100
        if not fits:
            told_share = (number for number, one in told_tasks.items() if "share" in one.values)
            named = next(told_share, next(iter(told_tasks)))
            message = _(
                "The shares of this position's tasks add up to %(sum)d percent; make them 100, or write ? where"
                " nobody knows a share."
            )
            self.table.wrong(told_tasks[named].row, "task_share", tasks[named].share, message, {"sum": known})

    def _refuse_closed(self, row: int, above: Agency | Unit | Position | None, column: str = "") -> None:
        """Nothing is put into what is closed, as by the forms; the cell at fault is the one that names it."""
        if above is not None and above.closed_on is not None:
            message = _("“%(above)s” is closed from %(day)s on; open it again first, or name another.")
            words = {"above": above, "day": above.closed_on}
            self.table.wrong(row, column or _NAMED_BY[type(above)], above.code, message, words)

    def _missing(self, row: int, column: str, why: str, code: str) -> None:
        self.table.wrong(row, column, "", f"{why}; {_('fill this cell.')}", {"code": code})


def kinds_served(profile: TaskProfile, served: list[str]) -> list[str]:
    """The kinds of the services a task serves: of the services linked, else the kind its profile names."""
    kind = profile.service_kind
    return served or ([kind] if kind and kind != "none" else [])


def differing(row: Model, values: Told) -> Former:
    """Set what differs and return what stood there."""
    before: Former = {}
    for name, value in values.items():
        former = getattr(row, name)
        if former != value:
            before[name] = former
            setattr(row, name, value)
    return before


def _existing_positions(institution: Institution, codes: Iterable[str]) -> dict[str, Position]:
    rows: dict[str, Position] = {}
    for some in slices(list(codes)):
        rows |= {row.code: row for row in Position.objects.filter(institution=institution, code__in=some)}
    return rows


def _existing_tasks(positions: Iterable[Position]) -> dict[int, dict[int, Task]]:
    """Tasks by number, by the key of their position; each holds that very position, and its profile."""
    by_key = {position.pk: position for position in positions}
    rows: dict[int, dict[int, Task]] = {}
    for some in slices(list(by_key)):
        for task in Task.objects.filter(position__in=some).select_related("profile"):
            task.position = by_key[task.position_id]
            rows.setdefault(task.position_id, {})[task.number] = task
    return rows


def _services_of(tasks: Iterable[Task]) -> dict[int, list[str]]:
    link: Any = Task.services.through
    kinds: dict[int, list[str]] = {}
    for some in slices([task.pk for task in tasks]):
        for task, kind in link.objects.filter(task__in=some).values_list("task", "publicservice__kind"):
            kinds.setdefault(task, []).append(kind)
    return kinds


def slices(values: list[Any]) -> Iterator[list[Any]]:
    """Some values at a time, as many as every database takes in one statement."""
    for start in range(0, len(values), _AT_A_TIME):
        yield values[start : start + _AT_A_TIME]
