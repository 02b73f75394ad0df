"""What the database keeps of determinations as it was signed, and what of them the trail answers for."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Model, QuerySet

from agencies.digests import Covered, Recipe
from agencies.protection import Frozen, FrozenWith, Protection
from eligibility.models import (
    Determination,
    DeterminationRevocation,
    DeterminedGround,
    DeterminedPosition,
    DeterminedSource,
    DeterminedTask,
    StoredRulebook,
    Verification,
    VerificationStep,
)

_DETERMINATIONS: Final = ("eligibility_determination",)

DETERMINED: Final = "EXISTS (SELECT 1 FROM eligibility_determination d WHERE d.verification_id = {row}.id)"
"""Results on which a Keputusan was recorded."""

_WAITING: Final = (
    "EXISTS (SELECT 1 FROM eligibility_verification v WHERE v.id = NEW.verification_id AND v.state = 'sent')"
)
"""A step is added only to results that are on their way."""

_SENT_TO_THE_PPK: Final = (
    "EXISTS (SELECT 1 FROM eligibility_verification v WHERE v.id = NEW.verification_id AND v.state = 'determined')"
)

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Frozen(StoredRulebook),
    Frozen(Verification, when=DETERMINED, reads=_DETERMINATIONS),
    Frozen(VerificationStep, inserts=_WAITING, reads=("eligibility_verification",)),
    Frozen(Determination, inserts=_SENT_TO_THE_PPK, reads=("eligibility_verification",)),
    Frozen(DeterminationRevocation),
    FrozenWith(DeterminedGround, of="verification", when=DETERMINED, reads=_DETERMINATIONS),
    FrozenWith(DeterminedSource, of="verification", when=DETERMINED, reads=_DETERMINATIONS),
    FrozenWith(DeterminedTask, of="verification", when=DETERMINED, reads=_DETERMINATIONS),
    FrozenWith(DeterminedPosition, of="verification", when=DETERMINED, reads=_DETERMINATIONS),
)

_SIGNED: Final = ("number", "signatory_title", "signatory_name", "capacity", "delegation_basis")
_RECORDED: Final = ("recorded_at", "recorded_by_id")
_FACTS: Final = (
    "category",
    "echelon",
    "job_family",
    "leads",
    "outside_office",
    "work_place",
    "function",
    "service_kind",
    "special_workspace",
    "with_tik",
    "face_to_face",
    "continuous_supervision",
    "exposure",
    "output_measurable",
    "confidential_material",
    "hours_per_day",
    "days_per_week",
    "hours_per_week",
    "agency_hours",
    "local_1",
    "local_2",
    "local_3",
    "local_4",
)
"""Written out, and not read from the model: a recipe never changes, also when a fact is added."""


def _of_determined(model: type[Model]) -> Any:
    """The rows of a table that belong to determined results."""

    def rows() -> QuerySet[Any]:
        return model._base_manager.filter(verification__state="determined")

    return rows


COVERED: Final[tuple[Covered, ...]] = (
    Covered(StoredRulebook, (Recipe(1, ("fingerprint", "format", "text", "stored_at")),)),
    Covered(
        Verification,
        (
            Recipe(
                1,
                (
                    "id",
                    "institution_id",
                    "agency_id",
                    "with_subtree",
                    "judged_on",
                    "known_at",
                    "rulebook_id",
                    "layout",
                    "notes",
                    "state",
                    "round",
                    "steps",
                    "step",
                    "sent_at",
                    "sent_by_id",
                    "positions",
                    "tasks",
                    "withdrawal",
                ),
            ),
        ),
        institution="institution",
    ),
    Covered(
        VerificationStep,
        (
            Recipe(
                1,
                (
                    "id",
                    "verification_id",
                    "round",
                    "step",
                    "outcome",
                    "decided_on",
                    *_SIGNED,
                    "reason",
                    *_RECORDED,
                ),
            ),
        ),
        institution="verification__institution",
    ),
    Covered(
        Determination,
        (
            Recipe(
                1,
                (
                    "id",
                    "institution_id",
                    "verification_id",
                    *_SIGNED,
                    "signed_on",
                    "effective_from",
                    "last_day",
                    "supersedes_id",
                    "document_id",
                    "document__sha256",
                    *_RECORDED,
                ),
            ),
        ),
        institution="institution",
    ),
    Covered(
        DeterminationRevocation,
        (
            Recipe(
                1,
                ("id", "determination_id", *_SIGNED, "signed_on", "effective_from", "reason", *_RECORDED),
            ),
        ),
        institution="determination__institution",
    ),
    Covered(
        DeterminedGround,
        (Recipe(1, ("id", "verification_id", "agency_id", "unit_id", "agency_name", "unit_name", "content")),),
        rows=_of_determined(DeterminedGround),
        institution="verification__institution",
    ),
    Covered(
        DeterminedSource,
        (Recipe(1, ("id", "verification_id", "number", "basis", "source", "valid_from")),),
        rows=_of_determined(DeterminedSource),
        institution="verification__institution",
    ),
    Covered(
        DeterminedTask,
        (
            Recipe(
                1,
                (
                    "id",
                    "verification_id",
                    "task_id",
                    "position_id",
                    "agency_id",
                    "unit_id",
                    "number",
                    "title",
                    "share",
                    "outcomes",
                    "masks",
                    "origins",
                    *_FACTS,
                ),
            ),
        ),
        rows=_of_determined(DeterminedTask),
        institution="verification__institution",
    ),
    Covered(
        DeterminedPosition,
        (
            Recipe(
                1,
                (
                    "id",
                    "verification_id",
                    "position_id",
                    "agency_id",
                    "mode",
                    "worst",
                    "best",
                    "code",
                    "title",
                    "jenjang",
                    "unit_name",
                ),
            ),
        ),
        rows=_of_determined(DeterminedPosition),
        institution="verification__institution",
    ),
)
"""Rows of results that are not determined may still be taken back, and so are not covered."""
