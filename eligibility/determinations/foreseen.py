"""How many signed rows an act would make stale, or fit again: looked at before the act and after it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.translation import ngettext

from agencies.consequences import SHOWN, Afterwards, Consequence, Touch
from agencies.models import Position
from eligibility.determinations.stale import stale_keys
from eligibility.footing import Footing
from eligibility.foreseen import ALL_THAT_IS_KNOWN
from eligibility.loading import NoLawInForce
from eligibility.models import Determination

_MANY: Final = 500
"""Up to so many touched positions are asked about by key; of more, all of the institution."""


def foresee_stale(touch: Touch) -> Afterwards:
    """The foreseer of stale rows; see `agencies.consequences`."""
    before = _stale(touch)

    def tell() -> list[Consequence]:
        after = _stale(touch)
        return [*_told(after - before, weighty=True), *_told(before - after, weighty=False)]

    return tell


def _stale(touch: Touch) -> frozenset[int]:
    """The stale positions among those touched, by what is known now and what the act records."""
    if not (touch.everything or touch.positions or touch.agencies):
        return frozenset()
    if not Determination.objects.filter(institution=touch.institution).exists():
        return frozenset()
    wanted = None if touch.everything else _touched(touch)
    asked = wanted if wanted is not None and len(wanted) <= _MANY else None
    try:
        found = stale_keys(Footing(touch.institution, touch.on, ALL_THAT_IS_KNOWN), asked)
    except NoLawInForce:
        return frozenset()
    return found if wanted is None else found & wanted


def _touched(touch: Touch) -> frozenset[int]:
    below = Position.objects.filter(agency__in=touch.agencies).values_list("pk", flat=True) if touch.agencies else ()
    return frozenset(touch.positions) | frozenset(below)


def _told(keys: Collection[int], *, weighty: bool) -> list[Consequence]:
    if not keys:
        return []
    count = len(keys)
    sentence = (
        ngettext(
            "%(count)d determined position would be decided otherwise; its Penetapan no longer fits (stale).",
            "%(count)d determined positions would be decided otherwise; their Penetapan no longer fits (stale).",
            count,
        )
        if weighty
        else ngettext(
            "%(count)d determined position would fit its Penetapan again.",
            "%(count)d determined positions would fit their Penetapan again.",
            count,
        )
    )
    named = Position.objects.filter(pk__in=sorted(keys)[:SHOWN]).order_by("title", "pk")
    return [Consequence(sentence % {"count": count}, tuple(map(str, named)), count, weighty)]
