"""The facts of a person that gates read, on any day, as known at a moment; read for many employees at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final, TypeVar

from django.db.models import QuerySet

from agencies.facts import FACTS, FactValue
from agencies.models import (
    AdditionalTask,
    DisciplineGate,
    Employment,
    HolderTask,
    Institution,
    Posting,
    Predicate,
    SpecialCircumstance,
    Versioned,
)
from agencies.months import full_months, months_after
from agencies.prepared import Prepared, prepared
from eligibility.loading import settings_in_force
from eligibility.local_settings import SettingsInForce

KIND: Final = "employee.kind"
DISCIPLINE: Final = "employee.discipline"
MONTHS: Final = "employee.months_in_position"
CIRCUMSTANCES: Final = "employee.special_circumstances"
PREDICATE: Final = "employee.predicate"

_Row = TypeVar("_Row", bound=Versioned)


@dataclass(frozen=True)
class PersonFile:
    """What was known of one employee at a moment, all days; rows in the order in which they begin."""

    employments: tuple[Employment, ...] = ()
    postings: tuple[Posting, ...] = ()
    gates: tuple[DisciplineGate, ...] = ()
    circumstances: tuple[SpecialCircumstance, ...] = ()
    predicates: tuple[Predicate, ...] = ()
    additional_tasks: tuple[AdditionalTask, ...] = ()
    own_tasks: frozenset[int] = frozenset()
    """Keys of the tasks that are hers and not everybody's."""

    def facts(self, on: date, settings: SettingsInForce) -> dict[str, FactValue | None]:
        """Her facts on a day; `settings` are those of her institution on that day."""
        predicate = self._predicate(on)
        employment = self.employment(on)
        return {
            KIND: employment.kind if employment else FACTS[KIND].missing,
            DISCIPLINE: self._discipline(on, settings.number("light_discipline_days")),
            MONTHS: self._months(on, settings.members("new_posting_reasons")),
            CIRCUMSTANCES: self._special(on),
            PREDICATE: predicate.predicate if predicate else FACTS[PREDICATE].missing,
        }

    def employment(self, on: date) -> Employment | None:
        """The employment that holds on the day: the latest begun by then."""
        begun = [row for row in self.employments if row.effective_from <= on]
        return max(begun, key=lambda row: (row.effective_from, row.recorded_at, row.pk), default=None)

    def is_active(self, on: date) -> bool | None:
        """Whether her kedudukan hukum is active on the day; None while nothing is recorded."""
        employment = self.employment(on)
        return None if employment is None else employment.standing == Employment.Standing.ACTIVE

    def holds(self, position: int, on: date) -> bool:
        """Whether she holds the position on the day, in any capacity."""
        return any(row.position_id == position and _runs(row, on) for row in self.postings)

    def tasks_on(self, on: date) -> tuple[AdditionalTask, ...]:
        """Her additional tasks on the day."""
        return tuple(row for row in self.additional_tasks if _within(row.starts_on, row.ends_on, on))

    def since(self, on: date, new: Collection[str]) -> date | None:
        """From which day she counts as holding her position: her newest definitive posting for a reason of `new`."""
        days = [row.effective_from for row in self.postings if row.effective_from <= on and _makes_new(row, new)]
        return max(days, default=None)

    def _months(self, on: date, new: Collection[str]) -> Decimal | None:
        since = self.since(on, new)
        return None if since is None else Decimal(full_months(since, on))

    def _discipline(self, on: date, light_days: int | None) -> FactValue | None:
        """Nothing recorded by BKPSDM is known to be no punishment; a light one of unknown length is unknown."""
        truths = {_undergone(row, on, light_days) for row in self.gates}
        return True if True in truths else None if None in truths else FACTS[DISCIPLINE].missing

    def _special(self, on: date) -> FactValue | None:
        verified = any(_within(row.starts_on, row.ends_on, on) for row in self.circumstances)
        return verified or FACTS[CIRCUMSTANCES].missing

    def _predicate(self, on: date) -> Predicate | None:
        ended = [row for row in self.predicates if row.period_ends_on <= on]
        return max(ended, key=lambda row: (row.period_ends_on, row.recorded_at, row.pk), default=None)

    def days_of_change(
        self, first: date, last: date, settings: SettingsInForce, months: Iterable[int] = ()
    ) -> set[date]:
        """The days after `first` and up to `last` from which something of her may be otherwise.

        `months` are the months in a position that some rule draws a line at.
        """
        days = {row.effective_from for row in self.employments}
        days |= {row.period_ends_on for row in self.predicates}
        for row in self.postings:
            days |= _ends_of(row.effective_from, row.effective_until)
        spells: list[DisciplineGate | SpecialCircumstance | AdditionalTask] = [*self.gates, *self.circumstances]
        for spell in (*spells, *self.additional_tasks):
            days |= _ends_of(spell.starts_on, spell.ends_on)
        days |= self._ends_of_light_gates(settings.number("light_discipline_days"))
        new = settings.members("new_posting_reasons")
        since = [row.effective_from for row in self.postings if _makes_new(row, new)]
        days |= {months_after(day, count) for day in since for count in months}
        return {day for day in days if first < day <= last}

    def _ends_of_light_gates(self, light_days: int | None) -> set[date]:
        open_ended = (row for row in self.gates if _has_no_end_and_is_light(row))
        return {row.starts_on + timedelta(days=light_days) for row in open_ended} if light_days else set()


def _within(first: date, last: date | None, on: date) -> bool:
    """Whether a spell includes the day; a null last day is no end."""
    return first <= on and (last is None or on <= last)


def _ends_of(first: date, last: date | None) -> set[date]:
    """The day on which a spell begins, and the first day on which it is over."""
    return {first} if last is None else {first, last + timedelta(days=1)}


def _runs(row: Posting, on: date) -> bool:
    return _within(row.effective_from, row.effective_until, on)


def _makes_new(row: Posting, new: Collection[str]) -> bool:
    return row.capacity == Posting.Capacity.DEFINITIVE and row.reason in new


def _has_no_end_and_is_light(row: DisciplineGate) -> bool:
    return row.kind == DisciplineGate.Kind.LIGHT and row.ends_on is None


def _undergone(row: DisciplineGate, on: date, light_days: int | None) -> bool | None:
    """Whether the punishment or process runs on the day.

    PP 94/2021 gives a light punishment no duration: the setting does; while nobody has set it, it is unknown.
    """
    if not _within(row.starts_on, row.ends_on, on):
        return False
    if not _has_no_end_and_is_light(row):
        return True
    return None if light_days is None else on < row.starts_on + timedelta(days=light_days)


def person_files(employees: Collection[int], known_at: datetime) -> dict[int, PersonFile]:
    """The file of each of the employees, by key, as known at the moment: seven reads for any number of them."""
    own: dict[int, set[int]] = {}
    for employee, task in _own_tasks(employees, known_at):
        own.setdefault(employee, set()).add(task)
    employments = _rows(Employment, employees, known_at)
    postings = _rows(Posting, employees, known_at)
    gates = _rows(DisciplineGate, employees, known_at)
    circumstances = _rows(SpecialCircumstance, employees, known_at)
    predicates = _rows(Predicate, employees, known_at)
    additional = _rows(AdditionalTask, employees, known_at)
    return {
        key: PersonFile(
            employments=employments.get(key, ()),
            postings=postings.get(key, ()),
            gates=gates.get(key, ()),
            circumstances=circumstances.get(key, ()),
            predicates=predicates.get(key, ()),
            additional_tasks=additional.get(key, ()),
            own_tasks=frozenset(own.get(key, ())),
        )
        for key in employees
    }


def _rows(model: type[_Row], employees: Collection[int], known_at: datetime) -> Mapping[int, tuple[_Row, ...]]:
    found: dict[int, list[_Row]] = {}
    for row in _rows_of(model)(employees, known_at):
        found.setdefault(row.employee_id, []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


@cache
def _rows_of(model: type[Versioned]) -> Prepared[Any]:
    def build(employees: Collection[int], known_at: datetime) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.known(known_at).filter(employee__in=employees)
        return rows

    return Prepared(build)


@prepared
def _own_tasks(employees: Collection[int], known_at: datetime) -> QuerySet[Any, tuple[int, int]]:
    held = HolderTask.objects.known(known_at).filter(employee__in=employees).order_by()
    return held.values_list("employee_id", "task_id")


def person_facts(
    institution: Institution, employees: Collection[int], on: date, known_at: datetime
) -> dict[int, dict[str, FactValue | None]]:
    """The facts of each of the employees of the institution on a day, by key, as known at the moment."""
    settings = settings_in_force(institution, on, known_at)
    return {key: file.facts(on, settings) for key, file in person_files(employees, known_at).items()}
