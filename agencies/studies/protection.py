"""What the database keeps of signed studies as they were, and what of them the trail answers for."""

from __future__ import annotations

from typing import Final

from agencies.digests import Covered, Recipe
from agencies.models import AgencyReview
from agencies.protection import Frozen, Protection

PROTECTIONS: Final[tuple[Protection, ...]] = (Frozen(AgencyReview, when="{row}.signed_at IS NOT NULL"),)
"""A draft changes by acts; what BKPSDM has signed is corrected only by a further study."""

COVERED: Final[tuple[Covered, ...]] = (
    Covered(
        AgencyReview,
        (
            Recipe(
                1,
                (
                    "id",
                    "agency_id",
                    "period_starts_on",
                    "period_ends_on",
                    "sakip_value",
                    "sakip_grade",
                    "sakip_source",
                    "skp_very_good",
                    "skp_good",
                    "skp_needs_improvement",
                    "skp_poor",
                    "skp_very_poor",
                    "skp_source",
                    "skm_value",
                    "skm_source",
                    "complaints_received",
                    "complaints_answered",
                    "complaints_source",
                    "services_all",
                    "services_within",
                    "standard_source",
                    "staff",
                    "staff_with_device",
                    "infrastructure",
                    "connection",
                    "vpn",
                    "e_office",
                    "tte",
                    "electronic_attendance",
                    "performance_system",
                    "readiness_source",
                    "electricity",
                    "water",
                    "fuel",
                    "telephone",
                    "travel",
                    "costs_source",
                    "valid_from",
                    "conclusion",
                    "reasons",
                    "source",
                    "recorded_at",
                    "signed_at",
                    "signed_by_id",
                ),
            ),
        ),
        rows=AgencyReview.objects.signed,
        institution="agency__institution",
    ),
)
"""The act that signs a study seals it; drafts are nobody's evidence yet."""
