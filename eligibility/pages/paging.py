"""Keyset paging: a page begins after, or ends before, a row named in the address; no row is counted past."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Final

from django.db.models import Q
from django.http import QueryDict

from agencies.models import Position
from agencies.querysets import PositionQuerySet

SIZE: Final = 50
AFTER: Final = "sesudah"
BEFORE: Final = "sebelum"

ORDERS: Final = {
    "jabatan": ("title", "jenjang", "pk"),
    "-jabatan": ("-title", "-jenjang", "-pk"),
    "unit": ("agency__name", "title", "jenjang", "pk"),
}
"""How positions may be sorted; all columns of an order run in one direction and are never null."""


@dataclass(frozen=True)
class Page:
    """The rows of one page and the keys that the neighbouring pages begin or end at (None: no such page)."""

    rows: tuple[Position, ...]
    previous: int | None
    next: int | None


def _key(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _beyond(positions: PositionQuerySet, order: tuple[str, ...], key: int) -> Q | None:
    """The rows that come after the one of the key; None where that row is not in the list."""
    columns = [name.removeprefix("-") for name in order]
    row = positions.filter(pk=key).values_list(*columns).first()
    if row is None:
        return None
    side = "lt" if order[0].startswith("-") else "gt"
    steps: list[Q] = []
    for place, column in enumerate(columns):
        equal: dict[str, Any] = dict(zip(columns[:place], row[:place], strict=True))
        steps.append(Q(**equal, **{f"{column}__{side}": row[place]}))
    return reduce(or_, steps)


def _turned(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _keys(positions: PositionQuerySet, kept: Collection[int] | None) -> Iterator[int]:
    for key in positions.values_list("pk", flat=True).iterator():
        if kept is None or key in kept:
            yield key


def keyset_page(positions: PositionQuerySet, query: QueryDict, order: str, kept: Collection[int] | None = None) -> Page:
    """The page that the address asks for, of the positions whose key is kept (None: of all).

    A row that is named but no longer in the list begins the list anew.
    """
    columns = ORDERS[order]
    before, after = _key(query.get(BEFORE)), _key(query.get(AFTER))
    backwards = before is not None
    if backwards:
        columns = _turned(columns)
    cursor = before if backwards else after
    beyond = None if cursor is None else _beyond(positions, columns, cursor)
    if beyond is None and backwards:
        backwards, columns = False, ORDERS[order]
    ordered = (positions if beyond is None else positions.filter(beyond)).order_by(*columns)
    keys = list(islice(_keys(ordered, kept), SIZE + 1))
    more, keys = len(keys) > SIZE, keys[:SIZE]
    rows = positions.select_related("agency", "unit").in_bulk(keys)
    shown = tuple(rows[key] for key in (reversed(keys) if backwards else keys))
    return _page(shown, came_from=beyond is not None, more=more, backwards=backwards)


def _page(rows: tuple[Position, ...], *, came_from: bool, more: bool, backwards: bool) -> Page:
    if not rows:
        return Page((), None, None)
    earlier, later = (more, True) if backwards else (came_from, more)
    return Page(rows, rows[0].pk if earlier else None, rows[-1].pk if later else None)
