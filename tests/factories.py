"""Test data that says only what matters: `XFactory.create(…)` writes a row that is whole and believable."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory, Password
from factory.helpers import post_generation

from agencies.fact_records import carry
from agencies.models import (
    Absence,
    AdditionalTask,
    Agency,
    DisciplineGate,
    Employee,
    Employment,
    Grant,
    HolderTask,
    Institution,
    Objection,
    Position,
    Posting,
    Predicate,
    PublicService,
    Role,
    SpecialCircumstance,
    Task,
    TaskProfile,
    Unit,
    User,
)

SINCE = date(2024, 1, 1)
"""From this day the grants that tests give are in force."""

RECORDED = datetime(2024, 1, 2, 3, tzinfo=UTC)
"""When the rows about people that tests write were recorded."""


class InstitutionFactory(DjangoModelFactory[Institution]):
    """A city."""

    class Meta:
        model = Institution

    code = Sequence(lambda number: f"kota-{number}")
    name = Sequence(lambda number: f"Kota {number}")
    kind = "city"


class AgencyFactory(DjangoModelFactory[Agency]):
    """A dinas without a parent."""

    class Meta:
        model = Agency

    institution = SubFactory(InstitutionFactory)
    code = Sequence(lambda number: f"Dinas-{number}")
    name = Sequence(lambda number: f"Dinas {number}")
    kind = "dinas"
    sector = "general"


class UnitFactory(DjangoModelFactory[Unit]):
    """A division."""

    class Meta:
        model = Unit

    agency = SubFactory(AgencyFactory)
    code = Sequence(lambda number: f"bidang-{number}")
    name = Sequence(lambda number: f"Bidang {number}")
    kind = "division"


class PositionFactory(DjangoModelFactory[Position]):
    """A functional position of nobody in particular, directly under its agency."""

    class Meta:
        model = Position

    agency = SubFactory(AgencyFactory)
    institution = SelfAttribute("agency.institution")
    code = Sequence(lambda number: f"P-{number}")
    title = Sequence(lambda number: f"Analis Kebijakan {number}")
    jenjang = "Ahli Muda"
    category = "fungsional"
    echelon = "none"
    job_family = "analis_kebijakan"
    leads = "none"
    needed = 2
    filled = 1


class TaskFactory(DjangoModelFactory[Task]):
    """The only task of a position, with a profile in which nothing is known but what `profile` says."""

    class Meta:
        model = Task
        skip_postgeneration_save = True

    position = SubFactory(PositionFactory)
    number = 1
    title = LazyAttribute(lambda task: str(task.position))
    share = 100

    @post_generation
    def profile(task: Task, create: bool, extracted: object, **facts: Any) -> None:  # noqa: N805
        """`TaskFactory.create(profile__with_tik=True)` tells a fact."""
        if create:
            profile = TaskProfile(task=task, position=task.position, **facts)
            carry(profile)
            profile.save()


class PublicServiceFactory(DjangoModelFactory[PublicService]):
    """A counter."""

    class Meta:
        model = PublicService

    agency = SubFactory(AgencyFactory)
    code = Sequence(lambda number: f"loket-{number}")
    name = Sequence(lambda number: f"Loket {number}")
    kind = "counter"
    hours = "Senin-Jumat 08.00-15.00"
    staff_on_site = 2


class UserFactory(DjangoModelFactory[User]):
    """An account without a grant, whose password is "rahasia"."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = Sequence(lambda number: f"pegawai{number}")
    password = Password("rahasia")


class GrantFactory(DjangoModelFactory[Grant]):
    """An employee's grant for a whole institution, in force without end."""

    class Meta:
        model = Grant

    user = SubFactory(UserFactory)
    role = Role.EMPLOYEE
    institution = SubFactory(InstitutionFactory)
    valid_from = SINCE


class EmployeeFactory(DjangoModelFactory[Employee]):
    """A PNS born on 1 January 1990, without a posting; numbers use the sequence 9xx of synthetic people."""

    class Meta:
        model = Employee

    class Params:
        serial = Sequence(lambda number: number)

    institution = SubFactory(InstitutionFactory)
    nip = LazyAttribute(
        lambda made: (
            f"1990{made.serial // 2400 % 12 + 1:02}{made.serial // 200 % 12 + 1:02}"
            f"201501{made.serial // 100 % 2 + 1}{900 + made.serial % 100}"
        )
    )
    name = Sequence(lambda number: f"Pegawai Nomor {number:05}")
    residence = "Jalan Sintetis 1"
    recorded_at = RECORDED


class EmploymentFactory(DjangoModelFactory[Employment]):
    """An active PNS."""

    class Meta:
        model = Employment

    employee = SubFactory(EmployeeFactory)
    kind = "pns"
    grade = "III/a"
    effective_from = SINCE
    recorded_at = RECORDED


class PostingFactory(DjangoModelFactory[Posting]):
    """A definitive posting without end; the employee belongs to the institution of the position."""

    class Meta:
        model = Posting

    position = SubFactory(PositionFactory)
    employee = SubFactory(EmployeeFactory, institution=SelfAttribute("..position.institution"))
    reason = Posting.Reason.FORMATION
    effective_from = SINCE
    recorded_at = RECORDED


class AbsenceFactory(DjangoModelFactory[Absence]):
    """A leave of a week."""

    class Meta:
        model = Absence

    employee = SubFactory(EmployeeFactory)
    kind = Absence.Kind.LEAVE
    starts_on = date(2025, 7, 7)
    ends_on = date(2025, 7, 11)
    recorded_at = RECORDED


class DisciplineGateFactory(DjangoModelFactory[DisciplineGate]):
    """A medium punishment without a known end."""

    class Meta:
        model = DisciplineGate

    employee = SubFactory(EmployeeFactory)
    kind = DisciplineGate.Kind.MEDIUM
    basis = DisciplineGate.Basis.PP_94_2021
    starts_on = date(2025, 1, 1)
    recorded_at = RECORDED


class SpecialCircumstanceFactory(DjangoModelFactory[SpecialCircumstance]):
    """A keadaan khusus verified for a year."""

    class Meta:
        model = SpecialCircumstance

    employee = SubFactory(EmployeeFactory)
    kind = "Pemulihan sesudah operasi"
    starts_on = date(2025, 1, 1)
    ends_on = date(2025, 12, 31)
    recorded_at = RECORDED


class PredicateFactory(DjangoModelFactory[Predicate]):
    """Good work in a year."""

    class Meta:
        model = Predicate

    employee = SubFactory(EmployeeFactory)
    period_starts_on = date(2024, 1, 1)
    period_ends_on = date(2024, 12, 31)
    predicate = "baik"
    recorded_at = RECORDED


class AdditionalTaskFactory(DjangoModelFactory[AdditionalTask]):
    """A treasurer."""

    class Meta:
        model = AdditionalTask

    employee = SubFactory(EmployeeFactory)
    kind = AdditionalTask.Kind.TREASURER
    title = "Bendahara pengeluaran"
    starts_on = SINCE
    recorded_at = RECORDED


class HolderTaskFactory(DjangoModelFactory[HolderTask]):
    """A task that belongs to one holder."""

    class Meta:
        model = HolderTask

    task = SubFactory(TaskFactory)
    employee = SubFactory(EmployeeFactory, institution=SelfAttribute("..task.position.institution"))
    recorded_at = RECORDED


class ObjectionFactory(DjangoModelFactory[Objection]):
    """An open objection."""

    class Meta:
        model = Objection

    employee = SubFactory(EmployeeFactory)
    about = "residence"
    statement = "Saya pindah pada Mei 2025; lihat KK baru."
    raised_by = SubFactory(UserFactory)
    raised_at = RECORDED
