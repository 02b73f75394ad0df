"""Staff left on site for each service and weekday without and with drafts, on the first day of a span.

Counted as the coverage of services counts. With the drafts those are back whose granted arrangement would no longer
hold. What a draft opens sends nobody away: the page says what is left if all who then may go, go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from agencies.models import Agency, Institution, Posting, PublicService, Task
from agencies.querysets import keys_in, open_on
from eligibility.arrangements.requests import MODES_OF_PLACE
from eligibility.drafts import DraftSpan
from eligibility.flips import Flips
from eligibility.grounds import Grounds
from eligibility.models import Arrangement
from eligibility.pages.coverage import Cover, CoverageRead, CoverDay, cover_of, coverage_of
from eligibility.rulebook import Verdict
from eligibility.screening import position_bounds

_SHORT: Final = (Cover.CANNOT, Cover.SHORT)


@dataclass(frozen=True, slots=True)
class StaffDay:
    """A weekday of a service without and with the drafts; `may_go`: how many hold a job that these open, and work by no
    arrangement yet."""

    before: CoverDay
    after: CoverDay
    may_go: int

    @property
    def back(self) -> int:
        """Who comes back on site."""
        return self.before.away - self.after.away

    @property
    def left_if_all_go(self) -> int | None:
        """Who is left if all of them go; None where it is not known who serves."""
        return None if self.after.left is None else self.after.left - self.may_go

    @property
    def if_all_go(self) -> CoverDay:
        """The weekday then."""
        if self.after.cover is Cover.CLOSED or self.after.left is None or self.left_if_all_go is None:
            return self.after
        staff = self.after.left + self.after.away
        cover = cover_of(self.after.needed, staff, self.left_if_all_go)
        return replace(self.after, away=self.after.away + self.may_go, left=self.left_if_all_go, cover=cover)

    @property
    def moves(self) -> bool:
        """Whether anything is otherwise than without the drafts."""
        return bool(self.back or self.may_go)


@dataclass(frozen=True, slots=True)
class StaffedService:
    """A service whose staff on site the drafts move, or may move, on some weekday."""

    service: PublicService
    days: tuple[StaffDay, ...]

    @property
    def is_short_before(self) -> bool:
        """Whether fewer than needed are left on some weekday without the drafts."""
        return any(day.before.cover in _SHORT for day in self.days)

    @property
    def is_short_after(self) -> bool:
        """The same with the drafts."""
        return any(day.after.cover in _SHORT for day in self.days)

    @property
    def is_short_if_all_go(self) -> bool:
        """The same if all go who then may."""
        return any(day.if_all_go.cover in _SHORT for day in self.days)


@dataclass(frozen=True, slots=True)
class StaffedAgency:
    """The services of an agency whose staff on site the drafts move."""

    agency: Agency
    services: tuple[StaffedService, ...]

    @property
    def short_before(self) -> int:
        """How many of them are below their need without the drafts."""
        return sum(one.is_short_before for one in self.services)

    @property
    def short_after(self) -> int:
        """The same with them."""
        return sum(one.is_short_after for one in self.services)

    @property
    def short_if_all_go(self) -> int:
        """The same if all go who then may."""
        return sum(one.is_short_if_all_go for one in self.services)


def staffed_agencies(
    institution: Institution,
    span: DraftSpan,
    flips: Flips,
    known: Grounds,
    ending: Mapping[int, date],
    known_at: datetime,
) -> list[StaffedAgency]:
    """The services that the drafts move, by their agencies' names; `ending`: first days of arrangements that end."""
    back = {key for key, day in ending.items() if day <= span.on}
    opened = _opened(flips)
    served = _served(opened | _positions_of(back, known_at))
    opened = _only_now_open(opened & {position for _service, position in served}, institution, span, known)
    rows = PublicService.objects.filter(open_on(span.on), pk__in={service for service, _position in served})
    services = list(rows.select_related("agency", "unit").order_by("agency__name", "agency", "name", "pk"))
    read = CoverageRead.of(institution, services, span.on, known_at)
    with_drafts = replace(read, staffing=read.staffing.without(back))
    found: dict[Agency, list[StaffedService]] = {}
    for service in services:
        staffed = StaffedService(service, tuple(_days(service, read, with_drafts, opened)))
        if any(day.moves for day in staffed.days):
            found.setdefault(service.agency, []).append(staffed)
    return [StaffedAgency(agency, tuple(moved)) for agency, moved in found.items()]


def _opened(flips: Flips) -> set[int]:
    """The positions that may surely work elsewhere in some form of place with the drafts, and could not without."""
    return {
        flip.position
        for flip in flips.found
        if flip.mode in MODES_OF_PLACE
        and flip.before.worst is Verdict.NOT_ELIGIBLE
        and flip.after.worst > Verdict.NOT_ELIGIBLE
    }


def _only_now_open(positions: Collection[int], institution: Institution, span: DraftSpan, known: Grounds) -> set[int]:
    """Those that without the drafts are open in no other form of place either."""
    if not positions:
        return set()
    found = position_bounds(span.before, known, institution=institution, positions=sorted(positions))
    return {
        position
        for position, by_mode in found.items()
        if all(by_mode[mode].worst is Verdict.NOT_ELIGIBLE for mode in MODES_OF_PLACE)
    }


def _positions_of(arrangements: Collection[int], known_at: datetime) -> set[int]:
    """Every position of those who work by the arrangements: a service may be served from another one than theirs."""
    if not arrangements:
        return set()
    people = Arrangement.objects.filter(pk__in=keys_in(arrangements)).values("employee")
    rows = Posting.objects.known(known_at).filter(employee__in=people).order_by()
    return set(rows.values_list("position_id", flat=True))


def _served(positions: Collection[int]) -> set[tuple[int, int]]:
    """Services and the positions, among these, with a task that serves them."""
    if not positions:
        return set()
    links = Task.services.through.objects.filter(task__position__in=keys_in(positions)).order_by()
    return set(links.values_list("publicservice_id", "task__position_id"))


def _days(
    service: PublicService, read: CoverageRead, with_drafts: CoverageRead, opened: Collection[int]
) -> list[StaffDay]:
    before, after = coverage_of(service, read), coverage_of(service, with_drafts)
    away = {one.usage.employee for one in with_drafts.staffing.granted if one.usage.mode in MODES_OF_PLACE}
    may_go = len(read.staffing.serve_from(service.pk, opened, read.on) - away)
    return [
        StaffDay(was, becomes, 0 if becomes.cover is Cover.CLOSED else may_go)
        for was, becomes in zip(before.days, after.days, strict=True)
    ]
