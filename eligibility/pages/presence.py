"""Who is where in an agency, day by day: this week and the next, by unit; and whether its services are staffed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.access import Standing, visible_agencies
from agencies.coverage.needs import RecordedNeeds
from agencies.facts import gettext_noop
from agencies.models import Absence, Agency, Employee, Position, PublicService
from agencies.querysets import open_on
from eligibility.arrangements.granted import Granted
from eligibility.arrangements.matters import UNIT
from eligibility.arrangements.requests import DAYS_OF_WEEK
from eligibility.arrangements.spans import Days
from eligibility.arrangements.staffing import Needs, Staffing, Structure
from eligibility.forms.presence import PresenceFilter
from eligibility.loading import settings_in_force
from eligibility.rulebook import Mode

SHOWN: Final = 40
"""People on one page."""


class Whereabouts(StrEnum):
    """Where somebody is on a day; the kind of a leave is nobody's business here."""

    OFFICE = "office"
    OTHER_OFFICE = "other_office"
    HOME = "home"
    OTHER_PLACE = "other_place"
    LEAVE = "leave"
    TRAVEL = "travel"
    NOT_HERE = "not_here"


WORDS: Final = {
    Whereabouts.OFFICE: gettext_noop("At the office"),
    Whereabouts.OTHER_OFFICE: gettext_noop("At another office"),
    Whereabouts.HOME: gettext_noop("At home"),
    Whereabouts.OTHER_PLACE: gettext_noop("At another place"),
    Whereabouts.LEAVE: gettext_noop("On leave"),
    Whereabouts.TRAVEL: gettext_noop("On official travel"),
    Whereabouts.NOT_HERE: gettext_noop("Not on duty here"),
}
SIGNS: Final = {
    Whereabouts.OFFICE: "●",
    Whereabouts.OTHER_OFFICE: "◧",
    Whereabouts.HOME: "⌂",
    Whereabouts.OTHER_PLACE: "◇",
    Whereabouts.LEAVE: "–",
    Whereabouts.TRAVEL: "→",
    Whereabouts.NOT_HERE: "×",
}
_BY_MODE: Final = {
    Mode.OTHER_OFFICE: Whereabouts.OTHER_OFFICE,
    Mode.HOME: Whereabouts.HOME,
    Mode.OTHER_PLACE: Whereabouts.OTHER_PLACE,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A day as the tables name it: weekday and date at its head, both in one where a cell stands alone."""

    day: date
    weekday: str
    short: str
    label: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class DayCell:
    """Where somebody is on a day, with its symbol and word; all who are there share it."""

    column: Column
    where: Whereabouts
    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person and where she is on each day."""

    name: str
    position: str
    unit: str
    days: tuple[DayCell, ...]


@dataclass(frozen=True, slots=True)
class UnitPart:
    """The people of a unit that stand on this page, and how many of all its people are at the office each day."""

    name: str
    people: tuple[PersonRow, ...]
    at_office: tuple[int, ...]
    staff: int


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """How many of those who serve a service are on site, and how many it needs (None: nobody has said)."""

    day: date
    count: int
    needed: int | None

    @property
    def short(self) -> bool:
        """Whether fewer are there than it needs."""
        return self.needed is not None and self.count < self.needed


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A public service with its needs in the order of the days; no days where nobody is known to serve it.

    `others` are the non-ASN staff counted among those on site, `unnamed` the filled places of positions in which
    nobody is named, on the first of the days.
    """

    service: PublicService
    others: int
    unnamed: int
    needs: tuple[int | None, ...]
    days: tuple[ServiceDay, ...]

    @property
    def need(self) -> str:
        """What is known of its need: one number, or the least and the most; empty where nobody has said."""
        known = sorted({need for need in self.needs if need is not None})
        return "–".join(dict.fromkeys((str(known[0]), str(known[-1])))) if known else ""


@dataclass(frozen=True)
class PresencePage:
    """Everything of the page. `counts`: how many of the agency are where, today."""

    agency: Agency | None
    filter: PresenceFilter
    columns: tuple[Column, ...]
    today: date
    units: tuple[UnitPart, ...]
    part: Page[PersonRow]
    counts: tuple[tuple[str, str, int], ...]
    at_office: tuple[int, ...]
    staff: int
    services: tuple[ServiceRow, ...]


@dataclass(frozen=True)
class _Places:
    """Where each person is: read once for the agency and the days."""

    staffing: Staffing
    needs: RecordedNeeds
    absences: Mapping[int, Sequence[tuple[Days, str]]]
    granted: Mapping[int, Sequence[Granted]]

    def of(self, employee: int, held: Days, day: date) -> Whereabouts:
        """Absence first, then what was granted; else she is at the office."""
        known = self.staffing.employments.get(employee)
        if not held.holds(day) or (known and not self.staffing.is_active(employee, day)):
            return Whereabouts.NOT_HERE
        for days, kind in self.absences.get(employee, ()):
            if days.holds(day):
                return Whereabouts.LEAVE if kind == Absence.Kind.LEAVE else Whereabouts.TRAVEL
        return self._granted(employee, day)

    def _granted(self, employee: int, day: date) -> Whereabouts:
        for one in self.granted.get(employee, ()):
            usage = one.usage
            if usage.mode in _BY_MODE and usage.starts_on <= day <= usage.ends_on and _weekday(day) in usage.weekdays:
                return _BY_MODE[usage.mode]
        return Whereabouts.OFFICE

    def on_site(self, employee: int, day: date) -> bool:
        """Whether somebody who serves a service is there: neither absent nor granted another place."""
        return self.of(employee, Days(day, day), day) is Whereabouts.OFFICE


def _weekday(day: date) -> str:
    return DAYS_OF_WEEK[day.weekday()]


def presence_page(standing: Standing, query: QueryDict, today: date, known_at: datetime) -> PresencePage:
    """Who is where in the agency that the address names, else the first in sight of a standing of those in charge."""
    agencies = visible_agencies(standing).filter(open_on(today)).order_by("name", "pk")
    chosen = PresenceFilter(query, agencies=agencies, own=standing.agencies)
    agency = chosen.agency()
    days = _days(standing, today, known_at)
    columns = tuple(_column(day, today) for day in days)
    if agency is None:
        return PresencePage(None, chosen, columns, today, (), Paginator[PersonRow]([], SHOWN).page(1), (), (), 0, ())
    positions = list(Position.objects.filter(agency=agency).select_related("unit").order_by("pk"))
    services = list(PublicService.objects.filter(open_on(today), agency=agency).select_related("unit"))
    places = _places(standing, positions, services, Days(days[0], days[-1]), known_at)
    people, chosen_unit = _people(positions, places, columns), chosen.chosen_unit()
    shown = [one for one in people if chosen_unit in (None, one.unit)]
    part = Paginator(shown, SHOWN).get_page(query.get("halaman"))
    return PresencePage(
        agency=agency,
        filter=chosen,
        columns=columns,
        today=today,
        units=_units(part.object_list, people),
        part=part,
        counts=_counts(people, days, today),
        at_office=_at_office(people),
        staff=sum(any(cell.where is not Whereabouts.NOT_HERE for cell in one.days) for one in people),
        services=tuple(_service(one, places, days) for one in services),
    )


def _days(standing: Standing, today: date, known_at: datetime) -> tuple[date, ...]:
    """The working days of this week and the next, and today."""
    working = settings_in_force(standing.institution, today, known_at).number("working_days_per_week")
    length = 6 if working is not None and working >= 6 else 5
    monday = today - timedelta(days=today.weekday())
    weeks = [monday + timedelta(days=7 * week + day) for week in range(2) for day in range(length)]
    return tuple(sorted({today, *weeks}))


def _column(day: date, today: date) -> Column:
    return Column(
        day, date_format(day, "D"), date_format(day, "j M"), date_format(day, "D, j M"), is_today=day == today
    )


def _places(
    standing: Standing, positions: list[Position], services: list[PublicService], period: Days, known_at: datetime
) -> _Places:
    institution = standing.institution
    needs = Needs(positions, frozenset({UNIT}), frozenset(one.pk for one in services), frozenset())
    staffing = Staffing.of(Structure.of(institution, positions), needs, period, known_at)
    people = {employee for holders in staffing.postings.values() for employee, _held in holders}
    granted: dict[int, list[Granted]] = defaultdict(list)
    for one in staffing.granted:
        granted[one.usage.employee].append(one)
    rows = Absence.objects.known(known_at).filter(
        employee__in=people, starts_on__lte=period.last, ends_on__gte=period.first
    )
    absences: dict[int, list[tuple[Days, str]]] = defaultdict(list)
    for absence in rows.order_by("pk"):
        absences[absence.employee_id].append((Days(absence.starts_on, absence.ends_on), absence.kind))
    return _Places(staffing, RecordedNeeds.of(needs.services, known_at), absences, granted)


def _people(positions: list[Position], places: _Places, columns: tuple[Column, ...]) -> list[PersonRow]:
    """Those who hold one of the positions definitively on one of the days, by unit and name."""
    held = [(p, employee, of) for p in positions for employee, of in places.staffing.postings.get(p.pk, ())]
    people = {employee for _position, employee, _of in held}
    names = dict(Employee.objects.filter(pk__in=people).order_by().values_list("pk", "name"))
    cells = [
        (one, {where: DayCell(one, where, SIGNS[where], _(WORDS[where])) for where in Whereabouts}) for one in columns
    ]
    rows = [
        PersonRow(
            name=names[employee],
            position=str(position),
            unit=position.unit.name if position.unit else "",
            days=tuple(found[places.of(employee, of, column.day)] for column, found in cells),
        )
        for position, employee, of in held
    ]
    return sorted(rows, key=lambda row: (row.unit, row.name))


def _units(shown: Iterable[PersonRow], people: list[PersonRow]) -> tuple[UnitPart, ...]:
    whole = {unit: list(rows) for unit, rows in groupby(people, key=lambda row: row.unit)}
    parts = groupby(shown, key=lambda row: row.unit)
    return tuple(UnitPart(unit, tuple(rows), _at_office(whole[unit]), len(whole[unit])) for unit, rows in parts)


def _at_office(people: list[PersonRow]) -> tuple[int, ...]:
    by_day = zip(*(one.days for one in people), strict=True)
    return tuple(sum(cell.where is Whereabouts.OFFICE for cell in cells) for cells in by_day)


def _counts(people: list[PersonRow], days: tuple[date, ...], today: date) -> tuple[tuple[str, str, int], ...]:
    place = days.index(today)
    found = [one.days[place].where for one in people]
    listed = [one for one in Whereabouts if one is not Whereabouts.NOT_HERE]
    return tuple((SIGNS[where], _(WORDS[where]), found.count(where)) for where in listed)


def _service(service: PublicService, places: _Places, days: tuple[date, ...]) -> ServiceRow:
    """Its days; non-ASN staff of its unit (else of the agency) and people named nowhere are counted as on site."""
    staffing = places.staffing
    others = staffing.non_asn(service.agency_id, service.unit_id, days[0])
    needs = tuple(places.needs.needed(service, day) for day in days)
    if not others and service.pk not in staffing.serving:
        return ServiceRow(service, 0, 0, needs, ())
    unnamed = [sum(filter(None, staffing.unnamed(service.pk, day).values())) for day in days]
    found = []
    for day, needed, more in zip(days, needs, unnamed, strict=True):
        count = others + more + sum(places.on_site(employee, day) for employee in staffing.serve(service.pk, day))
        found.append(ServiceDay(day, count, needed))
    return ServiceRow(service, others, unnamed[0], needs, tuple(found))
