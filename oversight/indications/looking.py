"""Looks at an institution by an indication, keeps what was found for a while, and counts it for a reader.

What was found is kept until the next act moves the chain, at most ten minutes: rows may change behind the portal
too. An overview of a large city does not wait for what is slow; it shows the last look and says when it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core.cache import cache
from django.db.models import Max, QuerySet

from agencies.models import Agency, Institution
from eligibility.models import Arrangement
from oversight.indications.definitions import Flag, Ground, Indication
from oversight.indications.register import INDICATIONS
from oversight.models import TrailHead

KEPT: Final = 600
"""Seconds after which an institution is looked at again in any case."""

_LAST: Final = 86_400
"""Seconds for which the last look is shown where a new one is not waited for."""

QUICK: Final = 5_000
"""Arrangements up to which an overview looks anew; beyond, it shows the last look."""


@dataclass(frozen=True)
class Look:
    """What was found by an indication at a moment, over the whole institution."""

    at: datetime
    flags: tuple[Flag, ...]

    def of(self, agencies: Collection[int]) -> tuple[Flag, ...]:
        """The rows of these agencies, and those that are gone and belong to none that could be said."""
        return tuple(flag for flag in self.flags if flag.agency is None or flag.agency in agencies)


@dataclass(frozen=True)
class Count:
    """How many rows an indication points at; `at` is when it was looked (None: not yet, and then no number)."""

    indication: Indication
    number: int | None
    at: datetime | None


def look(indication: Indication, institution: Institution, on: date, known_at: datetime) -> Look:
    """Look now, or take what was found since the last act."""
    head = TrailHead.objects.filter(pk=institution.pk).values_list("digest", flat=True).first()
    newest = Arrangement.objects.filter(institution=institution).aggregate(newest=Max("pk"))["newest"]
    key = f"{_key(indication, institution)}:{on}:{newest}:{head}"
    found: Look | None = cache.get(key)
    if found is None:
        flags = tuple(indication.looks(Ground(institution, on, known_at)))
        found = Look(known_at, flags)
        cache.set(key, found, KEPT)
        cache.set(_key(indication, institution), found, _LAST)
    return found


def counts(
    institution: Institution, agencies: QuerySet[Agency] | Iterable[int], on: date, known_at: datetime
) -> tuple[Count, ...]:
    """Each indication with its number in these agencies, in their order.

    In an institution with many arrangements nothing is looked at anew: the last look of a day is counted.
    """
    kept = _keys(agencies)
    large = Arrangement.objects.filter(institution=institution).order_by()[: QUICK + 1].count() > QUICK
    return tuple(_count(one, institution, kept, on, known_at, anew=not large) for one in INDICATIONS)


def shown(
    indication: Indication, institution: Institution, agencies: QuerySet[Agency], on: date, known_at: datetime
) -> tuple[Look, tuple[Flag, ...]]:
    """A look, and its rows in these agencies: the newest arrangement first, then what is gone."""
    found = look(indication, institution, on, known_at)
    return found, tuple(sorted(found.of(_keys(agencies)), key=lambda flag: -(flag.arrangement or 0)))


def _count(
    indication: Indication, institution: Institution, kept: set[int], on: date, known_at: datetime, *, anew: bool
) -> Count:
    found: Look | None
    found = look(indication, institution, on, known_at) if anew else cache.get(_key(indication, institution))
    return Count(indication, len(found.of(kept)) if found else None, found.at if found else None)


def _key(indication: Indication, institution: Institution) -> str:
    return f"indication:{institution.pk}:{indication.code}"


def _keys(agencies: QuerySet[Agency] | Iterable[int]) -> set[int]:
    if isinstance(agencies, QuerySet):
        return set(agencies.values_list("pk", flat=True))
    return set(agencies)
