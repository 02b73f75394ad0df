"""Who has a side of a sheet has none of its other: nobody agrees with herself, whatever she became meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from agencies.models import Assessment, User


def on_both_sides(parts: Collection[int]) -> QuerySet[Assessment]:
    """Those of these parts, by their keys, whose reviewer has or had the other side of the sheet too."""
    # A part that was set aside counts: she knows what she wrote there. An employee has one account at most.
    others = Assessment.objects.filter(sheet=OuterRef("sheet"), reviewer=OuterRef("reviewer"))
    return Assessment.objects.filter(Exists(others.exclude(side=OuterRef("side"))), pk__in=parts)


def held_on_other_side(reviewer: User, side: str) -> QuerySet[Assessment, Any]:
    """The keys of the sheets whose other side a reviewer has or had."""
    return Assessment.objects.filter(reviewer=reviewer).exclude(side=side).values("sheet")


def to_be_given(sheets: Collection[int], side: str, reviewer: User) -> QuerySet[Assessment]:
    """The parts of one side of these sheets that are still to be answered, and not by her."""
    waiting = Assessment.objects.current().filter(sheet__in=sheets, side=side, state__in=("draft", "returned"))
    # Where nobody is named the reviewer is null, which a plain exclusion would have to tell apart by itself.
    return waiting.exclude(pk__in=Assessment.objects.filter(reviewer=reviewer).values("pk"))


def left_out(sheets: Collection[int], reviewers: Mapping[str, User]) -> int:
    """How many of these sheets a side is not given of, because its reviewer is on the other; the same afterwards."""
    found: set[int] = set()
    for side, reviewer in reviewers.items():
        barred = to_be_given(sheets, side, reviewer).filter(sheet__in=held_on_other_side(reviewer, side))
        found.update(barred.values_list("sheet", flat=True))
    return len(found)
