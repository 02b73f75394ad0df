"""Who answers an objection, the next superior above who refused; and the way that a granted one goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.errors import ActRefused
from agencies.models import Employee, Position, User
from eligibility.arrangements.reporting_line import APPROVER, DECIDE, Station, office_of, route_for
from eligibility.arrangements.stations import route_of
from eligibility.arrangements.transitions import What
from eligibility.models import Arrangement, ArrangementStep


def next_above(row: Arrangement, on: date, at: datetime) -> tuple[tuple[Station, ...], int]:
    """The stations of the row with the superior above who refused it, and the index of that one.

    An office that who refused holds that day herself is passed over with all below it. One that is asked because a
    condition names it is no superior: a refusal there goes to whom that office answers to. Raises ActRefused where
    the last level refused: nobody stands above the head of the region.
    """
    stations, refused = route_of(row), _refusal(row)
    hers = _highest_held(refused, stations, row, on, at)
    line = [index for index in range(hers + 1, len(stations)) if stations[index].kind != APPROVER]
    if line and stations[hers].kind != APPROVER:
        return stations, line[0]
    above = _above(stations[hers].position, refused.by_employee, on, at)
    if above is None or _holds(refused, above, row, on, at):
        raise ActRefused(_("The last level has refused: there is no office above it that could answer an objection."))
    return (*stations, above), len(stations)


def way_once_granted(row: Arrangement) -> tuple[Station, ...]:
    """The stations of the round that a granted objection opens: who answered, and what lay beyond it.

    Where that office is the one that decides, those whom a condition names and who were not asked yet come first.
    """
    stations, index = route_of(row), row.station
    assert index is not None
    endorsed = row.steps.filter(what=What.ENDORSED, round=row.round).values_list("station", flat=True)
    refused = _refusals(row).last()
    passed = {_index_of(refused, stations) if refused else None, *endorsed}
    answering = stations[index]
    unasked = (
        station
        for number, station in enumerate(stations[:index])
        if station.kind == APPROVER and number not in passed and station.position != answering.position
    )
    return (*unasked, answering, *stations[index + 1 :])


def has_refused(row: Arrangement, user: User) -> bool:
    """Whether the user refused the request in its round, by her account or by her file."""
    refused = _refusals(row).last()
    if refused is None:
        return False
    hers = user.employee_id is not None and user.employee_id == refused.by_employee_id
    return hers or user.pk == refused.by_id


def refuser_words() -> str:
    """Why who refused does not answer, and who does."""
    return _(
        "You refused this request, so you do not answer the objection to it. Another holder of the office, as Plt or "
        "Plh, answers it; ask BKPSDM to record one."
    )


def _refusal(row: Arrangement) -> ArrangementStep:
    return _refusals(row).select_related("by", "by_employee").latest("at", "pk")


def _refusals(row: Arrangement) -> QuerySet[ArrangementStep]:
    return row.steps.filter(what=What.REFUSED, round=row.round).order_by("at", "pk")


def _index_of(refused: ArrangementStep, stations: tuple[Station, ...]) -> int:
    return refused.station if refused.station is not None else len(stations) - 1


def _highest_held(
    refused: ArrangementStep, stations: tuple[Station, ...], row: Arrangement, on: date, at: datetime
) -> int:
    """The last of the stations that who refused holds that day; at least the one at which she refused."""
    first = _index_of(refused, stations)
    held = (index for index in range(len(stations) - 1, first, -1) if _holds(refused, stations[index], row, on, at))
    return next(held, first)


def _holds(refused: ArrangementStep, station: Station, row: Arrangement, on: date, at: datetime) -> bool:
    if refused.by is None:
        return False
    return office_of(refused.by, station, row.institution, on, at, requester=row.employee_id) is not None


def _above(office: int | None, holder: Employee | None, on: date, at: datetime) -> Station | None:
    """To whom the holder of the office answers in it; None above the head of the region."""
    if office is None or holder is None:
        return None
    position = Position.objects.select_related("institution", "agency", "unit").get(pk=office)
    line = route_for(holder, position, (), on=on, known_at=at)
    higher = [one for one in line if one.position != office]
    return replace(higher[0], kind=DECIDE) if higher else None
