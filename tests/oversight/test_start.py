"""A server begins to serve only where the tables are there and the triggers protect them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from agencies.protection import missing_triggers
from agencies.readiness import require_readiness
from tests.oversight.chains import unprotected

ROOT = Path(__file__).parents[2]

REMADE: dict[str, tuple[str, str, models.Field[str, str]]] = {
    "oversight": ("trailside", "salt", models.CharField(max_length=99, null=True)),
    "eligibility": ("criterion", "fact", models.CharField(max_length=99)),
}
"""A column of a protected table in each app, and what a migration makes of it."""


@pytest.mark.django_db
def test_a_database_without_triggers_is_not_served_and_the_sentence_names_them() -> None:
    require_readiness(connection)
    with unprotected(), pytest.raises(ImproperlyConfigured, match=r"protect_oversight_trailentry_update.*migrate"):
        require_readiness(connection)
    require_readiness(connection)


@pytest.mark.django_db
def test_a_database_without_tables_has_a_sentence_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder: {})
    with pytest.raises(ImproperlyConfigured, match="has no tables yet: run manage"):
        require_readiness(connection)


@pytest.mark.parametrize("server", ["wsgi", "asgi"])
def test_an_entry_point_refuses_with_one_sentence(tmp_path: Path, server: str) -> None:
    environment = {
        **os.environ,
        "ENV_FILE": os.devnull,
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "DJANGO_SETTINGS_MODULE": "wfa_portal.settings",
    }
    started = subprocess.run(
        [sys.executable, "-c", f"import wfa_portal.{server}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert started.stderr.splitlines()[-1].endswith(
        "The database has no tables yet: run manage.py migrate, then start the portal again."
    )


@pytest.mark.parametrize("key", ["rahasia", "c2VtcGl0", "not base64!"])
def test_a_signing_key_that_is_none_stops_start_up_with_one_sentence_that_does_not_repeat_it(key: str) -> None:
    environment = {**os.environ, "ENV_FILE": os.devnull, "CHECKPOINT_KEY": key}
    started = subprocess.run(
        [sys.executable, "-c", "import wfa_portal.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    last = started.stderr.splitlines()[-1]
    assert "CHECKPOINT_KEY is not 32 bytes in base64" in last
    assert "checkpoint --new-key" in last
    assert key not in last


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("app", REMADE)
def test_a_table_that_a_test_migration_remakes_does_not_stay_without_triggers(app: str) -> None:
    model, name, field = REMADE[app]
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state()
    before = state.models[app, model].fields[name]
    for changed in (field, before):
        steps = [migrations.AlterField(model, name, changed)]
        migration = type("Migration", (migrations.Migration,), {"operations": steps})("0999_remake", app)
        emit_pre_migrate_signal(0, False, "default", plan=[(migration, False)])
        with connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
        assert bool(missing_triggers(connection)) == (connection.vendor == "sqlite")
        emit_post_migrate_signal(0, False, "default")
        assert missing_triggers(connection) == []
        require_readiness(connection)
    call_command("migrate", verbosity=0)
