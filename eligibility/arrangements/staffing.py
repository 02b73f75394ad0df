"""Who works in which agency, unit and service, and by which granted arrangements: what shares are counted against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from agencies.models import Agency, Employment, HolderTask, Institution, NonAsnStaff, Position, Posting, Task, Unit
from agencies.prepared import prepared
from eligibility.arrangements.granted import Granted, Whose, granted
from eligibility.arrangements.matters import AGENCY, INSTITUTION, UNIT, Usage
from eligibility.arrangements.spans import Days, day_after

Picks = Callable[[Granted], bool]
"""Whether a granted arrangement is counted for a request."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to be read: for positions asked about, the kinds of groups and the services that are counted."""

    positions: Sequence[Position]
    kinds: frozenset[str]
    services: frozenset[int]
    employees: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Serving:
    """A task that serves a service: in which position, by which holders alone (None: all), until when."""

    position: int
    holders: frozenset[int] | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class _Filled:
    """The filled places (bezetting) of a position, None where nobody has counted them, and when it is closed."""

    count: int | None
    closed_on: date | None

    def is_open(self, on: date) -> bool:
        """Whether the position is there on the day."""
        return self.closed_on is None or self.closed_on > on


@dataclass(frozen=True)
class Structure:
    """Agencies of an institution with those above them, and where positions and services lie."""

    institution: Institution
    agencies: Mapping[int, Agency]
    units: Mapping[int, str]
    """Names of the units of the positions asked about."""

    def top(self, agency: int) -> Agency:
        """The perangkat daerah at the top above the agency, or itself."""
        found = self.agencies[agency]
        passed = {found.pk}
        while found.parent_id is not None and found.parent_id not in passed:
            found = self.agencies[found.parent_id]
            passed.add(found.pk)
        return found

    def subtree(self, top: int) -> frozenset[int]:
        """The agencies of which it is at the top."""
        return self._below.get(top, frozenset({top}))

    @cached_property
    def _below(self) -> Mapping[int, frozenset[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for key in self.agencies:
            found[self.top(key).pk].add(key)
        return {key: frozenset(keys) for key, keys in found.items()}

    @classmethod
    def of(cls, institution: Institution, positions: Sequence[Position]) -> Structure:
        """Read it: two reads."""
        units = _unit_names(sorted({p.unit_id for p in positions if p.unit_id}))
        return cls(institution, {agency.pk: agency for agency in _agencies(institution.pk)}, dict(units))


@prepared
def _agencies(institution: int) -> QuerySet[Agency]:
    return Agency.objects.filter(institution_id=institution).order_by("pk")


@prepared
def _unit_names(units: Sequence[int]) -> QuerySet[Any, tuple[int, str]]:
    return Unit.objects.filter(pk__in=units).order_by().values_list("pk", "name")


@dataclass(frozen=True, slots=True)
class GroupKey:
    """Which group: its kind and what it is of; `agency_alone` for one without a unit."""

    kind: str
    name: str
    agencies: frozenset[int] | None
    """None: all agencies of the institution."""
    unit: int | None = None

    def takes_in(self, place: tuple[int, int | None]) -> bool:
        """Whether a position with that agency and unit belongs to it."""
        agency, unit = place
        return (self.agencies is None or agency in self.agencies) and self.unit in (None, unit)


def group_of(kind: str, position: Position, structure: Structure) -> GroupKey:
    """The group of a kind that the position lies in: without a unit that of its agency alone."""
    if kind == INSTITUTION:
        return GroupKey(kind, structure.institution.name, None)
    if kind == AGENCY:
        top = structure.top(position.agency_id)
        return GroupKey(kind, top.name, structure.subtree(top.pk))
    own = frozenset({position.agency_id})
    if position.unit_id is None:
        return GroupKey(UNIT, structure.agencies[position.agency_id].name, own)
    return GroupKey(UNIT, structure.units[position.unit_id], own, position.unit_id)


@dataclass(frozen=True)
class Staffing:
    """Who holds which position, is active, and works by which granted arrangement, in the period; read once."""

    places: Mapping[int, tuple[int, int | None]]
    """Agency and unit of each position."""
    postings: Mapping[int, Sequence[tuple[int, Days]]]
    employments: Mapping[int, Sequence[tuple[date, bool]]]
    """From which day each employee is, or is not, active; in their order."""
    granted: Sequence[Granted]
    serving: Mapping[int, Sequence[_Serving]]
    counts: Mapping[tuple[int, int | None], Sequence[tuple[date, int]]]
    """Non-ASN staff by agency and unit (None: the agency as a whole), in the order of the counts."""
    filled: Mapping[int, _Filled]
    """The filled places of positions that serve services."""
    _positions: dict[GroupKey, frozenset[int]] = field(default_factory=dict)
    _in_group: dict[GroupKey, Sequence[Granted]] = field(default_factory=dict)
    _servers: dict[tuple[int, date], frozenset[int]] = field(default_factory=dict)
    _left: dict[GroupKey | int, frozenset[date]] = field(default_factory=dict)

    @classmethod
    def of(cls, structure: Structure, needs: Needs, period: Days, known_at: datetime) -> Staffing:
        """Read what is needed: in as many reads for one request as for many."""
        serving = _serving(needs.services, known_at)
        in_services = {one.position for tasks in serving.values() for one in tasks}
        places, filled = _places(structure, needs, in_services)
        postings = _postings(structure.institution, needs, places, period, known_at)
        people = {employee for holders in postings.values() for employee, _days in holders}
        return cls(
            places=places,
            postings=postings,
            employments=_employments(people, known_at),
            granted=_granted(structure, needs, in_services, period, known_at),
            serving=serving,
            counts=_counts(structure.institution, known_at),
            filled=filled,
        )

    def positions_in(self, group: GroupKey) -> frozenset[int]:
        """The positions of a group."""
        if group not in self._positions:
            self._positions[group] = frozenset(key for key, place in self.places.items() if group.takes_in(place))
        return self._positions[group]

    def people(self, positions: Iterable[int], on: date) -> frozenset[int]:
        """Who holds one of the positions definitively on the day and is known to be active, each once."""
        return frozenset(
            employee
            for position in positions
            for employee, days in self.postings.get(position, ())
            if days.holds(on) and self.is_active(employee, on)
        )

    def days_of_leaving(self, counted: GroupKey | int) -> frozenset[date]:
        """The days from which fewer people may be counted in a group, or for a service by its key.

        Only those matter: where more are counted later, the day before has been too few already.
        """
        if counted not in self._left:
            self._left[counted] = frozenset(self._days_of_leaving(counted))
        return self._left[counted]

    def _days_of_leaving(self, counted: GroupKey | int) -> Iterator[date]:
        serving = self.serving.get(counted, ()) if isinstance(counted, int) else ()
        positions = {one.position for one in serving} if isinstance(counted, int) else self.positions_in(counted)
        for employee, days in (holder for key in positions for holder in self.postings.get(key, ())):
            yield from day_after(days.last if days.last < date.max else None)
            yield from (since for since, active in self.employments.get(employee, ()) if not active)
        closing = [one.closed_on for one in serving]
        closing += [self.filled[key].closed_on for key in positions if key in self.filled]
        yield from (day for day in closing if day is not None)
        yield from (day for told in self.counts.values() for day, _count in told)

    def is_active(self, employee: int, on: date) -> bool:
        """Whether the employee is known to be active on the day."""
        active = False
        for since, truth in self.employments.get(employee, ()):
            active = truth if since <= on else active
        return active

    def serve(self, service: int, on: date) -> frozenset[int]:
        """Who serves a public service on the day: active holders of positions with a task of theirs that does."""
        if (service, on) not in self._servers:
            self._servers[service, on] = self.serve_from(service, self.places, on)
        return self._servers[service, on]

    def serve_from(self, service: int, positions: Collection[int], on: date) -> frozenset[int]:
        """Those of them who serve it by a task of one of the positions."""
        found = (self._holders(task, on) for task in self._serving_on(service, on) if task.position in positions)
        return frozenset().union(*found)

    def unnamed(self, service: int, on: date) -> Mapping[int, int | None]:
        """Who serves it on the day and is named nowhere: by position the filled places of those without a holder.

        None: nobody has counted them, so that there may be somebody. Who is named is counted herself, active or not.
        """
        serving = dict.fromkeys(task.position for task in self._serving_on(service, on))
        filled = {key: self.filled[key] for key in serving if key in self.filled and not self._is_held(key, on)}
        return {key: places.count for key, places in filled.items() if places.is_open(on)}

    def _is_held(self, position: int, on: date) -> bool:
        return any(days.holds(on) for _employee, days in self.postings.get(position, ()))

    def _serving_on(self, service: int, on: date) -> list[_Serving]:
        return [one for one in self.serving.get(service, ()) if one.closed_on is None or one.closed_on > on]

    def without(self, arrangements: Collection[int]) -> Staffing:
        """The same if the granted arrangements of those keys were not lived by."""
        kept = [one for one in self.granted if one.usage.key not in arrangements]
        return replace(self, granted=kept, _in_group={})

    def _holders(self, task: _Serving, on: date) -> frozenset[int]:
        holders = self.people([task.position], on)
        return holders if task.holders is None else holders & task.holders

    def non_asn(self, agency: int, unit: int | None, on: date) -> int:
        """How many people who are no civil servants were counted there last by the day; 0 while nobody has counted."""
        told = [count for day, count in self.counts.get((agency, unit), ()) if day <= on]
        return told[-1] if told else 0

    def non_asn_in(self, group: GroupKey, on: date) -> int:
        """The same for a group: an agency's count as a whole, where there is one, else those of its units."""
        keys = {agency for agency, _unit in self.counts if group.agencies is None or agency in group.agencies}
        if group.unit is not None:
            return sum(self.non_asn(agency, group.unit, on) for agency in keys)
        return sum(self._non_asn_of_agency(agency, on) for agency in keys)

    def _non_asn_of_agency(self, agency: int, on: date) -> int:
        if any(day <= on for day, _count in self.counts.get((agency, None), ())):
            return self.non_asn(agency, None, on)
        return sum(self.non_asn(agency, unit, on) for of, unit in self.counts if of == agency)

    def usages_in(self, group: GroupKey, picks: Picks) -> tuple[Usage, ...]:
        """The granted arrangements in the positions of a group that are picked."""
        if group not in self._in_group:
            positions = self.positions_in(group)
            self._in_group[group] = [one for one in self.granted if one.position in positions]
        return tuple(one.usage for one in self._in_group[group] if picks(one))

    def usages_of(self, employees: Collection[int], picks: Picks) -> tuple[Usage, ...]:
        """The granted arrangements of the employees that are picked."""
        found = (one for employee in sorted(employees) for one in self._by_employee.get(employee, ()))
        return tuple(one.usage for one in found if picks(one))

    @cached_property
    def _by_employee(self) -> Mapping[int, Sequence[Granted]]:
        found: dict[int, list[Granted]] = defaultdict(list)
        for one in self.granted:
            found[one.usage.employee].append(one)
        return found


def _serving(services: Collection[int], known_at: datetime) -> dict[int, list[_Serving]]:
    if not services:
        return {}
    own: dict[int, set[int]] = defaultdict(set)
    for task, employee in _holders_of_serving(services, known_at):
        own[task].add(employee)
    found: dict[int, list[_Serving]] = defaultdict(list)
    for service, task, position, closed_on in _links(services):
        found[service].append(_Serving(position, frozenset(own[task]) if task in own else None, closed_on))
    return found


@prepared
def _holders_of_serving(services: Collection[int], known_at: datetime) -> QuerySet[Any, tuple[int, int]]:
    rows = HolderTask.objects.known(known_at).filter(task__services__in=services).order_by()
    return rows.values_list("task_id", "employee_id")


@prepared
def _links(services: Collection[int]) -> QuerySet[Any, tuple[int, int, int, date | None]]:
    links = Task.services.through.objects.filter(publicservice__in=services).order_by("pk")
    return links.values_list("publicservice_id", "task_id", "task__position_id", "task__closed_on")


def _agencies_needed(structure: Structure, needs: Needs) -> set[int]:
    if INSTITUTION in needs.kinds:
        return set(structure.agencies)
    found: set[int] = set()
    for position in needs.positions:
        if UNIT in needs.kinds:
            found.add(position.agency_id)
        if AGENCY in needs.kinds:
            found |= structure.subtree(structure.top(position.agency_id).pk)
    return found


def _places(
    structure: Structure, needs: Needs, in_services: Collection[int]
) -> tuple[dict[int, tuple[int, int | None]], dict[int, _Filled]]:
    """Where the positions lie, and of those that serve services the filled places: one read."""
    agencies = _agencies_needed(structure, needs)
    rows = Position.objects.filter(Q(agency__in=agencies) | Q(pk__in=in_services)).order_by()
    places: dict[int, tuple[int, int | None]] = {}
    filled: dict[int, _Filled] = {}
    for key, agency, unit, count, closed_on in rows.values_list("pk", "agency_id", "unit_id", "filled", "closed_on"):
        places[key] = (agency, unit)
        if key in in_services:
            filled[key] = _Filled(count, closed_on)
    return places, filled


def _postings(
    institution: Institution, needs: Needs, places: Collection[int], period: Days, known_at: datetime
) -> dict[int, list[tuple[int, Days]]]:
    """Definitive postings alone: who stands in elsewhere is staff of her own office."""
    rows = Posting.objects.known(known_at).filter(
        Q(effective_until__isnull=True) | Q(effective_until__gte=period.first),
        capacity=Posting.Capacity.DEFINITIVE,
        effective_from__lte=period.last,
        position__institution=institution,
    )
    rows = rows if INSTITUTION in needs.kinds else rows.filter(position__in=places)
    found: dict[int, list[tuple[int, Days]]] = defaultdict(list)
    columns = ("position_id", "employee_id", "effective_from", "effective_until")
    for position, employee, first, last in rows.order_by().values_list(*columns):
        found[position].append((employee, Days(first, last or date.max)))
    return found


def _employments(people: Collection[int], known_at: datetime) -> dict[int, list[tuple[date, bool]]]:
    rows = Employment.objects.known(known_at).filter(employee__in=people)
    found: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    ordered = rows.order_by("effective_from", "recorded_at", "pk")
    for employee, since, standing in ordered.values_list("employee_id", "effective_from", "standing"):
        found[employee].append((since, standing == Employment.Standing.ACTIVE))
    return found


def _granted(
    structure: Structure, needs: Needs, in_services: Collection[int], period: Days, known_at: datetime
) -> list[Granted]:
    agencies = None if INSTITUTION in needs.kinds else frozenset(_agencies_needed(structure, needs))
    return granted(Whose(structure.institution.pk, agencies, frozenset(in_services), needs.employees), period, known_at)


def _counts(institution: Institution, known_at: datetime) -> dict[tuple[int, int | None], list[tuple[date, int]]]:
    found: dict[tuple[int, int | None], list[tuple[date, int]]] = defaultdict(list)
    for agency, unit, counted_on, count in _counted(institution.pk, known_at):
        found[agency, unit].append((counted_on, count))
    return found


@prepared
def _counted(institution: int, known_at: datetime) -> QuerySet[Any, tuple[int, int | None, date, int]]:
    rows = NonAsnStaff.objects.known(known_at).filter(agency__institution_id=institution)
    return rows.order_by("counted_on", "pk").values_list("agency_id", "unit_id", "counted_on", "count")
