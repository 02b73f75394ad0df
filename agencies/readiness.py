"""Whether a server may begin to serve: the tables are there, and so are the triggers that protect them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from agencies.protection import missing_triggers


def require_readiness(connection: BaseDatabaseWrapper) -> None:
    """Raises ImproperlyConfigured, with one sentence, where no migration has run or triggers are missing."""
    if not MigrationRecorder(connection).applied_migrations():
        raise ImproperlyConfigured(
            "The database has no tables yet: run manage.py migrate, then start the portal again."
        )
    missing = missing_triggers(connection)
    if missing:
        raise ImproperlyConfigured(
            f"The portal does not serve, because triggers that protect the data are missing or altered "
            f"({', '.join(missing)}): run manage.py migrate, which installs them, and manage.py verify_trail."
        )


def require_readiness_at_start() -> None:
    """`require_readiness` for the entry points of servers.

    In a thread of its own, because an ASGI server loads the portal inside its event loop, and with a
    connection of its own, because a server may fork afterwards.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_look).result()


def _look() -> None:
    try:
        require_readiness(connection)
    finally:
        connections.close_all()
