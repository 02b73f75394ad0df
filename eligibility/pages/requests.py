"""The pages of whoever asks: my answer, requests and letters; the form with the engine's answer; many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import access
from agencies.access import Standing
from agencies.models import Employee, Position, Posting
from agencies.paging import Page, first_page, is_first, keyset_page
from agencies.prepared import prepared
from eligibility.arrangements.check_words import nearest_sentence
from eligibility.arrangements.checks import Examination, SpanDecision
from eligibility.arrangements.conditions import conditions_of
from eligibility.arrangements.examination import examine
from eligibility.arrangements.examined import Basis, Examined
from eligibility.arrangements.gathering import Asked, gather
from eligibility.arrangements.nearest import nearest, standing_against
from eligibility.arrangements.open_requests import in_the_way
from eligibility.arrangements.refusal_words import day_without_basis
from eligibility.arrangements.reporting_line import Station, route_for
from eligibility.arrangements.requests import Request
from eligibility.arrangements.stands import Stands, stands
from eligibility.arrangements.stations import station_of
from eligibility.explanations import MODE_LABELS, number_words
from eligibility.loading import NoLawInForce
from eligibility.models import Arrangement, ArrangementObjection, ArrangementState, ArrangementStep, Letter
from eligibility.pages.arrangements import weekdays_of
from eligibility.pages.checklist import Checklist, Reader, checklist, openings_of
from eligibility.pages.reading import Reading
from eligibility.pages.short_answer import ShortAnswer, short_answer
from eligibility.request_access import definitive_position
from eligibility.rulebook import Mode, Outcome, Verdict

SIZE: Final = 20
"""Requests of one person on one page."""

_S = ArrangementState


@dataclass(frozen=True, slots=True)
class NextAct:
    """Something the employee may do with her request now."""

    label: str
    url_name: str
    leading: bool = False


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One of her requests: where it stands, and what happens next."""

    arrangement: Arrangement
    stands: Stands
    days: str
    next: str
    acts: tuple[NextAct, ...]


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter of hers, and what it is about."""

    letter: Letter
    arrangement: Arrangement
    days: str
    holds: bool


@dataclass(frozen=True)
class MyPage:
    """Everything of an employee's own page. Without a definitive posting there is no answer."""

    employee: Employee
    posting: Posting | None
    answer: ShortAnswer | None
    card_in_sight: bool
    requests: tuple[RequestLine, ...]
    page: Page[Arrangement]
    letters: tuple[LetterLine, ...]


def my_page(reading: Reading, standing: Standing, employee: Employee, query: QueryDict, today: date) -> MyPage:
    """The answer for her position on the day of the reading; her requests as they stand today."""
    posting = definitive_position(employee, reading.on, reading.known_at)
    answer = short_answer(reading, posting.position) if posting else None
    page = _requests(employee, query)
    letters = _latest_letters(employee.pk)
    return MyPage(
        employee=employee,
        posting=posting,
        answer=answer,
        card_in_sight=posting is not None and _in_sight(standing, posting.position),
        requests=request_lines(page.rows, today, letters),
        page=page,
        letters=tuple(_letter_line(letter, letter.approval.arrangement, today) for letter in letters),
    )


_LATEST: Final = ("-recorded_at", "-pk")


def _requests(employee: Employee, query: QueryDict) -> Page[Arrangement]:
    if is_first(query):
        return first_page(_latest_requests(employee.pk), size=SIZE)
    return keyset_page(Arrangement.objects.filter(employee=employee), query, _LATEST, size=SIZE)


@prepared
def _latest_requests(employee: int) -> QuerySet[Arrangement]:
    """Those of the first page, and one more where there are more."""
    return Arrangement.objects.filter(employee_id=employee).order_by(*_LATEST)[: SIZE + 1]


def _in_sight(standing: Standing, position: Position) -> bool:
    named = standing.sees_all or position.agency_id in standing.agencies
    return named or access.visible_agencies(standing).filter(pk=position.agency_id).exists()


def request_lines(rows: Sequence[Arrangement], on: date, letters: Sequence[Letter]) -> tuple[RequestLine, ...]:
    """Each request with what happens next; the last words said of each are read at once.

    `letters` are the employee's latest.
    """
    said = _last_words([row.pk for row in rows if row.state in _SPOKEN_OF])
    refused = [row.pk for row in rows if row.state == _S.REFUSED]
    objected = {one.arrangement_id: one for one in _objections(refused)} if refused else {}
    opened = _open_beside([row for row in rows if row.pk in refused])
    lettered = _have_letters([row.pk for row in rows if row.state == _S.APPROVED], letters)
    return tuple(
        RequestLine(
            arrangement=row,
            stands=stands(row, on),
            days=weekdays_of(row.days),
            next=_next_words(
                row,
                on,
                said.get(row.pk),
                objected.get(row.pk),
                has_letter=row.pk in lettered,
                beside=opened.get((row.employee_id, row.mode)),
            ),
            acts=next_acts(row, on, has_objection=row.pk in objected),
        )
        for row in rows
    )


_TELLING: Final = ("returned", "taken_back", "refused", "suspended", "ended")
_SPOKEN_OF: Final = (_S.RETURNED, _S.REFUSED, _S.SUSPENDED, _S.ENDED)
"""The states in which the last words are read again."""


def _last_words(arrangements: Sequence[int]) -> Mapping[int, ArrangementStep]:
    """The last step of each with words that the employee is to read."""
    return {step.arrangement_id: step for step in _telling_steps(arrangements)} if arrangements else {}


@prepared
def _telling_steps(arrangements: Sequence[int]) -> QuerySet[ArrangementStep]:
    return ArrangementStep.objects.filter(arrangement__in=arrangements, what__in=_TELLING).order_by("at", "pk")


@prepared
def _objections(arrangements: Sequence[int]) -> QuerySet[ArrangementObjection]:
    return ArrangementObjection.objects.filter(arrangement__in=arrangements)


def _open_beside(refused: Sequence[Arrangement]) -> Mapping[tuple[int, str], Arrangement]:
    """The request that is open beside refused ones, by employee and form."""
    if not refused:
        return {}
    modes, employees = {row.mode for row in refused}, {row.employee_id for row in refused}
    rows = Arrangement.objects.open_requests().filter(employee__in=employees, mode__in=modes).order_by()
    return {(row.employee_id, row.mode): row for row in rows}


def _have_letters(arrangements: Sequence[int], letters: Sequence[Letter]) -> set[int]:
    """Which of these arrangements have a letter; her latest tell of all, unless there may be more."""
    found = {letter.approval.arrangement_id for letter in letters}
    if len(letters) < SIZE or found.issuperset(arrangements):
        return found
    return set(_lettered(arrangements))


@prepared
def _lettered(arrangements: Sequence[int]) -> QuerySet[Any, int]:
    rows = Letter.objects.filter(approval__arrangement__in=arrangements).order_by()
    return rows.values_list("approval__arrangement", flat=True)


def _next_words(
    row: Arrangement,
    on: date,
    step: ArrangementStep | None,
    objection: ArrangementObjection | None,
    *,
    has_letter: bool,
    beside: Arrangement | None,
) -> str:
    """What happens next, in a sentence. `beside`: the request for the same form that is open beside a refused one."""
    said = step.text if step else ""
    if row.state == _S.REFUSED:
        return _refused_words(said, objection, beside)
    words: dict[str, str] = {
        _S.DRAFT: _("Not sent yet. Check it and send it."),
        _S.SUBMITTED: _("Waits for %(office)s.") % {"office": _office(row)},
        _S.CONSULTATION: _("%(office)s talks with you before deciding.") % {"office": _office(row)},
        _S.RETURNED: _returned_words(step),
        _S.APPROVED: _approved_words(row, on, has_letter=has_letter),
        _S.SUSPENDED: _("Suspended. Until it is resumed you work at the office. %(text)s") % {"text": said},
        _S.ENDED: said,
        _S.WITHDRAWN: "",
    }
    return words[ArrangementState(row.state)].strip()


def _returned_words(step: ArrangementStep | None) -> str:
    said = step.text if step else ""
    if step is not None and step.what == ArrangementStep.What.TAKEN_BACK:
        return _("You took it back. Mend it and send it again. %(text)s") % {"text": said}
    return _("To be mended: %(text)s") % {"text": said}


def _office(row: Arrangement) -> str:
    station = station_of(row)
    return station.title if station else _("the office that decides")


def _approved_words(row: Arrangement, on: date, *, has_letter: bool) -> str:
    if row.ends_on < on:
        return _("Its period is over. Ask anew if you need it again.")
    if not has_letter:
        return _("Approved; the letter follows. Begin when you have it.")
    if row.starts_on > on:
        return _("Begins on %(day)s.") % {"day": date_format(row.starts_on)}
    return _("Runs until %(day)s.") % {"day": date_format(row.ends_on)}


def _refused_words(said: str, objection: ArrangementObjection | None, beside: Arrangement | None) -> str:
    if objection is not None and objection.state != ArrangementObjection.State.OPEN:
        return _("Your objection was answered: %(text)s") % {"text": objection.answer}
    if objection is None:
        words = _("Refused: %(text)s You may raise an objection (keberatan) once.") % {"text": said}
    else:
        words = _("Your objection (keberatan) waits for an answer of the next level.")
    return f"{words} {in_the_way(beside)}" if beside else words


def next_acts(row: Arrangement, on: date, *, has_objection: bool) -> tuple[NextAct, ...]:
    """What the employee may do with a request as it stands."""
    withdraw = NextAct(_("Withdraw"), "arrangement_withdraw")
    if row.state in (_S.DRAFT, _S.RETURNED):
        mend = _("Continue") if row.state == _S.DRAFT else _("Mend")
        return NextAct(mend, "arrangement_edit", leading=True), NextAct(_("Send"), "arrangement_submit"), withdraw
    if row.state in (_S.SUBMITTED, _S.CONSULTATION):
        return NextAct(_("Take back to mend"), "arrangement_take_back"), withdraw
    if row.state in (_S.APPROVED, _S.SUSPENDED) and row.ends_on >= on:
        return (NextAct(_("Ask for a change"), "arrangement_amend"),)
    if row.state == _S.REFUSED and not has_objection:
        return (NextAct(_("Raise an objection (keberatan)"), "arrangement_object"),)
    return ()


@prepared
def _latest_letters(employee: int) -> QuerySet[Letter]:
    """Her letters, the latest first; those of arrangements that hold come from their state, in words on the letter."""
    rows = Letter.objects.filter(approval__arrangement__employee=employee)
    return rows.select_related("approval__arrangement").order_by("-recorded_at", "-pk")[:SIZE]


def _letter_line(letter: Letter, row: Arrangement, on: date) -> LetterLine:
    holding = (Stands.ACTIVE, Stands.AHEAD)
    return LetterLine(letter, row, weekdays_of(row.days), stands(row, on) in holding)


@dataclass(frozen=True, slots=True)
class SpanLine:
    """What the engine says of her tasks in a part of the period; `period` is empty where it is the whole."""

    outcome: Outcome
    period: str
    days: str
    open_tasks: tuple[str, ...]
    closed_tasks: tuple[str, ...]


@dataclass(frozen=True)
class RequestAnswer:
    """What the portal says of a plan before anybody decides on it.

    `nearest` is the sentence of what would pass, and `usable` whether it can be filled in. `stations` is the way it
    will go. `refusal` stands alone where nothing could be judged.
    """

    checks: Checklist | None = None
    spans: tuple[SpanLine, ...] = ()
    nearest: str = ""
    usable: bool = False
    stations: tuple[Station, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a plan is judged, where she works, and what it takes the place of; `whole`: all may be told of her."""

    employee: Employee
    position: Position
    whole: bool
    key: int = 0
    amends: int | None = None


def request_answer(asker: Asker, request: Request, known_at: datetime) -> RequestAnswer:
    """Examine the plan as it stands in the form."""
    try:
        found, other = _examined(asker, request, known_at)
    except NoLawInForce as refusal:
        return RequestAnswer(refusal=str(refusal))
    examination, reader = found.examination, Reader(asker.employee.institution, asker.whole)
    stands_so = examination.may_be_approved
    against = standing_against(found.matter, examination) if other is None else ()
    return RequestAnswer(
        checks=_checks(reader, found, request.asked_on, known_at),
        spans=tuple(_span_line(span, request) for span in examination.spans),
        nearest="" if stands_so else nearest_sentence(other, request, _, against),
        usable=other is not None and not stands_so,
        stations=_stations(asker, examination, request.asked_on, known_at),
    )


def _checks(reader: Reader, found: Examined, on: date, known_at: datetime) -> Checklist:
    """The checks of a plan as they stand on the day; what would pass stands beside them."""
    checks, asked = found.examination.checks, found.examination.request
    without = day_without_basis(Basis(reader.institution, on, known_at), found)
    return checklist(reader, checks, asked, openings=openings_of(reader, found), without_basis_on=without)


def nearest_request(asker: Asker, request: Request, known_at: datetime) -> Request | None:
    """The nearest plan that passes; None where none does, or where nothing can be judged."""
    try:
        return _examined(asker, request, known_at)[1]
    except NoLawInForce:
        return None


def _examined(asker: Asker, request: Request, known_at: datetime) -> tuple[Examined, Request | None]:
    asked = Asked(asker.key, asker.employee.pk, asker.position.pk, request, asker.amends)
    matter = gather(asker.employee.institution, [asked], known_at=known_at)[asker.key]
    return Examined(matter, examine(matter, request)), nearest(matter, request)


def _stations(asker: Asker, found: Examination, on: date, known_at: datetime) -> tuple[Station, ...]:
    return route_for(asker.employee, asker.position, conditions_of(found), on=on, known_at=known_at)


def _span_line(span: SpanDecision, request: Request) -> SpanLine:
    whole = (span.starts_on, span.ends_on) == (request.starts_on, request.ends_on)
    period = "" if whole else f"{date_format(span.starts_on)} – {date_format(span.ends_on)}"
    several = len(span.tasks) > 1
    opened = tuple(title for title, task in span.tasks if task.bounds.worst is not Verdict.NOT_ELIGIBLE)
    closed = tuple(title for title, task in span.tasks if task.bounds.best is Verdict.NOT_ELIGIBLE)
    return SpanLine(
        outcome=span.bounds.outcome,
        period=period,
        days=_days(span),
        open_tasks=opened if several else (),
        closed_tasks=closed if several else (),
    )


def _days(span: SpanDecision) -> str:
    """The working days a week that her open tasks fill."""
    least, most = (number_words(value, _) for value in (span.days.least, span.days.most))
    if least == most:
        return _("Tasks that may be done this way fill %(days)s working days a week.") % {"days": most}
    return _("Tasks that may be done this way fill %(least)s to %(most)s working days a week.") % {
        "least": least,
        "most": most,
    }


def asked_for_words(row: Arrangement) -> str:
    """What a request asks for, in one line."""
    return _("%(mode)s on %(days)s, from %(start)s to %(end)s.") % {
        "mode": _(MODE_LABELS[Mode(row.mode)]),
        "days": weekdays_of(row.days),
        "start": date_format(row.starts_on),
        "end": date_format(row.ends_on),
    }
