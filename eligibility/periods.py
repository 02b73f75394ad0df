"""The days on which an instrument is in force, worked out from its periods and their ends (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol


class Row(Protocol):
    """A stored period, or an end of what began before it."""

    kind: str
    starts_on: date
    ends_on: date | None
    known_from: datetime


@dataclass(frozen=True, order=True)
class Span:
    """Days in force, from the first to the last; no last day: until further notice."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: Span) -> bool:
        """Whether a day lies in both."""
        return self.holds(other.first) or other.holds(self.first)


def spans(rows: Iterable[Row]) -> list[Span]:
    """The days in force, by their first: each period as far as no end known since has stopped it."""
    stored = list(rows)
    ends = [row for row in stored if row.kind == "ends"]
    found = []
    for row in stored:
        if row.kind != "ends":
            stops = [e.starts_on for e in ends if e.starts_on >= row.starts_on and e.known_from >= row.known_from]
            span = _cut(Span(row.starts_on, row.ends_on), min(stops, default=None))
            found += [span] if span else []
    return sorted(found, key=lambda span: span.first)


def known_spans(rows: Iterable[Row], known_at: datetime) -> list[Span]:
    """The days in force by what was known at a moment."""
    return spans(row for row in rows if row.known_from <= known_at)


def _cut(span: Span, stop: date | None) -> Span | None:
    """What is left of a span that ends before the day `stop`."""
    if stop is None or not span.holds(stop):
        return span
    return None if stop == span.first else Span(span.first, stop - timedelta(days=1))


def ends_from(in_force: Sequence[Span], day: date) -> list[date]:
    """From which days ends must be recorded, so that nothing of this is in force from the day on."""
    return sorted({max(day, span.first) for span in in_force if span.last is None or span.last >= day})
