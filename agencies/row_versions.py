"""The versions of rows as PostgreSQL keeps them: two equal texts mean that not one row was written in between."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.db import connection
from django.db.models import Model

from agencies.server_statements import ServerStatement


def row_versions(models: Iterable[type[Model]]) -> str:
    """Where each row of these tables stands and which transaction wrote it; empty on a database that does not tell.

    What a transaction that is undone had written is never told again: its number is not given twice. The tables are
    to be small, they are read whole.
    """
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(*_statement(tuple(models)).called())
        (found,) = cursor.fetchone()
    return f"{connection.settings_dict['NAME']}|{found}"


@cache
def _statement(models: tuple[type[Model], ...]) -> ServerStatement:
    return ServerStatement("row_versions", f"SELECT concat_ws('|', {', '.join(map(_of_table, models))})")


def _of_table(model: type[Model]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    # An empty table is told too, or the rows of its neighbour could be taken for its own.
    return f"(SELECT coalesce(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid), '') FROM {table})"
