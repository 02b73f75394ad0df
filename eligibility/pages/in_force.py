"""What holds for positions on a day, and what of it no longer fits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from agencies.models import Institution
from agencies.querysets import PositionQuerySet
from eligibility.determinations.stale import stale_in_force, stale_positions
from eligibility.loading import NoLawInForce
from eligibility.models import Determination, DeterminedPosition
from eligibility.rulebook import Mode

FIRST: Final = next(iter(Mode)).value
"""The form whose row stands for the position: every position has one."""


def changed_positions(
    determination: Determination, on: date, known_at: datetime, positions: Collection[int] | None = None
) -> Mapping[int, tuple[str, ...]]:
    """Why positions no longer fit, by key; on a day without rules nothing can be compared."""
    try:
        return stale_positions(determination, on, known_at, positions)
    except NoLawInForce:
        return {}


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds for a position on the day, and why it no longer fits (nothing: it fits)."""

    determination: Determination
    changed: tuple[str, ...]


def in_force_for(
    institution: Institution, positions: Collection[int], on: date, known_at: datetime
) -> dict[int, InForce]:
    """The determination in force for each of the positions that has one, by key."""
    if not positions:
        return {}
    rows = DeterminedPosition.objects.in_force(institution, on, known_at).filter(mode=FIRST, position__in=positions)
    found = {row.position_id: row for row in rows.select_related("verification__determination")}
    changed = stale_in_force(institution, on, known_at, list(found)) if found else {}
    return {key: InForce(row.verification.determination, changed.get(key, ())) for key, row in found.items()}


DETERMINED, CHANGED, MISSING = "ditetapkan", "berubah", "belum"
"""What lists of positions can be narrowed to."""


def narrowed(
    positions: PositionQuerySet, institution: Institution, chosen: str, on: date, known_at: datetime
) -> PositionQuerySet:
    """The positions that are determined, that no longer fit, or that are not determined; else all of them."""
    rows = DeterminedPosition.objects.in_force(institution, on, known_at).filter(mode=FIRST)
    if chosen == DETERMINED:
        return positions.filter(pk__in=rows.values("position"))
    if chosen == MISSING:
        return positions.exclude(pk__in=rows.values("position"))
    if chosen == CHANGED:
        return positions.filter(pk__in=list(stale_in_force(institution, on, known_at)))
    return positions
