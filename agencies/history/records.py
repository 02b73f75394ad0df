"""Fact records read on two clocks: for which day a value holds, and since when the portal knows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from agencies.fact_records import BEFORE_THE_PORTAL
from agencies.models import FactRecord

LEVELS: Final = ("task", "position", "agency", "unit", "service")
"""What a record may speak of, by the name of its key."""


class Certainty(StrEnum):
    """How well a value of a day is known."""

    RECORDED = "recorded"
    UNDATED = "undated"
    """It stood so, but nobody recorded since when."""
    NOT_YET = "not_yet"
    """The first record is of a later day, or came later: unknown."""


@dataclass(frozen=True, slots=True)
class Value:
    """What was known of one fact for a day; `record` is what says so, if anything does."""

    text: str | None
    certainty: Certainty
    record: FactRecord | None = None


Key = tuple[str, int, str]
"""Level and key of a subject, and the name of the fact."""


def key_of(record: FactRecord) -> Key:
    """What a record speaks of."""
    level = next(name for name in LEVELS if getattr(record, f"{name}_id") is not None)
    return (level, getattr(record, f"{level}_id"), record.fact)


class Ledger:
    """Records by what they speak of, in the order in which they were recorded."""

    def __init__(self, records: Iterable[FactRecord]) -> None:
        self._held: dict[Key, list[FactRecord]] = {}
        for record in sorted(records, key=lambda one: (one.recorded_at, one.pk)):
            self._held.setdefault(key_of(record), []).append(record)

    def subjects(self) -> set[int]:
        """The keys of what the records speak of."""
        return {key for _level, key, _fact in self._held}

    def of(self, key: Key) -> Sequence[FactRecord]:
        """All records of one fact of one subject."""
        return self._held.get(key, ())

    def value(self, key: Key, now: str | None, on: date, known_at: datetime) -> Value:
        """The value for a day by what was recorded at a moment; `now` is what stands in the register today."""
        records = self.of(key)
        if not records:
            return Value(now, Certainty.UNDATED)
        found = latest(records, on, known_at)
        if found is not None:
            return Value(found.value, Certainty.RECORDED, found)
        first = records[0]
        if first.source == BEFORE_THE_PORTAL and first.valid_from <= on:
            # What stood there before anybody recorded it is told by the act that changed it.
            return Value(first.value, Certainty.UNDATED)
        return Value(None, Certainty.NOT_YET)

    def before(self, record: FactRecord) -> FactRecord | None:
        """What the portal held for the record's first day until it was recorded; None: nothing."""
        records = self.of(key_of(record))
        earlier = records[: records.index(record)]
        return next((one for one in reversed(earlier) if one.valid_from <= record.valid_from), None)

    def overruled_by(self, record: FactRecord) -> FactRecord | None:
        """What was recorded later and holds for the record's first day instead; None: it still holds for it."""
        records = self.of(key_of(record))
        later = records[records.index(record) + 1 :]
        return next((one for one in reversed(later) if one.valid_from <= record.valid_from), None)


def latest(records: Sequence[FactRecord], on: date, known_at: datetime) -> FactRecord | None:
    """Of the records for the day or earlier that were known at the moment, the one recorded last."""
    known = (one for one in reversed(records) if one.valid_from <= on and one.recorded_at <= known_at)
    return next(known, None)
