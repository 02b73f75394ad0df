"""Digests of protected rows: which columns of a table enter them, in which order, by numbered recipes.

Each app declares its protected tables when it is ready (`cover`); the trail commits to the digests, and
`verify_trail` makes them again from the rows. A digest covers text that Python renders, never text built
by the database, because numbers and JSON differ between databases. A recipe is never changed once a row
was sealed by it: a new column or order is a new number, and the old recipe stays declared beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import islice
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from types import NoneType
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from agencies.errors import EventError
from agencies.prepared import Prepared


class Leaf(NamedTuple):
    """The digest of one protected row as it stood when an act ended: table (model label), key, SHA-256."""

    table: str
    key: str
    digest: str


GONE: Final = "gone"
"""Stands for the digest of a row that an act removed: a draft's, for example. What was decided on is never removed."""


def gone(row: Model) -> Leaf:
    """The leaf of a row of a protected table that an act is about to remove."""
    return Leaf(row._meta.label_lower, str(row.pk), GONE)


@dataclass(frozen=True, slots=True)
class Children:
    """Rows of another table (its label) that belong to a covered row: their foreign key `of` names it."""

    table: str
    of: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The columns that enter the digest of a row, in order, the key among them, and the rows that belong to it.

    A column is named as in a query: `rule_id`, or a path such as `rule__code`. Children enter in the
    order of their keys; each has a leaf of its own beside, so that a single one can be named.
    """

    number: int
    columns: tuple[str, ...]
    children: tuple[Children, ...] = ()


@dataclass(frozen=True)
class Covered:
    """A table whose rows the trail answers for.

    Recipes stand in the order of their numbers; new digests are made by the last. `rows` chooses those
    that are covered, all where it is None. `institution` is the path from a row to the institution it
    belongs to, so that one institution can be verified alone; without it the rows are always looked at.
    """

    model: type[Model]
    recipes: tuple[Recipe, ...]
    rows: Callable[[], QuerySet[Any]] | None = None
    institution: str = ""

    @property
    def recipe(self) -> Recipe:
        """The recipe of new digests."""
        return self.recipes[-1]

    def queryset(self) -> QuerySet[Any]:
        """The rows that are covered."""
        return self.rows() if self.rows else self.model._base_manager.all()


ROWS_AT_ONCE: Final = 2000
"""Rows read together, which bounds the memory."""

_covered: dict[type[Model], Covered] = {}


def cover(declarations: Iterable[Covered]) -> None:
    """Register the covered tables of an app; to register one again changes nothing."""
    _covered.update({one.model: one for one in declarations})


def covered_tables() -> list[Covered]:
    """Every declaration, in the order of registration."""
    return list(_covered.values())


def covers(model: type[Model]) -> bool:
    """Whether the table is declared."""
    return model in _covered


def leaves(rows: QuerySet[Any]) -> Iterator[Leaf]:
    """The leaf of each row of a protected table, in the order of the queryset, each followed by its children's.

    Reads the rows in batches as they are stored; a queryset without an order is read by key.
    Raises EventError for a table that nobody declared.
    """
    if rows.model not in _covered:
        raise EventError(
            _("The table %(table)s is not declared as covered; declare it with agencies.digests.cover.")
            % {"table": rows.model._meta.label}
        )
    return leaves_by(_covered[rows.model].recipe, rows)


def leaves_of(row: Model) -> list[Leaf]:
    """The leaf of one row of a protected table as it is stored, followed by those of its children.

    Empty where the row is not among those that are covered, a draft for example.
    """
    covered = _covered[type(row)]
    if not isinstance(row.pk, int):
        return list(leaves(covered.queryset().filter(pk=row.pk)))
    return list(_leaves_in(covered.recipe, covered.model, _stored_row(covered.model)(row.pk)))


def leaves_read(covered: Covered, rows: Mapping[type[Model], Sequence[Model]]) -> list[Leaf]:
    """The leaves, by the newest recipe, of rows of the table that were read just now; `rows` holds their children too.

    Also of rows that are no longer covered. Only for tables whose recipe has no column of another table.
    """

    def of_parents(one: Children, child: type[Model], _keys: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
        children = sorted(rows[child], key=attrgetter("pk"))
        return map(attrgetter(one.of, "pk", *one.columns), children)

    chunk = list(map(attrgetter("pk", *covered.recipe.columns), rows[covered.model]))
    return list(_leaves_in(covered.recipe, covered.model, chunk, of_parents))


@cache
def _stored_row(model: type[Model]) -> Prepared[tuple[Any, ...]]:
    """The columns of the newest recipe of one row, by its key."""
    covered = _covered[model]
    return Prepared(lambda key: covered.queryset().filter(pk=key).values_list("pk", *covered.recipe.columns))


def leaves_by(recipe: Recipe, rows: QuerySet[Any]) -> Iterator[Leaf]:
    """The leaves of rows by a given recipe; works for the models of a migration's state too."""
    ordered = rows if rows.ordered else rows.order_by("pk")
    stored = ordered.values_list("pk", *recipe.columns).iterator(chunk_size=ROWS_AT_ONCE)
    while chunk := list(islice(stored, ROWS_AT_ONCE)):
        yield from _leaves_in(recipe, rows.model, chunk)


ReadChildren = Callable[[Children, type[Model], Sequence[Any]], Iterable[tuple[Any, ...]]]
"""Gives, of the children of rows with these keys in the order of their own: the row's key, the own one, the columns."""


def _leaves_in(
    recipe: Recipe, model: type[Model], chunk: Sequence[tuple[Any, ...]], children: ReadChildren | None = None
) -> Iterator[Leaf]:
    """The leaves of rows of a table, given by their key and the recipe's columns."""
    table = model._meta.label_lower
    opening = f'["{table}",{recipe.number},'
    if recipe.children:
        yield from _with_children(recipe, model, opening, chunk, children or _child_rows)
    else:
        for key, *values in chunk:
            yield Leaf(table, str(key), _hashed(f"{opening}{text_of(values)}]"))


def text_of(values: Iterable[object]) -> str:
    """Values as the inside of a JSON array, each in the one exact text of its type."""
    return ",".join([_TEXT.get(type(value), _other)(value) for value in values])


def canonical_json(value: object) -> str:
    """JSON text that is the same for the same content: sorted, no spaces, ASCII. Raises ValueError for NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _hashed(text: str) -> str:
    return sha256(text.encode("ascii")).hexdigest()


def _with_children(
    recipe: Recipe, model: type[Model], opening: str, chunk: Sequence[tuple[Any, ...]], children: ReadChildren
) -> Iterator[Leaf]:
    keys = [row[0] for row in chunk]
    belonging = [(one, _children_of(one, model, keys, children)) for one in recipe.children]
    for key, *values in chunk:
        own: list[Leaf] = []
        parts = [text_of(values)]
        for one, found in belonging:
            texts = found.get(key, ())
            parts.append("[" + ",".join([f'"{one.table}"', *(f"[{text}]" for _key, text in texts)]) + "]")
            child_opening = f'["{one.table}",{recipe.number},'
            own += [Leaf(one.table, str(child), _hashed(f"{child_opening}{text}]")) for child, text in texts]
        yield Leaf(model._meta.label_lower, str(key), _hashed(f"{opening}{','.join(parts)}]"))
        yield from own


def _children_of(
    one: Children, model: type[Model], keys: Sequence[Any], children: ReadChildren
) -> dict[Any, list[tuple[Any, str]]]:
    """Key and text of the children of each of these rows, by key."""
    child = model._meta.apps.get_model(one.table)
    found: dict[Any, list[tuple[Any, str]]] = {}
    for parent, key, *values in children(one, child, keys):
        found.setdefault(parent, []).append((key, text_of(values)))
    return found


def _child_rows(one: Children, child: type[Model], keys: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
    if len(keys) == 1 and isinstance(keys[0], int) and child._meta.apps is apps:
        return _children_of_one(one, child)(keys[0])
    rows = child._base_manager.filter(**{f"{one.of}__in": keys}).order_by("pk")
    return rows.values_list(one.of, "pk", *one.columns)


@cache
def _children_of_one(one: Children, child: type[Model]) -> Prepared[tuple[Any, ...]]:
    columns = (one.of, "pk", *one.columns)
    return Prepared(lambda key: child._base_manager.filter(**{one.of: key}).order_by("pk").values_list(*columns))


def _other(value: object) -> str:
    """Text of a value of a type that has none of its own: of a subclass, or nothing a column should hold."""
    for known, render in _TEXT.items():
        if isinstance(value, known):
            return render(value)
    return encode_basestring_ascii(repr(value))


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - beside times without a zone
_MICROSECOND: Final = timedelta(microseconds=1)


def _instant(at: datetime) -> str:
    return str((at - (_EPOCH if at.tzinfo else _LOCAL_EPOCH)) // _MICROSECOND)


# Written out by type: a JSON encoder would take twice as long. A time is its exact microseconds since
# 1970, the same in every zone. Subclasses stand before what they are derived from.
_TEXT: Final[Mapping[type, Callable[[Any], str]]] = {
    str: encode_basestring_ascii,
    bool: lambda value: "true" if value else "false",
    int: str,
    NoneType: lambda _: "null",
    datetime: _instant,
    date: lambda day: f'"{day.isoformat()}"',
    time: lambda clock: f'"{clock.isoformat()}"',
    timedelta: lambda span: str(span // _MICROSECOND),
    Decimal: lambda number: f'"{number:f}"',
    UUID: lambda key: f'"{key.hex}"',
    dict: canonical_json,
    list: canonical_json,
}
