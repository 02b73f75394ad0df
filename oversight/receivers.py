"""What oversight does when an act is recorded."""

from __future__ import annotations

from agencies.events import Event, Receipt
from oversight import trail


def append(event: Event) -> Receipt:
    """Write the act to the trail of its institution; if that fails, so does the act."""
    entry = trail.append(event)
    return Receipt(event.institution.code, entry.number, entry.digest)
