"""Who lets a suspended arrangement hold again."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies.errors import ActRefused
from agencies.models import User
from eligibility.arrangements.reporting_line import Office, office_of, offices_above
from eligibility.arrangements.stations import route_of
from eligibility.arrangements.transitions import What, office_in_line, refuse_own, refuse_subordinate
from eligibility.models import Arrangement


def resuming_office(row: Arrangement, actor: User, on: date, at: datetime) -> Office | None:
    """The office in which the actor resumes: the one that decides on the row, or one above it.

    None: she holds no office of its line, and resumes as BKPSDM what the portal alone has suspended, for there no
    office has decided anything. Raises ActRefused for everybody else, for her own arrangement, and for that of
    somebody above her.
    """
    refuse_own(row, actor)
    deciding = route_of(row)[-1:]
    above = [one for station in deciding for one in offices_above(row.institution, station, on, at)]
    held = (office_of(actor, one, row.institution, on, at, requester=row.employee_id) for one in (*deciding, *above))
    office = next((one for one in held if one is not None), None)
    if office is None and (office_in_line(row, actor, on, at) or not _only_the_portal(row)):
        raise ActRefused(_resumes_words(deciding[0].title if deciding else ""))
    refuse_subordinate(row, office.employee if office else actor.employee_id, on, at)
    return office


def _resumes_words(title: str) -> str:
    return _(
        "What was suspended is resumed by the office that decides on it (%(office)s) or by one above it; BKPSDM "
        "resumes only what the portal itself has suspended. Ask that office."
    ) % {"office": title or "–"}


def _only_the_portal(row: Arrangement) -> bool:
    """Whether nobody but the portal has suspended it since it held last."""
    by_people = False
    for what, by in row.steps.order_by("at", "pk").values_list("what", "by"):
        if what in (What.APPROVED, What.RESUMED):
            by_people = False
        elif what == What.SUSPENDED:
            by_people = by_people or by is not None
    return not by_people
