"""The map of a day as it would be published, kept until the next act: a page has no time to judge a whole city."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from django.core.cache import cache

from agencies.receipts import last_act
from eligibility.footing import Footing
from eligibility.published_maps.counting import public_map
from eligibility.published_maps.tables import PublicMap
from eligibility.published_maps.texts import read, written

KEPT: Final = 600
"""Seconds after which the city is judged again in any case: rows may change behind the portal too."""


def kept_map(footing: Footing, *, anew: bool) -> PublicMap:
    """What may be told of the institution on the footing's day, by its rules and what stands above its positions.

    `anew`: judge it now and keep that. Raises NoLawInForce, and TooFew.
    """
    act = last_act(footing.institution)
    key = _key(footing, act)
    text: str | None = cache.get(key) if act and not anew else None
    if text is None:
        text = written(public_map(footing))
        if act:
            cache.set(key, text, KEPT)
    return read(text)


def _key(footing: Footing, act: str) -> str:
    """The rulebook and what is known of agencies and units are named: acts of the nation change them, too."""
    grounds = footing.grounds
    above = [
        sorted(grounds.closed),
        *map(repr, sorted(grounds.agencies.items())),
        *map(repr, sorted(grounds.units.items())),
    ]
    asked = repr((footing.institution.pk, footing.on, act, footing.rulebook.fingerprint, above))
    return f"published-map:{sha256(asked.encode()).hexdigest()}"
