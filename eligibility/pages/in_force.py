"""What holds for positions on a day, and what of it no longer fits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from agencies.querysets import PositionQuerySet
from eligibility.determinations.holding import FIRST, held_by
from eligibility.determinations.stale import stale_in_force, stale_of, stale_positions
from eligibility.footing import Footing
from eligibility.loading import NoLawInForce
from eligibility.models import Determination, DeterminedPosition
from eligibility.querysets import DeterminedPositionQuerySet


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
    found = held_by(footing, positions)
    changed = stale_of(footing, found) if found else {}
    return {key: InForce(one.determination, changed.get(key, ())) for key, one in found.items()}


def _first_rows(footing: Footing) -> DeterminedPositionQuerySet:
    """One row of each position for which a determination holds."""
    held = DeterminedPosition.objects.in_force(footing.institution, footing.on, footing.known_at)
    return held.filter(mode=FIRST)


DETERMINED, CHANGED, MISSING = "ditetapkan", "berubah", "belum"
"""What lists of positions can be narrowed to."""


def narrowed(positions: PositionQuerySet, footing: Footing, chosen: str) -> PositionQuerySet:
    """The positions that are determined, that no longer fit, or that are not determined; else all of them."""
    if chosen == DETERMINED:
        return positions.filter(pk__in=_first_rows(footing).values("position"))
    if chosen == MISSING:
        return positions.exclude(pk__in=_first_rows(footing).values("position"))
    if chosen == CHANGED:
        return positions.filter(pk__in=list(stale_in_force(footing, list(positions.values_list("pk", flat=True)))))
    return positions
