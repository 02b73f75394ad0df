"""Whether the people of an agency's services suffice for all that are open at once: a necessary condition (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.coverage.week import MIDNIGHT, NeedSpan, time_text
from agencies.facts import WEEKDAYS


@dataclass(frozen=True)
class Demand:
    """What one service needs, and who serves it: people by what they are known by, and how many that is.

    `spans` None: no hours are recorded, so that `every_day` counts at every hour of every day.
    """

    key: int
    name: str
    spans: Sequence[NeedSpan] | None
    every_day: int | None
    people: Mapping[Hashable, int]


@dataclass(frozen=True, slots=True)
class Hour:
    """A part of a weekday."""

    weekday: str
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Together:
    """Services that share people and need more of them at the same hours than there are."""

    keys: tuple[int, ...]
    names: tuple[str, ...]
    needed: int
    staff: int
    hours: tuple[Hour, ...]

    def on(self, weekday: str | None = None) -> str:
        """The sentence that names the services, the need and who serves them; of one weekday, or of all."""
        words = {"services": ", ".join(self.names), "needed": self.needed, "staff": self.staff}
        told = [hour for hour in self.hours if weekday in (None, hour.weekday)]
        message = _("%(services)s: together they need %(needed)s, and %(staff)s people serve them (%(when)s).")
        return message % {**words, "when": "; ".join(_when(told))}

    def holds_on(self, weekday: str | None) -> bool:
        """Whether people lack on the weekday; without one, on any."""
        return any(weekday in (None, hour.weekday) for hour in self.hours)

    @property
    def text(self) -> str:
        """The sentence with all of its hours."""
        return self.on()


def _when(hours: Iterable[Hour]) -> Iterator[str]:
    """The hours of each weekday in which all of them are open, one after another joined."""
    by_day: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for hour in hours:
        found = by_day[hour.weekday]
        if found and found[-1][1] == hour.opens:
            found[-1] = (found[-1][0], hour.closes)
        else:
            found.append((hour.opens, hour.closes))
    whole = [(0, MIDNIGHT)]
    if len(by_day) == len(WEEKDAYS) and all(parts == whole for parts in by_day.values()):
        yield pgettext("hours", "every day")
        return
    for day in WEEKDAYS:
        if parts := by_day.get(day.code):
            told = ", ".join(f"{time_text(opens)}–{time_text(closes)}" for opens, closes in parts)
            yield _(day.label) if parts == whole else f"{_(day.label)} {told}"


def short_together(demands: Iterable[Demand]) -> tuple[Together, ...]:
    """Services that share people and cannot all be served at the same hours, even with everybody present.

    A necessary condition, not a sufficient one: at every hour the needs of the services that are connected by shared
    people are summed and held against all of these people, and where that suffices, the same is done for every two
    that share people. Who serves which is not matched, so that a shortage of three among more may stay untold. Left
    out are services whose need or staff is not known, and those that lack people already on their own.
    """
    told = list(demands)
    found: dict[tuple[tuple[int, ...], int], list[Hour]] = defaultdict(list)
    for day in WEEKDAYS:
        for opens, closes in pairwise(_edges(told, day.code)):
            needs = {one.key: _need(one, day.code, opens) for one in told}
            for keys, needed in _short_at(told, needs):
                found[keys, needed].append(Hour(day.code, opens, closes))
    by_key = {one.key: one for one in told}
    return tuple(
        Together(
            keys, tuple(by_key[key].name for key in keys), needed, _count(by_key[key] for key in keys), tuple(hours)
        )
        for (keys, needed), hours in found.items()
    )


def _edges(demands: Iterable[Demand], weekday: str) -> list[int]:
    spans = [span for one in demands for span in one.spans or () if span.weekday == weekday]
    return sorted({0, MIDNIGHT} | {edge for span in spans for edge in (span.opens, span.closes)})


def _need(one: Demand, weekday: str, minute: int) -> int:
    """How many the service needs then; nobody where it is closed or where the need is not known."""
    if one.spans is None:
        return one.every_day or 0
    spans = (span for span in one.spans if span.weekday == weekday and span.opens <= minute < span.closes)
    return next((span.staff or 0 for span in spans), 0)


def _short_at(demands: Iterable[Demand], needs: Mapping[int, int]) -> Iterator[tuple[tuple[int, ...], int]]:
    """The services, by their keys, that lack people at one hour, and what they need together."""
    asking = [one for one in demands if 0 < needs[one.key] <= _count([one])]
    for group in _connected(asking):
        whole = len(group) > 1 and sum(needs[one.key] for one in group) > _count(group)
        pairs = [] if whole else [pair for pair in combinations(group, 2) if _share(*pair)]
        for some in [group] if whole else pairs:
            needed = sum(needs[one.key] for one in some)
            if needed > _count(some):
                yield tuple(one.key for one in some), needed


def _connected(demands: Sequence[Demand]) -> list[list[Demand]]:
    """The services in groups, each connected by people whom two of them share."""
    groups: list[tuple[set[Hashable], list[Demand]]] = []
    for one in demands:
        people, joined = set(one.people), [one]
        apart = []
        for others, group in groups:
            if others.isdisjoint(one.people):
                apart.append((others, group))
            else:
                people, joined = people | others, [*group, *joined]
        groups = [*apart, (people, joined)]
    return [group for _people, group in groups]


def _share(one: Demand, other: Demand) -> bool:
    return not one.people.keys().isdisjoint(other.people)


def _count(demands: Iterable[Demand]) -> int:
    """How many people serve one of them, each once."""
    people: dict[Hashable, int] = {}
    for one in demands:
        people.update(one.people)
    return sum(people.values())
