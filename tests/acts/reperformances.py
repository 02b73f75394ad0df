"""The act of deciding again."""

from __future__ import annotations

from oversight.actions import reperformances
from tests.acts.trail import NOON
from tests.base import Cast


def reperform(cast: Cast) -> object:
    return reperformances.reperform(actor=cast.inspector, institution=cast.institution, since=None, at=NOON)


ACTS = {"oversight.actions.reperformances.reperform": reperform}
REPEATABLE = {"oversight.actions.reperformances.reperform"}
"""What came out the same yesterday may not today: each run is a row and an entry of its own."""
