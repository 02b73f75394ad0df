"""The acts on the trail itself."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from agencies.events import record
from oversight.actions import trail
from oversight.models import TrailEntry
from tests.base import Cast

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)


def note(cast: Cast) -> None:
    """An act that says something of a person."""
    with transaction.atomic():
        record(actor=None, action="noted", subject=cast.institution, at=NOON, private={"name": "Siti"})


def erase_side(cast: Cast) -> object:
    entry = TrailEntry.objects.get(action="noted")
    return trail.erase_side(actor=cast.data_protection_officer, entry=entry, reason="Pasal 8 UU 27/2022", at=NOON)


def restore_trail(cast: Cast) -> object:
    return trail.restore_trail(actor=None, institution=cast.institution, reason="Disk rusak.", at=NOON)


def check_trail(cast: Cast) -> object:
    return trail.check_trail(actor=cast.inspector, institution=cast.institution, at=NOON)


ACTS = {
    "oversight.actions.trail.check_trail": check_trail,
    "oversight.actions.trail.erase_side": erase_side,
    "oversight.actions.trail.restore_trail": restore_trail,
}
REPEATABLE = {"oversight.actions.trail.check_trail", "oversight.actions.trail.restore_trail"}
BEFORE = dict.fromkeys(ACTS, note)
