"""What the trail answers for is compared row by row: changed, added and removed rows are named by table and key."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Model
from django.utils import translation

from agencies.digests import covered_tables, leaves, leaves_of
from agencies.errors import EventError
from agencies.events import record
from agencies.models import Institution
from eligibility.actions.law import load_rules
from eligibility.models import Criterion, InstitutionSetting, Instrument, Provision, RuleVersion
from eligibility.seeds import seed_files
from oversight.covered_rows import count_rows, row_faults
from oversight.faults import Change, RowFault
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.base import Cast
from tests.oversight.chains import NOON, unprotected
from tests.oversight.sealed_law import DAY, TABLES, seal_law

pytestmark = pytest.mark.django_db

Rows = dict[type[Model], Model]

PARTS_OF_THE_VERSION = ("criterion", "limitterm", "rulelift")
UNIQUE: dict[type[Model], str] = {Instrument: "code", Provision: "reference", RuleVersion: "number"}


@pytest.fixture
def rows(cast: Cast) -> Rows:
    return seal_law(cast.institution, cast.inspector)


def changed(row: Model) -> None:
    column = TABLES[type(row)]
    value = "NULL" if column.endswith("_id") else f"{column} || 'x'"
    execute(f"UPDATE {row._meta.db_table} SET {column} = {value} WHERE {row._meta.pk.column} = {row.pk}")


def removed(row: Model) -> None:
    """The row and, as the keys demand, what hangs on it."""
    if isinstance(row, RuleVersion):
        for part in PARTS_OF_THE_VERSION:
            execute(f"DELETE FROM eligibility_{part} WHERE version_id = {row.pk}")
    if row._meta.label == "eligibility.Instrument":
        execute(f"DELETE FROM eligibility_instrumentscope WHERE instrument_id = {row.pk}")
    execute(f"DELETE FROM {row._meta.db_table} WHERE id = {row.pk}")


def added(row: Model) -> Model:
    """A copy under another key, changed as far as the table's unique keys demand."""
    copy = type(row)._base_manager.get(pk=row.pk)
    copy.pk = None
    for name, value in {"code": "peraturan-9", "reference": "Pasal 9", "number": 9}.items():
        if UNIQUE.get(type(row)) == name:
            setattr(copy, name, value)
    if row._meta.model_name in PARTS_OF_THE_VERSION:
        setattr(copy, "version_id", RuleVersion.objects.get(number=2).pk)  # noqa: B010
    copy.save(force_insert=True)
    return copy


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount in (-1, 0, 1)


def faults() -> set[tuple[str, str, Change]]:
    return {(fault.table, fault.key, fault.change) for fault in verify_all().rows}


def test_a_law_written_by_an_act_is_as_its_act_left_it(cast: Cast, rows: Rows) -> None:
    assert set(rows) == set(TABLES)
    assert verify_all().is_whole
    assert verify_all(cast.institution).is_whole
    assert count_rows(None) == 11


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_row_changed_by_raw_sql_is_named(rows: Rows, model: type[Model]) -> None:
    row = rows[model]
    with unprotected():
        changed(row)
    assert (row._meta.label_lower, str(row.pk), Change.CHANGED) in faults()
    with translation.override("en"), pytest.raises(CommandError, match=f"{row._meta.label_lower} {row.pk}: changed"):
        call_command("verify_trail")


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_row_removed_by_raw_sql_is_named(rows: Rows, model: type[Model]) -> None:
    row = rows[model]
    with unprotected():
        removed(row)
    assert (row._meta.label_lower, str(row.pk), Change.REMOVED) in faults()


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_row_added_without_an_act_is_named(rows: Rows, model: type[Model]) -> None:
    with unprotected():
        copy = added(rows[model])
    assert (copy._meta.label_lower, str(copy.pk), Change.ADDED) in faults()


def test_only_what_was_touched_is_named(rows: Rows) -> None:
    period = next(row for model, row in rows.items() if model.__name__ == "InstrumentPeriod")
    with unprotected():
        changed(period)
    assert faults() == {("eligibility.instrumentperiod", str(period.pk), Change.CHANGED)}


def test_a_version_that_is_unpublished_behind_the_portal_is_named_with_its_parts(rows: Rows) -> None:
    version = rows[RuleVersion]
    with unprotected():
        execute(f"UPDATE eligibility_ruleversion SET published_at = NULL WHERE id = {version.pk}")
    named = {(table, change) for table, _key, change in faults()}
    assert named == {(f"eligibility.{part}", Change.CHANGED) for part in ("ruleversion", *PARTS_OF_THE_VERSION)}


def test_a_draft_is_not_covered_until_it_is_published(cast: Cast, rows: Rows) -> None:
    draft = RuleVersion.objects.get(number=2)
    with unprotected():
        draft.pk, draft.number, draft.published_at = None, 3, None
        draft.save(force_insert=True)
    assert verify_all().is_whole
    with transaction.atomic():
        RuleVersion.objects.filter(pk=draft.pk).update(published_at=NOON)
        record(actor=None, action="version.published", subject=draft, institution=cast.institution, at=NOON)
    assert TrailEntry.objects.get(action="version.published").subject_digest == leaves_of(draft)[0].digest
    assert verify_all().is_whole


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps other text out of such a column")
def test_a_value_that_cannot_be_read_is_named_with_its_row(rows: Rows) -> None:
    setting, version = rows[InstitutionSetting], rows[RuleVersion]
    with unprotected():
        execute(f"UPDATE eligibility_institutionsetting SET valid_from = '2025-13-45' WHERE id = {setting.pk}")
        execute(f"UPDATE eligibility_ruleversion SET known_from = '2025-13-45 00:00:00' WHERE id = {version.pk}")
    assert {fault for fault in faults() if fault[2] is Change.UNREADABLE} == {
        ("eligibility.institutionsetting", str(setting.pk), Change.UNREADABLE),
        ("eligibility.ruleversion", str(version.pk), Change.UNREADABLE),
    }


def test_a_covered_subject_gives_its_digest_and_a_later_act_a_later_one(cast: Cast) -> None:
    """The row is compared with the last act on it, not with the first."""
    with transaction.atomic():
        setting = write_setting(cast.institution)
        record(actor=cast.hr_officer, action="setting.noted", subject=setting, at=NOON)
    assert verify_all().is_whole
    with unprotected(), transaction.atomic():
        InstitutionSetting.objects.filter(pk=setting.pk).update(source="SK 2")
        assert faults() == {("eligibility.institutionsetting", str(setting.pk), Change.CHANGED)}
        record(actor=cast.hr_officer, action="setting.noted", subject=setting, at=NOON)
    assert verify_all().is_whole


def test_one_institution_is_verified_without_the_rows_of_the_others(cast: Cast) -> None:
    other = cast.outsider.grants.get().institution
    write_setting(other)
    assert verify_all(cast.institution).is_whole
    assert [fault.change for fault in verify_all(other).rows] == [Change.ADDED]
    assert [fault.change for fault in row_faults(None)] == [Change.ADDED]


def test_the_law_that_the_portal_loads_is_sealed_row_by_row(cast: Cast) -> None:
    load_rules(actor=cast.rules_administrator, files=seed_files(), at=NOON)
    assert verify_all().is_whole
    entry = TrailEntry.objects.get(action="rules_loaded")
    assert entry.count == count_rows(None) + children()
    criterion = Criterion.objects.order_by("pk").first()
    assert criterion is not None
    with unprotected():
        execute(f"UPDATE eligibility_criterion SET operands = '[]' WHERE id = {criterion.pk}")
    named = faults()
    assert ("eligibility.criterion", str(criterion.pk), Change.CHANGED) in named
    assert named <= {
        ("eligibility.criterion", str(criterion.pk), Change.CHANGED),
        ("eligibility.ruleversion", str(criterion.version_id), Change.CHANGED),
    }


def test_a_table_that_nobody_declared_has_no_leaves(cast: Cast) -> None:
    with translation.override("en"), pytest.raises(EventError, match="Institution is not declared"):
        list(leaves(Institution.objects.all()))


def test_every_column_of_a_covered_table_is_in_its_newest_recipe() -> None:
    """A column that is added later needs the next recipe and a reseal."""
    for covered in covered_tables():
        assert [recipe.number for recipe in covered.recipes] == sorted({recipe.number for recipe in covered.recipes})
        assert columns(covered.model) <= set(covered.recipe.columns), covered.model
        for child in covered.recipe.children:
            assert columns(covered.model._meta.apps.get_model(child.table)) <= set(child.columns), child.table


def test_faults_are_said_in_a_sentence() -> None:
    with translation.override("en"):
        assert str(RowFault("a.b", "7", Change.ADDED)) == "a.b 7: added behind the portal: no act wrote it."


def columns(model: type[Model]) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields}


def children() -> int:
    return sum(
        covered.model._meta.apps.get_model(child.table)._base_manager.count()
        for covered in covered_tables()
        for child in covered.recipe.children
    )


def write_setting(institution: Institution) -> InstitutionSetting:
    return InstitutionSetting.objects.create(
        institution=institution, name="days", value=[1], valid_from=DAY, source="SK 1", known_from=NOON
    )
