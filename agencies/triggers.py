"""Triggers as data, and their SQL on SQLite and PostgreSQL: install, remove, find what is missing.

Conditions are written once, in the SQL that both databases share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

PREFIX: Final = "protect_"
"""Every trigger of the portal begins so: what has this name and is not declared is removed."""

_REFUSED: Final = "23001"
"""SQLSTATE restrict_violation, which Django raises as IntegrityError, as it does SQLite's ABORT."""

_KINDS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_ROW, _BEFORE = 1, 2


@dataclass(frozen=True)
class Trigger:
    """Before or after `event` on `table`: where `when` holds, refuse with `message` or else do `then`.

    `when` and `then` speak of OLD and NEW; a trigger per statement speaks of the table `changed`
    instead, which holds the new rows (PostgreSQL only). `reads` are the other tables it needs.
    """

    name: str
    table: str
    timing: str
    event: str
    when: str = ""
    message: str = ""
    then: str = ""
    reads: tuple[str, ...] = ()
    per_statement: bool = False

    def created(self, vendor: str) -> list[str]:
        """The statements that create it; any of the same name must be gone."""
        if vendor == "sqlite":
            return [self._sqlite()]
        transition = "REFERENCING NEW TABLE AS changed " if self.per_statement else ""
        each = "STATEMENT" if self.per_statement or self.event == "TRUNCATE" else "ROW"
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $protect${self._plpgsql()}$protect$",
            f'CREATE TRIGGER {self.name} {self.timing} {self.event} ON "{self.table}"'
            f" {transition}FOR EACH {each} EXECUTE FUNCTION {self.name}()",
        ]

    def dropped(self, vendor: str) -> list[str]:
        """The statements that remove it, whether or not it is there."""
        return _dropped(vendor, self.name, self.table)

    def definition(self, vendor: str) -> str:
        """What the database must say of it, so that an emptied or disabled trigger is noticed."""
        if vendor == "sqlite":
            return f"{self.table} {self._sqlite()}"
        kind = _KINDS[self.event] | (_BEFORE if self.timing == "BEFORE" else 0)
        kind |= 0 if self.per_statement or self.event == "TRUNCATE" else _ROW
        return f"{self.table} {kind} {self.name} {self._plpgsql()}"

    def _sqlite(self) -> str:
        when = f" WHEN {self.when}" if self.when else ""
        then = self.then or f"SELECT RAISE(ABORT, {quoted(self.message)})"
        return (
            f'CREATE TRIGGER {self.name} {self.timing} {self.event} ON "{self.table}"'
            f" FOR EACH ROW{when} BEGIN {then}; END"
        )

    def _plpgsql(self) -> str:
        refusal = f"RAISE EXCEPTION USING MESSAGE = {quoted(self.message)}, ERRCODE = '{_REFUSED}'"
        result = "OLD" if self.event == "DELETE" else "NEW"
        if self.timing == "AFTER" or self.event == "TRUNCATE":
            result = "NULL"
        return f"BEGIN IF {self.when or 'true'} THEN {self.then or refusal}; END IF; RETURN {result}; END"


def install(connection: BaseDatabaseWrapper, declared: Iterable[Trigger]) -> None:
    """Make the database have exactly the declared triggers; one that is right already is not touched."""
    declared = _possible(connection, declared)
    wrong = {trigger.name for trigger in _wrong(connection, declared)}
    names = {trigger.name for trigger in declared}
    foreign = [place for place in _places(connection) if place[0] not in names]
    if not wrong and not foreign:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name, table in foreign:
            for statement in _dropped(connection.vendor, name, table):
                cursor.execute(statement)
        for trigger in declared:
            if trigger.name in wrong:
                vendor = connection.vendor
                for statement in [*trigger.dropped(vendor), *trigger.created(vendor)]:
                    cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take away every trigger of the portal."""
    install(connection, ())


def missing(connection: BaseDatabaseWrapper, declared: Iterable[Trigger]) -> list[str]:
    """Names of declared triggers that are absent, disabled or altered; tables not yet migrated do not count."""
    return [trigger.name for trigger in _wrong(connection, _possible(connection, declared))]


def _possible(connection: BaseDatabaseWrapper, declared: Iterable[Trigger]) -> list[Trigger]:
    tables = set(connection.introspection.table_names())
    return [trigger for trigger in declared if {trigger.table, *trigger.reads} <= tables]


def _wrong(connection: BaseDatabaseWrapper, declared: Iterable[Trigger]) -> Iterator[Trigger]:
    installed = _installed(connection)
    for trigger in declared:
        if installed.get(trigger.name) != trigger.definition(connection.vendor):
            yield trigger


_SQLITE_INSTALLED: Final = """
    SELECT name, tbl_name || ' ' || sql FROM sqlite_master WHERE type = 'trigger'
"""
_POSTGRES_INSTALLED: Final = """
    SELECT t.tgname, c.relname || ' ' || t.tgtype || ' ' || p.proname || ' ' || p.prosrc
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)
      AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr = ''
"""
_SQLITE_PLACES: Final = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
_POSTGRES_PLACES: Final = """
    SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)
"""


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE_INSTALLED if sqlite else _POSTGRES_INSTALLED)
        return dict(cursor.fetchall())


def _places(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Name and table of every trigger of the portal, whole or not."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE_PLACES if sqlite else _POSTGRES_PLACES)
        return [(name, table) for name, table in cursor.fetchall() if name.startswith(PREFIX)]


def _dropped(vendor: str, name: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}"]
    return [f'DROP TRIGGER IF EXISTS {name} ON "{table}"', f"DROP FUNCTION IF EXISTS {name}()"]


def quoted(text: str) -> str:
    """The text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
