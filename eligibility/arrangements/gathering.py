"""Gathers from the database what has to be known to examine requests: for many at once, in as few reads as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from agencies.coverage.needs import RecordedNeeds
from agencies.facts import POSITION_FACTS, TASK_FACTS, FactValue, Level
from agencies.models import AdditionalTask, HolderTask, Institution, Position, PublicService, Task, TaskProfile
from agencies.prepared import prepared
from eligibility.arrangements.granted import Granted
from eligibility.arrangements.matters import SERVICE, Group, Matter, ServiceGroup, SpanGround
from eligibility.arrangements.person_facts import PersonFile, person_files
from eligibility.arrangements.requests import Request
from eligibility.arrangements.segments import AS_IN_FORCE, Judging, Segment, segments_of
from eligibility.arrangements.sites import AskedSite, Sites
from eligibility.arrangements.spans import Days, cut
from eligibility.arrangements.staffing import GroupKey, Needs, Picks, Staffing, Structure, group_of
from eligibility.decisions import JudgedTask
from eligibility.grounds import Ground
from eligibility.models import Arrangement
from eligibility.rulebook import Case, Limit, Mode, Place, Rule, Truth, any_true, reaches_case
from eligibility.texts import typed

ALL: Final = "all"
_TASK_FACTS: Final = {fact.column: fact for fact in TASK_FACTS}
_NOT_IN_IT: Final = frozenset({Level.ARRANGEMENT})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a person in a position, by their keys.

    `key` is that of the arrangement; 0 or below for one that is not stored. `amends` is the granted arrangement
    that it takes the place of. `before`: count only arrangements approved earlier than that moment and key, so
    that of two that are examined again the later approved gives way. `site` is asked where the place of work is
    looked at too, `decided_on` the day of the decision where past days are not granted.
    """

    key: int
    employee: int
    position: int
    request: Request
    amends: int | None = None
    before: tuple[datetime, int] | None = None
    site: AskedSite | None = None
    decided_on: date | None = None

    @property
    def period(self) -> Days:
        """The days asked for."""
        return Days(self.request.starts_on, self.request.ends_on)

    def counts(self, other: Granted) -> bool:
        """Whether a granted arrangement has a day in common and is counted beside this request."""
        usage, request = other.usage, self.request
        if usage.starts_on > request.ends_on or usage.ends_on < request.starts_on:
            return False
        return usage.key not in (self.key, self.amends) and (self.before is None or other.approved < self.before)

    def counts_of_others(self, other: Granted) -> bool:
        """The same, where it is somebody else's."""
        return other.usage.employee != self.employee and self.counts(other)


def asked_of(arrangement: Arrangement, *, asked_on: date) -> Asked:
    """What the arrangement asks for; `asked_on` is the day on which it was, or would be, submitted."""
    request = Request(
        mode=Mode(arrangement.mode),
        place=arrangement.place or None,
        weekdays=frozenset(arrangement.days),
        starts_on=arrangement.starts_on,
        ends_on=arrangement.ends_on,
        asked_on=asked_on,
    )
    return Asked(arrangement.pk, arrangement.employee_id, arrangement.position_id, request, arrangement.amends_id)


def gather(
    institution: Institution, asked: Sequence[Asked], *, known_at: datetime, by: Judging = AS_IN_FORCE
) -> dict[int, Matter]:
    """The matter of each request, by its key, as known at a moment, judged by the rules in force or others.

    The number of reads grows with the days on which law or Penetapan change, not with the number of requests.
    Raises NoLawInForce where no rule is known on a day asked for.
    """
    if not asked:
        return {}
    gathered = _gathered(institution, asked, known_at, by)
    return {one.key: gathered.matter(one) for one in asked}


def _gathered(institution: Institution, asked: Sequence[Asked], known_at: datetime, by: Judging) -> _Gathered:
    window = Days(min(one.period.first for one in asked), max(one.period.last for one in asked))
    by_key = {row.pk: row for row in _positions(sorted({one.position for one in asked}), institution.pk)}
    rows = list(by_key.values())
    segments = segments_of(institution, rows, {one.request.mode for one in asked}, window, known_at, by)
    structure = Structure.of(institution, rows)
    tasks = _PositionTasks.of(by_key, known_at)
    needs = Needs(
        positions=rows,
        kinds=_kinds_needed(segments, asked),
        services=frozenset(tasks.services),
        employees=frozenset(one.employee for one in asked),
    )
    return _Gathered(
        segments=segments,
        positions=by_key,
        structure=structure,
        files=person_files(sorted(needs.employees), known_at),
        tasks=tasks,
        staffing=Staffing.of(structure, needs, window, known_at),
        profiles=_Profiles(),
        sites=Sites.of(one.site for one in asked),
    )


@prepared
def _positions(keys: Collection[int], institution: int) -> QuerySet[Position]:
    return Position.objects.filter(pk__in=keys, institution_id=institution).select_related("agency", "unit")


def _kinds_needed(segments: Iterable[Segment], asked: Sequence[Asked]) -> frozenset[str]:
    """The kinds of groups that some limit counts over, in a mode asked for."""
    found: set[str] = set()
    for segment in segments:
        if any(one.period.meets(segment.days) for one in asked):
            modes = {one.request.mode for one in asked}
            found |= {limit.per for mode in modes for _rule, limit in segment.counting_limits(mode)}
    return frozenset(found)


@dataclass(frozen=True)
class _PositionTasks:
    """The tasks of the positions, whose they are where not everybody's, and the services they serve."""

    by_position: Mapping[int, Sequence[Task]]
    holders: Mapping[int, frozenset[int]]
    services: Mapping[int, PublicService]
    served: Mapping[int, frozenset[int]]
    """Keys of the services of each task."""
    needs: RecordedNeeds

    @classmethod
    def of(cls, positions: Iterable[int], known_at: datetime) -> _PositionTasks:
        """Read them: five reads."""
        by_position: dict[int, list[Task]] = defaultdict(list)
        for task in _tasks(list(positions)):
            by_position[task.position_id].append(task)
        keys = [task.pk for tasks in by_position.values() for task in tasks]
        holders: dict[int, set[int]] = defaultdict(set)
        for key, employee in _holders(keys, known_at):
            holders[key].add(employee)
        served: dict[int, set[int]] = defaultdict(set)
        for key, service in _served(keys):
            served[key].add(service)
        services = _services(sorted(set().union(*served.values())))
        return cls(
            by_position=by_position,
            holders={key: frozenset(found) for key, found in holders.items()},
            services={service.pk: service for service in services},
            served={key: frozenset(found) for key, found in served.items()},
            needs=RecordedNeeds.of([service.pk for service in services], known_at),
        )

    def days_of_change(self, position: int) -> set[date]:
        """The days on which a service that the position serves begins to need other people."""
        return self.needs.days_of_change(self.services_of(position)) if self.needs.weeks else set()

    def services_of(self, position: int) -> set[int]:
        """The keys of the services that tasks of the position serve."""
        return {key for task in self.by_position.get(position, ()) for key in self.served.get(task.pk, ())}

    def of_holder(self, position: int, employee: int, on: date) -> list[Task]:
        """The open tasks of the position that belong to everybody or to her."""
        return [
            task
            for task in self.by_position.get(position, ())
            if _is_open(task.closed_on, on) and employee in self.holders.get(task.pk, {employee})
        ]


@prepared
def _tasks(positions: Collection[int]) -> QuerySet[Task]:
    return Task.objects.filter(position__in=positions).select_related("profile").order_by("number")


@prepared
def _holders(tasks: Collection[int], known_at: datetime) -> QuerySet[Any, tuple[int, int]]:
    held = HolderTask.objects.known(known_at).filter(task__in=tasks).order_by()
    return held.values_list("task_id", "employee_id")


@prepared
def _served(tasks: Collection[int]) -> QuerySet[Any, tuple[int, int]]:
    return Task.services.through.objects.filter(task__in=tasks).values_list("task_id", "publicservice_id")


@prepared
def _services(keys: Collection[int]) -> QuerySet[PublicService]:
    return PublicService.objects.filter(pk__in=keys).order_by("pk")


def _is_open(closed_on: date | None, on: date) -> bool:
    return closed_on is None or closed_on > on


@dataclass
class _Profiles:
    """The rows of tasks of groups in which only those count whom a rule reaches; read when such a rule is met."""

    read: dict[frozenset[int], Mapping[int, Sequence[TaskProfile]]] = field(default_factory=dict)

    def of(self, positions: frozenset[int]) -> Mapping[int, Sequence[TaskProfile]]:
        """The rows of each position."""
        if positions not in self.read:
            found: dict[int, list[TaskProfile]] = defaultdict(list)
            for row in TaskProfile.objects.filter(position__in=positions).order_by("pk"):
                found[row.position_id].append(row)
            self.read[positions] = found
        return self.read[positions]


@dataclass(frozen=True)
class _Gathered:
    """Everything read, for all requests."""

    segments: Sequence[Segment]
    positions: Mapping[int, Position]
    structure: Structure
    files: Mapping[int, PersonFile]
    tasks: _PositionTasks
    staffing: Staffing
    profiles: _Profiles
    sites: Sites
    _staff: dict[tuple[GroupKey, date], int] = field(default_factory=dict)

    def matter(self, asked: Asked) -> Matter:
        """What is known for one request."""
        file, position = self.files[asked.employee], self.positions[asked.position]
        others = self.tasks.days_of_change(position.pk) | self._days_of_leaving(asked, position)
        spans = [
            self._span(asked, position, file, segment, days)
            for segment in self.segments
            for days in _spans_in(segment, asked.period, file, others)
        ]
        own = self.staffing.usages_of({asked.employee}, asked.counts)
        site = self.sites.site(asked.site)
        return Matter(asked.key, asked.employee, asked.request.mode, tuple(spans), own, site, asked.decided_on)

    def _days_of_leaving(self, asked: Asked, position: Position) -> set[date]:
        """The days from which fewer people may be left beside her: who is known to go is not counted upon."""
        segments = [one for one in self.segments if one.days.meets(asked.period)]
        kinds = {limit.per for one in segments for _rule, limit in one.counting_limits(asked.request.mode)}
        counted: list[GroupKey | int] = [group_of(kind, position, self.structure) for kind in kinds - {SERVICE}]
        counted += self.tasks.services_of(position.pk)
        return set().union(*(self.staffing.days_of_leaving(one) for one in counted))

    def _span(self, asked: Asked, position: Position, file: PersonFile, segment: Segment, days: Days) -> SpanGround:
        on, mode = days.first, asked.request.mode
        ground = segment.footing.grounds.of(position.agency_id, position.unit_id)
        values = {**ground.values, **_position_values(position), **file.facts(on, segment.settings)}
        tasks = self.tasks.of_holder(position.pk, asked.employee, on)
        services = self._services(tasks, on, asked.counts_of_others)
        determination, determined = segment.determined.get((position.pk, mode), (None, None))
        return SpanGround(
            starts_on=days.first,
            ends_on=days.last,
            rulebook=segment.rulebook,
            place=ground.place,
            values=values,
            tasks=_judged(tasks, file.tasks_on(on), values, ground.place),
            determination=determination,
            determined=determined,
            stale=segment.stale.get(position.pk, ()),
            is_posted=file.holds(position.pk, on),
            is_active=file.is_active(on),
            groups=self._groups(position, services, segment, on, asked),
            services=services,
        )

    def _services(self, tasks: Iterable[Task], on: date, picks: Picks) -> tuple[ServiceGroup, ...]:
        """The open services that the tasks serve, with who serves them."""
        keys = sorted({key for task in tasks for key in self.tasks.served.get(task.pk, ())})
        services = [self.tasks.services[key] for key in keys]
        return tuple(self._service(service, on, picks) for service in services if _is_open(service.closed_on, on))

    def _service(self, service: PublicService, on: date, picks: Picks) -> ServiceGroup:
        people = self.staffing.serve(service.pk, on)
        staff = len(people) + self.staffing.non_asn(service.agency_id, service.unit_id, on)
        usages = self.staffing.usages_of(people, picks)
        week, unnamed = self.tasks.needs.week(service.pk, on), self.staffing.unnamed(service.pk, on).values()
        more = None if None in unnamed else sum(filter(None, unnamed))
        needed = service.staff_on_site if week is None else None
        told = (service.pk, service.name, staff, needed, usages)
        return ServiceGroup(*told, week=week.need if week else None, unnamed=more)

    def _groups(
        self, position: Position, services: Iterable[ServiceGroup], segment: Segment, on: date, asked: Asked
    ) -> tuple[Group, ...]:
        """A group for each kind and population that some limit of the mode counts over."""
        found: dict[tuple[str, str], tuple[Group, ...]] = {}
        for rule, limit in segment.counting_limits(asked.request.mode):
            population = ALL if limit.population == ALL else rule.code
            if (limit.per, population) in found:
                continue
            if limit.per == SERVICE:
                found[limit.per, population] = tuple(Group(SERVICE, s.name, s.staff, s.usages) for s in services)
            else:
                key = group_of(limit.per, position, self.structure)
                found[limit.per, population] = (self._group(key, rule, limit, segment, on, asked),)
        return tuple(group for groups in found.values() for group in groups)

    def _group(self, key: GroupKey, rule: Rule, limit: Limit, segment: Segment, on: date, asked: Asked) -> Group:
        picks = asked.counts_of_others
        if limit.population == ALL:
            return Group(key.kind, key.name, self._base(key, segment, on), self.staffing.usages_in(key, picks))
        reached = self._reached(rule, self.staffing.positions_in(key), segment)
        surely = [position for position, truth in reached.items() if truth]
        usages = self.staffing.usages_in(key, lambda one: picks(one) and reached[one.position] is not False)
        return Group(key.kind, key.name, len(self.staffing.people(surely, on)), usages, rule.code)

    def _base(self, key: GroupKey, segment: Segment, on: date) -> int:
        """The people a share is counted against, as the institution has set it."""
        if (key, on) not in self._staff:
            people = len(self.staffing.people(self.staffing.positions_in(key), on))
            with_others = segment.settings.text("share_base") == "asn_and_non_asn"
            self._staff[key, on] = people + (self.staffing.non_asn_in(key, on) if with_others else 0)
        return self._staff[key, on]

    def _reached(self, rule: Rule, positions: frozenset[int], segment: Segment) -> dict[int, Truth]:
        """Whether a rule speaks to each position, by some task of it."""
        profiles = self.profiles.of(positions)
        return {
            position: any_true(reaches_case(rule, self._case(row, segment)) for row in profiles.get(position, ()))
            for position in positions
        }

    def _case(self, row: TaskProfile, segment: Segment) -> Case:
        ground: Ground = segment.footing.grounds.of(row.agency_id, row.unit_id)
        values = {fact.name: getattr(row, fact.column) for fact in (*POSITION_FACTS, *TASK_FACTS)}
        return Case({**ground.values, **values}, ground.place)


def _spans_in(segment: Segment, period: Days, file: PersonFile, others: set[date]) -> Sequence[Days]:
    """The spans of the part of the period that lies in the segment; `others` are further days of change."""
    common = segment.days.common(period)
    if common is None:
        return ()
    return cut(common, {*file.days_of_change(common.first, common.last, segment.settings, segment.months), *others})


def _position_values(position: Position) -> dict[str, FactValue | None]:
    return {fact.name: getattr(position, fact.column) for fact in POSITION_FACTS}


def _judged(
    tasks: Sequence[Task],
    additional: Sequence[AdditionalTask],
    values: Mapping[str, FactValue | None],
    place: Place,
) -> tuple[JudgedTask, ...]:
    """Her tasks as the engine sees them; an additional one has its key negated, and no known share of her time."""
    alone = len(tasks) == 1 and not additional
    found = [
        JudgedTask(
            task.pk,
            task.title,
            100 if alone else task.share,
            Case({**values, **_profile_values(getattr(task, "profile", None))}, place, _NOT_IN_IT),
        )
        for task in tasks
    ]
    found += [
        JudgedTask(-row.pk, row.title, None, Case({**values, **_told_values(row)}, place, _NOT_IN_IT))
        for row in additional
    ]
    return tuple(found)


def _profile_values(profile: TaskProfile | None) -> dict[str, FactValue | None]:
    """The facts of a task; without a row, all unknown."""
    return {fact.name: getattr(profile, fact.column, None) for fact in TASK_FACTS}


def _told_values(row: AdditionalTask) -> dict[str, FactValue | None]:
    """The facts of an additional task; what is not told is unknown."""
    told: dict[str, object] = row.facts
    known = {column: value for column, value in told.items() if value is not None}
    return {
        fact.name: typed(fact.kind, known[column]) if column in known else None for column, fact in _TASK_FACTS.items()
    }
