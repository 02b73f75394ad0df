"""Where acts stand in the trail, for pages and papers that print it; the app with the trail says how to find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from agencies.events import Receipt
from agencies.models import Institution


@dataclass(frozen=True, slots=True)
class SealedHead:
    """The head of an institution's chain in a signed checkpoint: when it was signed, the entry and its digest."""

    at: datetime
    number: int
    digest: str


Finder = Callable[[Model, str], Receipt | None]
CheckpointFinder = Callable[[Institution], SealedHead | None]
HeadFinder = Callable[[Institution], str]

_finders: list[Finder] = []
_checkpoint_finders: list[CheckpointFinder] = []
_head_finders: list[HeadFinder] = []


def find_with(finder: Finder) -> None:
    """Register what finds receipts; the last one registered counts."""
    _finders[:] = [finder]


def find_checkpoints_with(finder: CheckpointFinder) -> None:
    """Register what finds the last checkpoint; the last one registered counts."""
    _checkpoint_finders[:] = [finder]


def find_heads_with(finder: HeadFinder) -> None:
    """Register what finds where an institution's chain ends; the last one registered counts."""
    _head_finders[:] = [finder]


def last_act(institution: Institution) -> str:
    """The digest of the last act in the institution; empty before the first. It is another after every act."""
    return _head_finders[0](institution) if _head_finders else ""


def receipt_of(subject: Model, action: str) -> Receipt | None:
    """The receipt of the latest act of that name on the subject; None where the trail has none."""
    return _finders[0](subject, action) if _finders else None


def sealed_head(institution: Institution) -> SealedHead | None:
    """The institution's head in the last checkpoint; None where there is no checkpoint, or it is not in it."""
    return _checkpoint_finders[0](institution) if _checkpoint_finders else None
