"""The acts on a request from the side of those who decide: endorsed, returned, consulted, approved, refused."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import events
from agencies.errors import ActRefused
from agencies.models import User
from eligibility.arrangements import notices
from eligibility.arrangements.approving import ApprovalRefused, end_amended, leaves_of_approval, write_approval
from eligibility.arrangements.examined import Examined, examined, implementing_norm, unasked
from eligibility.arrangements.notices import NoticeCode
from eligibility.arrangements.open_requests import in_the_way, open_beside
from eligibility.arrangements.reporting_line import Office
from eligibility.arrangements.rising import has_refused, refuser_words, way_once_granted
from eligibility.arrangements.stations import is_last, place_at, route_of, route_text, station_of
from eligibility.arrangements.transitions import (
    Deed,
    What,
    locked,
    move,
    office_at_station,
    refuse_move,
    refuse_unless,
    told,
)
from eligibility.models import (
    Approval,
    Arrangement,
    ArrangementObjection,
    ArrangementState,
    RefusalGround,
)

_S = ArrangementState


@transaction.atomic
def endorse_request(
    *, actor: User, arrangement: Arrangement, text: str, on: date, at: datetime | None = None
) -> Arrangement:
    """Support a request, also after a consultation; it goes on to the next station.

    At the last station only where a condition names an office that was not asked, because its rule was published
    since the request was submitted: that office becomes a station before the last, so that the request comes back
    to be decided. Otherwise raises ActRefused there, as it does for a period that is past.
    """
    row, moment, office = _at_station(arrangement, actor, on, at)
    refuse_unless(row, _S.SUBMITTED, _S.CONSULTATION)
    _refuse_past(row, on)
    more = _named_since(row, on, moment) if is_last(row) else {}
    assert row.station is not None
    place_at(row, row.station if more else row.station + 1)
    deed = Deed(What.ENDORSED, actor, on, moment, office, text=text)
    move(row, deed, _S.SUBMITTED if row.state == _S.CONSULTATION else None, "route", "station", "waits_for")
    notices.to_station(row, NoticeCode.WAITS, on, moment)
    told(row, deed, "arrangement_endorsed", more=more)
    return row


def _named_since(row: Arrangement, on: date, at: datetime) -> dict[str, events.Detail]:
    """Make stations of the offices that were not asked, before the last one; gives what the trail tells of it.

    Raises ActRefused where there is none.
    """
    missing = unasked(row, on=on, at=at)
    if not missing:
        raise ActRefused(_("This is the last station: approve the request, return it, or refuse it."))
    *before, last = route_of(row)
    # Two offices that are vacant are both answered for by the head of the region.
    stations = (*before, *dict.fromkeys(one.station for one in missing), last)
    row.route = route_text(stations)
    return {
        "stations": len(stations),
        "named": [rule.code for one in missing for rule in one.rules],
    }


@transaction.atomic
def return_request(
    *, actor: User, arrangement: Arrangement, text: str, on: date, at: datetime | None = None
) -> Arrangement:
    """Give a request back to be mended, with what is to be mended."""
    row, moment, office = _at_station(arrangement, actor, on, at)
    refuse_move(row, _S.RETURNED)
    if not text.strip():
        raise ActRefused(_("Write what is to be mended; the employee reads it."), field="text")
    place_at(row, None)
    deed = Deed(What.RETURNED, actor, on, moment, office, text=text)
    move(row, deed, _S.RETURNED, "station", "waits_for")
    notices.to_employee(row, NoticeCode.RETURNED, moment)
    told(row, deed, "arrangement_returned")
    return row


@transaction.atomic
def record_consultation(
    *, actor: User, arrangement: Arrangement, held_on: date, text: str, on: date, at: datetime | None = None
) -> Arrangement:
    """Record what was discussed with the employee; without it a request is not refused. More than one is possible."""
    row, moment, office = _at_station(arrangement, actor, on, at)
    refuse_unless(row, _S.SUBMITTED, _S.CONSULTATION)
    if not text.strip():
        raise ActRefused(_("Write what was discussed with the employee."), field="text")
    if held_on > on:
        raise ActRefused(_("The consultation is recorded once it was held; choose a day up to today."), field="held_on")
    begun = _round_begun(row)
    if begun is not None and held_on < begun:
        sentence = _("The request came in on %(day)s; choose that day or a later one, on which it was discussed.")
        raise ActRefused(sentence % {"day": date_format(begun)}, field="held_on")
    deed = Deed(What.CONSULTED, actor, on, moment, office, text=text, held_on=held_on)
    move(row, deed, _S.CONSULTATION if row.state == _S.SUBMITTED else None)
    told(row, deed, "arrangement_consulted", more={"held_on": held_on})
    return row


@transaction.atomic
def approve_request(
    *, actor: User, arrangement: Arrangement, on: date, together: int = 1, at: datetime | None = None
) -> Approval:
    """Approve a request at its last station, if every check passes by what is known at that very moment.

    `together`: so many requests were ticked in one list and are decided in one go; the act says so.

    What was examined is kept with the approval. What it amends is ended from its first day on. Raises
    ApprovalRefused, with the examination, where a check does not pass; ActRefused before the last station and for
    a period that is past.
    """
    row, moment, office = _at_station(arrangement, actor, on, at)
    refuse_move(row, _S.APPROVED)
    if not is_last(row):
        raise ActRefused(_("This request is decided at a later station; endorse it, or return it."))
    _refuse_past(row, on)
    found = _passing(row, on, moment)
    row.norm = implementing_norm(row.institution, found.matter.spans[0].place, row.starts_on, moment)
    row.approved_at, row.suspended_on, row.ended_on = moment, None, None
    place_at(row, None)
    deed = Deed(What.APPROVED, actor, on, moment, office)
    move(row, deed, _S.APPROVED, "norm", "approved_at", "suspended_on", "ended_on", "station", "waits_for")
    approval = write_approval(row, found, deed)
    ended = end_amended(row, deed)
    notices.to_employee(row, NoticeCode.APPROVED, moment)
    more = {"approval": approval.pk, "norm": row.norm.code if row.norm else None, "amended": row.amends_id}
    more |= {"together": together} if together > 1 else {}
    told(row, deed, "arrangement_approved", leaves=[*leaves_of_approval(approval), *ended], more=more)
    return approval


@transaction.atomic
def refuse_request(
    *, actor: User, arrangement: Arrangement, ground: str, text: str, on: date, at: datetime | None = None
) -> Arrangement:
    """Refuse a request with a coded ground and a text, after a consultation recorded in this round."""
    row, moment, office = _at_station(arrangement, actor, on, at)
    consulted = row.steps.filter(what=What.CONSULTED, round=row.round).exists()
    if row.state == _S.SUBMITTED or (row.state == _S.CONSULTATION and not consulted):
        raise ActRefused(_("Record a consultation with the employee first; without it nothing is refused."))
    refuse_move(row, _S.REFUSED)
    if ground not in RefusalGround.values:
        raise ActRefused(_("Choose a ground of the list."), field="ground")
    if not text.strip():
        raise ActRefused(_("Write why; the employee reads it."), field="text")
    place_at(row, None)
    deed = Deed(What.REFUSED, actor, on, moment, office, ground=ground, text=text)
    move(row, deed, _S.REFUSED, "station", "waits_for")
    notices.to_employee(row, NoticeCode.REFUSED, moment)
    told(row, deed, "arrangement_refused")
    return row


@transaction.atomic
def answer_objection(
    *, actor: User, arrangement: Arrangement, granted: bool, answer: str, on: date, at: datetime | None = None
) -> ArrangementObjection:
    """Answer a keberatan, once: granted, the request goes on from the answering office in a new round; else it stands.

    Raises ActRefused for who refused the request, in whatever office, and for a grant while another request of the
    employee for the form is open: of one person and form there is at most one.
    """
    row, moment, office = _at_station(arrangement, actor, on, at)
    refuse_unless(row, _S.REFUSED)
    states = ArrangementObjection.State
    objection = row.objections.select_for_update().filter(state=states.OPEN).first()
    if objection is None:
        raise ActRefused(_("No objection waits for an answer."))
    _refuse_answer(row, actor, answer, granted=granted)
    objection.state = states.GRANTED if granted else states.DISMISSED
    objection.answer, objection.answered_by, objection.answered_at = answer.strip(), actor, moment
    objection.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    what = What.OBJECTION_GRANTED if granted else What.OBJECTION_DISMISSED
    _answered(row, Deed(what, actor, on, moment, office, text=answer), granted=granted)
    return objection


def _passing(row: Arrangement, on: date, at: datetime) -> Examined:
    """What the row is found to be, where every check passes. Raises ApprovalRefused where one does not.

    The conditions in force are read anew: an office that one of them names and that has not endorsed the request
    stops the approval (`endorse_request` sends it there). So does a place of work that is closed or not recorded,
    and a first day before `on`: nothing past is approved. The plan is not cut to the days that are left, for what is
    approved, kept span by span and printed on the letter is what was asked for; the refusal names the nearest
    request that passes.
    """
    found = examined(row, on=on, at=at)
    if not found.examination.may_be_approved:
        raise ApprovalRefused(row, found, on, at)
    return found


def _refuse_answer(row: Arrangement, actor: User, answer: str, *, granted: bool) -> None:
    if has_refused(row, actor):
        raise ActRefused(refuser_words())
    other = open_beside(row) if granted else None
    if other is not None:
        raise ActRefused(in_the_way(other), field="granted")
    if not answer.strip():
        raise ActRefused(_("Write the answer; the employee reads it."), field="answer")


def _refuse_past(row: Arrangement, on: date) -> None:
    if row.ends_on < on:
        raise ActRefused(_("The period ended on %(day)s; return the request.") % {"day": date_format(row.ends_on)})


def _round_begun(row: Arrangement) -> date | None:
    """The day on which the row came before its stations in this round: submitted, or its objection granted."""
    begins = (What.SUBMITTED, What.OBJECTION_GRANTED)
    return row.steps.filter(what__in=begins).order_by("at", "pk").values_list("on", flat=True).last()


def _answered(row: Arrangement, deed: Deed, *, granted: bool) -> None:
    """Move the row as the answer says."""
    if granted:
        answering = station_of(row)
        row.route = route_text(way_once_granted(row))
        row.round += 1
        place_at(row, 0)
        move(row, deed, _S.SUBMITTED, "round", "route", "station", "waits_for")
        notices.to_employee(row, NoticeCode.OBJECTION_GRANTED, deed.at)
        if station_of(row) != answering:
            notices.to_station(row, NoticeCode.WAITS, deed.on, deed.at)
    else:
        place_at(row, None)
        move(row, deed, None, "station", "waits_for")
        notices.to_employee(row, NoticeCode.OBJECTION_DISMISSED, deed.at)
    told(row, deed, f"arrangement_{deed.what.value}")


def _at_station(
    arrangement: Arrangement, actor: User, on: date, at: datetime | None
) -> tuple[Arrangement, datetime, Office]:
    """The locked row, the moment once nobody else can change it, and the office in which the actor has a say."""
    row = locked(arrangement)
    moment = at or timezone.now()
    return row, moment, office_at_station(row, actor, on, moment)
