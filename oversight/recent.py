"""Verifies the last entries of a chain: as many as somebody can wait for on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agencies.models import Institution
from oversight.chain import Verification, verify
from oversight.models import TrailEntry, TrailHead
from oversight.trail import Head

AT_ONCE: Final = 50_000
"""Entries recomputed at the press of a button, about a second; the whole chain is verified by the command."""


@dataclass(frozen=True, slots=True)
class Recent:
    """From which entry to which the chain was recomputed, and what was found."""

    first: int
    last: int
    found: Verification


def verify_recent(institution: Institution, at_once: int = AT_ONCE) -> Recent:
    """Recompute the last entries of the chain, all of it where it is no longer than that.

    What stands before them is taken as stored: its last digest is what the first of them must carry.
    """
    last = TrailHead.objects.filter(pk=institution.pk).values_list("number", flat=True).first() or 0
    before = _head_at(institution, last - at_once) if last > at_once else None
    found = verify(institution, before) if before else verify(institution)
    first = (before.number if before else 0) + 1
    return Recent(first, max(last, first + found.count - 1), found)


def _head_at(institution: Institution, number: int) -> Head | None:
    """Where the chain stood after the entry of that number; None where that entry is missing."""
    row = TrailEntry.objects.filter(institution=institution, number=number).values_list("digest", "epoch").first()
    return Head(number, *row) if row else None
