"""Which determination holds where on a day: for each agency one, and of each position the row of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from agencies.prepared import prepared
from eligibility.footing import Footing
from eligibility.known import KnownDeterminations
from eligibility.models import Determination, DeterminedGround, DeterminedPosition, Verification
from eligibility.rulebook import Mode

FIRST: Final = next(iter(Mode)).value
"""The form whose row stands for the position: every position has one."""

Age = tuple[date, datetime, int]


class Listing(NamedTuple):
    """That a verification lists a position, and as of which agency."""

    position: int
    verification: int
    agency: int


@dataclass(frozen=True, slots=True)
class Holding:
    """The verification whose determination holds, by agency; and how old each determination is that has begun."""

    held: Mapping[int, int]
    ages: Mapping[int, Age]

    def of(self, listings: Collection[Listing]) -> Listing | None:
        """Of what lists one position that which holds: the latest, if its determination holds for its agency.

        A position that has moved is listed by the determination of its new agency.
        """
        begun = [one for one in listings if one.verification in self.ages]
        last = max(begun, key=lambda one: self.ages[one.verification], default=None)
        return last if last and self.held.get(last.agency) == last.verification else None


def holding(footing: Footing) -> Holding:
    """What holds in the institution on the day."""
    known = KnownDeterminations(footing.institution, footing.on, footing.known_at)
    return known.part("holding", lambda: _holding(known))


def _holding(known: KnownDeterminations) -> Holding:
    asked = (known.institution.pk, known.on, known.known_at)
    return Holding(
        {agency: verification for verification, agency in _holding_rows(*asked)},
        {verification: (effective, recorded, pk) for verification, effective, recorded, pk in _begun(*asked)},
    )


@prepared
def _holding_rows(institution: int, on: date, known_at: datetime) -> QuerySet[Any, tuple[int, int]]:
    rows = DeterminedGround.objects.holding(institution, on, known_at)
    return rows.values_list("verification_id", "agency_id")


@prepared
def _begun(institution: int, on: date, known_at: datetime) -> QuerySet[Any, tuple[int, date, datetime, int]]:
    rows = Determination.objects.filter(institution_id=institution).begun(on, known_at).order_by()
    return rows.values_list("verification_id", "effective_from", "recorded_at", "pk")


def held_by(footing: Footing, positions: Collection[int]) -> dict[int, Verification]:
    """The verification whose determination holds for each of the positions that has one, by key."""
    held = _held(footing, positions)
    known = {one.pk: one for one in verifications_of(sorted(set(held.values())))}
    return {position: known[verification] for position, verification in held.items()}


def positions_held(footing: Footing, positions: Collection[int]) -> int:
    """For how many of the positions a determination holds."""
    return len(_held(footing, positions))


def _held(footing: Footing, positions: Collection[int]) -> dict[int, int]:
    """The key of the verification that holds for each of the positions that has one, by the position's."""
    of_position: dict[int, list[Listing]] = {}
    for one in listings_of(positions):
        of_position.setdefault(one.position, []).append(one)
    if not of_position:
        return {}
    now = holding(footing)
    found = {position: now.of(listings) for position, listings in of_position.items()}
    return {position: last.verification for position, last in found.items() if last is not None}


def listings_of(positions: Collection[int]) -> list[Listing]:
    """Everything that lists some positions."""
    return [Listing._make(row) for row in _rows_of(positions)]


@prepared
def _rows_of(positions: Collection[int]) -> QuerySet[Any, tuple[int, int, int]]:
    rows = DeterminedPosition.objects.filter(mode=FIRST, position__in=positions).order_by()
    return rows.values_list("position_id", "verification_id", "agency_id")


@prepared
def verifications_of(keys: Collection[int]) -> QuerySet[Verification]:
    """Verifications with their determinations; the rulebook stored with each is read where something differs."""
    return Verification.objects.filter(pk__in=keys).select_related("institution", "agency", "determination")
