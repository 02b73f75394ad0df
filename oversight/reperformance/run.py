"""Decides everything again that was determined and approved in an institution, and says how long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter

from django.db.models import QuerySet

from agencies.models import Institution
from eligibility.models import Approval, Determination
from oversight.reperformance.approvals import outcomes_again
from oversight.reperformance.determinations import differences_of
from oversight.reperformance.differences import Found, LawChange
from oversight.reperformance.examined_then import examined_then
from oversight.reperformance.knowledge import knowing_alike, moments
from oversight.reperformance.law import Law


@dataclass
class Redone:
    """What was decided again, and what came out otherwise; times in seconds.

    `later` counts determinations and approvals for which law was recorded only afterwards.
    """

    determinations: int = 0
    positions: int = 0
    approvals: int = 0
    later: int = 0
    found: list[Found] = field(default_factory=list)
    tell: Callable[[int], object] | None = None
    determining: float = 0.0
    deciding: float = 0.0
    examining: float = 0.0

    def take(self, one: Found | LawChange) -> bool:
        """Keep a difference; whether it is law that was recorded later."""
        if isinstance(one, Found):
            self.found.append(one)
            return False
        return True

    def went_on(self, number: int) -> None:
        """Tell whoever waits for it that so many more are decided."""
        if self.tell is not None:
            self.tell(number)


def decide_all_again(
    institution: Institution, since: date | None, tell: Callable[[int], object] | None = None
) -> Redone:
    """Every Penetapan signed and every approval given since a day (None: all); `tell` hears how many more are done."""
    redone, law = Redone(tell=tell), Law(institution)
    start = perf_counter()
    _determinations(redone, institution, since, law)
    redone.determining = perf_counter() - start
    _approvals(redone, institution, since, law)
    return redone


def _determinations(redone: Redone, institution: Institution, since: date | None, law: Law) -> None:
    rows = Determination.objects.filter(institution=institution).select_related("verification__rulebook")
    for row in (rows.filter(signed_on__gte=since) if since else rows).order_by("pk"):
        redone.determinations += 1
        redone.positions += row.verification.positions
        later = [redone.take(one) for one in differences_of(row, law)]
        redone.later += any(later)
        redone.went_on(1)


def _approvals(redone: Redone, institution: Institution, since: date | None, law: Law) -> None:
    rows = Approval.objects.filter(arrangement__institution=institution).order_by("at", "pk")
    rows = rows.filter(on__gte=since) if since else rows
    first, last = rows.first(), rows.last()
    if first is None or last is None:
        return
    known = moments(institution, first.at, last.at)
    for group in knowing_alike(_streamed(rows), known):
        start = perf_counter()
        for approval in group:
            redone.found += outcomes_again(approval, law)
        decided = perf_counter()
        later = {row.pk for row, one in examined_then(institution, group, law) if redone.take(one)}
        redone.later += len(later)
        redone.approvals += len(group)
        redone.deciding += decided - start
        redone.examining += perf_counter() - decided
        redone.went_on(len(group))


def _streamed(rows: QuerySet[Approval]) -> Iterator[Approval]:
    return rows.select_related("arrangement").prefetch_related("spans").iterator(chunk_size=500)
