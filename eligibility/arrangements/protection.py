"""What the database keeps of arrangements as it was done, and what of them the trail answers for."""

from __future__ import annotations

from typing import Final

from agencies.digests import Children, Covered, Recipe
from agencies.protection import Frozen, Protection, superseded_once
from eligibility.models import (
    Approval,
    ApprovalSpan,
    Arrangement,
    ArrangementObjection,
    ArrangementStep,
    Letter,
    WorkedDay,
)

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Frozen(ArrangementStep),
    Frozen(Approval),
    Frozen(ApprovalSpan),
    Frozen(Letter),
    Frozen(ArrangementObjection, when="{row}.state <> 'open'"),
    superseded_once(WorkedDay),
)
"""Arrangements change by acts and are covered by digests; what was done with them is only ever added."""

COVERED: Final[tuple[Covered, ...]] = (
    Covered(
        Arrangement,
        (
            Recipe(
                1,
                (
                    "id",
                    "institution_id",
                    "employee_id",
                    "position_id",
                    "agency_id",
                    "unit_id",
                    "mode",
                    "state",
                    "round",
                    "place",
                    "workplace_id",
                    "purpose",
                    "residence_confirmed",
                    "weekdays",
                    "starts_on",
                    "ends_on",
                    "attestations",
                    "amends_id",
                    "asked_by_id",
                    "asked_by_head",
                    "route",
                    "station",
                    "waits_for_id",
                    "submitted_at",
                    "approved_at",
                    "norm_id",
                    "suspended_on",
                    "ended_on",
                    "recorded_at",
                ),
                (
                    Children(
                        "eligibility.arrangementoutput",
                        "arrangement_id",
                        ("id", "arrangement_id", "number", "output", "target", "skp"),
                    ),
                    Children(
                        "eligibility.arrangementstep",
                        "arrangement_id",
                        (
                            "id",
                            "arrangement_id",
                            "round",
                            "what",
                            "station",
                            "by_id",
                            "by_employee_id",
                            "office_id",
                            "office_title",
                            "capacity",
                            "on",
                            "at",
                            "ground",
                            "text",
                            "held_on",
                        ),
                    ),
                    Children(
                        "eligibility.arrangementobjection",
                        "arrangement_id",
                        (
                            "id",
                            "arrangement_id",
                            "round",
                            "statement",
                            "raised_by_id",
                            "raised_at",
                            "office_id",
                            "state",
                            "answer",
                            "answered_by_id",
                            "answered_at",
                        ),
                    ),
                ),
            ),
        ),
        institution="institution",
    ),
    Covered(
        Approval,
        (
            Recipe(
                1,
                ("id", "arrangement_id", "round", "at", "on", "by_id", "by_employee_id", "office_id", "plan", "checks"),
                (
                    Children(
                        "eligibility.approvalspan",
                        "approval_id",
                        (
                            "id",
                            "approval_id",
                            "number",
                            "starts_on",
                            "ends_on",
                            "rulebook_id",
                            "determination_id",
                            "facts",
                            "outcome",
                        ),
                    ),
                ),
            ),
        ),
        institution="arrangement__institution",
    ),
    Covered(
        Letter,
        (
            Recipe(
                1,
                (
                    "id",
                    "institution_id",
                    "approval_id",
                    "number",
                    "signed_on",
                    "signatory_id",
                    "signatory_title",
                    "capacity",
                    "delegation_basis",
                    "code",
                    "content",
                    "recorded_at",
                    "recorded_by_id",
                ),
            ),
        ),
        institution="institution",
    ),
)
"""An act whose subject is the arrangement gives the approval, too, as a leaf; drafts are covered from the first act."""
