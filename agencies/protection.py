"""What the database itself refuses, declared per table: history that is never changed, columns that must agree.

`Frozen` and `FrozenWith` keep rows as they were written, `Carried` keeps repeated columns equal.
Each app registers its declarations when it is ready; their triggers are installed after every
migrate, because SQLite loses a table's triggers when a migration remakes the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.query import Query

from agencies import triggers
from agencies.models import (
    Absence,
    AdditionalTask,
    Answer,
    Assessment,
    Comparison,
    DisciplineGate,
    Document,
    Employment,
    FactRecord,
    HolderTask,
    NonAsnStaff,
    PersonalDataRead,
    Position,
    Posting,
    Predicate,
    ServiceNeed,
    ServiceWeek,
    Settlement,
    Sheet,
    SpecialCircumstance,
    TaskProfile,
    Versioned,
)
from agencies.triggers import PREFIX, Trigger, quoted


class Protection(Protocol):
    """A declaration that stands for some triggers."""

    def triggers(self, vendor: str) -> Iterator[Trigger]:
        """Its triggers on one kind of database ("sqlite" or "postgresql")."""
        ...


@dataclass(frozen=True)
class Frozen:
    """Rows that are never changed, removed or replaced; all of the table, or those for which `when` holds.

    `when` is SQL over one row, written as {row}; `reads` are the other tables it names. `inserts`
    and `updates` are SQL over NEW (and OLD): what a new row must fulfil, and which updates pass all
    the same.
    """

    model: type[models.Model]
    when: str = ""
    reads: tuple[str, ...] = ()
    inserts: str = ""
    updates: str = ""

    def triggers(self, vendor: str) -> Iterator[Trigger]:
        """UPDATE, DELETE, TRUNCATE, and the INSERT of a key that is taken."""
        name = _table(self.model)
        old = self.when.format(row="OLD") or "1 = 1"
        update = f"({old}) AND NOT ({self.updates})" if self.updates else old
        insert = [f"NOT ({self.inserts})"] if self.inserts else []
        if vendor == "sqlite":
            update = _either(update, _replaces(self.model, self.when, but_itself=True))
            insert.append(_replaces(self.model, self.when))
        if insert:
            yield _refusal(name, "INSERT", _either(*insert), self.reads)
        yield _refusal(name, "UPDATE", update, self.reads)
        yield _refusal(name, "DELETE", old, self.reads)
        if vendor == "postgresql":
            yield _refusal(name, "TRUNCATE")


@dataclass(frozen=True)
class FrozenWith:
    """Rows that are closed with the row their foreign key `of` names: none is added, changed or removed.

    `when` is SQL over the parent's row, written as {row}.
    """

    model: type[models.Model]
    of: str
    when: str
    reads: tuple[str, ...] = ()

    def triggers(self, vendor: str) -> Iterator[Trigger]:
        """INSERT and UPDATE into a closed parent, UPDATE and DELETE out of one, and TRUNCATE."""
        name, parent = _table(self.model), _parent(self.model, self.of)
        closed = (
            f'EXISTS (SELECT 1 FROM "{_table(parent)}" parent WHERE parent."{_key(parent)}" = '
            f'{{row}}."{_column(self.model, self.of)}" AND ({self.when.format(row="parent")}))'
        )
        old, new = closed.format(row="OLD"), closed.format(row="NEW")
        insert, update = [new], [old, new]
        if vendor == "sqlite":
            insert.append(_replaces(self.model, closed))
            update.append(_replaces(self.model, closed, but_itself=True))
        reads = (_table(parent), *self.reads)
        yield _refusal(name, "INSERT", _either(*insert), reads)
        yield _refusal(name, "UPDATE", _either(*update), reads)
        yield _refusal(name, "DELETE", old, reads)
        if vendor == "postgresql":
            yield _refusal(name, "TRUNCATE")


@dataclass(frozen=True)
class Carried:
    """Columns that repeat those of the row which the foreign key `of` names; a null key carries nothing.

    A row that disagrees is refused. When the named row changes, its repeats follow if `follow`
    is set, else the change is refused.
    """

    model: type[models.Model]
    fields: Sequence[str]
    of: str
    follow: bool

    def triggers(self, vendor: str) -> Iterator[Trigger]:
        """Two on the repeating table, one on the repeated; SQLite has one more there, for REPLACE."""
        check = self._check_statement if vendor == "postgresql" else self._check_row
        yield check("INSERT")
        yield check("UPDATE")
        yield self._of_parent("UPDATE", f"NOT ({self._stays()})")
        if vendor == "sqlite":
            yield self._of_parent("INSERT", "1 = 1")

    @property
    def _parent(self) -> type[models.Model]:
        return _parent(self.model, self.of)

    @property
    def _message(self) -> str:
        return f"{_table(self.model)}: {', '.join(self.fields)} must equal those of its {self.of}"

    def _repeats(self, row: str, source: str) -> str:
        """SQL: a row of the repeating table agrees with one of the repeated; two nulls agree."""
        return " AND ".join(
            _agree(
                f'{row}."{_column(self.model, field)}"',
                f'{source}."{_column(self._parent, field)}"',
            )
            for field in self.fields
        )

    def _stays(self) -> str:
        """SQL: an update of the repeated row leaves the columns as they were."""
        columns = [_column(self._parent, field) for field in self.fields]
        return " AND ".join(_agree(f'OLD."{column}"', f'NEW."{column}"') for column in columns)

    def _check_row(self, event: str) -> Trigger:
        key = f'NEW."{_column(self.model, self.of)}"'
        return self._check(
            event,
            f'{key} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{_table(self._parent)}" source'
            f' WHERE source."{_key(self._parent)}" = {key} AND {self._repeats("NEW", "source")})',
        )

    def _check_statement(self, event: str) -> Trigger:
        """All rows of a statement in one query, which costs a bulk insert far less than a check per row."""
        key = f'changed."{_column(self.model, self.of)}"'
        return self._check(
            event,
            f'EXISTS (SELECT 1 FROM changed LEFT JOIN "{_table(self._parent)}" source'
            f' ON source."{_key(self._parent)}" = {key} WHERE {key} IS NOT NULL'
            f' AND (source."{_key(self._parent)}" IS NULL OR NOT ({self._repeats("changed", "source")})))',
            per_statement=True,
        )

    def _check(self, event: str, when: str, *, per_statement: bool = False) -> Trigger:
        return Trigger(
            name=f"{PREFIX}{_table(self.model)}_{self.of}_{event.lower()}",
            table=_table(self.model),
            timing="AFTER",
            event=event,
            when=when,
            message=self._message,
            reads=(_table(self._parent),),
            per_statement=per_statement,
        )

    def _of_parent(self, event: str, changed: str) -> Trigger:
        table, key = _table(self.model), _column(self.model, self.of)
        agrees = self._repeats(f'"{table}"', "NEW")
        behind = f'"{table}"."{key}" = NEW."{_key(self._parent)}" AND NOT ({agrees})'
        values = ", ".join(
            f'"{_column(self.model, field)}" = NEW."{_column(self._parent, field)}"' for field in self.fields
        )
        refused = f'{changed} AND EXISTS (SELECT 1 FROM "{table}" WHERE {behind})'
        return Trigger(
            name=f"{PREFIX}{_table(self._parent)}_to_{table}_{event.lower()}",
            table=_table(self._parent),
            timing="AFTER",
            event=event,
            when=changed if self.follow else refused,
            message=self._message,
            then=f'UPDATE "{table}" SET {values} WHERE {behind}' if self.follow else "",
            reads=(table,),
        )


def superseded_once(model: type[Versioned]) -> Frozen:
    """Rows of a versioned table are frozen, but for one change: what held until now is superseded from a moment on."""
    return Frozen(model, updates=filled_once(model, "superseded_at"))


def filled_once(model: type[models.Model], name: str) -> str:
    """SQL over OLD and NEW: an update that fills the empty column of that name and changes nothing else."""
    kept = [field.column for field in model._meta.concrete_fields if field.column != name]
    once = f'OLD."{name}" IS NULL AND NEW."{name}" IS NOT NULL'
    return " AND ".join([once, *(_agree(f'OLD."{column}"', f'NEW."{column}"') for column in kept)])


def _agree(left: str, right: str) -> str:
    """SQL, the same on both databases: equal, or both null."""
    return f"COALESCE({left} = {right}, {left} IS NULL AND {right} IS NULL)"


VERSIONED: Final[tuple[type[Versioned], ...]] = (
    Employment,
    Posting,
    Absence,
    DisciplineGate,
    SpecialCircumstance,
    Predicate,
    AdditionalTask,
    HolderTask,
    NonAsnStaff,
    ServiceWeek,
)
"""Every table whose rows are superseded and never changed."""

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Frozen(FactRecord),
    Frozen(PersonalDataRead),
    Frozen(Document),
    Frozen(ServiceNeed),
    Frozen(Sheet, when="{row}.state IN ('agreed', 'cancelled')"),
    Frozen(Assessment, when="{row}.state = 'replaced'"),
    FrozenWith(Answer, of="assessment", when="{row}.state IN ('submitted', 'replaced')"),
    Frozen(Comparison),
    Frozen(Settlement),
    *(superseded_once(model) for model in VERSIONED),
    Carried(Position, ["institution"], of="agency", follow=False),
    Carried(Position, ["agency"], of="unit", follow=True),
    Carried(TaskProfile, ["position"], of="task", follow=False),
    Carried(TaskProfile, TaskProfile.CARRIED, of="position", follow=True),
)
"""What the database guards in this app; the other apps have a tuple of the same name."""

_declared: list[Protection] = []


def protect(protections: Iterable[Protection]) -> None:
    """Register the declarations of an app; to register one again changes nothing."""
    _declared.extend(one for one in protections if one not in _declared)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are absent, disabled or altered in this database."""
    return triggers.missing(connection, _triggers(connection))


def install_triggers(using: str, **kwargs: Any) -> None:
    """Bring a database's triggers to what is declared; called after every migrate."""
    triggers.install(connections[using], _triggers(connections[using]))


def remove_triggers(using: str, plan: Sequence[object] = (), **kwargs: Any) -> None:
    """Called before a migrate that has something to do: on SQLite a table that a trigger of another
    table names cannot be remade. PostgreSQL keeps its triggers, so that a migration that rewrites
    history is refused."""
    if plan and connections[using].vendor == "sqlite":
        triggers.remove(connections[using])


def check_triggers(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """System check of the databases named; a warning, so that the migrate that repairs it is not refused."""
    return [
        CheckWarning(
            f"Triggers that protect the data of {alias!r} are missing or altered: {', '.join(names)}.",
            hint="Run manage.py migrate; it installs them again.",
            id="agencies.W001",
        )
        for alias in databases or ()
        if (names := missing_triggers(connections[alias]))
    ]


def _triggers(connection: BaseDatabaseWrapper) -> list[Trigger]:
    return [trigger for one in _declared for trigger in one.triggers(connection.vendor)]


def _refusal(table: str, event: str, when: str = "", reads: tuple[str, ...] = ()) -> Trigger:
    return Trigger(
        name=f"{PREFIX}{table}_{event.lower()}",
        table=table,
        timing="BEFORE",
        event=event,
        when=when,
        message=f"{table}: {event} refused, because what is recorded here is never changed",
        reads=reads,
    )


def _replaces(model: type[models.Model], kept: str, *, but_itself: bool = False) -> str:
    """SQL: NEW has a key of another row that is to be kept, and SQLite's REPLACE would remove that row."""
    conditions = [_either(*_same_keys(model))]
    conditions += [kept.format(row="kept")] if kept else []
    conditions += [f'kept."{_key(model)}" <> OLD."{_key(model)}"'] if but_itself else []
    both = " AND ".join(f"({condition})" for condition in conditions)
    return f'EXISTS (SELECT 1 FROM "{_table(model)}" kept WHERE {both})'


def _same_keys(model: type[models.Model]) -> Iterator[str]:
    """SQL, for every key of the table: kept and NEW are the same in it, where it binds both."""
    for field in model._meta.concrete_fields:
        if field.unique:
            yield _same([field.column])
    for one in model._meta.constraints:
        if isinstance(one, models.UniqueConstraint):
            same = _same([_column(model, name) for name in one.fields])
            binds = _condition(model, one.condition) if one.condition else []
            yield " AND ".join([same, *binds])


def _same(columns: Sequence[str]) -> str:
    return " AND ".join(f'kept."{column}" = NEW."{column}"' for column in columns)


def _condition(model: type[models.Model], condition: models.Q) -> list[str]:
    """SQL of the condition of a partial key, once over the kept row and once over NEW."""
    query = Query(model, alias_cols=False)
    sql, params = query.build_where(condition).as_sql(query.get_compiler(DEFAULT_DB_ALIAS), connection)
    plain = sql % tuple(quoted(str(one)) if isinstance(one, str) else one for one in params)
    return [re.sub(r'(?<![."])"(\w+)"', rf'{row}."\1"', plain) for row in ("kept", "NEW")]


def _either(*conditions: str) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _column(model: type[models.Model], field: str) -> str:
    return str(model._meta.get_field(field).column)  # type: ignore[union-attr]


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _parent(model: type[models.Model], field: str) -> type[models.Model]:
    parent = model._meta.get_field(field).related_model
    assert isinstance(parent, type)
    return parent
