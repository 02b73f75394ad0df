"""Inserts many plain rows at the speed of the database, where building model objects would be most of the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import islice
from operator import attrgetter
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extras import Json

Row = tuple[Any, ...]

BATCH: Final = 5_000
"""Rows prepared together, which bounds the memory."""
TOGETHER: Final = 100
"""Rows in one statement: triggers that may refuse a row cost a savepoint for each statement."""


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows whose values stand in the order of `columns` (names of fields) and return how many.

    Values are taken as Python has them, choices and constraints are checked by the database
    alone, and no key comes back: for rows whose values are known to be right.
    """
    connection = connections[router.db_for_write(model)]
    fields = [model._meta.get_field(column) for column in columns]
    write = _copy if connection.vendor == "postgresql" else _insert
    count = 0
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        write(connection, model, fields, _prepared(connection, fields, batch))
        count += len(batch)
    return count


def insert_objects(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model as `insert_rows` does; their keys are left for the caller to read.

    A related object that was saved after it was assigned gives its key now.
    """
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if field.is_relation or not field.primary_key]
    for field in fields:
        if field.is_relation:
            _refer(objects, field)
    values = attrgetter(*(field.attname for field in fields))
    insert_rows(model, [field.name for field in fields], map(values, objects))


def refresh_statistics() -> None:
    """Let the database count its rows anew, because after a bulk load it plans as if tables were empty."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("ANALYZE")


def _refer(objects: Sequence[models.Model], field: Any) -> None:
    for one in objects:
        related = one._state.fields_cache.get(field.name)
        if related is not None:
            setattr(one, field.name, related)  # the key alone would drop the cached object


def _prepared(connection: BaseDatabaseWrapper, fields: Sequence[Any], rows: list[Row]) -> list[Row]:
    """Column by column, each different value is turned into the database's form once."""
    columns = []
    for field, values in zip(fields, zip(*rows, strict=True), strict=True):
        ready = {value: field.get_db_prep_save(value, connection) for value in set(values)}
        columns.append([ready[value] for value in values])
    return list(zip(*columns, strict=True))


def _copy(connection: BaseDatabaseWrapper, model: type[models.Model], fields: Sequence[Any], rows: list[Row]) -> None:
    """PostgreSQL takes a stream of rows several times as fast as statements that list them."""
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    columns = []
    for values in zip(*rows, strict=True):
        text = {value: _copied(value) for value in set(values)}
        columns.append([text[value] for value in values])
    stream = StringIO("".join("\t".join(row) + "\n" for row in zip(*columns, strict=True)))
    into = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(into, stream)


_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(value: object) -> str:
    if isinstance(value, Json):
        value = value.dumps(value.adapted)
    return "\\N" if value is None else str(value).translate(_ESCAPED)


def _insert(connection: BaseDatabaseWrapper, model: type[models.Model], fields: Sequence[Any], rows: list[Row]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    into = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "
    one = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), TOGETHER):
            some = rows[start : start + TOGETHER]
            cursor.execute(into + ", ".join([one] * len(some)), [value for row in some for value in row])
