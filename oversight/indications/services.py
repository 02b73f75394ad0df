"""A public service was under its need on a date: arrangements, leave and travel counted as recorded."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Min, Q

from agencies.coverage.needs import RecordedNeeds
from agencies.facts import gettext_noop
from agencies.models import Absence, PublicService
from eligibility.arrangements.granted import Granted
from eligibility.arrangements.requests import MODES_OF_PLACE
from eligibility.arrangements.spans import Days
from eligibility.arrangements.staffing import Needs, Staffing, Structure
from eligibility.models import Arrangement
from oversight.indications.definitions import Flag, Ground
from oversight.indications.peaks import by_day

_UNDER: Final = gettext_noop(
    "%(service)s on %(day)s: %(present)d of the %(needed)d people needed were on site (%(away)d away by arrangements, "
    "%(absent)d on leave or travel)."
)


def service_under_need(ground: Ground) -> Iterator[Flag]:
    """Of each service and date, the arrangements approved last that would have closed the gap; up to today."""
    approved = Arrangement.objects.filter(institution=ground.institution, approved_at__isnull=False).order_by()
    first = approved.aggregate(first=Min("starts_on"))["first"]
    needing = Q(staff_on_site__gt=0) | Q(weeks__isnull=False)
    services = PublicService.objects.filter(
        needing, agency__institution=ground.institution, tasks__position__arrangements__in=approved
    ).distinct()
    if first is None or first > ground.on:
        return
    at_work = _AtWork.of(ground, list(services.order_by("pk")), Days(first, ground.on))
    agencies = dict(approved.values_list("pk", "agency_id"))
    found: dict[int, Flag] = {}
    for gap in at_work.gaps():
        for one in gap.last_approved():
            key = one.usage.key
            found.setdefault(key, Flag(key, agencies[key], _UNDER, gap.words()))
    yield from found.values()


@dataclass(frozen=True, slots=True)
class _Gap:
    """A service and a date on which fewer people were there than it needs."""

    service: PublicService
    on: date
    needed: int
    present: int
    away: Sequence[Granted]
    absent: int

    def last_approved(self) -> Sequence[Granted]:
        """As many arrangements as people are missing, those approved last; none where none was away by one."""
        short = self.needed - self.present
        return sorted(self.away, key=lambda one: one.approved)[-short:]

    def words(self) -> tuple[tuple[str, str | int | date], ...]:
        return (
            ("service", self.service.name),
            ("day", self.on),
            ("present", self.present),
            ("needed", self.needed),
            ("away", len(self.away)),
            ("absent", self.absent),
        )


@dataclass(frozen=True)
class _AtWork:
    """Who serves the services, by which arrangements they are away, and when they are on leave or travel."""

    services: Sequence[PublicService]
    staffing: Staffing
    needs: RecordedNeeds
    absences: Mapping[int, Sequence[Days]]
    period: Days

    @classmethod
    def of(cls, ground: Ground, services: Sequence[PublicService], period: Days) -> _AtWork:
        """Read it: in as many reads for one service as for many."""
        structure = Structure.of(ground.institution, [])
        needs = Needs([], frozenset(), frozenset(service.pk for service in services), frozenset())
        staffing = Staffing.of(structure, needs, period, ground.known_at)
        rows = Absence.objects.known(ground.known_at).filter(
            employee__institution=ground.institution, starts_on__lte=period.last, ends_on__gte=period.first
        )
        absences: dict[int, list[Days]] = defaultdict(list)
        for employee, starts_on, ends_on in rows.order_by("pk").values_list("employee_id", "starts_on", "ends_on"):
            absences[employee].append(Days(starts_on, ends_on))
        recorded = RecordedNeeds.of(needs.services, ground.known_at)
        return cls(services, staffing, recorded, absences, period)

    def gaps(self) -> Iterator[_Gap]:
        """Every service and date under its need on which somebody was away by an arrangement."""
        for service in self.services:
            yield from self._gaps_of(service)

    def _gaps_of(self, service: PublicService) -> Iterator[_Gap]:
        points = self._points(service)
        serving = [self.staffing.serve(service.pk, day) for day in points]
        ever = frozenset().union(*serving)
        usages = [one for one in self.staffing.granted if one.usage.employee in ever]
        usages = [one for one in usages if one.usage.mode in MODES_OF_PLACE]
        for on, away in sorted(by_day(usages, self.period.first, self.period.last).items()):
            if service.closed_on is not None and service.closed_on <= on:
                continue
            gap = self._gap(service, on, serving[bisect_right(points, on) - 1], away)
            if gap is not None:
                yield gap

    def _gap(self, service: PublicService, on: date, people: frozenset[int], away: Sequence[Granted]) -> _Gap | None:
        mine = {one.usage.employee: one for one in away if one.usage.employee in people}
        absent = sum(1 for key in people if key not in mine and self._is_absent(key, on))
        others = self.staffing.non_asn(service.agency_id, service.unit_id, on)
        unnamed = self.staffing.unnamed(service.pk, on).values()
        if None in unnamed:
            # Filled places that nobody has counted: more may have been there than is known.
            return None
        present = len(people) + others + sum(filter(None, unnamed)) - len(mine) - absent
        needed = self.needs.needed(service, on) or 0
        return _Gap(service, on, needed, present, list(mine.values()), absent) if mine and present < needed else None

    def _is_absent(self, employee: int, on: date) -> bool:
        return any(days.holds(on) for days in self.absences.get(employee, ()))

    def _points(self, service: PublicService) -> list[date]:
        """The days from which other people may serve the service."""
        days = {self.period.first}
        for task in self.staffing.serving.get(service.pk, ()):
            days |= {task.closed_on} if task.closed_on else set()
            for employee, held in self.staffing.postings.get(task.position, ()):
                days |= {held.first} | ({held.last + timedelta(days=1)} if held.last < date.max else set())
                days |= {since for since, _active in self.staffing.employments.get(employee, ())}
        return sorted(day for day in days if self.period.holds(day))
