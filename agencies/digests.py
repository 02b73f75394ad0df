"""Digests of protected rows: which columns of a table enter them, in which order, by numbered recipes.

Each app declares its protected tables when it is ready; the trail commits to the digests, and
`verify_trail` makes them again from the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Leaf:
    """The digest of one protected row as it stood when an act ended: table (model label), key, SHA-256."""

    table: str
    key: str
    digest: str


def leaves(rows: QuerySet[Any]) -> Iterator[Leaf]:
    """The leaf of each row of a protected table, in the order of the queryset."""
    raise NotImplementedError
