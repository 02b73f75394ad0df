"""What the engine says of one plan for each of many employees, before anything is asked for: all examined together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from agencies.access import Standing, holds_whole
from agencies.models import Posting, Role
from eligibility.arrangements.checks import Check, CheckKind
from eligibility.arrangements.examination import examine
from eligibility.arrangements.examined import Basis, Examined
from eligibility.arrangements.gathering import Asked, gather
from eligibility.arrangements.plans import Plan
from eligibility.arrangements.refusal_words import day_without_basis
from eligibility.arrangements.requests import Request
from eligibility.arrangements.sites import AskedSite
from eligibility.loading import NoLawInForce
from eligibility.pages.checklist import CheckLine, Checklist, Reader, checklist, live_checklist
from eligibility.rulebook import Quantity

_OF_DAYS: Final = (
    Quantity.DAYS_PER_WEEK,
    Quantity.DAYS_PER_MONTH,
    Quantity.WEEKDAYS,
    Quantity.DURATION_DAYS,
    Quantity.NOTICE_DAYS,
)
"""Limits of days; the first of them that stands is told where all of them hold."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How the plan stands for one employee: what is always told, what else fails first, and what would pass."""

    lines: tuple[CheckLine, ...]
    checks: Checklist


def outlooks(
    standing: Standing, postings: Sequence[Posting], plan: Plan, request: Request, known_at: datetime
) -> dict[int, Outlook]:
    """The outlook of each posting, by its key, as of the day of the request; none where no law is known.

    Each is examined by herself beside what is granted by now: of those asked for together none counts for another.
    """
    place, on = standing.institution, request.asked_on
    asked = [_asked(row, plan, request) for row in postings]
    try:
        matters = gather(place, asked, known_at=known_at)
    except NoLawInForce:
        return {}
    reader, basis = Reader(place, holds_whole(standing, Role.HR_OFFICER)), Basis(place, on, known_at)
    found = {-key: Examined(matter, examine(matter, request)) for key, matter in matters.items()}
    return {key: _outlook(reader, one, basis) for key, one in found.items()}


def _asked(row: Posting, plan: Plan, request: Request) -> Asked:
    """What would be asked for; it is not stored, so its key is that of the posting below zero."""
    workplace = plan.workplace.pk if plan.workplace else None
    site = AskedSite(plan.mode, row.employee_id, workplace, plan.purpose)
    return Asked(-row.pk, row.employee_id, row.position_id, request, site=site, decided_on=request.asked_on)


def _outlook(reader: Reader, found: Examined, basis: Basis) -> Outlook:
    checks = found.examination.checks
    suited = (check for check in checks if check.kind is CheckKind.SUITABILITY)
    gates = (check for check in checks if check.kind is CheckKind.GATE and not check.passed)
    told = (_worst(reader, found, some, basis) for some in (suited, _limits(checks), gates))
    return Outlook(tuple(line for line in told if line), live_checklist(reader, found, basis))


def _limits(checks: Iterable[Check]) -> Iterable[Check]:
    """The limits of days, in the order in which they are told."""
    of_days = (check for check in checks if check.kind is CheckKind.LIMIT and check.name in _OF_DAYS)
    return sorted(of_days, key=lambda check: _OF_DAYS.index(Quantity(check.name)))


def _worst(reader: Reader, found: Examined, checks: Iterable[Check], basis: Basis) -> CheckLine | None:
    """The check that stands worst, in words; the first of those that stand alike."""
    without = day_without_basis(basis, found)
    listed = checklist(reader, list(checks), found.examination.request, without_basis_on=without)
    return listed.groups[0].lines[0] if listed.groups else None
