"""The pages of those who decide. The head of the cast decides on what waits for her; the HR officer reads and stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from agencies.models import Agency, Employee, Position, Posting, Role
from eligibility.arrangements.reporting_line import DECIDE, ENDORSE, Station
from eligibility.arrangements.stations import route_text
from eligibility.models import Arrangement, ArrangementObjection, ArrangementStep
from eligibility.rulebook import Mode
from tests.addresses.address import Address, Where
from tests.arranged_city import AT, POSTED
from tests.factories import EmploymentFactory, PositionFactory, PostingFactory
from tests.judged_city import JudgedCity

HEADS = frozenset({Role.AGENCY_HEAD})
IN_CHARGE = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD})


def _holder(position: Position, name: str) -> Employee:
    """Who holds the position; posted the first time."""
    found = Posting.objects.filter(position=position, employee__name=name).select_related("employee").first()
    if found:
        employee: Employee = found.employee
        return employee
    made = PostingFactory.create(position=position, employee__name=name, effective_from=POSTED)
    EmploymentFactory.create(employee=made.employee, effective_from=POSTED)
    return made.employee


def _office(city: JudgedCity) -> Position:
    """The office of the cast's head, who holds it with her account."""
    agency = city.cast.agency
    office = Position.objects.filter(agency=agency, leads="agency").first()
    office = office or PositionFactory.create(agency=agency, title="Kepala Dinas", code="KEPALA", leads="agency")
    head = city.cast.agency_head
    head.refresh_from_db(fields=["employee"])  # a test may have taken back who she was
    if head.employee_id is None:
        head.employee = _holder(office, "Kepala Dinas Sintetis")
        head.save(update_fields=["employee"])
    elif not Posting.objects.current().filter(position=office, employee=head.employee_id).exists():
        PostingFactory.create(position=office, employee=head.employee, effective_from=POSTED)
    return office


def _row(city: JudgedCity, agency: Agency, mode: Mode, **values: Any) -> Arrangement:
    """A request of somebody of the agency in the mode, which waits for the head of the cast unless told otherwise."""
    office = _office(city)
    position = PositionFactory.create(agency=agency, title=f"Pemohon {mode.value}")
    who = _holder(position, f"Pemohon {mode.value} {agency.code}")
    day = {"starts_on": date(2099, 1, 5), "ends_on": date(2099, 3, 27)}
    return Arrangement.objects.create(
        **{
            "institution": city.cast.institution,
            "employee": who,
            "position": position,
            "agency": agency,
            "mode": mode.value,
            "weekdays": "tuesday",
            "state": "submitted",
            "route": route_text([Station(DECIDE, office.pk, office.title)]),
            "station": 0,
            "waits_for": office,
            "submitted_at": AT,
            "recorded_at": AT,
            **day,
            **values,
        }
    )


GRANTED: dict[str, Any] = {"state": "approved", "station": None, "waits_for": None, "approved_at": AT}


def _waits(city: JudgedCity, agency: Agency) -> Arrangement:
    return _row(city, agency, Mode.HOME)


def _to_endorse(city: JudgedCity, agency: Agency) -> Arrangement:
    office = _office(city)
    stations = [Station(ENDORSE, office.pk, office.title), Station(DECIDE, None, "Wali Kota")]
    return _row(city, agency, Mode.OTHER_OFFICE, route=route_text(stations))


def _consulted(city: JudgedCity, agency: Agency) -> Arrangement:
    made = _row(city, agency, Mode.OTHER_PLACE, state="consultation")
    ArrangementStep.objects.create(
        arrangement=made, round=1, what="consulted", on=AT.date(), at=AT, held_on=AT.date(), text="Dibahas."
    )
    return made


def _objected(city: JudgedCity, agency: Agency) -> Arrangement:
    made = _row(city, agency, Mode.SHIFT, state="refused")
    ArrangementObjection.objects.create(
        arrangement=made, round=1, statement="Keliru.", raised_by=city.cast.employee, raised_at=AT
    )
    return made


def _granted(city: JudgedCity, agency: Agency) -> Arrangement:
    return _row(city, agency, Mode.DYNAMIC, **GRANTED)


def _suspended(city: JudgedCity, agency: Agency) -> Arrangement:
    return _row(city, agency, Mode.HOME, **GRANTED | {"state": "suspended", "suspended_on": date(2099, 1, 12)})


Made = Callable[[JudgedCity, Agency], Arrangement]


def _at(page: str, made: Made, *, other: bool) -> Where:
    def where(city: JudgedCity) -> str:
        agency = city.below if other else city.cast.agency
        return f"/{city.cast.institution.code}/fleksibilitas/{made(city, agency).pk}/{page}"

    return where


def _one(name: str, roles: frozenset[Role], page: str, made: Made, *, sends: bool = True) -> Address:
    return Address(name, roles, _at(page, made, other=False), sends=sends)


def _both(name: str, page: str, made: Made, *, sends: bool = True) -> Address:
    return Address(name, IN_CHARGE, _at(page, made, other=False), _at(page, made, other=True), sends=sends)


def _list(name: str, page: str, *, sends: bool = False) -> Address:
    return Address(name, IN_CHARGE, lambda city: f"/{city.cast.institution.code}/{page}", sends=sends)


ADDRESSES = [
    _list("arrangements", "fleksibilitas/"),
    _list("decisions_waiting", "fleksibilitas/menunggu/", sends=True),
    _list("presence", "kehadiran/"),
    _both("arrangement", "", _granted, sends=False),
    _one("arrangement_endorse", HEADS, "dukung/", _to_endorse),
    _one("arrangement_return", HEADS, "kembalikan/", _waits),
    _one("arrangement_consult", HEADS, "konsultasi/", _waits),
    _one("arrangement_approve", HEADS, "setujui/", _waits),
    _one("arrangement_refuse", HEADS, "tolak/", _consulted),
    _one("arrangement_answer", HEADS, "jawab-keberatan/", _objected),
    _both("arrangement_suspend", "tangguhkan/", _granted),
    _both("arrangement_resume", "lanjutkan/", _suspended),
    _both("arrangement_end", "akhiri/", _granted),
]
