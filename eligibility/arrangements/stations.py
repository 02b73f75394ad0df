"""The stations of a request as its row keeps them: written when it is submitted, read at every step."""

from __future__ import annotations

import json
from collections.abc import Iterable

from agencies.digests import canonical_json
from eligibility.arrangements.reporting_line import Station
from eligibility.models import Arrangement


def route_text(stations: Iterable[Station]) -> str:
    """Canonical JSON of the stations, in their order."""
    return canonical_json([{"kind": one.kind, "position": one.position, "title": one.title} for one in stations])


def route_of(row: Arrangement) -> tuple[Station, ...]:
    """The stations of the row, in their order; none before it is submitted."""
    return tuple(Station(one["kind"], one["position"], one["title"]) for one in json.loads(row.route or "[]"))


def station_of(row: Arrangement) -> Station | None:
    """The station that the row waits at; None where it waits at none."""
    stations = route_of(row)
    return stations[row.station] if row.station is not None and row.station < len(stations) else None


def place_at(row: Arrangement, station: int | None) -> tuple[str, ...]:
    """Let the row wait at the station of that index (None: at none); gives the names of the columns that are set."""
    found = route_of(row)[station] if station is not None else None
    row.station = station
    row.waits_for_id = found.position if found else None
    return ("station", "waits_for")


def is_last(row: Arrangement) -> bool:
    """Whether the station that the row waits at is the one that decides."""
    return row.station is not None and row.station == len(route_of(row)) - 1
