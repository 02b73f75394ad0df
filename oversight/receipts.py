"""Finds the place of an act in the trail, and the checkpoint that sealed it last."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from agencies.events import Receipt
from agencies.models import Institution
from agencies.prepared import prepared
from agencies.receipts import SealedHead
from oversight.checkpoints import last_checkpoint
from oversight.models import TrailEntry, TrailHead


def receipt_of(subject: Model, action: str) -> Receipt | None:
    """The receipt of the latest act of that name on the subject; None where there is none."""
    entries = TrailEntry.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), action=action
    )
    entry = entries.select_related("institution").order_by("number").last()
    return Receipt(entry.institution.code, entry.number, entry.digest) if entry else None


def last_act(institution: Institution) -> str:
    """The digest at which the institution's chain ends; empty before the first entry."""
    return next(iter(_head(institution.pk)), "")


@prepared
def _head(institution: int) -> QuerySet[TrailHead, str]:
    return TrailHead.objects.filter(pk=institution).values_list("digest", flat=True)


def sealed_head(institution: Institution) -> SealedHead | None:
    """The head of the institution's chain in the last checkpoint; None without a checkpoint, or if it is not in it."""
    checkpoint = last_checkpoint()
    head = checkpoint.head_of(institution.code) if checkpoint else None
    return SealedHead(checkpoint.at, head.number, head.digest) if checkpoint and head else None
