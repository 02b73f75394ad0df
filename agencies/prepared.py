"""Queries whose SQL is built once: where Django takes longer to write a statement than the database to answer it.

PostgreSQL keeps those that a connection runs again, parsed and planned.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models import query as of_django
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesIterable, ValuesListIterable
from django.db.models.sql.compiler import SQLCompiler

from agencies.server_statements import ServerStatement

_Row = TypeVar("_Row")

MOST_KEYS: Final = 100
"""Up to so many keys in a list a statement is kept for that number of keys; beyond, it is built anew."""

MOST_KEPT: Final = 500
"""Statements kept for one query; then it starts again."""

_DAY: Final = date(9000, 7, 1)
_MOMENT: Final = datetime(9001, 7, 1, tzinfo=UTC)
_KEY: Final = -9_000_000_000_000
_TEXT: Final = "9000-text-"
_UUID: Final = 0x9000 << 112


@dataclass(frozen=True, slots=True)
class _Statement:
    """A query with its SQL, and what becomes of each row of the answer."""

    sent: ServerStatement
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]
    """By the place of a column, how its value becomes that of a field."""
    made: Callable[[Sequence[Any]], Any]

    def run(self, given: Sequence[Any]) -> list[Any]:
        """The rows for arguments, each of which stands in its place."""
        with connection.cursor() as cursor:
            cursor.execute(*self.sent.called(*given))
            rows = cursor.fetchall()
        return [self.made(self._converted(row)) for row in rows]

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.converters:
            return row
        values = list(row)
        for place, functions, expression in self.converters:
            for function in functions:
                values[place] = function(values[place], expression, connection)
        return values


class Prepared(Generic[_Row]):
    """A query by its arguments: days, moments, keys (numbers, texts or UUIDs), and lists of keys.

    The builder must hand its arguments on as they are: it is called once with stand-ins, and afterwards the
    arguments take their places in the SQL. Where one is None, which asks for other SQL, the query is built anew.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, _Row]]) -> None:
        self._build = build
        self._kept: dict[tuple[object, ...], _Statement | None] = {}

    def __call__(
        self, *given: date | datetime | int | str | UUID | Collection[int] | Collection[str] | Collection[UUID] | None
    ) -> list[_Row]:
        """The rows."""
        arguments = [
            tuple(dict.fromkeys(one)) if isinstance(one, Collection) and not isinstance(one, str) else one
            for one in given
        ]
        lengths = tuple(len(one) if isinstance(one, tuple) else -1 for one in arguments)
        if None in arguments or 0 in lengths or max(lengths, default=0) > MOST_KEYS:
            return list(self._build(*arguments))
        key = (connection.vendor, *lengths)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = _prepared(self._build, arguments)
        statement = self._kept[key]
        if statement is None:
            return list(self._build(*arguments))
        return statement.run([_adapted(one) for one in _flat(arguments)])


def prepared(build: Callable[..., QuerySet[Any, _Row]]) -> Prepared[_Row]:
    """Decorates a function that gives a queryset for its arguments: see Prepared."""
    found = Prepared(build)
    update_wrapper(found, build, updated=())
    return found


def _flat(arguments: Iterable[Any]) -> list[Any]:
    return [value for one in arguments for value in (one if isinstance(one, tuple) else (one,))]


def _adapted(value: Any) -> Any:
    """A value as the database driver is given it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _stand_in(value: Any, number: int) -> Any:
    """A value of the same type that nothing else has."""
    if isinstance(value, datetime):
        return _MOMENT + timedelta(days=number)
    if isinstance(value, date):
        return _DAY + timedelta(days=number)
    if isinstance(value, str):
        return f"{_TEXT}{number}"
    if isinstance(value, UUID):
        return UUID(int=_UUID + number)
    return _KEY - number


def _prepared(build: Callable[..., QuerySet[Any, Any]], arguments: list[Any]) -> _Statement | None:
    """The statement for arguments of these types and lengths; None where it cannot be kept."""
    numbers = iter(range(len(_flat(arguments))))
    stand_ins = [
        tuple(_stand_in(value, next(numbers)) for value in one)
        if isinstance(one, tuple)
        else _stand_in(one, next(numbers))
        for one in arguments
    ]
    rows = build(*stand_ins)
    compiler = rows.query.get_compiler(using=connection.alias)
    try:
        sql, params = compiler.as_sql()
    except (EmptyResultSet, FullResultSet):
        return None
    places = {_adapted(value): number for number, value in enumerate(_flat(stand_ins))}
    placeholders = tuple(_placeholder(value, places) for value in params)
    if {place for place, _fixed in placeholders} - {None} != set(places.values()):
        return None
    made = _maker(rows, compiler)
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select[: compiler.col_count]])
    as_rows = [(place, *found) for place, found in converters.items()]
    return made and _Statement(ServerStatement(build.__name__, sql, placeholders), as_rows, made)


def _maker(rows: QuerySet[Any, Any], compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any] | None:
    """What becomes of a row, as Django makes it of the query; None where more than the row is needed."""
    needs: Any = rows
    if needs._prefetch_related_lookups or needs._known_related_objects or compiler.has_extra_select:
        return None
    if rows._iterable_class is ModelIterable:
        return _model_maker(compiler)
    if rows._iterable_class is FlatValuesListIterable:
        return itemgetter(0)
    if rows._iterable_class is ValuesListIterable:
        return tuple
    if rows._iterable_class is ValuesIterable:
        names = list(rows.query.selected or (*rows.query.values_select, *rows.query.annotation_select))
        return lambda row: dict(zip(names, row, strict=True))
    return None


def _model_maker(compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    """A row becomes an object with its related ones and annotations."""
    told = compiler.klass_info
    columns = told["select_fields"]
    own = slice(columns[0], columns[-1] + 1)
    names = [column.target.attname for column, _sql, _alias in compiler.select[own]]
    related = of_django.get_related_populators(  # type: ignore[attr-defined]
        told, compiler.select, connection.alias
    )
    annotated = tuple((compiler.annotation_col_map or {}).items())

    def made(row: Sequence[Any]) -> Any:
        found = told["model"].from_db(connection.alias, names, row[own])
        for one in related:
            one.populate(row, found)
        for name, place in annotated:
            setattr(found, name, row[place])
        return found

    return made


def _placeholder(value: Any, places: Mapping[Any, int]) -> tuple[int | None, Any]:
    if value in places:
        return places[value], None
    # An argument that was changed on the way would stay what it was the first time.
    assert not str(value).startswith(("9000-", "9001-", "-9000000")), "a builder hands its arguments on as they are"
    return None, value
