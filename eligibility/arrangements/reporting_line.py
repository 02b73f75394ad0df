"""Who has a say on a request, station by station, and in which office somebody acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from agencies.models import Agency, Employee, Grant, Institution, Position, Posting, Role, User
from agencies.prepared import prepared
from agencies.querysets import open_on
from eligibility.loading import settings_in_force
from eligibility.rulebook import Attach, ConditionKind

ENDORSE: Final = "endorse"
APPROVER: Final = "approver"
DECIDE: Final = "decide"


@dataclass(frozen=True, slots=True)
class Station:
    """An office that a request passes: it endorses, is asked because a condition names it, or decides.

    `position` is the key of its position; None: the head of the region.
    """

    kind: str
    position: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Office:
    """The office in which somebody acts, by keys; `capacity` is a code of Posting.Capacity.

    `employee` is None for an account of the head of the region that belongs to no employee.
    """

    employee: int | None
    position: int | None
    title: str
    capacity: str


def route_for(
    employee: Employee, position: Position, conditions: Iterable[Attach] = (), *, on: date, known_at: datetime
) -> tuple[Station, ...]:
    """The stations of a request of the employee in the position, in their order; the last one decides.

    The leaders of her unit and of each agency above it endorse, that of the perangkat daerah at the top decides.
    An office that nobody holds, or that she holds herself, is passed over; a decision goes upwards, never down:
    to the Sekda, then to the head of the region.
    """
    return ReportingLines.of(position.institution, on, known_at).route(employee.pk, position, conditions)


def offices_above(institution: Institution, deciding: Station, on: date, known_at: datetime) -> tuple[Station, ...]:
    """The offices to which one that decides answers: the Sekda, then the head of the region."""
    return ReportingLines.of(institution, on, known_at).above(deciding)


def office_of(
    user: User, station: Station, institution: Institution, on: date, known_at: datetime, *, requester: int
) -> Office | None:
    """In which capacity the user holds the station's office on the day; None if not, or if the request is her own.

    `requester` is the key of the employee whose request it is. Plh and Plt hold the office as the definitive
    leader does.
    """
    if user.employee_id is not None and user.employee_id == requester:
        return None
    if station.position is None:
        return _head_of_region(user, station, institution, on)
    if user.employee_id is None:
        return None
    posting = next(iter(_held(user.employee_id, station.position, institution.pk, on, known_at)), None)
    if posting is None:
        return None
    return Office(user.employee_id, station.position, station.title, posting.capacity)


def _head_of_region(user: User, station: Station, institution: Institution, on: date) -> Office | None:
    """An account with the grant of a head for the whole institution is that of the head of the region."""
    grants = Grant.objects.in_force(on).filter(
        user=user, institution=institution, role=Role.AGENCY_HEAD, agency__isnull=True
    )
    if not grants.exists():
        return None
    return Office(user.employee_id, None, station.title, Posting.Capacity.DEFINITIVE.value)


@dataclass(frozen=True, slots=True)
class _Leader:
    """A leading position that is open on the day, and the keys of those who hold it then."""

    position: int
    title: str
    holders: frozenset[int]

    def answers_to(self, requester: int) -> bool:
        """Whether somebody holds the office, and not she who asks."""
        return bool(self.holders) and requester not in self.holders

    def station(self, kind: str) -> Station:
        return Station(kind, self.position, self.title)


@dataclass(frozen=True)
class ReportingLines:
    """The leaders of an institution on a day, as known at a moment: read once for any number of requests."""

    parents: Mapping[int, int | None]
    of_unit: Mapping[int, _Leader]
    of_agency: Mapping[int, _Leader]
    secretariat: int | None
    personnel: int | None
    region_title: str

    @classmethod
    def of(cls, institution: Institution, on: date, known_at: datetime) -> ReportingLines:
        """Read them."""
        settings = settings_in_force(institution, on, known_at)
        agencies = _agencies(institution.pk, on)
        leaders = _leaders(institution, on, known_at)
        code = settings.text("secretariat_code")
        personnel = [agency for agency in agencies if agency.sector == "personnel"]
        personnel.sort(key=lambda agency: agency.parent_id is not None)
        return cls(
            parents={agency.pk: agency.parent_id for agency in agencies},
            of_unit={p.unit_id: leader for p, leader in leaders if p.leads == "unit" and p.unit_id},
            of_agency={p.agency_id: leader for p, leader in leaders if p.leads == "agency"},
            secretariat=next((agency.pk for agency in agencies if agency.code == code), None),
            personnel=next((agency.pk for agency in personnel), None),
            region_title=settings.text("ppk_title"),
        )

    def route(self, requester: int, position: Position, conditions: Iterable[Attach] = ()) -> tuple[Station, ...]:
        """The stations of a request of the employee with that key in the position; see `route_for`."""
        above = self._upwards(position.agency_id)
        below_top = [self.of_unit.get(position.unit_id or 0), *(self.of_agency.get(key) for key in above[:-1])]
        endorsing = [leader.station(ENDORSE) for leader in below_top if leader and leader.answers_to(requester)]
        deciding = self._deciding(requester, above[-1])
        asked = self._approvers(requester, conditions, deciding)
        named = {station.position for station in (*asked, deciding)}
        return (*(station for station in endorsing if station.position not in named), *asked, deciding)

    def above(self, deciding: Station) -> tuple[Station, ...]:
        """The offices above the one that decides; see `offices_above`."""
        if deciding.position is None:
            return ()
        sekda = self.of_agency.get(self.secretariat or 0)
        between = (sekda.station(DECIDE),) if sekda and sekda.position != deciding.position else ()
        return (*between, Station(DECIDE, None, self.region_title))

    def _upwards(self, agency: int) -> list[int]:
        """The agency, then those above it up to the perangkat daerah at the top."""
        found = [agency]
        while (parent := self.parents.get(found[-1])) is not None and parent not in found:
            found.append(parent)
        return found

    def _deciding(self, requester: int, top: int) -> Station:
        """The leader at the top, else the Sekda, else the head of the region."""
        for agency in (top, self.secretariat):
            leader = self.of_agency.get(agency or 0)
            if leader and leader.answers_to(requester):
                return leader.station(DECIDE)
        return Station(DECIDE, None, self.region_title)

    def _approvers(self, requester: int, conditions: Iterable[Attach], deciding: Station) -> list[Station]:
        """A station for each approver that a condition names, but the one who decides anyway."""
        named = dict.fromkeys(c.approver for c in conditions if c.kind is ConditionKind.APPROVER_ROLE and c.approver)
        found = (self.approver(requester, approver)[0] for approver in named)
        return [station for station in found if station.position != deciding.position]

    def approver(self, requester: int, approver: str) -> tuple[Station, frozenset[int | None]]:
        """Whom a condition names, and the offices whose word is hers.

        An office that is vacant or that of the one who asks is answered for by the head of the region.
        """
        agency = {"sekda": self.secretariat, "personnel_head": self.personnel}.get(approver)
        leader = self.of_agency.get(agency or 0)
        if leader and leader.answers_to(requester):
            return leader.station(APPROVER), frozenset({leader.position})
        region = Station(APPROVER, None, self.region_title)
        return region, frozenset({None, leader.position} if leader else {None})


def _leaders(institution: Institution, on: date, known_at: datetime) -> Sequence[tuple[Position, _Leader]]:
    """The leading positions open on the day with those who hold them; of two for one office, the held one counts."""
    holders: dict[int, set[int]] = {}
    for position, employee in _holders(institution.pk, on, known_at):
        holders.setdefault(position, set()).add(employee)
    leading = _leading(institution.pk, on)
    found = [(p, _Leader(p.pk, p.title, frozenset(holders.get(p.pk, ())))) for p in leading]
    return sorted(found, key=lambda pair: bool(pair[1].holders))


@prepared
def _agencies(institution: int, on: date) -> QuerySet[Agency]:
    return Agency.objects.filter(open_on(on), institution_id=institution).order_by("pk")


def _leading_open(institution: int, on: date) -> QuerySet[Position]:
    return Position.objects.filter(open_on(on), institution_id=institution, leads__in=("unit", "agency"))


@prepared
def _leading(institution: int, on: date) -> QuerySet[Position]:
    return _leading_open(institution, on).order_by("-pk")


@prepared
def _holders(institution: int, on: date, known_at: datetime) -> QuerySet[Any, tuple[int, int]]:
    """Leading position and employee."""
    postings = Posting.objects.in_force(on, known_at).filter(position__in=_leading_open(institution, on))
    return postings.order_by().values_list("position_id", "employee_id")


@prepared
def _held(employee: int, position: int, institution: int, on: date, known_at: datetime) -> QuerySet[Posting]:
    held = Posting.objects.in_force(on, known_at).filter(
        employee=employee, position=position, position__institution=institution
    )
    found: QuerySet[Posting] = held.acting_first()[:1]
    return found
