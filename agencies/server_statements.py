"""Statements that PostgreSQL keeps parsed and planned: a short query costs it more to plan than to answer.

They are kept for a connection. Nothing is kept where a pooler may hand each transaction another one; there
DISABLE_SERVER_SIDE_CURSORS is set, as Django asks for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg2.extensions import AsIs

MOST_ON_SERVER: Final = 500
"""Statements that the server keeps for one connection; then it starts again."""

_TYPES: Final[Mapping[type, str]] = {datetime: "timestamptz", date: "date", int: "bigint", UUID: "uuid"}
"""What the driver writes beside a value of each type; the server infers the others, as it does for a quoted text."""

_numbers = count(1)


class ServerStatement:
    """A statement, and for each of its placeholders which argument stands there; a fixed value stands as itself.

    The first time a connection runs it, it is sent whole; the second time the server is told to keep it.
    """

    def __init__(self, about: str, sql: str, placeholders: Sequence[tuple[int | None, Any]] = ()) -> None:
        # The name is found again in the logs of the server, which has no room for a longer one.
        self._name = f'"{about[:40]} {next(_numbers)}"'
        self._sql = sql
        self._placeholders = placeholders

    def called(self, *given: Any) -> tuple[str, tuple[Any, ...]]:
        """What a cursor of Django is to run for arguments: the statement or its call, and the values in it."""
        if not _keeps_statements():
            return self._written(given)
        session = _session()
        if self._name not in session.run:
            session.run.add(self._name)
            return self._written(given)
        if self._name not in session.kept:
            self._keep(session, given)
        return f"EXECUTE {self._name}{_bracketed('%s' for _ in given)}", given

    def _written(self, given: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        return self._sql, tuple(fixed if place is None else given[place] for place, fixed in self._placeholders)

    def _keep(self, session: _Session, given: Sequence[Any]) -> None:
        sql, values = self._written([AsIs(f"${place + 1}") for place in range(len(given))])
        types = _bracketed(_TYPES.get(type(value), "unknown") for value in given)
        connection.validate_no_broken_transaction()
        # Past Django's own cursor: what a page asks is the same the first time and later.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            if len(session.kept) >= MOST_ON_SERVER:
                cursor.execute("DEALLOCATE ALL")
                session.kept.clear()
            cursor.execute(f"PREPARE {self._name}{types} AS {sql}", values)
        session.kept.add(self._name)


@dataclass(slots=True)
class _Session:
    """What one connection of the server has run, and what of it the server keeps."""

    run: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)


_SESSIONS: Final[WeakKeyDictionary[Any, _Session]] = WeakKeyDictionary()


def _session() -> _Session:
    # As Django does before a statement: a connection that was lost has lost what was kept with it.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return _SESSIONS.setdefault(connection.connection, _Session())


def _keeps_statements() -> bool:
    return connection.vendor == "postgresql" and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


def _bracketed(parts: Iterable[str]) -> str:
    text = ", ".join(parts)
    return f" ({text})" if text else ""
