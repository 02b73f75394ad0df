"""By which rules the day of an exported table is judged: the app that holds the rules tells their fingerprint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from agencies.models import Institution

FingerprintReader = Callable[[Institution, date, datetime], str | None]
"""The fingerprint of the rulebook of a day as known at a moment; None where no rule is known for the day."""

_readers: Final[list[FingerprintReader]] = []


def read_fingerprints_with(reader: FingerprintReader) -> None:
    """Register where the rules stand: they belong to an app downstream. The last one registered counts."""
    _readers[:] = [reader]


def fingerprint_on(institution: Institution, on: date, known_at: datetime) -> str | None:
    """The fingerprint of the rulebook that judges the day; None where none is known for it."""
    return _readers[0](institution, on, known_at) if _readers else None
