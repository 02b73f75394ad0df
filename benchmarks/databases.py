"""Scratch databases: created with the portal's tables and law for one measurement, dropped after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import environ
import psycopg2
from django.conf import settings
from django.db import connection, connections
from django.db.utils import load_backend

from eligibility.actions.law import load_rules
from eligibility.seeds import seed_files

POSTGRES: Final = os.environ.get("TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/test"
NAME: Final = f"wfa_benchmark_{os.getpid()}"
"""The scratch database on the server; the one that the address names is only connected to."""


def postgresql_absent() -> str:
    """Why nothing can be measured on PostgreSQL, in the server's own words; empty when it can."""
    try:
        server = psycopg2.connect(POSTGRES, connect_timeout=3)
    except psycopg2.Error as problem:
        return " ".join(str(problem).split()) or "it does not answer"
    with closing(server), server.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        (may_create,) = cursor.fetchone() or (False,)
    return "" if may_create else "its user may not create databases"


@contextmanager
def postgresql() -> Iterator[None]:
    """A database of its own on the server, where the portal is at home as long as this lasts."""
    config: dict[str, Any] = dict(environ.Env.db_url_config(POSTGRES))
    with _scratch(config, NAME):
        yield


@contextmanager
def sqlite() -> Iterator[None]:
    """A file in a temporary folder, opened with the portal's own options."""
    with TemporaryDirectory(prefix="wfa-benchmark-") as folder:
        path = str(Path(folder) / "benchmark.sqlite3")
        with _scratch({**settings.DATABASES["default"], "NAME": path}, path):
            yield


@contextmanager
def _scratch(config: dict[str, Any], name: str) -> Iterator[None]:
    before, name_before = connections["default"], settings.DATABASES["default"]["NAME"]
    complete = connections.configure_settings({"default": {**config, "TEST": {"NAME": name}}})["default"]
    backend = load_backend(complete["ENGINE"])
    connections["default"] = backend.DatabaseWrapper(complete, "default")
    try:
        # Django's own way of making a test database: creates, migrates, and later drops it.
        connection.creation.create_test_db(verbosity=0, serialize=False)
        load_rules(actor=None, files=seed_files())
        yield
    finally:
        connection.creation.destroy_test_db(name_before, verbosity=0)
        connection.close()
        connections["default"] = before
