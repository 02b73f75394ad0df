"""A migration that changes a covered table compares its rows with the old recipe and seals them by the new."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.utils import translation

from agencies import digests
from agencies.digests import Covered, Recipe
from eligibility.models import Criterion, InstitutionSetting, RuleVersion
from oversight.models import TrailEntry
from oversight.resealing import Reseal, ResealRefused
from oversight.verification import verify_all
from tests.base import Cast
from tests.oversight.chains import NOON, act, unprotected
from tests.oversight.sealed_law import seal_law

pytestmark = pytest.mark.django_db


def covered(model: type[models.Model]) -> Covered:
    return next(one for one in digests.covered_tables() if one.model is model)


def second_recipe(model: type[models.Model]) -> Recipe:
    """The next recipe of a table: the same columns in another order."""
    first = covered(model).recipe
    return Recipe(first.number + 1, tuple(reversed(first.columns)), first.children)


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[models.Model]], None]:
    """Have a table know its second recipe beside the first, as its app would after the change."""

    def declared(model: type[models.Model]) -> None:
        one = covered(model)
        both = Covered(model, (*one.recipes, second_recipe(model)), one.rows, one.institution)
        monkeypatch.setitem(digests._covered, model, both)

    return declared


def migrate(*operations: Operation) -> None:
    """Apply a migration with these steps to the database as it stands."""
    migration = type("Migration", (migrations.Migration,), {"operations": operations})("0999_test", "oversight")
    # Not entered: the steps here change no table, and SQLite's editor refuses to work inside a test's transaction.
    migration.apply(state(), connection.schema_editor())


def state() -> ProjectState:
    return MigrationLoader(connection).project_state()


def reseal(model: type[models.Model], *, old: bool = True) -> Reseal:
    one = covered(model)
    rows = {"published_at__isnull": False} if model is RuleVersion else None
    return Reseal(
        model._meta.label, one.recipe if old else None, second_recipe(model), institution=one.institution, rows=rows
    )


@pytest.mark.parametrize("model", [InstitutionSetting, RuleVersion])
def test_rows_are_sealed_by_the_new_recipe_in_one_act(
    cast: Cast, declare: Callable[[type[models.Model]], None], model: type[models.Model]
) -> None:
    seal_law(cast.institution, cast.inspector)
    migrate(reseal(model))
    entry = TrailEntry.objects.get(action="rows_resealed")
    number = covered(model).recipe.number
    assert json.loads(entry.body) == {"table": model._meta.label_lower, "old": number, "new": number + 1}
    assert (entry.institution, entry.actor, entry.actor_label) == (cast.institution, None, "system")
    assert entry.count == {InstitutionSetting: 1, RuleVersion: 5}[model]
    assert not verify_all().is_whole
    declare(model)
    assert verify_all().is_whole
    act(cast.institution)
    assert verify_all().is_whole


def test_rows_sealed_by_an_old_recipe_still_verify_beside_new_ones(
    cast: Cast, declare: Callable[[type[models.Model]], None]
) -> None:
    rows = seal_law(cast.institution, cast.inspector)
    declare(RuleVersion)
    assert verify_all().is_whole
    with unprotected():
        Criterion.objects.filter(pk=rows[Criterion].pk).update(fact="task.other")
    assert {(fault.table, fault.key) for fault in verify_all().rows} == {
        ("eligibility.criterion", str(rows[Criterion].pk)),
        ("eligibility.ruleversion", str(rows[RuleVersion].pk)),
    }


@pytest.mark.parametrize("model", [InstitutionSetting, RuleVersion])
def test_rows_changed_behind_the_portal_are_not_sealed_with_their_change(cast: Cast, model: type[models.Model]) -> None:
    row = seal_law(cast.institution, cast.inspector)[model]
    with unprotected():
        model._base_manager.filter(pk=row.pk).update(recorded_at=NOON)
    with translation.override("en"), pytest.raises(ResealRefused, match=f"{row._meta.label_lower} {row.pk}"):
        migrate(reseal(model))
    assert not TrailEntry.objects.filter(action="rows_resealed").exists()


def test_rows_written_before_their_table_was_covered_are_sealed_and_others_left_alone(cast: Cast) -> None:
    seal_law(cast.institution, cast.inspector)
    early = InstitutionSetting.objects.get()
    with transaction.atomic():
        early.pk = None
        early.save(force_insert=True)
    assert [fault.key for fault in verify_all().rows] == [str(early.pk)]
    first = Reseal(
        "eligibility.InstitutionSetting", None, covered(InstitutionSetting).recipe, institution="institution"
    )
    migrate(first)
    entry = TrailEntry.objects.get(action="rows_resealed")
    assert entry.count == 1
    assert list(entry.leaves.values_list("key", flat=True)) == [str(early.pk)]
    assert verify_all().is_whole
    migrate(first)
    assert TrailEntry.objects.filter(action="rows_resealed").count() == 1


def test_on_an_empty_table_nothing_is_sealed(cast: Cast) -> None:
    migrate(reseal(InstitutionSetting), reseal(InstitutionSetting, old=False))
    assert not TrailEntry.objects.exists()


def test_the_step_is_written_into_a_migration_and_says_what_it_does() -> None:
    step = reseal(InstitutionSetting)
    assert "InstitutionSetting by recipe 2" in step.describe()
    name, arguments, named = step.deconstruct()
    assert (name, Reseal(*arguments, **named).deconstruct()) == ("Reseal", step.deconstruct())
    assert apps.get_model(step.model) is InstitutionSetting
