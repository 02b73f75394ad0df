"""What the database refuses or carries along by itself, and that its triggers are missed when gone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from agencies import protection, triggers
from agencies.models import Agency, FactRecord, Position, TaskProfile
from agencies.protection import Frozen, FrozenWith, install_triggers, missing_triggers
from tests.base import Cast, assemble_cast
from tests.factories import AgencyFactory, PositionFactory, TaskFactory, UnitFactory
from tests.oversight.chains import NOON, unprotected


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble_cast()


@pytest.fixture
def fact(cast: Cast) -> FactRecord:
    return FactRecord.objects.create(
        institution=cast.institution,
        task=cast.task,
        fact="task.with_tik",
        value="yes",
        source="Lembar pemetaan",
        basis="agreed",
        valid_from=date(2025, 7, 1),
        recorded_at=NOON,
    )


def test_a_fact_record_is_added_but_never_changed_or_deleted(fact: FactRecord) -> None:
    with pytest.raises(IntegrityError, match="agencies_factrecord: UPDATE refused"), transaction.atomic():
        FactRecord.objects.update(value="no")
    with pytest.raises(IntegrityError, match="agencies_factrecord: DELETE refused"), transaction.atomic():
        fact.delete()
    again = FactRecord.objects.get(pk=fact.pk)
    assert again.value == "yes"
    again.pk, again.value = None, "no"
    again.save()
    assert FactRecord.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_sqlite_cannot_replace_a_fact_record(fact: FactRecord) -> None:
    columns = [field.column for field in FactRecord._meta.concrete_fields]
    values = ", ".join("'no'" if column == "value" else column for column in columns)
    statement = f"REPLACE INTO agencies_factrecord ({', '.join(columns)}) SELECT {values} FROM agencies_factrecord"
    with pytest.raises(IntegrityError, match="INSERT refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with unprotected(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert FactRecord.objects.get().value == "no"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_postgresql_cannot_truncate_fact_records(fact: FactRecord) -> None:
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="TRUNCATE refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE agencies_factrecord")
    assert FactRecord.objects.count() == 1


def another(cast: Cast) -> dict[str, object]:
    """A value that differs from the position's for every carried column."""
    foreign = AgencyFactory.create()
    return {
        "institution": foreign.institution,
        "agency": cast.other_agency,
        "unit": None,
        "category": None,
        "echelon": "ii_a",
        "job_family": "arsiparis",
        "leads": "unit",
    }


@pytest.mark.parametrize("column", TaskProfile.CARRIED)
def test_a_profile_that_disagrees_with_its_position_is_refused(cast: Cast, column: str) -> None:
    wrong = {column: another(cast)[column]}
    with pytest.raises(IntegrityError, match=r"agencies_taskprofile.* of its position"), transaction.atomic():
        TaskProfile.objects.filter(task=cast.task).update(**wrong)
    profile = TaskProfile.objects.get(task=cast.task)
    whole = {name: getattr(profile, name) for name in ("task", "position", *TaskProfile.CARRIED)}
    profile.delete()
    with pytest.raises(IntegrityError, match=r"agencies_taskprofile.* of its position"), transaction.atomic():
        TaskProfile.objects.create(**whole | wrong)
    TaskProfile.objects.create(**whole)
    TaskProfile.objects.filter(task=cast.task).update(with_tik=True)


@pytest.mark.parametrize("column", ["agency", "unit", "category", "echelon", "job_family", "leads"])
def test_the_profiles_of_a_position_follow_it(cast: Cast, column: str) -> None:
    other = TaskFactory.create(position=PositionFactory.create(agency=cast.agency))
    # A unit belongs to its agency, so the position leaves it first.
    Position.objects.filter(pk=cast.position.pk).update(**({"unit": None} | {column: another(cast)[column]}))
    cast.position.refresh_from_db()
    for task in (cast.task, other):
        profile = TaskProfile.objects.get(task=task)
        for name in TaskProfile.CARRIED:
            assert getattr(profile, name) == getattr(task.position, name), name


def test_a_profile_belongs_to_the_position_of_its_task(cast: Cast) -> None:
    twin = PositionFactory.create(agency=cast.agency, unit=cast.position.unit)
    with pytest.raises(IntegrityError, match="of its task"), transaction.atomic():
        TaskProfile.objects.filter(task=cast.task).update(position=twin)
    cast.task.position = twin
    with pytest.raises(IntegrityError, match="of its task"), transaction.atomic():
        cast.task.save()
    assert TaskProfile.objects.get(task=cast.task).position == cast.position


def test_a_position_is_of_the_institution_of_its_agency(cast: Cast) -> None:
    foreign = AgencyFactory.create()
    with pytest.raises(IntegrityError, match=r"agencies_position: institution .* of its agency"), transaction.atomic():
        PositionFactory.create(agency=cast.agency, institution=foreign.institution)
    with pytest.raises(IntegrityError, match=r"agencies_position: institution .* of its agency"), transaction.atomic():
        Position.objects.filter(pk=cast.position.pk).update(institution=foreign.institution)
    with pytest.raises(IntegrityError, match=r"agencies_position: institution .* of its agency"), transaction.atomic():
        Agency.objects.filter(pk=cast.agency.pk).update(institution=foreign.institution)
    Agency.objects.filter(pk=cast.other_agency.pk).update(institution=foreign.institution)


def test_a_unit_of_a_position_is_of_the_same_agency(cast: Cast) -> None:
    elsewhere = UnitFactory.create(agency=cast.other_agency)
    with pytest.raises(IntegrityError, match=r"agencies_position: agency .* of its unit"), transaction.atomic():
        PositionFactory.create(agency=cast.agency, unit=elsewhere)
    with pytest.raises(IntegrityError, match=r"agencies_position: agency .* of its unit"), transaction.atomic():
        Position.objects.filter(pk=cast.position.pk).update(unit=elsewhere)
    Position.objects.filter(pk=cast.position.pk).update(unit=elsewhere, agency=cast.other_agency)
    assert TaskProfile.objects.get(task=cast.task).unit == elsewhere


def test_a_unit_that_moves_to_another_agency_takes_positions_and_profiles_along(cast: Cast) -> None:
    unit = cast.position.unit
    assert unit
    unit.agency = cast.other_agency
    unit.save()
    cast.position.refresh_from_db()
    assert cast.position.agency == cast.other_agency
    assert TaskProfile.objects.get(task=cast.task).agency == cast.other_agency


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_a_position_that_sqlite_replaces_takes_its_profiles_along(cast: Cast) -> None:
    columns = [field.column for field in Position._meta.concrete_fields]
    values = ", ".join("'unit'" if column == "leads" else column for column in columns)
    statement = f"REPLACE INTO agencies_position ({', '.join(columns)}) SELECT {values} FROM agencies_position"
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert TaskProfile.objects.get(task=cast.task).leads == "unit"


def a_trigger() -> triggers.Trigger:
    return next(one for one in protection._triggers(connection) if one.name == "protect_agencies_factrecord_update")


def drop() -> list[str]:
    return a_trigger().dropped(connection.vendor)


def disarm() -> list[str]:
    """Put a trigger of the same name in its place that does nothing."""
    if connection.vendor == "sqlite":
        return [*drop(), f"CREATE TRIGGER {a_trigger().name} BEFORE UPDATE ON agencies_factrecord BEGIN SELECT 1; END"]
    body = "BEGIN RETURN NEW; END"
    return [f"CREATE OR REPLACE FUNCTION {a_trigger().name}() RETURNS trigger LANGUAGE plpgsql AS '{body}'"]


def switch_off() -> list[str]:
    if connection.vendor == "sqlite":  # which has no such switch; WHEN does the same
        statement = a_trigger().created("sqlite")[0]
        return [*drop(), re.sub(r"WHEN .* BEGIN ", "WHEN 1 = 0 BEGIN ", statement)]
    return [f"ALTER TABLE agencies_factrecord DISABLE TRIGGER {a_trigger().name}"]


@pytest.mark.parametrize("attack", [drop, disarm, switch_off])
def test_a_trigger_that_is_dropped_or_disarmed_is_missed_and_installed_again(fact: FactRecord, attack: object) -> None:
    assert missing_triggers(connection) == []
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in attack():  # type: ignore[operator]
            cursor.execute(statement)
    assert missing_triggers(connection) == ["protect_agencies_factrecord_update"]
    (warning,) = run_checks(tags=[Tags.database], databases=["default"])
    assert "protect_agencies_factrecord_update" in warning.msg
    with transaction.atomic():
        assert FactRecord.objects.update(value="no") == 1
    connection.check_constraints()
    install_triggers("default")
    assert missing_triggers(connection) == []
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        FactRecord.objects.update(value="yes")


def test_a_trigger_that_is_no_longer_declared_is_removed(fact: FactRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.check_constraints()
    monkeypatch.setattr(protection, "_declared", [one for one in protection._declared if one != Frozen(FactRecord)])
    install_triggers("default")
    assert FactRecord.objects.update(value="no") == 1


@pytest.mark.django_db
def test_installing_again_changes_nothing(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        install_triggers("default")


@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_migration_remakes_has_its_triggers_again_after_migrate() -> None:
    old = FactRecord._meta.get_field("source")
    new: models.Field[str, str] = models.CharField(max_length=301)
    new.set_attributes_from_name("source")
    protection.remove_triggers("default", plan=["a migration"])
    with connection.schema_editor() as editor:
        editor.alter_field(FactRecord, old, new)
    assert bool(missing_triggers(connection)) == (connection.vendor == "sqlite")
    call_command("migrate", verbosity=0)
    assert missing_triggers(connection) == []
    with connection.schema_editor() as editor:
        editor.alter_field(FactRecord, new, old)
    call_command("migrate", verbosity=0)
    assert missing_triggers(connection) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_every_key_of_a_frozen_table_is_one_that_replace_is_refused_for() -> None:
    """Each column of each key, partial ones with their condition, stands in the table's trigger on INSERT."""
    kept = [one for one in protection._declared if isinstance(one, Frozen | FrozenWith)]
    assert kept
    for one in kept:
        insert = next(trigger for trigger in one.triggers("sqlite") if trigger.event == "INSERT")
        keys = [key for key in one.model._meta.constraints if isinstance(key, models.UniqueConstraint)]
        for key in keys:
            columns = [protection._column(one.model, name) for name in key.fields]
            same = " AND ".join(f'kept."{column}" = NEW."{column}"' for column in columns)
            assert same in insert.when, key.name
            if key.condition:
                named = [name for name, _value in key.condition.children]  # type: ignore[misc]
                assert all(f'NEW."{name.partition("__")[0]}' in insert.when for name in named), key.name
        assert not one.model._meta.unique_together
