"""What waits for the offices that a user holds today, also as Plt or Plh: requests, and objections to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q
from django.http import QueryDict

from agencies.access import Standing, holds_whole
from agencies.models import Institution, Posting, Role, User
from agencies.paging import Page, keyset_page
from eligibility.arrangements.examined import Basis, Examined, examined_together
from eligibility.arrangements.stations import is_last, station_of
from eligibility.loading import NoLawInForce
from eligibility.models import Arrangement, ArrangementState
from eligibility.pages.arrangements import weekdays_of
from eligibility.pages.checklist import Checklist, Reader, live_checklist
from eligibility.querysets import ArrangementQuerySet

SIZE: Final = 25
"""Requests on one page: each is examined anew."""

OLDEST: Final = ("submitted_at", "pk")


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One request: in which office it waits, whether it is decided there, and how its checks stand (None: no law).

    `over`: its period is past, so that it can only be returned or refused.
    """

    arrangement: Arrangement
    days: str
    office: str
    decides: bool
    objection: bool
    over: bool
    checks: Checklist | None


@dataclass(frozen=True)
class WaitingPage:
    """One page of what waits, the longest first, and how much waits in all."""

    lines: tuple[WaitingLine, ...]
    page: Page[Arrangement]
    total: int

    @property
    def several(self) -> bool:
        """Whether any can be ticked to be approved or endorsed."""
        return any(not line.objection and not line.over for line in self.lines)


def waiting_for(standing: Standing, user: User, on: date, known_at: datetime) -> ArrangementQuerySet:
    """The requests and objections that wait for an office the user holds on the day; never her own."""
    return _waiting(standing.institution, user, holds_whole(standing, Role.AGENCY_HEAD), on, known_at)


def holds_an_office(user: User, institution: Institution, on: date, known_at: datetime) -> bool:
    """Whether the user leads a unit or an agency of the institution on the day, also as Plt or Plh."""
    if user.employee_id is None:
        return False
    held = Posting.objects.in_force(on, known_at).filter(employee=user.employee_id, position__institution=institution)
    return held.exclude(position__leads="none").exists()


def waiting_count(standing: Standing, user: User, on: date, known_at: datetime) -> int:
    """How many requests and objections wait for the user's offices."""
    return waiting_for(standing, user, on, known_at).count()


def _waiting(
    institution: Institution, user: User, is_region: bool, on: date, known_at: datetime
) -> ArrangementQuerySet:
    found = Arrangement.objects.filter(institution=institution, station__isnull=False)
    offices = Q(pk__in=[])
    if user.employee_id:
        held = Posting.objects.in_force(on, known_at).filter(employee=user.employee_id)
        offices |= Q(waits_for__in=held.values("position"))
    if is_region:
        # A null office with a station is the head of the region.
        offices |= Q(waits_for__isnull=True)
    found = found.filter(offices)
    return found.exclude(employee=user.employee_id) if user.employee_id else found


def waiting_page(standing: Standing, user: User, query: QueryDict, on: date, known_at: datetime) -> WaitingPage:
    """The page that the address asks for; each on it, request or objection, is examined by what is known now."""
    found = waiting_for(standing, user, on, known_at)
    related = ("institution", "employee", "position", "agency", "unit")
    page = keyset_page(found.select_related(*related), query, OLDEST, size=SIZE)
    reader = Reader(standing.institution, holds_whole(standing, Role.HR_OFFICER))
    found_now, basis = _examined(standing.institution, page.rows, on, known_at), Basis(reader.institution, on, known_at)
    checks = {key: live_checklist(reader, one, basis) for key, one in found_now.items()}
    return WaitingPage(tuple(_line(row, checks.get(row.pk), on) for row in page.rows), page, found.count())


def _examined(
    institution: Institution, rows: Sequence[Arrangement], on: date, known_at: datetime
) -> Mapping[int, Examined]:
    """What is found of each request now; nothing where no law is known."""
    try:
        return examined_together(rows, institution, on=on, at=known_at)
    except NoLawInForce:
        return {}


def _line(row: Arrangement, checks: Checklist | None, on: date) -> WaitingLine:
    station = station_of(row)
    objection = row.state == ArrangementState.REFUSED
    return WaitingLine(
        arrangement=row,
        days=weekdays_of(row.days),
        office=station.title if station else "",
        decides=is_last(row) and not objection,
        objection=objection,
        over=row.ends_on < on and not objection,
        checks=checks,
    )
