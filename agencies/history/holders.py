"""Who held positions, as far as the reader may know it: names of those in her sight, numbers of the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.access import PEOPLE_READERS, Standing, acting_as, employees_in_sight
from agencies.models import Posting
from agencies.prepared import prepared

Keys = Collection[int] | QuerySet[Any, Any]
"""Keys of positions, or a query of them."""


@dataclass(frozen=True)
class Sight:
    """The employees whose names the reader may be told, by key."""

    seen: frozenset[int]

    def name(self, posting: Posting) -> str:
        """The holder's name; for others only that there is one."""
        return posting.employee.name if posting.employee_id in self.seen else _("An employee")


def sight_of(standing: Standing, employees: Collection[int]) -> Sight:
    """Which of the employees the reader may be told by name: those whose files she reads."""
    if not employees or not standing.holds(*PEOPLE_READERS):
        return Sight(frozenset())
    return Sight(employees_in_sight(acting_as(standing, *PEOPLE_READERS), employees))


@dataclass(frozen=True, slots=True)
class Holders:
    """Those who held a position on a day: names with their capacity, and how many more there were."""

    names: tuple[str, ...] = ()
    others: int = 0

    @property
    def words(self) -> str:
        """All of them in one line."""
        more = ngettext("%(number)d employee", "%(number)d employees", self.others) % {"number": self.others}
        parts = [*self.names, *([more] if self.others else [])]
        return "; ".join(parts)


def holders_on(standing: Standing, positions: Keys, on: date, known_at: datetime) -> tuple[Mapping[int, Holders], int]:
    """By position who held it on a day as known at a moment, and how many people are named in all."""
    postings = list(_held(positions, on, known_at))
    sight = sight_of(standing, {one.employee_id for one in postings})
    by_position: dict[int, list[Posting]] = defaultdict(list)
    for one in postings:
        by_position[one.position_id].append(one)
    return {key: _holders(some, sight) for key, some in by_position.items()}, len(sight.seen)


def holders_of(position: int, sight: Sight, on: date, known_at: datetime) -> Holders:
    """Who held one position on a day as known at a moment, told as far as what is in sight already."""
    return _holders(_held_alone((position,), on, known_at), sight)


def _held(positions: Keys, on: date, known_at: datetime) -> QuerySet[Any, Posting]:
    held = Posting.objects.in_force(on, known_at).filter(position__in=positions)
    return held.select_related("employee").order_by("employee__name", "pk")


_held_alone = prepared(_held)


def _holders(postings: Iterable[Posting], sight: Sight) -> Holders:
    rows = list(postings)
    named = [one for one in rows if one.employee_id in sight.seen]
    return Holders(tuple(named_with_capacity(one, sight) for one in named), len(rows) - len(named))


def named_with_capacity(posting: Posting, sight: Sight) -> str:
    """The holder, and Plt or Plh where she only stood in."""
    if posting.capacity == Posting.Capacity.DEFINITIVE:
        return sight.name(posting)
    return f"{sight.name(posting)} ({posting.get_capacity_display()})"
