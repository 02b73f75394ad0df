"""The trail."""

from oversight.models.trail import TrailEntry, TrailHead

__all__ = ["TrailEntry", "TrailHead"]
