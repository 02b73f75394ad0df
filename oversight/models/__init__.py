"""The trail and its checkpoints."""

from oversight.models.checkpoints import Checkpoint
from oversight.models.trail import TrailEntry, TrailHead, TrailLeaf, TrailSide

__all__ = ["Checkpoint", "TrailEntry", "TrailHead", "TrailLeaf", "TrailSide"]
