"""The cast of the tests: one city with two agencies, one person for each role, and an outsider."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import Agency, Institution, Position, Role, Task, User
from tests.factories import (
    AgencyFactory,
    GrantFactory,
    InstitutionFactory,
    PositionFactory,
    TaskFactory,
    UnitFactory,
    UserFactory,
)


@dataclass(frozen=True)
class Cast:
    """Who acts in a test, and where; the outsider is HR officer of another institution."""

    institution: Institution
    agency: Agency
    other_agency: Agency
    position: Position
    task: Task
    hr_officer: User
    agency_head: User
    employee: User
    inspector: User
    outside_reader: User
    rules_administrator: User
    data_protection_officer: User
    system_administrator: User
    outsider: User

    @property
    def insiders(self) -> tuple[User, ...]:
        """Everybody with a grant in the institution."""
        return (
            self.hr_officer,
            self.agency_head,
            self.employee,
            self.inspector,
            self.outside_reader,
            self.rules_administrator,
            self.data_protection_officer,
            self.system_administrator,
        )


def assemble_cast() -> Cast:
    """Write the cast to the database."""
    city = InstitutionFactory.create(code="kota-contoh", name="Kota Contoh")
    agency = AgencyFactory.create(institution=city, code="Diskominfo", name="Dinas Komunikasi", sector="information")
    position = PositionFactory.create(agency=agency, unit=UnitFactory.create(agency=agency), code="DISKOMINFO-01")
    return Cast(
        institution=city,
        agency=agency,
        other_agency=AgencyFactory.create(institution=city, code="Dinkes", name="Dinas Kesehatan", sector="health"),
        position=position,
        task=TaskFactory.create(position=position),
        hr_officer=person("hr_officer", Role.HR_OFFICER, city),
        agency_head=person("agency_head", Role.AGENCY_HEAD, city, agency),
        employee=person("employee", Role.EMPLOYEE, city, agency),
        inspector=person("inspector", Role.INSPECTOR, city),
        outside_reader=person("outside_reader", Role.OUTSIDE_READER, city),
        rules_administrator=person("rules_administrator", Role.RULES_ADMINISTRATOR, city),
        data_protection_officer=person("data_protection_officer", Role.DATA_PROTECTION_OFFICER, city),
        system_administrator=person("system_administrator", Role.SYSTEM_ADMINISTRATOR, city),
        outsider=person("outsider", Role.HR_OFFICER, InstitutionFactory.create(code="kota-lain", name="Kota Lain")),
    )


def person(username: str, role: Role, institution: Institution, agency: Agency | None = None) -> User:
    """An account that holds one role."""
    user = UserFactory.create(username=username)
    GrantFactory.create(user=user, role=role, institution=institution, agency=agency)
    return user
