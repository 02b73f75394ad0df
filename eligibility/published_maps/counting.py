"""Counts an institution's positions and their staff by kind of agency and sector, mode and outcome."""

from __future__ import annotations

from agencies.models import Agency, Position
from agencies.querysets import open_on
from eligibility.loading import Footing
from eligibility.published_maps.tables import OUTCOMES, Count, Counts, Group, PublicMap, publishable
from eligibility.rulebook import Mode
from eligibility.screening import position_bounds


def public_map(footing: Footing) -> PublicMap:
    """What may be told of an institution on the footing's day. Raises NoLawInForce, and TooFew."""
    return publishable(counted(footing))


def counted(footing: Footing) -> Counts:
    """Every position that counts on the day, by the group of its agency; names of nobody enter."""
    institution = footing.institution
    if not footing.grounds.agencies:
        return {}
    groups: dict[int, Group] = {
        pk: (kind, sector or "")
        for pk, kind, sector in Agency.objects.filter(institution=institution).values_list("pk", "kind", "sector")
    }
    bounds = position_bounds(footing.rulebook, footing.grounds, institution=institution)
    rows = Position.objects.filter(open_on(footing.on), institution=institution).order_by()
    found: dict[Group, dict[Mode, list[Count]]] = {}
    for pk, agency, filled in rows.values_list("pk", "agency_id", "filled").iterator():
        if agency in footing.grounds.closed or pk not in bounds:
            continue
        modes = found.setdefault(groups[agency], {mode: [Count()] * len(OUTCOMES) for mode in Mode})
        for mode, reached in bounds[pk].items():
            modes[mode][OUTCOMES.index(reached.outcome)] += Count(1, filled)
    return {group: {mode: tuple(counts) for mode, counts in modes.items()} for group, modes in found.items()}
