"""The direct service exposure proposed for a task from the kinds of service it serves (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

EXPOSURE_OF_SERVICE: Final = {
    "emergency": "emergency",
    "counter": "direct",
    "mal_pelayanan_publik": "direct",
    "field": "direct",
    "inpatient": "direct",
    "school": "direct",
    "online": "indirect",
    "internal": "none",
}
_STRENGTH: Final = ("none", "indirect", "direct", "emergency")


def proposed_exposure(service_kinds: Iterable[str]) -> str:
    """The strongest exposure among the services served; a task that serves none has none.

    Raises KeyError for a kind that is no kind of service.
    """
    exposures = [EXPOSURE_OF_SERVICE[kind] for kind in service_kinds]
    return max(exposures, key=_STRENGTH.index, default="none")


def proposing(services: Iterable[tuple[str, str]]) -> list[str]:
    """Of services given by kind and name, the names of those whose kind proposes the strongest exposure."""
    told = list(services)
    strongest = proposed_exposure(kind for kind, _name in told)
    return [name for kind, name in told if EXPOSURE_OF_SERVICE[kind] == strongest]
