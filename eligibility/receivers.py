"""What eligibility does when an act is recorded."""

from __future__ import annotations

from agencies.events import Event


def reexamine(event: Event) -> None:
    """Nothing stored needs to be examined again: outcomes of positions are computed whenever they are read.

    The place in the order is kept because what is stored of a decision has to be looked at
    before the act enters the trail.
    """
