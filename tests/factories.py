"""Test data that says only what matters: `XFactory.create(…)` writes a row that is whole and believable."""

from __future__ import annotations

from datetime import date
from typing import Any

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory, Password
from factory.helpers import post_generation

from agencies.fact_records import carry
from agencies.models import (
    Agency,
    Grant,
    Institution,
    Position,
    PublicService,
    Role,
    Task,
    TaskProfile,
    Unit,
    User,
)

SINCE = date(2024, 1, 1)
"""From this day the grants that tests give are in force."""


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
