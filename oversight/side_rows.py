"""Verifies the side rows of a chain: what entries say of people is as it was written, or was erased by an act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Q

from agencies.models import Institution
from oversight.entries import ERASED, TABLE
from oversight.faults import Change, RowFault
from oversight.models import TrailEntry, TrailSide
from oversight.trail import side_digest

_TABLE: Final = TrailSide._meta.label_lower
_ROWS_AT_ONCE: Final = 2000


def side_faults(institution: Institution) -> Iterator[RowFault]:
    """Side rows that were changed, removed or added; the key is that of the entry they stand beside."""
    committed = TrailEntry.objects.filter(institution=institution).exclude(side_digest="").order_by("number")
    side = ("salt", "body", "erased_by_id", "erased_by__action", "erased_by__subject_type", "erased_by__subject_id")
    columns = ("pk", "side_digest", "side__pk", *(f"side__{name}" for name in side))
    for key, digest, present, salt, body, *erasure in committed.values_list(*columns).iterator(_ROWS_AT_ONCE):
        if present is None:
            yield RowFault(_TABLE, str(key), Change.REMOVED)
        elif not _as_written(digest, salt, body, erasure) and not _erased(str(key), salt, body, erasure):
            yield RowFault(_TABLE, str(key), Change.CHANGED)
    uncommitted = TrailSide.objects.filter(entry__institution=institution, entry__side_digest="")
    for key in uncommitted.order_by("pk").values_list("pk", flat=True):
        yield RowFault(_TABLE, str(key), Change.ADDED)


def orphaned_sides() -> Iterator[RowFault]:
    """Side rows beside an entry that does not exist."""
    for key in TrailSide.objects.filter(~Q(entry__in=TrailEntry.objects.all())).values_list("pk", flat=True):
        yield RowFault(_TABLE, str(key), Change.ADDED)


def _as_written(digest: str, salt: str | None, body: str | None, erasure: list[object]) -> bool:
    by, *_act = erasure
    return by is None and side_digest(salt, body) == digest


def _erased(key: str, salt: str | None, body: str | None, erasure: list[object]) -> bool:
    """Whether it is empty and names the entry of an erasure that in turn names this entry."""
    _by, *act = erasure
    return salt is None and body is None and act == [ERASED, TABLE, key]
