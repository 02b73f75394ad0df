"""How positions like one are split into tasks elsewhere in the institution: the splits that are proposed for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, OuterRef, QuerySet, Subquery

from agencies.models import Position, Task
from agencies.prepared import prepared
from agencies.querysets import open_on

MOST: Final = 3
"""Proposals shown."""

Part = tuple[str, int | None]
"""A task's title and its share of working time in percent (None: not known)."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A split that `positions` like positions have."""

    parts: tuple[Part, ...]
    positions: int


def proposals_for(position: Position, on: date) -> tuple[Proposal, ...]:
    """The splits most often made of positions with the same title, then of those of the same family."""
    same_title = _like(position, on).filter(title__iexact=position.title)
    found = _splits(_parts_of(same_title, on))
    if not found and position.job_family:
        found = _splits(_parts_of_family(position.institution_id, position.job_family, position.pk, on))
    return tuple(Proposal(parts, number) for parts, number in found.most_common(MOST))


def whole_alike(position: Position, on: date) -> QuerySet[Position]:
    """Further positions with the same title and jenjang that nobody has split."""
    alike = _like(position, on).filter(title__iexact=position.title, jenjang__iexact=position.jenjang)
    tasks = Task.objects.filter(open_on(on), position=OuterRef("pk")).order_by().values("position")
    whole = alike.alias(parts=Subquery(tasks.annotate(n=Count("pk")).values("n"))).filter(parts=1)
    return whole.select_related("agency", "unit").order_by("agency__name", "pk")


def _like(position: Position, on: date) -> QuerySet[Position]:
    return Position.objects.filter(open_on(on), institution=position.institution_id).exclude(pk=position.pk)


def _parts_of(positions: QuerySet[Position], on: date) -> QuerySet[Task, tuple[int, str, int | None]]:
    rows = Task.objects.filter(open_on(on), position__in=positions.values("pk")).order_by("position", "number")
    return rows.values_list("position", "title", "share")


@prepared
def _parts_of_family(
    institution: int, family: str, left_out: int, on: date
) -> QuerySet[Any, tuple[int, str, int | None]]:
    alike = Position.objects.filter(open_on(on), institution=institution, job_family=family)
    return _parts_of(alike.exclude(pk=left_out), on)


def _splits(rows: Iterable[tuple[int, str, int | None]]) -> Counter[tuple[Part, ...]]:
    """Each way in which positions are split into two tasks or more, and how often."""
    parts: dict[int, list[Part]] = defaultdict(list)
    for position, title, share in rows:
        parts[position].append((title, share))
    return Counter(tuple(of) for of in parts.values() if len(of) > 1)
