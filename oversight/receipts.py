"""Finds the place of an act in the trail."""

from __future__ import annotations

from django.db.models import Model

from agencies.events import Receipt
from oversight.models import TrailEntry


def receipt_of(subject: Model, action: str) -> Receipt | None:
    """The receipt of the latest act of that name on the subject; None where there is none."""
    entries = TrailEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), action=action
    )
    entry = entries.select_related("institution").order_by("number").last()
    return Receipt(entry.institution.code, entry.number, entry.digest) if entry else None
