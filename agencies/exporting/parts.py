"""Reads the rows of a table in parts, so that what is beside a row is read for many at once, and memory stays small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeVar

from django.db.models import Model, QuerySet

from agencies.exporting.tables import Cell

T = TypeVar("T")
M = TypeVar("M", bound=Model)

PART: Final = 1000

Rows = Callable[[], Iterator[Sequence[Cell]]]


def in_parts(items: Iterable[T], size: int = PART) -> Iterator[list[T]]:
    """The items by so many at a time."""
    reading = iter(items)
    while part := list(islice(reading, size)):
        yield part


def told_in_parts(listed: QuerySet[M], told: Callable[[Sequence[M]], Iterable[Sequence[Cell]]]) -> Rows:
    """The rows of an ordered query, told part by part."""

    def rows() -> Iterator[Sequence[Cell]]:
        for part in in_parts(listed.iterator(chunk_size=PART)):
            yield from told(part)

    return rows
