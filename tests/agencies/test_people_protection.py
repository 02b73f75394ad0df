"""What was recorded of people is never changed by anybody: it is superseded, and both can be told for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from agencies.models import (
    Agency,
    Document,
    Employee,
    Employment,
    NonAsnStaff,
    PersonalDataRead,
    Position,
    Posting,
    Predicate,
    ServiceWeek,
    Versioned,
)
from agencies.protection import VERSIONED
from eligibility.models import WorkedDay
from tests.acts.worked_days import approved
from tests.base import Cast
from tests.factories import (
    AbsenceFactory,
    AdditionalTaskFactory,
    DisciplineGateFactory,
    EmployeeFactory,
    EmploymentFactory,
    HolderTaskFactory,
    PositionFactory,
    PostingFactory,
    PredicateFactory,
    PublicServiceFactory,
    SpecialCircumstanceFactory,
)
from tests.oversight.chains import unprotected

MORNING = datetime(2025, 7, 1, 1, tzinfo=UTC)
NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
EVENING = datetime(2025, 7, 1, 11, tzinfo=UTC)
DAY = date(2025, 7, 1)

MAKERS: dict[type[Versioned], Callable[[Cast], object]] = {
    Employment: lambda cast: EmploymentFactory.create(),
    Posting: lambda cast: PostingFactory.create(),
    AbsenceFactory._meta.model: lambda cast: AbsenceFactory.create(),
    DisciplineGateFactory._meta.model: lambda cast: DisciplineGateFactory.create(),
    SpecialCircumstanceFactory._meta.model: lambda cast: SpecialCircumstanceFactory.create(),
    Predicate: lambda cast: PredicateFactory.create(),
    AdditionalTaskFactory._meta.model: lambda cast: AdditionalTaskFactory.create(facts={"with_tik": True}),
    HolderTaskFactory._meta.model: lambda cast: HolderTaskFactory.create(),
    NonAsnStaff: lambda cast: NonAsnStaff.objects.create(
        agency=cast.agency, count=3, counted_on=DAY, source="daftar", recorded_at=MORNING
    ),
    ServiceWeek: lambda cast: ServiceWeek.objects.create(
        service=PublicServiceFactory.create(agency=cast.agency), valid_from=DAY, source="SK", recorded_at=MORNING
    ),
    WorkedDay: lambda cast: WorkedDay.objects.create(
        arrangement=approved(cast),
        on=DAY + timedelta(days=WorkedDay.objects.count()),
        source="presensi",
        recorded_at=MORNING,
    ),
}

TABLES = (*VERSIONED, WorkedDay)
"""Those of people and their jobs, and that of the app downstream."""


def run(sql: str, *values: str | datetime | None) -> None:
    """Raw SQL in a transaction of its own, as from a database console."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def columns(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def replacing(model: type[models.Model]) -> str:
    """SQL that puts each row in its own place again, which SQLite does by removing it first."""
    names = ", ".join(f'"{name}"' for name in columns(model))
    return f'REPLACE INTO "{model._meta.db_table}" ({names}) SELECT {names} FROM "{model._meta.db_table}"'


def test_every_versioned_table_is_tested() -> None:
    assert set(MAKERS) == set(TABLES) == set(Versioned.__subclasses__())


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_version_is_superseded_once_and_otherwise_never_changed(cast: Cast, model: type[Versioned]) -> None:
    MAKERS[model](cast)
    table = model._meta.db_table
    moment = connection.ops.adapt_datetimefield_value(NOON)
    recorded: Any = model._default_manager.get()
    for field in model._meta.concrete_fields:
        if field.name not in ("superseded_at", "id"):
            unset = "'2030-01-01'" if isinstance(field, models.DateField) else "7"
            other = "NULL" if getattr(recorded, field.attname) is not None else unset
            with pytest.raises(IntegrityError, match=f"{table}: UPDATE refused"):
                run(f'UPDATE "{table}" SET "{field.column}" = {other}, superseded_at = %s', moment)
    with pytest.raises(IntegrityError, match="DELETE refused"):
        run(f'DELETE FROM "{table}"')
    with pytest.raises(IntegrityError, match="UPDATE refused"):
        run(f'UPDATE "{table}" SET superseded_at = NULL')
    run(f'UPDATE "{table}" SET superseded_at = %s', moment)
    for again in (moment, None, connection.ops.adapt_datetimefield_value(EVENING)):
        with pytest.raises(IntegrityError, match="UPDATE refused"):
            run(f'UPDATE "{table}" SET superseded_at = %s', again)
    row: Any = model._default_manager.get()
    assert row.superseded_at == NOON


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_sqlite_cannot_replace_a_version(cast: Cast, model: type[Versioned]) -> None:
    MAKERS[model](cast)
    with pytest.raises(IntegrityError, match="INSERT refused"):
        run(replacing(model))
    with unprotected():
        run(replacing(model))
    MAKERS[model](cast)
    assert model._default_manager.count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("model", [*TABLES, PersonalDataRead, Document], ids=lambda model: model.__name__)
def test_postgresql_cannot_truncate_what_is_kept_of_people(cast: Cast, model: type[models.Model]) -> None:
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="TRUNCATE refused"):
        run(f'TRUNCATE "{model._meta.db_table}" CASCADE')


@pytest.fixture
def kept(cast: Cast) -> list[models.Model]:
    """A logged read and a document."""
    return [
        PersonalDataRead.objects.create(
            institution=cast.institution, reader=cast.hr_officer, reader_label="hr_officer", at=NOON, page="employee"
        ),
        Document.objects.create(
            institution=cast.institution, name="SK", file="documents/sk.pdf", size=1, sha256="0" * 64, added_at=NOON
        ),
    ]


def test_logged_reads_and_documents_are_added_and_never_changed(kept: list[models.Model]) -> None:
    for row in kept:
        table = row._meta.db_table
        with pytest.raises(IntegrityError, match="UPDATE refused"):
            run(f'UPDATE "{table}" SET institution_id = institution_id')
        with pytest.raises(IntegrityError, match="DELETE refused"):
            run(f'DELETE FROM "{table}"')
        if connection.vendor == "sqlite":
            with pytest.raises(IntegrityError, match="INSERT refused"):
                run(replacing(type(row)))
        assert type(row)._default_manager.count() == 1


def test_a_posting_is_in_force_on_its_days_and_as_far_as_it_was_known(cast: Cast) -> None:
    person = EmployeeFactory.create(institution=cast.institution)
    wrong = PostingFactory.create(
        employee=person, position=cast.position, effective_from=date(2025, 1, 1), recorded_at=MORNING
    )
    Posting.objects.filter(pk=wrong.pk).update(superseded_at=NOON)
    right = PostingFactory.create(
        employee=person,
        position=cast.position,
        effective_from=date(2025, 7, 1),
        effective_until=date(2025, 7, 31),
        recorded_at=NOON,
    )

    def held(on: date, known_at: datetime) -> list[Posting]:
        return list(Posting.objects.in_force(on, known_at))

    assert held(date(2025, 6, 30), MORNING) == [wrong]
    assert held(date(2025, 6, 30), NOON) == []
    assert held(date(2025, 7, 1), EVENING) == held(date(2025, 7, 31), EVENING) == [right]
    assert held(date(2025, 8, 1), EVENING) == []


def test_an_employee_is_seen_once_from_each_agency_where_she_holds_a_position_that_day(cast: Cast) -> None:
    elsewhere = PositionFactory.create(agency=cast.other_agency)
    person = EmployeeFactory.create(institution=cast.institution)
    gone = EmployeeFactory.create(institution=cast.institution)
    PostingFactory.create(employee=person, position=cast.position)
    PostingFactory.create(employee=person, position=cast.position, capacity="plh", effective_from=date(2025, 6, 30))
    PostingFactory.create(employee=person, position=elsewhere, capacity="plt", effective_from=date(2025, 7, 1))
    PostingFactory.create(employee=gone, position=cast.position, effective_until=date(2025, 6, 30))

    def seen(agency: Agency, on: date) -> list[Employee]:
        return list(Employee.objects.seen_from([agency.pk], on, NOON).order_by("pk"))

    assert seen(cast.agency, DAY) == [person]
    assert seen(cast.agency, date(2025, 6, 30)) == [person, gone]
    assert seen(cast.other_agency, date(2025, 6, 30)) == []
    assert seen(cast.other_agency, DAY) == [person]
    assert list(Employee.objects.seen_from(Agency.objects.filter(pk=cast.agency.pk), DAY, NOON)) == [person]
    holders = Employee.objects.holding(Position.objects.filter(pk=elsewhere.pk), DAY, NOON)
    assert list(holders) == [person]


def test_whoever_stands_in_for_a_head_leads_that_day(cast: Cast) -> None:
    head = PositionFactory.create(agency=cast.agency, leads="agency")
    assert Posting.objects.leading(cast.agency.pk, DAY, NOON) is None
    definitive = PostingFactory.create(position=head)
    plt = PostingFactory.create(position=head, capacity="plt", effective_from=date(2025, 7, 2))
    plh = PostingFactory.create(
        position=head, capacity="plh", effective_from=date(2025, 7, 3), effective_until=date(2025, 7, 3)
    )
    leading = [Posting.objects.leading(cast.agency.pk, date(2025, 7, day), NOON) for day in (1, 2, 3, 4)]
    assert leading == [definitive, plt, plh, plt]
    assert Posting.objects.leading(cast.other_agency.pk, DAY, NOON) is None


def test_the_employment_and_the_predicate_of_a_day_are_the_latest_by_then(cast: Cast) -> None:
    person = EmployeeFactory.create()
    trainee = EmploymentFactory.create(employee=person, kind="cpns", effective_from=date(2024, 1, 1))
    servant = EmploymentFactory.create(employee=person, kind="pns", effective_from=date(2025, 7, 1))
    EmploymentFactory.create(effective_from=date(2026, 1, 1))
    before, after = (
        PredicateFactory.create(
            employee=person, period_starts_on=date(year, 1, 1), period_ends_on=date(year, 12, 31), predicate=said
        )
        for year, said in ((2024, "kurang"), (2025, "baik"))
    )
    assert list(Employment.objects.in_force(date(2025, 6, 30), NOON)) == [trainee]
    assert list(Employment.objects.in_force(DAY, NOON)) == [servant]
    assert list(Employment.objects.in_force(DAY, datetime(2023, 1, 1, tzinfo=UTC))) == []
    assert list(Predicate.objects.last_by(DAY, NOON)) == [before]
    assert list(Predicate.objects.last_by(date(2025, 12, 31), NOON)) == [after]


def test_gates_and_absences_are_in_force_from_their_first_to_their_last_day(cast: Cast) -> None:
    leave = AbsenceFactory.create(starts_on=date(2025, 7, 1), ends_on=date(2025, 7, 2))
    gate = DisciplineGateFactory.create(starts_on=date(2025, 7, 2), ends_on=None)
    for day, absent, gated in ((30, 0, 0), (1, 1, 0), (2, 1, 1), (3, 0, 1)):
        on = date(2025, 6 if day == 30 else 7, day)
        assert type(leave).objects.in_force(on, NOON).count() == absent
        assert type(gate).objects.in_force(on, NOON).count() == gated


def test_months_in_a_position_run_from_the_newest_posting_that_counts_as_new(cast: Cast) -> None:
    person, unknown = EmployeeFactory.create(), EmployeeFactory.create()
    PostingFactory.create(employee=person, reason="formation", effective_from=date(2020, 1, 1))
    PostingFactory.create(employee=person, reason="promotion", effective_from=date(2025, 1, 15))
    PostingFactory.create(employee=person, reason="reorganisation", effective_from=date(2025, 6, 1))
    PostingFactory.create(employee=person, reason="rotation", capacity="plt", effective_from=date(2025, 6, 15))
    PostingFactory.create(employee=unknown, reason="reorganisation", effective_from=date(2025, 6, 1))
    new = ("formation", "promotion", "transfer", "rotation")

    def months(on: date) -> dict[int, int]:
        return Posting.objects.months_in_position(on, NOON, new)

    assert months(DAY) == {person.pk: 5}
    assert months(date(2025, 1, 14)) == {person.pk: 60}
    assert months(date(2019, 1, 1)) == {}
