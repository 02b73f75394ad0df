"""Compares what a table tells of employees with what is recorded: what to add, what to supersede, what does not fit.

Reads the database and writes nothing; `employee_writing` carries a plan out. A recorded version is never
changed: another value for the same day supersedes it, another day adds a version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from agencies.grades import GRADES
from agencies.importing.employee_postings import plan_postings
from agencies.importing.employee_rows import COLUMN_OF, COLUMNS, People, ToldEmployee, ToldVersion
from agencies.importing.employee_versions import Places, Recorded, Version, Versions, places_of, recorded
from agencies.importing.tables import Told
from agencies.masking import masked_nip
from agencies.models import Employment, Institution
from agencies.nip import WITH_MONTH, NipFault, parse_nip

_DEFAULTS: Final[Told] = {"grade": "", "standing": Employment.Standing.ACTIVE.value, "sk_number": ""}


@dataclass(slots=True)
class Plan:
    """What an import would do. Errors are in `people`."""

    people: People
    keys: dict[str, int]
    """The keys of the employees who are recorded already, by number."""
    names: dict[str, str]
    """Their names as recorded now, by number."""
    created: list[tuple[str, str, str]] = field(default_factory=list)
    """Number, name and residence of each new employee."""
    changed: list[tuple[int, str, str]] = field(default_factory=list)
    """Key, name and residence of each employee who has another name or residence now."""
    before: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Name and residence that stood in the file of each of those, by key."""
    same: list[str] = field(default_factory=list)
    """Numbers of the employees whose name and residence stay."""
    employments: Versions = field(default_factory=Versions)
    postings: Versions = field(default_factory=Versions)
    predicates: Versions = field(default_factory=Versions)

    @property
    def empty(self) -> bool:
        """Whether everything told is recorded already."""
        versions = (self.employments, self.postings, self.predicates)
        return not (self.created or self.changed or any(one.created for one in versions))


def planned(institution: Institution, people: People) -> Plan:
    """The plan for what a table tells; further errors are added to the table."""
    known = recorded(institution, people.employees)
    keys = {nip: employee[0] for nip, employee in known.employees.items()}
    plan = Plan(people, keys, {nip: employee[1] for nip, employee in known.employees.items()})
    places = places_of(institution, {code for told in people.employees.values() for code, _first in told.postings})
    for nip, told in people.employees.items():
        _plan_employee(plan, nip, told, known, places)
    return plan


def _plan_employee(plan: Plan, nip: str, told: ToldEmployee, known: Recorded, places: Places) -> None:
    employee = known.employees.get(nip)
    key = None if employee is None else employee[0]
    if employee is None:
        _plan_new(plan, nip, told)
    else:
        _plan_changed(plan, nip, told, employee)
    employments = known.of("employments", key)
    if told.employments or key is None:
        _plan_employments(plan, nip, told, employments)
    if told.postings:
        plan_postings(plan.people, plan.postings, nip, told, known.of("postings", key), places)
    if told.predicates:
        _plan_predicates(plan, nip, told, known.of("predicates", key))


def _plan_new(plan: Plan, nip: str, told: ToldEmployee) -> None:
    name = told.values.get("name")
    if not name:
        _missing(plan.people, told.row, "name")
    plan.created.append((nip, name or "", told.values.get("residence", "")))


def _plan_changed(plan: Plan, nip: str, told: ToldEmployee, employee: tuple[int, str, str]) -> None:
    key, name, residence = employee
    now = (key, told.values.get("name", name), told.values.get("residence", residence))
    if now == employee:
        plan.same.append(nip)
    else:
        plan.changed.append(now)
        plan.before[key] = (name, residence)


def _plan_employments(plan: Plan, nip: str, told: ToldEmployee, known: Iterable[Version]) -> None:
    by_day = {version.starts: version for version in known}
    if not by_day and not any(day for day in told.employments):
        row = next(iter(told.employments.values())).row if told.employments else told.row
        _missing(plan.people, row, "employment_from")
        return
    for day in sorted(day for day in told.employments if day is not None):
        _plan_employment(plan, nip, told.employments[day], day, by_day)
    undated = told.employments.get(None)
    if undated is not None and by_day:
        latest = by_day[max(by_day)]
        _refuse_undated(plan.people, undated, latest)
        if latest.key is not None:
            plan.employments.same.append((nip, undated.row, latest))


def _plan_employment(plan: Plan, nip: str, told: ToldVersion, day: date, by_day: dict[date, Version]) -> None:
    same = by_day.get(day)
    before = [first for first in by_day if first < day]
    base: Mapping[str, Any] = {}
    if same is not None:
        base = same.values
    elif before:
        base = {**by_day[max(before)].values, "sk_number": ""}  # another day is another SK
    values = {**_DEFAULTS, **plan.people.for_new.get("employment", {}), **base, **told.values}
    if "kind" not in values:
        _missing(plan.people, told.row, "kind")
        return
    _check_kind(plan.people, nip, told, values)
    by_day[day] = plan.employments.put(nip, same, values, row=told.row, starts=day)


def _check_kind(people: People, nip: str, told: ToldVersion, values: Told) -> None:
    """Number and golongan are those of the kind of employee."""
    kind, grade = values["kind"], values["grade"]
    if grade and grade not in GRADES[kind]:
        message = _("This kind of employee has golongan %(first)s to %(last)s; correct %(grade)s or %(kind)s.")
        at_fault = next((name for name in ("grade", "kind") if name in told.values), "grade")
        words = {"first": GRADES[kind][0], "last": GRADES[kind][-1]}
        people.wrong(told.row_of(at_fault), at_fault, values[at_fault], message, words)
    if kind in WITH_MONTH and not "01" <= nip[12:14] <= "12":  # the rest of the number was checked when it was read
        try:
            parse_nip(nip, kind)
        except NipFault as fault:
            people.wrong(told.row, "nip", masked_nip(nip), _(fault.message), fault.words)


def _plan_predicates(plan: Plan, nip: str, told: ToldEmployee, known: Iterable[Version]) -> None:
    by_period = {(version.starts, version.ends): version for version in known}
    for period, one in told.predicates.items():
        before = by_period.get(period)
        plan.predicates.put(nip, before, one.values, row=one.row, starts=period[0], ends=period[1])


def _refuse_undated(people: People, told: ToldVersion, recorded: Version) -> None:
    """A row without a first day may only repeat what is recorded: a new value needs the day it holds from."""
    for of, value in told.values.items():
        before = recorded.values[of]
        if before != value:
            column = COLUMNS[COLUMN_OF["employment", of]]
            message = _(
                "Since %(day)s “%(before)s” is recorded. Fill %(employment_from)s: that day if this is a correction,"
                " else the day from which the new value holds."
            )
            words = {"day": recorded.starts, "before": before or "-"}
            people.wrong(told.row_of(of), column.name, column.shown(str(value)), message, words)


def _missing(people: People, row: int, column: str) -> None:
    if not people.is_wrong(row, column):
        people.wrong(row, column, "", _("Nothing is recorded here yet; fill this cell."))
