"""The next office upwards of the one that refused: who answers an objection."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies.errors import ActRefused
from agencies.models import Employee, Position
from eligibility.arrangements.reporting_line import DECIDE, Station, route_for
from eligibility.arrangements.stations import route_of
from eligibility.arrangements.transitions import What
from eligibility.models import Arrangement


def next_above(row: Arrangement, on: date, at: datetime) -> tuple[tuple[Station, ...], int]:
    """The stations of the row with the one above who refused it, and the index of that one.

    Raises ActRefused where the last level refused: nobody stands above the head of the region.
    """
    stations = route_of(row)
    refused = row.steps.select_related("by_employee").filter(what=What.REFUSED, round=row.round).latest("at", "pk")
    index = refused.station if refused.station is not None else len(stations) - 1
    if index + 1 < len(stations):
        return stations, index + 1
    above = _above(stations[index].position, refused.by_employee, on, at)
    if above is None:
        raise ActRefused(_("The last level has refused: there is no office above it that could answer an objection."))
    return (*stations, above), len(stations)


def _above(office: int | None, holder: Employee | None, on: date, at: datetime) -> Station | None:
    """To whom the holder of the office answers in it; None above the head of the region."""
    if office is None or holder is None:
        return None
    position = Position.objects.select_related("institution", "agency", "unit").get(pk=office)
    line = route_for(holder, position, (), on=on, known_at=at)
    higher = [one for one in line if one.position != office]
    return replace(higher[0], kind=DECIDE) if higher else None
