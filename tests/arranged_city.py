"""The judged city once it has adopted flexible work: a signed Penetapan, an instrument, people and their superiors.

It is 1 October 2025 there (`arranged` turns demonstration mode on, which stops the clock on that day).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from agencies.models import Agency, Employee, Position, Role, User
from eligibility.actions.instruments import InstrumentValues, Reach, record_instrument
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.models import Arrangement, ArrangementOutput, Attestation, Determination, Instrument
from eligibility.periods import Span
from eligibility.rulebook import Mode
from tests.base import person
from tests.eligibility.determined import determine
from tests.factories import (
    AgencyFactory,
    EmploymentFactory,
    PositionFactory,
    PostingFactory,
    PredicateFactory,
    TaskFactory,
)
from tests.judged_city import SUITS_HOME, JudgedCity

TODAY: Final = date(2025, 10, 1)
AT: Final = datetime(2025, 10, 1, 3, tzinfo=UTC)
"""Ten in the morning of that day, western Indonesia."""
ADOPTED: Final = datetime(2025, 6, 20, 5, tzinfo=UTC)
POSTED: Final = date(2023, 1, 2)
"""Long enough ago that nobody is new in her position."""


@dataclass(frozen=True)
class ArrangedCity:
    """The judged city, and who acts in it.

    `asker` works as `programmer` in the unit that `unit_head` leads, in the agency that `head` leads; the head asks
    the `sekda`. `colleagues` hold the same position. Each has an account: that of the cast for asker and head.
    """

    city: JudgedCity
    programmer: Position
    determination: Determination
    instrument: Instrument
    asker: Employee
    colleagues: tuple[Employee, ...]
    unit_head: Employee
    head: Employee
    sekda: Employee
    unit_head_account: User
    sekda_account: User

    @property
    def asker_account(self) -> User:
        """The employee's account."""
        return self.city.cast.employee

    @property
    def head_account(self) -> User:
        """The account of the head of the agency."""
        return self.city.cast.agency_head

    def url(self, page: str) -> str:
        """An address of the city; the day is today's."""
        return f"/{self.city.cast.institution.code}/{page}"

    def plan(self, *weekdays: str, **other: Any) -> Plan:
        """A plan to work at home on Tuesday and Wednesday in October and November, or on other days."""
        values: dict[str, Any] = {
            "mode": Mode.HOME,
            "weekdays": weekdays or ("tuesday", "wednesday"),
            "starts_on": date(2025, 10, 6),
            "ends_on": date(2025, 11, 28),
            "outputs": (OutputLine("Modul layanan", "2 modul", "Aplikasi layanan tersedia"),),
            "attestations": tuple(Attestation.values),
            "residence_confirmed": True,
        }
        return Plan(**{**values, **other})


def arranged_city(city: JudgedCity, *, colleagues: int = 4) -> ArrangedCity:
    """Write the people, sign the Penetapan of the cast's agency and record the instrument."""
    cast = city.cast
    unit = cast.position.unit
    secretariat = AgencyFactory.create(
        institution=cast.institution, code="Setda", name="Sekretariat Daerah", kind="sekretariat", sector="general"
    )
    programmer = _job(cast.agency, "Pranata Komputer Ahli Muda", unit=unit, leads="none")
    unit_head = _job(cast.agency, "Kepala Bidang Aplikasi", unit=unit, leads="unit", category="administrator")
    head = _job(cast.agency, "Kepala Dinas Komunikasi", leads="agency", category="jpt_pratama")
    sekda = _job(secretariat, "Sekretaris Daerah", leads="agency", category="jpt_pratama")
    record_instrument(
        actor=cast.hr_officer,
        institution=cast.institution,
        values=InstrumentValues(
            title="Keputusan Wali Kota 120/2025",
            number="100.3.3.3/120/2025",
            issued_on=date(2025, 6, 20),
            issuer="Wali Kota",
            subject="Pelaksanaan Fleksibilitas Kerja",
            periods=(Span(date(2025, 7, 1), date(2025, 12, 31)),),
            reach=Reach(),
        ),
        at=ADOPTED,
    )
    made = ArrangedCity(
        city=city,
        programmer=programmer,
        determination=determine(city),
        instrument=Instrument.objects.get(owner=cast.institution, implementing=True),
        asker=holder(programmer, "Nita Pemohon"),
        colleagues=tuple(holder(programmer, f"Rekan {number}") for number in range(1, colleagues + 1)),
        unit_head=holder(unit_head, "Kabid Penilai"),
        head=holder(head, "Bayu Kepala"),
        sekda=holder(sekda, "Sekda Penilai"),
        unit_head_account=person("unit_head", Role.AGENCY_HEAD, cast.institution, cast.agency),
        sekda_account=person("sekda", Role.AGENCY_HEAD, cast.institution, secretariat),
    )
    link(made.asker_account, made.asker)
    link(made.head_account, made.head)
    link(made.unit_head_account, made.unit_head)
    link(made.sekda_account, made.sekda)
    return made


def _job(agency: Agency, title: str, **values: Any) -> Position:
    """A position whose one task may be done at home."""
    position = PositionFactory.create(agency=agency, title=title, code=title, **values)
    TaskFactory.create(position=position, title=title, **SUITS_HOME)
    return position


def holder(position: Position, name: str, **posting: Any) -> Employee:
    """Somebody who holds the position since long, of whom everything is recorded that decides."""
    held = PostingFactory.create(position=position, employee__name=name, **{"effective_from": POSTED, **posting})
    EmploymentFactory.create(employee=held.employee, effective_from=POSTED)
    PredicateFactory.create(employee=held.employee)
    return held.employee


def link(account: User, employee: Employee) -> None:
    """Make the account that of the employee."""
    account.employee = employee
    account.save(update_fields=["employee"])


def written(city: ArrangedCity, employee: Employee | None = None, **values: Any) -> Arrangement:
    """A row as an act could have left it, without the act: two days at home, a draft unless `values` say otherwise."""
    row = Arrangement.objects.create(
        **{
            "institution": city.city.cast.institution,
            "employee": employee or city.asker,
            "position": city.programmer,
            "agency": city.programmer.agency,
            "unit": city.programmer.unit,
            "mode": Mode.HOME.value,
            "place": "recorded_residence",
            "residence_confirmed": True,
            "weekdays": "tuesday wednesday",
            "starts_on": date(2025, 10, 6),
            "ends_on": date(2025, 11, 28),
            "attestations": " ".join(Attestation.values),
            "recorded_at": AT,
            **values,
        }
    )
    ArrangementOutput.objects.create(
        arrangement=row, number=1, output="Modul layanan", target="2 modul", skp="Aplikasi layanan tersedia"
    )
    return row
