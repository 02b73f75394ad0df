"""Where an act leaves out a person who was counted, and from which days: her postings and her standing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from agencies.models import Employment, Posting


@dataclass(frozen=True, slots=True)
class Departure:
    """Positions, by key, that a person holds no longer or not as somebody active, and the first days of that."""

    positions: frozenset[int]
    days: tuple[date, ...]


def departure(employee: int, at: datetime, on: date) -> Departure | None:
    """What the act of that moment took away from the day on; None where it left her where she was, or only added."""
    known = Q(superseded_at__isnull=True) | Q(superseded_at=at)
    definitive = Posting.objects.filter(known, employee=employee, capacity=Posting.Capacity.DEFINITIVE)
    postings = list(definitive.filter(Q(effective_until__isnull=True) | Q(effective_until__gte=on)))
    left = [(row.position_id, day) for row in postings if row.superseded_at for day in _left(row, postings, at, on)]
    rows = Employment.objects.filter(known, employee=employee).order_by("effective_from", "recorded_at", "pk")
    inactive = _inactive(list(rows), at, on)
    held = {row.position_id for row in postings} if inactive else set()
    days = sorted({*inactive, *(day for _position, day in left)})
    return Departure(frozenset(held.union(position for position, _day in left)), tuple(days)) if days else None


def _left(row: Posting, postings: Sequence[Posting], at: datetime, on: date) -> Iterator[date]:
    """The first days, from the day on, of what is no longer told of a posting that was superseded."""
    kept = [one for one in postings if one.recorded_at == at and one.position_id == row.position_id]
    begins = min((one.effective_from for one in kept), default=date.max)
    if row.effective_from < begins and on < begins:
        yield max(row.effective_from, on)
    ends = max((_last(one) for one in kept), default=date.max)
    if ends < _last(row):
        yield max(ends + timedelta(days=1), on)


def _last(row: Posting) -> date:
    return row.effective_until or date.max


def _inactive(rows: Collection[Employment], at: datetime, on: date) -> set[date]:
    """The first days, from the day on, on which she was active by what was known before the act, and is no longer."""
    before = [row for row in rows if row.recorded_at < at]
    after = [row for row in rows if row.superseded_at is None]
    days = {max(row.effective_from, on) for row in rows}
    return {day for day in days if _is_active(before, day) and not _is_active(after, day)}


def _is_active(rows: Sequence[Employment], on: date) -> bool:
    """Whether the last that had begun by the day, of rows in their order, says so."""
    begun = [row.standing for row in rows if row.effective_from <= on]
    return begun[-1:] == [Employment.Standing.ACTIVE]
