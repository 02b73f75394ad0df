"""Which rows of the trail the database keeps as they were written."""

from __future__ import annotations

from typing import Final

from agencies.digests import Children, Covered, Recipe
from agencies.protection import Frozen, Protection
from oversight.entries import ERASED, RESTORED
from oversight.models import (
    Checkpoint,
    Difference,
    Evidence,
    Finding,
    FindingReply,
    FollowUp,
    Reperformance,
    TrailCheck,
    TrailEntry,
    TrailHead,
    TrailLeaf,
    TrailSide,
)

_FOLLOWS_THE_HEAD: Final = f"""EXISTS (
    SELECT 1 FROM oversight_trailhead head
    WHERE head.institution_id = NEW.institution_id
      AND head.number + 1 = NEW.number AND head.digest = NEW.previous_digest
      AND NEW.epoch = head.epoch + CASE WHEN NEW.action = '{RESTORED}' THEN 1 ELSE 0 END)"""

_COUNTS_THE_NEXT_ENTRY: Final = """NEW.institution_id = OLD.institution_id
    AND NEW.number = OLD.number + 1 AND EXISTS (
    SELECT 1 FROM oversight_trailentry entry
    WHERE entry.institution_id = NEW.institution_id
      AND entry.number = NEW.number AND entry.digest = NEW.digest AND entry.epoch = NEW.epoch)"""

_IS_COMMITTED_TO: Final = """NEW.erased_by_id IS NULL AND EXISTS (
    SELECT 1 FROM oversight_trailentry entry WHERE entry.id = NEW.entry_id AND entry.side_digest <> '')"""

_IS_ERASED_BY_AN_ACT: Final = f"""NEW.entry_id = OLD.entry_id AND OLD.erased_by_id IS NULL
    AND NEW.salt IS NULL AND NEW.body IS NULL AND EXISTS (
    SELECT 1 FROM oversight_trailentry act JOIN oversight_trailentry entry
      ON entry.institution_id = act.institution_id
    WHERE act.id = NEW.erased_by_id AND act.action = '{ERASED}' AND entry.id = NEW.entry_id)"""

_ENTRIES: Final = ("oversight_trailentry",)

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Frozen(TrailEntry, inserts=_FOLLOWS_THE_HEAD),
    # The head moves by one entry at a time, to the entry that was just written.
    Frozen(TrailHead, inserts="NEW.number = 0", updates=_COUNTS_THE_NEXT_ENTRY),
    # Emptied once, by an act of the same chain; what else it says stays.
    Frozen(TrailSide, inserts=_IS_COMMITTED_TO, updates=_IS_ERASED_BY_AN_ACT, reads=_ENTRIES),
    # An INSERT is not looked at: it would cost every leaf of a bulk act a query, and the root tells.
    Frozen(TrailLeaf),
    Frozen(Checkpoint),
    Frozen(TrailCheck),
    # What deciding again found is kept as it was found; a later run stands beside it.
    Frozen(Reperformance),
    Frozen(Difference),
    # A finding that is closed or withdrawn stays as it is; replies, reviews and evidence always do.
    Frozen(Finding, when="{row}.state IN ('closed', 'withdrawn')"),
    Frozen(FindingReply),
    Frozen(FollowUp),
    Frozen(Evidence),
)

COVERED: Final[tuple[Covered, ...]] = (
    Covered(
        Finding,
        (
            Recipe(
                1,
                (
                    "id",
                    "institution_id",
                    "agency_id",
                    "number",
                    "origin",
                    "origin_code",
                    "arrangement_id",
                    "determination_id",
                    "title",
                    "condition",
                    "provision_id",
                    "criterion",
                    "cause",
                    "effect",
                    "recommendation",
                    "state",
                    "issued_on",
                    "reply_due_on",
                    "created_by_id",
                    "recorded_at",
                ),
                (
                    Children(
                        "oversight.findingreply",
                        "finding_id",
                        ("id", "finding_id", "text", "replied_on", "by_id", "at"),
                    ),
                    Children(
                        "oversight.followup",
                        "finding_id",
                        ("id", "finding_id", "status", "reviewed_on", "text", "by_id", "at"),
                    ),
                    Children(
                        "oversight.evidence",
                        "finding_id",
                        ("id", "finding_id", "document_id", "dated_on", "note", "sha256", "by_id", "at"),
                    ),
                ),
            ),
        ),
        institution="institution",
    ),
)
"""Findings with what was replied, judged and shown."""
