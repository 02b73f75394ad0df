"""What eligibility does when an act is recorded."""

from __future__ import annotations

from agencies.events import Event


def reexamine(event: Event) -> None:
    """Nothing stored needs to be written again, whatever the act.

    Outcomes are computed whenever they are read; what was determined stays as it was signed, and whether it
    is stale is worked out on reading (`determinations/stale.py`), because staleness is never a column of a
    signed row. The place in the order is kept for what has to be looked at before an act enters the trail.
    """
