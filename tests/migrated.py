"""A database as the migrations leave it, made once and kept: every test database begins as a copy of it.

`python -m tests.migrated` makes the one for DATABASE_URL unless it is kept already. On SQLite it is a file in var/,
on PostgreSQL a database beside the one that is named. Its name tells which migrations made it, so that another
migration makes another one; what follows from the code (triggers, permissions) is brought up to date in each copy,
because Django runs `migrate` in each.
"""

from __future__ import annotations

import fcntl
import inspect
import os
import sqlite3
import subprocess  # nosec B404
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "tests"


def begin_with_copy() -> None:
    """Have the test database of this process begin as a copy, which is made first where it is missing."""
    if not _is_kept():
        subprocess.run([sys.executable, "-m", "tests.migrated"], cwd=ROOT, check=True)  # nosec B603
    if connection.vendor == "sqlite":
        connection_created.connect(_fill, weak=False)
    else:
        connection.settings_dict["TEST"]["TEMPLATE"] = _kept_name()


def make() -> None:
    """Migrate an empty database and keep it; of several processes that ask at once, one works."""
    with _alone():
        if not _is_kept():
            (_make_file if connection.vendor == "sqlite" else _make_database)()


def _fill(connection: BaseDatabaseWrapper, **_sent: object) -> None:
    """The first connection to the database in memory finds it empty."""
    creation: Any = connection.creation  # only that of SQLite knows databases in memory
    if not creation.is_in_memory_db(connection.settings_dict["NAME"]):
        return
    connection_created.disconnect(_fill)
    kept = sqlite3.connect(_kept_file())
    kept.backup(connection.connection)
    kept.close()


@cache
def _made_by() -> str:
    """A digest of all migrations."""
    loader = MigrationLoader(None)
    modules = sorted({migration.__module__ for migration in loader.disk_migrations.values()})
    texts = [inspect.getsource(sys.modules[name]) for name in modules]
    return sha256("\0".join([django.get_version(), *texts]).encode()).hexdigest()[:16]


def _kept_file() -> Path:
    return FOLDER / f"migrated-{_made_by()}.sqlite3"


def _kept_name() -> str:
    return f"{_prefix()}{_made_by()}"


def _prefix() -> str:
    return f"{connection.settings_dict['NAME']}_migrated_"


def _is_kept() -> bool:
    if connection.vendor == "sqlite":
        return _kept_file().exists()
    return _kept_name() in _kept_databases()


def _kept_databases() -> set[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_prefix()])
        return {name for (name,) in cursor.fetchall()}


@contextmanager
def _alone() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_file() -> None:
    unfinished = FOLDER / "unfinished.sqlite3"
    for path in FOLDER.glob("*.sqlite3*"):
        path.unlink()
    _migrate(str(unfinished))
    # A write-ahead log is a second file, which a copy would lack.
    changed = sqlite3.connect(unfinished)
    changed.execute("PRAGMA journal_mode=DELETE")
    changed.close()
    unfinished.rename(_kept_file())


def _make_database() -> None:
    """What earlier migrations made is dropped; an unfinished one of a run that was stopped, too."""
    kept, unfinished = _kept_name(), f"{_prefix()}unfinished"
    with connection._nodb_cursor() as cursor:
        for name in _kept_databases():
            cursor.execute(f'DROP DATABASE "{name}"')
        cursor.execute(f'CREATE DATABASE "{unfinished}"')
        _migrate(unfinished)
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{kept}"')


def _migrate(name: str) -> None:
    connection.close()
    before, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict["NAME"] = before


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wfa_portal.settings")
    django.setup()
    make()
