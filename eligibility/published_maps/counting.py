"""Counts an institution's positions and their staff by kind of agency and sector, mode and outcome."""

from __future__ import annotations

from agencies.models import Agency
from eligibility.footing import Footing
from eligibility.published_maps.tables import OUTCOMES, Count, Counts, Group, PublicMap, publishable
from eligibility.rulebook import Mode
from eligibility.screening import alike_positions


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
    found: dict[Group, dict[Mode, list[Count]]] = {}
    for agency, bounds, positions, staff in alike_positions(footing.rulebook, footing.grounds, institution):
        if agency in footing.grounds.closed:
            continue
        modes = found.setdefault(groups[agency], {mode: [Count()] * len(OUTCOMES) for mode in Mode})
        for mode, reached in bounds.items():
            modes[mode][OUTCOMES.index(reached.outcome)] += Count(positions, staff)
    return {group: {mode: tuple(counts) for mode, counts in modes.items()} for group, modes in found.items()}
