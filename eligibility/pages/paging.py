"""How lists of positions are sorted and paged."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.http import QueryDict

from agencies import paging
from agencies.models import Position
from agencies.paging import Page
from agencies.querysets import PositionQuerySet

ORDERS: Final = {
    "jabatan": ("title", "jenjang", "pk"),
    "-jabatan": ("-title", "-jenjang", "-pk"),
    "unit": ("agency__name", "title", "jenjang", "pk"),
}
"""How positions may be sorted; all columns of an order run in one direction and are never null."""


def keyset_page(
    positions: PositionQuerySet, query: QueryDict, order: str, kept: Collection[int] | None = None
) -> Page[Position]:
    """The page that the address asks for, of the positions whose key is kept (None: of all)."""
    return paging.keyset_page(positions.select_related("agency", "unit"), query, ORDERS[order], kept=kept)
