"""What every act on an arrangement shares: the locked row, the actor's office, the move by the table, the step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import events
from agencies.checking import checked
from agencies.digests import Leaf
from agencies.errors import ActRefused
from agencies.models import Institution, Posting, User
from agencies.prepared import prepared
from eligibility.arrangements.reporting_line import Office, Station, office_of, route_for
from eligibility.arrangements.stations import route_of, station_of
from eligibility.models import Arrangement, ArrangementState, ArrangementStep

What = ArrangementStep.What
_S = ArrangementState

_RELATED: Final = ("institution", "employee", "position", "agency", "unit", "workplace", "amends")

_WAYS_OUT: Final = {
    _S.DRAFT: gettext_lazy("Submit it first."),
    _S.SUBMITTED: gettext_lazy("It waits for a decision; who asked may take it back to mend it."),
    _S.RETURNED: gettext_lazy("It is mended and submitted again first."),
    _S.CONSULTATION: gettext_lazy("It is approved, refused or returned after the consultation."),
    _S.APPROVED: gettext_lazy("Ask for a change, or end it."),
    _S.REFUSED: gettext_lazy("The employee may raise an objection (keberatan), or ask anew instead."),
    _S.SUSPENDED: gettext_lazy("Resume it, or end it."),
    _S.ENDED: gettext_lazy("Ask for a new one."),
    _S.WITHDRAWN: gettext_lazy("Ask for a new one."),
}
"""What can be done instead, by the state it stands in."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done, by whom in which office, the day from which it counts and the moment; ground and words."""

    what: ArrangementStep.What
    actor: User | None
    on: date
    at: datetime
    office: Office | None = None
    ground: str = ""
    text: str = ""
    held_on: date | None = None


def locked(arrangement: Arrangement) -> Arrangement:
    """The row as it is now, locked until the act ends; the institution is held first, so that what is counted stays.

    Arrangements of one institution are thereby decided one after the other.
    """
    Institution.objects.held(arrangement.institution_id)
    for row in _row(arrangement.pk):
        return row
    raise Arrangement.DoesNotExist


@prepared
def _row(pk: int) -> QuerySet[Arrangement]:
    return Arrangement.objects.filter(pk=pk).select_related(*_RELATED).select_for_update(of=("self",)).order_by()


def refuse_unless(row: Arrangement, *states: ArrangementState) -> None:
    """Raise ActRefused, naming the state and the way out, unless the row stands in one of the states."""
    if row.state not in states:
        raise ActRefused(standing_words(row))


def refuse_move(row: Arrangement, state: ArrangementState) -> None:
    """Raise ActRefused, naming the state and the way out, where the table does not let the row move there."""
    if not row.may_become(state):
        raise ActRefused(standing_words(row))


def standing_words(row: Arrangement) -> str:
    """Why something cannot be done with the row as it stands, and what can."""
    words = {"state": row.get_state_display(), "way": _WAYS_OUT[ArrangementState(row.state)]}
    return _("This cannot be done now: the request stands at “%(state)s”. %(way)s") % words


def move(row: Arrangement, deed: Deed, state: ArrangementState | None, *columns: str) -> ArrangementStep:
    """Write the step and the columns that the act has set, and move the row; a state of None leaves it where it is.

    The one function through which arrangements change. Raises ActRefused for a move that the table does not
    know, ValuesRefused for a step without what it needs. The row's station and round are those before the act,
    unless they are among `columns`.
    """
    before = Arrangement.objects.only("station", "round").get(pk=row.pk)
    if state is not None:
        refuse_move(row, state)
        row.state = state
    step = _step(row, deed, before)
    checked(step).save(force_insert=True)
    row.save(update_fields=["state", *columns])
    return step


def _step(row: Arrangement, deed: Deed, before: Arrangement) -> ArrangementStep:
    office = deed.office
    by_employee = office.employee if office else deed.actor.employee_id if deed.actor else None
    return ArrangementStep(
        arrangement=row,
        round=row.round if deed.what is What.SUBMITTED else before.round,
        what=deed.what,
        station=before.station,
        by=deed.actor,
        by_employee_id=by_employee,
        office_id=office.position if office else None,
        office_title=office.title if office else "",
        capacity=office.capacity if office else "",
        on=deed.on,
        at=deed.at,
        ground=deed.ground,
        text=deed.text.strip(),
        held_on=deed.held_on,
    )


def told(
    row: Arrangement,
    deed: Deed,
    action: str,
    *,
    leaves: Iterable[Leaf] = (),
    more: Mapping[str, events.Detail] | None = None,
    beside: Mapping[str, events.Detail] | None = None,
) -> events.Receipt:
    """The trail entry of the act: codes, keys and counts; what was written in words stays with the step.

    `beside` stands with the words in the side row of the entry.
    """
    details: dict[str, Any] = dict(more or {})
    words: dict[str, events.Detail] = {"text": deed.text} if deed.text else {}
    return events.record(
        actor=deed.actor,
        action=action,
        subject=row,
        at=deed.at,
        private={**words, **(beside or {})},
        leaves=leaves,
        mode=row.mode,
        state=str(row.state),
        round=row.round,
        station=row.station,
        on=deed.on,
        office=deed.office.position if deed.office else None,
        capacity=deed.office.capacity if deed.office else "",
        ground=deed.ground,
        **details,
    )


def office_at_station(row: Arrangement, actor: User, on: date, at: datetime) -> Office:
    """The office in which the actor has a say on the row where it waits.

    Raises ActRefused where it waits for somebody else, for nobody, or where the request is her own or that of
    somebody above her.
    """
    station = station_of(row)
    if station is None:
        raise ActRefused(standing_words(row))
    refuse_own(row, actor)
    office = office_of(actor, station, row.institution, on, at, requester=row.employee_id)
    if office is None:
        raise ActRefused(_("This request waits for %(office)s, not for you.") % {"office": station.title})
    refuse_subordinate(row, office.employee, on, at)
    return office


def office_in_line(row: Arrangement, actor: User | None, on: date, at: datetime) -> Office | None:
    """The office of the row's stations that the actor holds, the highest first; None where she holds none."""
    if actor is None:
        return None
    for station in reversed(route_of(row)):
        office = office_of(actor, station, row.institution, on, at, requester=row.employee_id)
        if office is not None:
            return office
    return None


def refuse_own(row: Arrangement, actor: User | None) -> None:
    """Raise ActRefused where the actor would act on her own request, in whatever office."""
    if actor is not None and actor.employee_id == row.employee_id:
        raise ActRefused(_("Nobody decides on her own request, in no office. It waits for the next superior."))


def refuse_subordinate(row: Arrangement, actor: int | None, on: date, at: datetime) -> None:
    """Raise ActRefused where the employee is a superior of the one who acts: an acting office does not turn the line.

    `actor` is the key of her employee; what counts is her own (definitive) posting.
    """
    held = _leading(row.employee_id, on, at)
    own = _definitive(actor, on, at) if held and actor else None
    if own is None:
        return
    above = {one.position for one in route_for(own.employee, own.position, (), on=on, known_at=at)}
    if above.intersection(held):
        raise ActRefused(_("You are a subordinate of this employee, so you do not decide on her request."))


@prepared
def _leading(employee: int, on: date, at: datetime) -> QuerySet[Any, int]:
    """The leading positions that an employee holds: stations are no others."""
    held = Posting.objects.in_force(on, at).filter(employee=employee, position__leads__in=("unit", "agency"))
    return held.order_by().values_list("position", flat=True)


def _definitive(employee: int, on: date, at: datetime) -> Posting | None:
    return next(iter(_definitive_postings(employee, on, at)), None)


@prepared
def _definitive_postings(employee: int, on: date, at: datetime) -> QuerySet[Posting]:
    rows = Posting.objects.in_force(on, at).filter(employee=employee, capacity=Posting.Capacity.DEFINITIVE)
    rows = rows if rows.ordered else rows.order_by("pk")
    found: QuerySet[Posting] = rows.select_related("employee", "position__agency", "position__unit")[:1]
    return found


def definitive_posting(employee: int, on: date, at: datetime) -> Posting:
    """The definitive posting of the employee in force that day. Raises ActRefused without one; Plt and Plh are none."""
    found = _definitive(employee, on, at)
    if found is None:
        raise ActRefused(_("No definitive position is recorded for this employee today. Ask BKPSDM to record it."))
    return found


__all__ = [
    "Deed",
    "Station",
    "What",
    "definitive_posting",
    "locked",
    "move",
    "office_at_station",
    "office_in_line",
    "refuse_move",
    "refuse_own",
    "refuse_subordinate",
    "refuse_unless",
    "standing_words",
    "told",
]
