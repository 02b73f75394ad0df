"""The trail and its checkpoints; deciding again; findings and what follows them."""

from oversight.models.checkpoints import Checkpoint
from oversight.models.findings import Evidence, Finding, FindingReply, FindingState, FollowUp
from oversight.models.reperformance import Difference, Reperformance
from oversight.models.trail import TrailCheck, TrailEntry, TrailHead, TrailLeaf, TrailSide

__all__ = [
    "Checkpoint",
    "Difference",
    "Evidence",
    "Finding",
    "FindingReply",
    "FindingState",
    "FollowUp",
    "Reperformance",
    "TrailCheck",
    "TrailEntry",
    "TrailHead",
    "TrailLeaf",
    "TrailSide",
]
