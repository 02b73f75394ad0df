"""Which determination holds where on a day: for each agency one, and of each position the row of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from agencies.prepared import prepared
from eligibility.known import KnownDeterminations
from eligibility.loading import Footing
from eligibility.models import Determination, DeterminedGround, DeterminedPosition
from eligibility.rulebook import Mode

FIRST: Final = next(iter(Mode)).value
"""The form whose row stands for the position: every position has one."""

Age = tuple[date, datetime, int]


@dataclass(frozen=True, slots=True)
class Holding:
    """The verification whose determination holds, by agency; and how old each determination is that has begun."""

    held: Mapping[int, int]
    ages: Mapping[int, Age]

    def of(self, rows: Collection[DeterminedPosition]) -> DeterminedPosition | None:
        """Of the rows of one position that which holds: the latest, if its determination holds for its agency.

        A position that has moved is listed by the determination of its new agency.
        """
        begun = [row for row in rows if row.verification_id in self.ages]
        last = max(begun, key=lambda row: self.ages[row.verification_id], default=None)
        return last if last and self.held.get(last.agency_id) == last.verification_id else None


def holding(footing: Footing) -> Holding:
    """What holds in the institution on the day."""
    known = KnownDeterminations(footing.institution, footing.on, footing.known_at)
    return known.part("holding", lambda: _holding(known))


def _holding(known: KnownDeterminations) -> Holding:
    asked = (known.institution.pk, known.on, known.known_at)
    return Holding(
        {agency: verification for verification, agency in _held(*asked)},
        {verification: (effective, recorded, pk) for verification, effective, recorded, pk in _begun(*asked)},
    )


@prepared
def _held(institution: int, on: date, known_at: datetime) -> QuerySet[Any, tuple[int, int]]:
    rows = DeterminedGround.objects.holding(institution, on, known_at)
    return rows.values_list("verification_id", "agency_id")


@prepared
def _begun(institution: int, on: date, known_at: datetime) -> QuerySet[Any, tuple[int, date, datetime, int]]:
    rows = Determination.objects.filter(institution_id=institution).begun(on, known_at).order_by()
    return rows.values_list("verification_id", "effective_from", "recorded_at", "pk")


def rows_that_hold(footing: Footing, positions: Collection[int]) -> dict[int, DeterminedPosition]:
    """The row that holds for each of the positions that has one, with its verification and determination, by key."""
    of_position: dict[int, list[DeterminedPosition]] = {}
    for row in _rows_of(positions):
        of_position.setdefault(row.position_id, []).append(row)
    if not of_position:
        return {}
    now = holding(footing)
    found = {position: now.of(rows) for position, rows in of_position.items()}
    return {position: row for position, row in found.items() if row is not None}


@prepared
def _rows_of(positions: Collection[int]) -> QuerySet[DeterminedPosition]:
    rows = DeterminedPosition.objects.filter(mode=FIRST, position__in=positions).order_by()
    return rows.select_related("verification__determination")
