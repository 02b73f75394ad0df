"""Everything that was ever approved in an institution, as far as indications read it, in one query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Institution
from eligibility.models import Arrangement


@dataclass(frozen=True, slots=True)
class Approved:
    """An approved arrangement by its keys: whose, where, from when to when, and when it was approved."""

    key: int
    employee: int
    position: int
    agency: int
    unit: int | None
    starts_on: date
    ends_on: date
    at: datetime


_COLUMNS = ("pk", "employee_id", "position_id", "agency_id", "unit_id", "starts_on", "ends_on", "approved_at")


def approved_rows(institution: Institution) -> Iterator[Approved]:
    """Those suspended or ended since then too, the oldest first."""
    rows = Arrangement.objects.filter(institution=institution, approved_at__isnull=False).order_by("pk")
    for row in rows.values_list(*_COLUMNS).iterator(chunk_size=5000):
        yield Approved(*row)
