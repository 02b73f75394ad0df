"""Published maps and their withdrawals are never changed, and the trail answers for them."""

from __future__ import annotations

from typing import Final

from agencies.digests import Covered, Recipe
from agencies.protection import Frozen, Protection
from eligibility.models import MapWithdrawal, PublishedMap

PROTECTIONS: Final[tuple[Protection, ...]] = (Frozen(PublishedMap), Frozen(MapWithdrawal))

COVERED: Final[tuple[Covered, ...]] = (
    Covered(
        PublishedMap,
        (
            Recipe(
                1,
                (
                    "id",
                    "institution_id",
                    "judged_on",
                    "rulebook_id",
                    "content",
                    "note",
                    "published_at",
                    "published_by_id",
                ),
            ),
        ),
        institution="institution",
    ),
    Covered(
        MapWithdrawal,
        (Recipe(1, ("id", "published_map_id", "reason", "withdrawn_at", "withdrawn_by_id")),),
        institution="published_map__institution",
    ),
)
