"""Whether an agency's services can be covered: their need by weekday and hour, who serves them, who is granted away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agencies.coverage.needs import RecordedNeeds
from agencies.coverage.together import Demand, Together, short_together
from agencies.coverage.week import NeedSpan, WeekHours, time_text
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.exposure import proposed_exposure, proposing
from agencies.facts import EXPOSURES, WEEKDAYS
from agencies.importing.position_plans import kinds_served
from agencies.models import Agency, Institution, Position, PublicService, Role, Task
from agencies.paging import Page, keyset_page
from agencies.querysets import open_on
from eligibility.arrangements.granted import Granted
from eligibility.arrangements.requests import DAYS_OF_WEEK, MODES_OF_PLACE
from eligibility.arrangements.spans import Days
from eligibility.arrangements.staffing import Needs, Staffing, Structure

COVERAGE_READERS: Final = (Role.HR_OFFICER, Role.AGENCY_HEAD, Role.INSPECTOR)
"""Who sees how many serve and how many are away; nobody is named there."""


class Cover(StrEnum):
    """How the need of a weekday is met."""

    CANNOT = "cannot"
    SHORT = "short"
    JUST = "just"
    ENOUGH = "enough"
    UNKNOWN = "unknown"
    CLOSED = "closed"


WORDS: Final = {
    Cover.CANNOT: gettext_noop("Not even with everybody present"),
    Cover.SHORT: gettext_noop("Fewer than needed while those granted away are away"),
    Cover.JUST: gettext_noop("Just met: nobody more can be away"),
    Cover.ENOUGH: gettext_noop("Met"),
    Cover.UNKNOWN: gettext_noop("Cannot be told: need or staff is not known"),
    Cover.CLOSED: gettext_noop("Closed on this weekday"),
}
SIGNS: Final = {
    Cover.CANNOT: "✗",
    Cover.SHORT: "✗",
    Cover.JUST: "◐",
    Cover.ENOUGH: "●",
    Cover.UNKNOWN: "?",
    Cover.CLOSED: "–",
}


@dataclass(frozen=True, slots=True)
class CoverDay:
    """A weekday (None: every day): the need by part of the day ("" closed, "?" not known), its highest, who is left."""

    label: str
    weekday: str | None
    hours: tuple[tuple[str, str], ...]
    needed: int | None
    away: int
    left: int | None
    cover: Cover

    @property
    def sign(self) -> str:
        """The symbol beside the word."""
        return SIGNS[self.cover]

    @property
    def word(self) -> str:
        """How the need is met."""
        return _(WORDS[self.cover])


@dataclass(frozen=True, slots=True)
class ServingTask:
    """A task that serves a service; `because` are the services that propose its exposure."""

    task: Task
    holders: int
    recorded: str
    proposed: str
    because: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """A service with its week and who serves it; `staff` None: not known. `parts` are the parts of the day.

    `recorded` of the staff are named nowhere: they are counted by the filled places of their positions. `demand` is
    what the service needs and who serves it, to be held against other services; None where that is not known.
    """

    service: PublicService
    parts: tuple[str, ...]
    days: tuple[CoverDay, ...]
    staff: int | None
    others: int
    tasks: tuple[ServingTask, ...]
    recorded: int
    demand: Demand | None

    @property
    def worst(self) -> Cover:
        """The weekday that is worst."""
        return min((day.cover for day in self.days if day.cover is not Cover.CLOSED), key=_SEVERITY.index)


_SEVERITY: Final = [Cover.CANNOT, Cover.SHORT, Cover.UNKNOWN, Cover.JUST, Cover.ENOUGH]


@dataclass(frozen=True)
class CoveragePage:
    """A page of the services of an agency; what is said of all of them counts `every` one, whatever is on the page.

    `uncovered` cannot be covered even with everybody present; `together` neither, though each of them alone could.
    """

    agency: Agency
    services: tuple[Coverage, ...]
    every: tuple[Coverage, ...]
    together: tuple[Together, ...]
    page: Page[PublicService]
    on: date

    @property
    def uncovered(self) -> tuple[Coverage, ...]:
        """Those that need more people than serve them."""
        return self._worst(Cover.CANNOT)

    @property
    def short(self) -> tuple[Coverage, ...]:
        """Those that are short of people because some are granted away."""
        return self._worst(Cover.SHORT)

    @property
    def unknown(self) -> tuple[Coverage, ...]:
        """Those of which it cannot be told."""
        return self._worst(Cover.UNKNOWN)

    def _worst(self, cover: Cover) -> tuple[Coverage, ...]:
        return tuple(one for one in self.every if one.worst is cover)


@dataclass(frozen=True)
class CoverageRead:
    """Everything read for some services."""

    staffing: Staffing
    needs: RecordedNeeds
    tasks: Mapping[int, Sequence[Task]]
    on: date

    @classmethod
    def of(
        cls, institution: Institution, services: Sequence[PublicService], on: date, known_at: datetime
    ) -> CoverageRead:
        """Read it: in as many reads for one service as for many."""
        keys = frozenset(service.pk for service in services)
        structure = Structure.of(institution, [])
        staffing = Staffing.of(structure, Needs([], frozenset(), keys, frozenset()), Days(on, on), known_at)
        return cls(staffing, RecordedNeeds.of(sorted(keys), known_at), _tasks(keys, on), on)


def _tasks(services: Iterable[int], on: date) -> dict[int, list[Task]]:
    """The open tasks of open positions by the services they serve."""
    keys = set(services)
    rows = Task.objects.filter(open_on(on), _open_position(on), services__in=keys).distinct()
    found: dict[int, list[Task]] = defaultdict(list)
    for task in (
        rows.select_related("position__unit", "profile").prefetch_related("services").order_by("position", "number")
    ):
        for service in task.services.all():
            found[service.pk].append(task)
    return found


def _open_position(on: date) -> Q:
    return Q(position__closed_on__isnull=True) | Q(position__closed_on__gt=on)


def coverage_page(agency: Agency, query: QueryDict, on: date, known_at: datetime) -> CoveragePage:
    """The services of the agency itself that are open on the day, a page of them."""
    services = PublicService.objects.filter(open_on(on), agency=agency).select_related("unit")
    page = keyset_page(services, query, ("name", "pk"))
    every = tuple(_all_of(agency, on, known_at))
    by_key = {one.service.pk: one for one in every}
    # What is closed between the two statements is on the page no more.
    shown = tuple(by_key[service.pk] for service in page.rows if service.pk in by_key)
    return CoveragePage(agency, shown, every, _together(every), page, on)


def _together(every: Iterable[Coverage]) -> tuple[Together, ...]:
    return short_together(one.demand for one in every if one.demand is not None)


def coverage_table(agency: Agency, on: date, known_at: datetime) -> ExportTable:
    """Every weekday of every service of the agency, to take away."""
    columns = (
        Column(_("Service"), width=40),
        Column(_("Weekday"), width=12),
        Column(_("Need by hour"), width=44),
        Column(_("Highest need"), "number", 10),
        Column(_("People who serve it"), "number", 10),
        Column(_("Away"), "number", 10),
        Column(_("Left on site"), "number", 10),
        Column(_("Need met"), width=40),
        Column(_("Counted by filled places, named nowhere"), "number", 12),
        Column(_("Together with other services"), width=60),
    )

    def rows() -> Iterator[list[Cell]]:
        every = list(_all_of(agency, on, known_at))
        together = _together(every)
        for one in every:
            for day in one.days:
                hours = "; ".join(f"{part} {hour}" for part, hour in day.hours if hour)
                told = [one.service.name, day.label, hours, day.needed, one.staff, day.away, day.left, day.word]
                yield [*told, one.recorded, _shared(one, day, together) or None]

    filters = ((_("Agency"), agency.name),)
    return ExportTable(_("Coverage of services"), agency.institution, on, filters, None, columns, rows)


def _shared(one: Coverage, day: CoverDay, together: Iterable[Together]) -> str:
    """What the service lacks on the day together with others that share its people."""
    found = (lack for lack in together if one.service.pk in lack.keys)
    return " ".join(lack.on(day.weekday) for lack in found if lack.holds_on(day.weekday))


def serving_table(agency: Agency, on: date, known_at: datetime) -> ExportTable:
    """Every task that serves a service of the agency, with the exposure recorded and the one proposed."""
    columns = (
        Column(_("Service"), width=40),
        Column(_("Position"), width=40),
        Column(_("Task"), width=44),
        Column(_("Active holders"), "number", 12),
        Column(_("Exposure recorded"), width=24),
        Column(_("Exposure proposed"), width=24),
        Column(_("Because it serves"), width=44),
        Column(_("Differs from the proposal"), "yes_no", 14),
    )

    def rows() -> Iterator[list[Cell]]:
        for one in _all_of(agency, on, known_at):
            for row in one.tasks:
                named = (one.service.name, str(row.task.position), row.task.title, row.holders)
                yield [*named, row.recorded, row.proposed, ", ".join(row.because), row.differs]

    filters = ((_("Agency"), agency.name),)
    return ExportTable(_("Tasks that serve services"), agency.institution, on, filters, None, columns, rows)


def _all_of(agency: Agency, on: date, known_at: datetime) -> Iterator[Coverage]:
    services = list(
        PublicService.objects.filter(open_on(on), agency=agency).select_related("unit").order_by("name", "pk")
    )
    read = CoverageRead.of(agency.institution, services, on, known_at)
    return (coverage_of(service, read) for service in services)


def coverage_of(service: PublicService, read: CoverageRead) -> Coverage:
    """A service by what was read."""
    week = read.needs.week(service.pk, read.on)
    people = read.staffing.serve(service.pk, read.on)
    others = read.staffing.non_asn(service.agency_id, service.unit_id, read.on)
    tasks = read.tasks.get(service.pk, ())
    recorded = {key: count for key, count in read.staffing.unnamed(service.pk, read.on).items() if count}
    staff = len(people) + others + sum(recorded.values()) if _is_counted(tasks, read) else None
    away = [one for one in read.staffing.granted if one.usage.employee in people and one.usage.mode in MODES_OF_PLACE]
    days = _every_day(service, staff, away) if week is None else _week_days(week, staff, away)
    served: dict[Hashable, int] = {("employee", key): 1 for key in people}
    served |= {("position", key): count for key, count in recorded.items()}
    served |= {("non-ASN", service.agency_id, service.unit_id): others} if others else {}
    spans = None if week is None else week.spans
    return Coverage(
        service=service,
        parts=() if week is None else tuple(_part_words(part) for part in _parts(week.spans)),
        days=days,
        staff=staff,
        others=others,
        tasks=tuple(_serving(task, read) for task in tasks),
        recorded=sum(recorded.values()),
        demand=None if staff is None else Demand(service.pk, service.name, spans, service.staff_on_site, served),
    )


def _is_counted(tasks: Sequence[Task], read: CoverageRead) -> bool:
    """Whether it is known who serves: tasks do, and of each position the active holders or the filled places are."""
    return bool(tasks) and all(
        read.staffing.people([task.position_id], read.on) or _filled(task.position, read) is not None for task in tasks
    )


def _filled(position: Position, read: CoverageRead) -> int | None:
    """How many hold it by its filled places; None where that is not recorded, or where holders are named."""
    named = any(days.holds(read.on) for _employee, days in read.staffing.postings.get(position.pk, ()))
    return position.filled if not named or position.filled == 0 else None


def _every_day(service: PublicService, staff: int | None, away: Sequence[Granted]) -> tuple[CoverDay, ...]:
    """One line for every day where no week is recorded; away are those of the weekday on which most are."""
    most = max(_away(away, weekday) for weekday in DAYS_OF_WEEK)
    return (_day(_("Every day"), None, (), service.staff_on_site, most, staff),)


def _week_days(week: WeekHours, staff: int | None, away: Sequence[Granted]) -> tuple[CoverDay, ...]:
    parts, need = _parts(week.spans), week.need
    found = []
    for choice in WEEKDAYS:
        hours = tuple((_part_words(part), _hour(week.spans, choice.code, part[0])) for part in parts)
        if need.is_open(choice.code):
            needed, gone = need.on(choice.code), _away(away, choice.code)
            found.append(_day(_(choice.label), choice.code, hours, needed, gone, staff))
        else:
            gone = _away(away, choice.code)
            found.append(CoverDay(_(choice.label), choice.code, hours, None, gone, staff, Cover.CLOSED))
    return tuple(found)


def _part_words(part: tuple[int, int]) -> str:
    return f"{time_text(part[0])}–{time_text(part[1])}"


def _day(
    label: str,
    weekday: str | None,
    hours: tuple[tuple[str, str], ...],
    needed: int | None,
    away: int,
    staff: int | None,
) -> CoverDay:
    left = None if staff is None else staff - away
    return CoverDay(label, weekday, hours, needed, away, left, cover_of(needed, staff, left))


def cover_of(needed: int | None, staff: int | None, left: int | None) -> Cover:
    """How a need is met by who is left of those who serve."""
    if needed is None or staff is None or left is None:
        return Cover.UNKNOWN
    if staff < needed:
        return Cover.CANNOT
    if left < needed:
        return Cover.SHORT
    return Cover.JUST if left == needed and needed else Cover.ENOUGH


def _away(away: Iterable[Granted], weekday: str) -> int:
    return len({one.usage.employee for one in away if weekday in one.usage.weekdays})


def _parts(spans: Iterable[NeedSpan]) -> list[tuple[int, int]]:
    """The parts of the day between all beginnings and ends of the week in which something is open."""
    told = list(spans)
    edges = sorted({edge for span in told for edge in (span.opens, span.closes)})
    return [(a, b) for a, b in pairwise(edges) if any(span.opens <= a and b <= span.closes for span in told)]


def _hour(spans: Iterable[NeedSpan], weekday: str, minute: int) -> str:
    for span in spans:
        if span.weekday == weekday and span.opens <= minute < span.closes:
            return "?" if span.staff is None else str(span.staff)
    return ""


def _serving(task: Task, read: CoverageRead) -> ServingTask:
    served = list(task.services.all())
    profile = task.profile
    proposed = proposed_exposure(kinds_served(profile, [one.kind for one in served]))
    return ServingTask(
        task=task,
        holders=len(read.staffing.people([task.position_id], read.on)),
        recorded=_exposure(profile.exposure),
        proposed=_exposure(proposed),
        because=tuple(proposing((one.kind, one.name) for one in served)),
        differs=profile.exposure is not None and profile.exposure != proposed,
    )


def _exposure(code: str | None) -> str:
    labels = {choice.code: choice.label for choice in EXPOSURES}
    return _(labels[code]) if code else _("not known")
