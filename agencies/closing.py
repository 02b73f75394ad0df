"""When something may be closed or opened again: nothing outlives what it belongs to, nothing is left behind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.errors import ActRefused
from agencies.models import Agency, Position, Posting, PublicService, Unit
from agencies.querysets import open_on


def refuse_outliving(closed_on: date | None, *above: Agency | Unit | Position | None, field: str = "closed_on") -> None:
    """Raise ActRefused where something would count on after what it belongs to is closed.

    What it belongs to is read anew: a form may hold it as it was before somebody closed it.
    """
    for one in above:
        if one is not None:
            one.refresh_from_db(fields=["closed_on"])
        if one is not None and one.closed_on and (closed_on is None or closed_on > one.closed_on):
            message = _(
                "“%(above)s” is closed from %(day)s on; open it again first, or choose that day or an earlier one."
            )
            raise ActRefused(message % {"above": one, "day": date_format(one.closed_on)}, field)


def refuse_leaving_agency(agency: Agency, closed_on: date) -> None:
    """Raise ActRefused where the agency still has something that counts on the day."""
    below = Agency.objects.filter(parent=agency)
    positions = Position.objects.filter(agency=agency)
    units = Unit.objects.filter(agency=agency)
    services = PublicService.objects.filter(agency=agency)
    _refuse_left(
        agency,
        {
            "positions": _count(positions, closed_on),
            "units": _count(units, closed_on),
            "services": _count(services, closed_on),
            "agencies": _count(below, closed_on),
        },
    )


def refuse_leaving_unit(unit: Unit, closed_on: date) -> None:
    """Raise ActRefused where the unit still has positions or services that count on the day."""
    positions, services = Position.objects.filter(unit=unit), PublicService.objects.filter(unit=unit)
    _refuse_left(unit, {"positions": _count(positions, closed_on), "services": _count(services, closed_on)})


def refuse_leaving_holders(position: Position, closed_on: date) -> None:
    """Raise ActRefused where somebody holds the position on the day of closing or later."""
    ends = Q(effective_until__isnull=True) | Q(effective_until__gte=closed_on)
    held = Posting.objects.current().filter(ends, position=position).count()
    if held:
        message = ngettext(
            "%(count)d posting in this position runs on %(day)s or later. End it first, with %(last)s as its last day"
            " or an earlier one.",
            "%(count)d postings in this position run on %(day)s or later. End them first, with %(last)s as their last"
            " day or an earlier one.",
            held,
        )
        words = {"count": held, "day": date_format(closed_on), "last": date_format(closed_on - timedelta(days=1))}
        raise ActRefused(message % words, "closed_on")


def _count(rows: QuerySet[Any], on: date) -> int:
    return rows.filter(open_on(on)).count()


def _refuse_left(one: Agency | Unit, left: dict[str, int]) -> None:
    words = {
        "positions": lambda number: ngettext("%(number)d position", "%(number)d positions", number),
        "units": lambda number: ngettext("%(number)d unit", "%(number)d units", number),
        "services": lambda number: ngettext("%(number)d public service", "%(number)d public services", number),
        "agencies": lambda number: ngettext("%(number)d agency below it", "%(number)d agencies below it", number),
    }
    still = [words[name](number) % {"number": number} for name, number in left.items() if number]
    if still:
        message = _(
            "“%(one)s” still has %(left)s on that day. Close or move them first, from that day or an earlier one."
        )
        raise ActRefused(message % {"one": one, "left": ", ".join(still)}, "closed_on")
