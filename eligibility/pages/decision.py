"""The one page of a request: where it stands, what was asked, how the checks stand, its way, and what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.access import Standing, holds_whole
from agencies.clock import zone, zone_name
from agencies.errors import ActRefused
from agencies.facts import gettext_noop
from agencies.models import Institution, Role, User
from eligibility.arrangement_access import IN_CHARGE
from eligibility.arrangement_parts import approvals_of, objections_to, outputs_of, steps_done
from eligibility.arrangements.declarations import declarations_of, declarer
from eligibility.arrangements.examined import Basis, Examined, examined, examined_again, examined_to_resume, unasked
from eligibility.arrangements.open_requests import in_the_way, open_beside
from eligibility.arrangements.records import read_checks, read_plan
from eligibility.arrangements.reporting_line import APPROVER, DECIDE, ENDORSE
from eligibility.arrangements.resuming import resuming_office
from eligibility.arrangements.rising import has_refused, refuser_words
from eligibility.arrangements.stands import Stands, stands
from eligibility.arrangements.stations import is_last, route_of, station_of
from eligibility.arrangements.suspending import SuspensionGround
from eligibility.arrangements.transitions import office_at_station, office_in_line, refuse_subordinate
from eligibility.loading import NoLawInForce
from eligibility.models import (
    Approval,
    Arrangement,
    ArrangementObjection,
    ArrangementOutput,
    ArrangementState,
    ArrangementStep,
    RefusalGround,
)
from eligibility.pages.arrangements import place_words, weekdays_of
from eligibility.pages.checklist import Checklist, Reader, checklist, live_checklist
from eligibility.pages.letters import LettersPart, letters_part
from eligibility.pages.verification import holds_for

_S = ArrangementState
_WHAT = ArrangementStep.What

STATION_WORDS: Final = {
    ENDORSE: gettext_noop("endorses"),
    APPROVER: gettext_noop("is asked, because a condition names this office"),
    DECIDE: gettext_noop("decides"),
}

LEADS: Final = {
    Stands.DRAFT: gettext_noop("nobody but who wrote it sees it yet."),
    Stands.WAITING: gettext_noop("the request is with %(office)s."),
    Stands.CONSULTATION: gettext_noop("the request is with %(office)s, which has talked with the employee."),
    Stands.RETURNED: gettext_noop("the employee has it again."),
    Stands.AHEAD: gettext_noop("it begins on %(starts)s."),
    Stands.ACTIVE: gettext_noop("until %(ends)s."),
    Stands.EXPIRED: gettext_noop("its last day was %(ends)s."),
    Stands.SUSPENDED: gettext_noop("from %(suspended)s the work is done at the office."),
    Stands.ENDED: gettext_noop("it no longer holds since %(ended)s."),
    Stands.REFUSED: gettext_noop("the work is done at the office."),
    Stands.WITHDRAWN: gettext_noop("who asked has taken it back."),
}
"""What is said beside the state itself."""

NEXT: Final = {
    Stands.DRAFT: gettext_noop("Complete it and submit it."),
    Stands.RETURNED: gettext_noop("Next: the employee mends it and submits it again."),
    Stands.AHEAD: gettext_noop("Next: the letter is issued. Until the first day the work is done at the office."),
    Stands.ACTIVE: gettext_noop("Whether it still holds is looked at whenever facts or rules change."),
    Stands.EXPIRED: gettext_noop("For a further period a new request is needed."),
    Stands.SUSPENDED: gettext_noop(
        "Next: the office that decides resumes it once every check passes again, or it is ended."
    ),
    Stands.ENDED: gettext_noop("For a further period a new request is needed."),
    Stands.WITHDRAWN: gettext_noop("A new request may be made at any time."),
}


@dataclass(frozen=True, slots=True)
class StationLine:
    """An office on the way: `state` is passed, waiting or ahead."""

    title: str
    does: str
    state: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step with its moment where the institution is, and its ground in words (empty without).

    `counts_from` is the day from which it counts, where that is another than the day on which it was done there.
    """

    step: ArrangementStep
    at: str
    counts_from: date | None
    ground: str

    @property
    def what(self) -> str:
        """What was done, in words."""
        return str(_WHAT(self.step.what).label) if self.step.what in _WHAT.values else self.step.what


@dataclass(frozen=True, slots=True)
class MayDo:
    """What the user may do now, by the names of the addresses without `arrangement_`."""

    decide: bool = False
    endorse: bool = False
    give_back: bool = False
    consult: bool = False
    refuse: bool = False
    answer: bool = False
    suspend: bool = False
    resume: bool = False
    end: bool = False
    mend: bool = False
    take_back: bool = False
    withdraw: bool = False
    amend: bool = False
    objection: bool = False
    write_days: bool = False
    """Days worked by it are read, written down and taken back on a page of their own."""

    @property
    def anything(self) -> bool:
        """Whether there is one."""
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True)
class DecisionPage:
    """Everything of the page. `now`: the checks as they stand now; `then`: as they stood at the last approval.

    `residence` is empty where the reader may not know it.
    """

    arrangement: Arrangement
    stands: Stands
    lead: str
    next: str
    days: str
    place: str
    residence: str
    outputs: tuple[ArrangementOutput, ...]
    attested: tuple[str, ...]
    declarer: str
    stations: tuple[StationLine, ...]
    steps: tuple[StepLine, ...]
    objection: ArrangementObjection | None
    approval: Approval | None
    now: Checklist | None
    then: Checklist | None
    letters: LettersPart
    may: MayDo
    own: bool

    @property
    def waits(self) -> bool:
        """Whether it may still be decided on."""
        return _waits(self.arrangement)

    @property
    def can_look_again(self) -> bool:
        """Whether it is granted and has days left, so that today's answer says something."""
        return self.stands in (Stands.AHEAD, Stands.ACTIVE, Stands.SUSPENDED)


def decision_page(
    standing: Standing, user: User, arrangement: Arrangement, on: date, known_at: datetime, *, again: bool
) -> DecisionPage:
    """Put the page together. `again`: a granted arrangement is examined for today; one that waits always is."""
    own, reader = user.employee_id == arrangement.employee_id, _reader(standing, user, arrangement)
    where = stands(arrangement, on)
    approvals = approvals_of(arrangement.pk)
    approval = approvals[-1] if approvals else None
    return DecisionPage(
        arrangement=arrangement,
        stands=where,
        lead=_lead(arrangement, where),
        next=_next(user, arrangement, where, on, known_at),
        days=weekdays_of(arrangement.days),
        place=place_words(arrangement),
        residence=arrangement.employee.residence if reader.whole and arrangement.mode == "home" else "",
        outputs=tuple(outputs_of(arrangement.pk)),
        attested=declarations_of(arrangement),
        declarer=declarer(arrangement),
        stations=_stations(arrangement),
        steps=step_lines(steps_done(arrangement.pk), arrangement.institution),
        objection=next(iter(objections_to(arrangement.pk)), None),
        approval=approval,
        now=_now(reader, arrangement, where, on, known_at, again=again),
        then=_then(reader, approval),
        letters=letters_part(user, arrangement, approvals, on, known_at, look=again),
        may=may_do(standing, user, arrangement, on, known_at),
        own=own,
    )


def _reader(standing: Standing, user: User, row: Arrangement) -> Reader:
    own = user.employee_id == row.employee_id
    return Reader(standing.institution, own or holds_whole(standing, Role.HR_OFFICER))


def _lead(row: Arrangement, where: Stands) -> str:
    station = station_of(row)
    days = {"starts": row.starts_on, "ends": row.ends_on, "suspended": row.suspended_on, "ended": row.ended_on}
    words = {name: date_format(day) if day else "" for name, day in days.items()}
    return _(LEADS[where]) % {**words, "office": station.title if station else "–"}


def _next(user: User, row: Arrangement, where: Stands, on: date, known_at: datetime) -> str:
    if where is Stands.REFUSED:
        return _after_refusal(user, row, on, known_at)
    if where in (Stands.WAITING, Stands.CONSULTATION):
        if row.ends_on < on:
            return _("The period ended on %(day)s; return the request.") % {"day": date_format(row.ends_on)}
        if is_last(row):
            return _("Next: this office approves it, returns it, or refuses it after a consultation.")
        return _("Next: this office endorses it, returns it, or refuses it after a consultation.")
    return _(NEXT[where])


def _after_refusal(user: User, row: Arrangement, on: date, known_at: datetime) -> str:
    """What may follow a refusal: an objection that is raised, answered or still possible, or a new request."""
    station = station_of(row)
    if station is None and objections_to(row.pk):
        return _("The objection (keberatan) was answered; a new request may be made.")
    other = open_beside(row)
    if station is not None:
        answers = _("An objection (keberatan) was raised. %(office)s answers it.") % {"office": station.title}
        barred = has_refused(row, user) and _holds_station(user, row, on, known_at)
        more = (refuser_words() if barred else "", in_the_way(other) if other else "")
        return " ".join(filter(None, (answers, *more)))
    if other is not None:
        return in_the_way(other)
    return _(
        "The employee may raise an objection (keberatan) once, or make a new request instead: an objection cannot be "
        "granted while a new request for this form is open."
    )


def _stations(row: Arrangement) -> tuple[StationLine, ...]:
    """The way; before it is submitted there is none, and once it is decided all is behind."""
    done = row.state in (_S.APPROVED, _S.SUSPENDED, _S.ENDED)
    stopped = row.station is None and not done
    lines = []
    for index, station in enumerate(route_of(row)):
        if row.station is None:
            state = "passed" if done else "ahead"
        else:
            state = "passed" if index < row.station else "waiting" if index == row.station else "ahead"
        lines.append(StationLine(station.title, _(STATION_WORDS[station.kind]), state))
    return () if stopped else tuple(lines)


def step_lines(steps: Iterable[ArrangementStep], place: Institution) -> tuple[StepLine, ...]:
    """Steps with their moments where they were done."""
    return tuple(_step_line(step, place) for step in steps)


def _step_line(step: ArrangementStep, place: Institution) -> StepLine:
    at = step.at.astimezone(zone(place))
    counts_from = step.on if step.on != at.date() else None
    return StepLine(step, f"{date_format(at, 'j F Y, H.i')} {zone_name(place)}", counts_from, _ground(step))


_GROUNDS: Final[Mapping[str, type[TextChoices]]] = {_WHAT.REFUSED: RefusalGround, _WHAT.SUSPENDED: SuspensionGround}
"""Some codes stand in both lists, for different things."""


def _ground(step: ArrangementStep) -> str:
    choices = _GROUNDS.get(step.what)
    return str(choices(step.ground).label) if choices and step.ground in choices.values else ""


def _waits(row: Arrangement) -> bool:
    """Whether something of it is still to be decided: the request itself, or the objection to its refusal."""
    objected = row.state == _S.REFUSED and row.station is not None
    return objected or row.state in (_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.CONSULTATION)


def _now(
    reader: Reader, row: Arrangement, where: Stands, on: date, known_at: datetime, *, again: bool
) -> Checklist | None:
    """The checks as they stand now; None where nothing is to be decided, or no law is known."""
    granted = row.state in (_S.APPROVED, _S.SUSPENDED) and row.ends_on >= on
    if not _waits(row) and not (granted and again):
        return None
    try:
        found = _examined_now(row, where, on, known_at)
    except NoLawInForce:
        return None
    return live_checklist(reader, found, Basis(row.institution, on, known_at))


def _examined_now(row: Arrangement, where: Stands, on: date, known_at: datetime) -> Examined:
    """Examined as the act that may follow counts: an approval, a resumption, or the watch over what is granted."""
    if _waits(row):
        return examined(row, on=on, at=known_at)
    if where is Stands.SUSPENDED:
        return examined_to_resume(row, on=on, at=known_at)
    return examined_again([row], row.institution, on=on, at=known_at)[row.pk]


def checks_to_resume(
    standing: Standing, user: User, row: Arrangement, on: date, known_at: datetime
) -> Checklist | None:
    """The checks of what is left of a suspended arrangement from a day on; None where no law is known."""
    try:
        found = examined_to_resume(row, on=on, at=known_at)
    except NoLawInForce:
        return None
    return live_checklist(_reader(standing, user, row), found, Basis(row.institution, on, known_at))


def _then(reader: Reader, approval: Approval | None) -> Checklist | None:
    if approval is None:
        return None
    return checklist(reader, read_checks(approval.checks), read_plan(approval.plan))


def may_do(standing: Standing, user: User, row: Arrangement, on: date, known_at: datetime) -> MayDo:
    """What the user may do with the request where it stands; the acts ask again."""
    if user.employee_id == row.employee_id:
        return _own(row, on)
    write_days = row.approved_at is not None and standing.holds(*IN_CHARGE)
    return replace(_with_anothers(standing, user, row, on, known_at), write_days=write_days)


def _with_anothers(standing: Standing, user: User, row: Arrangement, on: date, known_at: datetime) -> MayDo:
    if row.state in (_S.APPROVED, _S.SUSPENDED):
        return _granted(standing, user, row, on, known_at)
    wrote = row.asked_by_id == user.pk
    mine = MayDo(
        mend=wrote and row.state in (_S.DRAFT, _S.RETURNED),
        take_back=wrote and row.state in (_S.SUBMITTED, _S.CONSULTATION),
        withdraw=wrote and row.may_become(_S.WITHDRAWN),
    )
    if not _holds_station(user, row, on, known_at):
        return mine
    if row.state == _S.REFUSED:
        return MayDo(answer=not has_refused(row, user))
    last, over = is_last(row), row.ends_on < on
    return MayDo(
        decide=last and not over,
        endorse=not over and (not last or _names_others(row, on, known_at)),
        give_back=True,
        consult=True,
        refuse=row.state == _S.CONSULTATION,
        take_back=mine.take_back,
        withdraw=mine.withdraw,
    )


def _names_others(row: Arrangement, on: date, known_at: datetime) -> bool:
    """Whether a condition names an office that was not asked, so that the last office sends the request on to it."""
    try:
        return bool(unasked(row, on=on, at=known_at))
    except NoLawInForce:
        return False


def _own(row: Arrangement, on: date) -> MayDo:
    """What an employee may do with her own: never decide, and nothing with one whose last day is past."""
    granted = row.state in (_S.APPROVED, _S.SUSPENDED) and row.ends_on >= on
    return MayDo(
        mend=row.state in (_S.DRAFT, _S.RETURNED),
        take_back=row.state in (_S.SUBMITTED, _S.CONSULTATION),
        withdraw=row.may_become(_S.WITHDRAWN),
        amend=granted,
        end=granted,
        objection=row.state == _S.REFUSED and not row.objections.exists(),
    )


def _holds_station(user: User, row: Arrangement, on: date, known_at: datetime) -> bool:
    if row.station is None:
        return False
    try:
        office_at_station(row, user, on, known_at)
    except ActRefused:
        return False
    return True


def _granted(standing: Standing, user: User, row: Arrangement, on: date, known_at: datetime) -> MayDo:
    """HR of the agency, and the offices of the reporting line, suspend and end, before the last day."""
    if row.ends_on < on:
        return MayDo()
    stops = oversees(standing, user, row, on, known_at)
    resume = row.state == _S.SUSPENDED and _resumes(standing, user, row, on, known_at)
    return MayDo(suspend=stops and row.may_become(_S.SUSPENDED), resume=resume, end=stops)


def _resumes(standing: Standing, user: User, row: Arrangement, on: date, known_at: datetime) -> bool:
    """Whether the user may resume it: in an office, or as HR officer for its agency."""
    try:
        office = resuming_office(row, user, on, known_at)
    except ActRefused:
        return False
    return office is not None or holds_for(standing, row.agency, Role.HR_OFFICER)


def oversees(standing: Standing, user: User, row: Arrangement, on: date, known_at: datetime) -> bool:
    """Whether the user may stop a granted arrangement: HR officer for its agency, or an office of its line."""
    office = office_in_line(row, user, on, known_at)
    if office is None:
        return holds_for(standing, row.agency, Role.HR_OFFICER)
    try:
        refuse_subordinate(row, office.employee, on, known_at)
    except ActRefused:
        return False
    return True
