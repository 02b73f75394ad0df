"""Keyset paging: a page begins after, or ends before, a row named in the address; no row is counted past."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Final, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

SIZE: Final = 50
AFTER: Final = "sesudah"
BEFORE: Final = "sebelum"

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """The rows of one page and the keys that the neighbouring pages begin or end at (None: no such page)."""

    rows: tuple[M, ...]
    previous: int | None
    next: int | None


def keyset_page(
    listed: QuerySet[M],
    query: QueryDict,
    order: tuple[str, ...],
    *,
    kept: Collection[int] | None = None,
    size: int = SIZE,
) -> Page[M]:
    """The page that the address asks for, of the rows whose key is kept (None: of all).

    All columns of an order run in one direction, are never null, and end with the key. A row that is
    named but no longer in the list begins the list anew.
    """
    columns = order
    before, after = _key(query.get(BEFORE)), _key(query.get(AFTER))
    backwards = before is not None
    if backwards:
        columns = _turned(columns)
    cursor = before if backwards else after
    beyond = None if cursor is None else _beyond(listed, columns, cursor)
    if beyond is None and backwards:
        backwards, columns = False, order
    ordered = (listed if beyond is None else listed.filter(beyond)).order_by(*columns)
    rows = list(ordered[: size + 1]) if kept is None else _kept(listed, ordered, kept, size + 1)
    more, rows = len(rows) > size, rows[:size]
    shown = tuple(reversed(rows) if backwards else rows)
    return _page(shown, came_from=beyond is not None, more=more, backwards=backwards)


def is_first(query: QueryDict) -> bool:
    """Whether the address asks for the page that the list begins with."""
    return _key(query.get(BEFORE)) is None and _key(query.get(AFTER)) is None


def first_page(rows: Sequence[M], *, size: int = SIZE) -> Page[M]:
    """The page that a list begins with, of its first rows, one more than the page takes where there are more."""
    return _page(tuple(rows[:size]), came_from=False, more=len(rows) > size, backwards=False)


def _key(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _beyond(listed: QuerySet[M], order: tuple[str, ...], key: int) -> Q | None:
    """The rows that come after the one of the key; None where that row is not in the list."""
    columns = [name.removeprefix("-") for name in order]
    row = listed.filter(pk=key).values_list(*columns).first()
    if row is None:
        return None
    side = "lt" if order[0].startswith("-") else "gt"
    steps: list[Q] = []
    for place, column in enumerate(columns):
        equal: dict[str, Any] = dict(zip(columns[:place], row[:place], strict=True))
        steps.append(Q(**equal, **{f"{column}__{side}": row[place]}))
    # What follows from the steps is said once more, because no index is entered in the middle by an OR.
    return Q(**{f"{columns[0]}__{side}e": row[0]}) & reduce(or_, steps)


def _turned(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _kept(listed: QuerySet[M], ordered: QuerySet[M], kept: Collection[int], count: int) -> list[M]:
    """The first rows whose key is kept; keys are read only until enough are found."""
    keys = (key for key in ordered.values_list("pk", flat=True).iterator() if key in kept)
    found = list(islice(keys, count))
    rows = listed.in_bulk(found)
    return [rows[key] for key in found]


def _page(rows: tuple[M, ...], *, came_from: bool, more: bool, backwards: bool) -> Page[M]:
    if not rows:
        return Page((), None, None)
    earlier, later = (more, True) if backwards else (came_from, more)
    return Page(rows, rows[0].pk if earlier else None, rows[-1].pk if later else None)
