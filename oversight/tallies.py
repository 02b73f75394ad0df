"""Approved arrangements counted by agency, form, place, norm and month: once for each state of the trail.

Every act moves the head of its institution's chain, so what was counted at a head stays right until the next act.
Counting a city of 100,000 arrangements reads an index from end to end, which no page should repeat for nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, Max
from django.db.models.functions import TruncMonth

from agencies.clock import zone
from agencies.models import Institution
from eligibility.models import Arrangement
from eligibility.querysets import ArrangementQuerySet
from oversight.models import TrailHead

_KEPT: Final = 600
"""Seconds after which figures are counted again in any case: rows may change behind the portal too."""


@dataclass(frozen=True)
class Tallies:
    """How many were approved, by each of five keys; `norms` knows None: approved without an implementing basis.

    `counted_at` is the number of the last trail entry when they were counted.
    """

    total: int
    agencies: Counter[int]
    modes: Counter[str]
    places: Counter[str]
    norms: Counter[int | None]
    months: Counter[date]
    counted_at: int


def tallies(institution: Institution, arrangements: ArrangementQuerySet) -> Tallies:
    """The counts of these arrangements of an institution, as of the present head of its chain."""
    head = TrailHead.objects.filter(pk=institution.pk).values_list("number", "digest").first()
    last = Arrangement.objects.aggregate(last=Max("pk"))["last"]
    asked = sha256(f"{arrangements.query}|{head}|{last}".encode()).hexdigest()
    key = f"tallies:{institution.pk}:{asked}"
    found: Tallies | None = cache.get(key) if head else None
    if found is None:
        found = _counted(institution, arrangements.filter(approved_at__isnull=False), head[0] if head else 0)
        cache.set(key, found, _KEPT)
    return found


def _counted(institution: Institution, approved: ArrangementQuerySet, at: int) -> Tallies:
    plain = approved.order_by()
    cells = list(plain.values_list("agency_id", "mode", "place", "norm_id").annotate(Count("pk")))
    month = TruncMonth("approved_at", tzinfo=zone(institution))
    months = Counter({moment.date(): number for moment, number in plain.values_list(month).annotate(Count("pk"))})
    return Tallies(
        total=sum(cell[-1] for cell in cells),
        agencies=_by(cells, 0),
        modes=_by(cells, 1),
        places=_by(cells, 2),
        norms=_by(cells, 3),
        months=months,
        counted_at=at,
    )


def _by(cells: list[tuple[Any, ...]], column: int) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for cell in cells:
        found[cell[column]] += cell[-1]
    return found
