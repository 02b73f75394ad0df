"""What holds for positions on a day, and what of it no longer fits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet

from agencies.prepared import prepared
from agencies.querysets import PositionQuerySet
from eligibility.determinations.stale import stale_in_force, stale_positions
from eligibility.loading import Footing, NoLawInForce
from eligibility.models import Determination, DeterminedPosition
from eligibility.querysets import DeterminedPositionQuerySet
from eligibility.rulebook import Mode

FIRST: Final = next(iter(Mode)).value
"""The form whose row stands for the position: every position has one."""


def changed_positions(
    determination: Determination, footing: Footing, positions: Collection[int] | None = None
) -> Mapping[int, tuple[str, ...]]:
    """Why positions no longer fit, by key; on a day without rules nothing can be compared."""
    try:
        return stale_positions(determination, footing, positions)
    except NoLawInForce:
        return {}


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds for a position on the day, and why it no longer fits (nothing: it fits)."""

    determination: Determination
    changed: tuple[str, ...]


def in_force_for(footing: Footing, positions: Collection[int]) -> dict[int, InForce]:
    """The determination in force for each of the positions that has one, by key."""
    if not positions:
        return {}
    rows = _rows_of(footing.institution.pk, footing.on, footing.known_at, positions)
    found = {row.position_id: row for row in rows}
    changed = stale_in_force(footing, list(found)) if found else {}
    return {key: InForce(row.verification.determination, changed.get(key, ())) for key, row in found.items()}


@prepared
def _rows_of(
    institution: int, on: date, known_at: datetime, positions: Collection[int]
) -> QuerySet[DeterminedPosition]:
    held = DeterminedPosition.objects.in_force(institution, on, known_at)
    return held.filter(mode=FIRST, position__in=positions).select_related("verification__determination")


def _first_rows(footing: Footing) -> DeterminedPositionQuerySet:
    """One row of each position for which a determination holds."""
    held = DeterminedPosition.objects.in_force(footing.institution, footing.on, footing.known_at)
    return held.filter(mode=FIRST)


DETERMINED, CHANGED, MISSING = "ditetapkan", "berubah", "belum"
"""What lists of positions can be narrowed to."""


def narrowed(positions: PositionQuerySet, footing: Footing, chosen: str) -> PositionQuerySet:
    """The positions that are determined, that no longer fit, or that are not determined; else all of them."""
    rows = _first_rows(footing)
    if chosen == DETERMINED:
        return positions.filter(pk__in=rows.values("position"))
    if chosen == MISSING:
        return positions.exclude(pk__in=rows.values("position"))
    if chosen == CHANGED:
        return positions.filter(pk__in=list(stale_in_force(footing)))
    return positions
