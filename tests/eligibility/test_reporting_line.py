"""Who endorses and who decides: the line of each kind of office, vacancies, Plt and Plh, and one's own request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from agencies.models import Agency, Employee, Position, Posting, Role, User
from eligibility.arrangements.reporting_line import Office, Station, office_of, route_for
from eligibility.rulebook import Attach, ConditionKind
from tests.base import Cast, person
from tests.factories import AgencyFactory, PositionFactory, PostingFactory, UserFactory

DAY = date(2025, 10, 1)
KNOWN = datetime.fromisoformat("2025-10-01T03:00:00+00:00")


@dataclass(frozen=True)
class Line:
    """A secretariat and, in the cast's city, whoever is posted."""

    cast: Cast
    secretariat: Agency

    def office(self, agency: Agency, title: str, **values: Any) -> Position:
        return PositionFactory.create(**{"agency": agency, "title": title, "leads": "agency", **values})

    def agency(self, kind: str, parent: Agency | None = None, **values: Any) -> Agency:
        return AgencyFactory.create(institution=self.cast.institution, kind=kind, parent=parent, **values)

    def route(self, holder: Posting, *conditions: Attach, on: date = DAY) -> list[tuple[str, str]]:
        stations = route_for(holder.employee, holder.position, conditions, on=on, known_at=KNOWN)
        return [(station.kind, station.title) for station in stations]


@pytest.fixture
def line(cast: Cast) -> Line:
    """The city with a Sekda in office."""
    secretariat = AgencyFactory.create(institution=cast.institution, code="Setda", kind="sekretariat")
    found = Line(cast, secretariat)
    PostingFactory.create(position=found.office(secretariat, "Sekda"))
    return found


def posted(position: Position, **values: Any) -> Posting:
    return PostingFactory.create(position=position, **values)


def account(employee: Employee) -> User:
    return UserFactory.create(employee=employee)


def test_staff_of_a_dinas_pass_the_head_of_their_unit_and_the_head_decides(line: Line) -> None:
    agency, unit = line.cast.agency, line.cast.position.unit
    kabid = posted(line.office(agency, "Kabid", unit=unit, leads="unit"))
    kadis = posted(line.office(agency, "Kadis"))
    staff = posted(line.cast.position)
    assert line.route(staff) == [("endorse", "Kabid"), ("decide", "Kadis")]
    assert line.route(kabid) == [("decide", "Kadis")]
    assert line.route(kadis) == [("decide", "Sekda")]
    without_unit = posted(line.office(agency, "Staf", leads="none"))
    assert line.route(without_unit) == [("decide", "Kadis")]


def test_the_sekda_asks_the_head_of_the_region(line: Line) -> None:
    sekda = Posting.objects.get(position__title="Sekda")
    assert line.route(sekda) == [("decide", "Wali Kota")]
    mayor = person("walikota", Role.AGENCY_HEAD, line.cast.institution)
    station = route_for(sekda.employee, sekda.position, on=DAY, known_at=KNOWN)[-1]
    own = {"requester": sekda.employee_id}
    office = office_of(mayor, station, line.cast.institution, DAY, KNOWN, **own)
    assert office == Office(None, None, "Wali Kota", "definitive")
    assert office_of(line.cast.agency_head, station, line.cast.institution, DAY, KNOWN, **own) is None


def test_a_lurah_endorses_and_the_camat_decides_who_asks_the_sekda(line: Line) -> None:
    kecamatan = line.agency("kecamatan")
    kelurahan = line.agency("kelurahan", kecamatan)
    camat = posted(line.office(kecamatan, "Camat"))
    lurah = posted(line.office(kelurahan, "Lurah"))
    staff = posted(line.office(kelurahan, "Staf", leads="none"))
    assert line.route(staff) == [("endorse", "Lurah"), ("decide", "Camat")]
    assert line.route(lurah) == [("decide", "Camat")]
    assert line.route(camat) == [("decide", "Sekda")]


def test_the_head_of_a_puskesmas_endorses_and_the_kepala_dinas_decides(line: Line) -> None:
    puskesmas = line.agency("puskesmas", line.cast.other_agency)
    head = line.office(puskesmas, "Kepala Puskesmas")
    posted(line.office(line.cast.other_agency, "Kadinkes"), effective_until=DAY)
    nurse = posted(line.office(puskesmas, "Perawat", leads="none"))
    assert line.route(nurse) == [("decide", "Kadinkes")], "a vacant office is passed over"
    posted(head)
    assert line.route(nurse) == [("endorse", "Kepala Puskesmas"), ("decide", "Kadinkes")]
    after = DAY + timedelta(days=1)
    assert line.route(nurse, on=after) == [("endorse", "Kepala Puskesmas"), ("decide", "Sekda")], (
        "never decided further down"
    )


def test_plt_and_plh_hold_an_office_on_their_days_and_nobody_decides_on_her_own_request(line: Line) -> None:
    agency = line.cast.agency
    office = line.office(agency, "Kadis")
    staff = posted(line.cast.position)
    plt = posted(office, capacity="plt", effective_from=DAY, effective_until=DAY + timedelta(days=2))
    plh = posted(office, capacity="plh", effective_from=DAY + timedelta(days=2))
    station = Station("decide", office.pk, "Kadis")

    def holds(posting: Posting, on: date, requester: int = staff.employee_id) -> str:
        user = User.objects.filter(employee=posting.employee_id).first() or account(posting.employee)
        found = office_of(user, station, line.cast.institution, on, KNOWN, requester=requester)
        return found.capacity if found else ""

    after = DAY + timedelta(days=3)
    assert line.route(staff, on=DAY - timedelta(days=1)) == [("decide", "Sekda")]
    assert line.route(staff) == line.route(staff, on=after) == [("decide", "Kadis")]
    assert [holds(plt, DAY), holds(plh, DAY), holds(plt, after), holds(plh, after)] == ["plt", "", "", "plh"]
    assert line.route(plt) == [("decide", "Sekda")], "who acts as head asks the next above"
    assert holds(plt, DAY, requester=plt.employee_id) == ""
    assert holds(staff, DAY) == ""
    elsewhere = line.cast.outsider.grants.get().institution
    assert office_of(User.objects.get(employee=plt.employee), station, elsewhere, DAY, KNOWN, requester=0) is None


def test_a_condition_puts_its_approver_before_the_last_station(line: Line) -> None:
    posted(line.office(line.cast.agency, "Kadis"))
    bkpsdm = line.agency("badan", sector="personnel")
    head = posted(line.office(bkpsdm, "Kepala BKPSDM"))
    staff = posted(line.cast.position)
    named = {
        who: Attach(ConditionKind.APPROVER_ROLE, "Izin", who) for who in ("sekda", "personnel_head", "head_of_region")
    }
    other = Attach(ConditionKind.REPORT, "Lapor")
    assert line.route(staff, named["personnel_head"], other, named["personnel_head"]) == [
        ("approver", "Kepala BKPSDM"),
        ("decide", "Kadis"),
    ]
    assert line.route(staff, named["sekda"], named["head_of_region"])[:-1] == [
        ("approver", "Sekda"),
        ("approver", "Wali Kota"),
    ]
    assert line.route(head, named["sekda"], named["personnel_head"]) == [("approver", "Wali Kota"), ("decide", "Sekda")]
    assert line.route(staff, Attach(ConditionKind.APPROVER_ROLE, "Izin atasan")) == [("decide", "Kadis")]
