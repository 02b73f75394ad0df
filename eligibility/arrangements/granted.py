"""Reads the granted arrangements by which people work elsewhere, as they were known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from agencies.prepared import prepared
from eligibility.arrangements.matters import Usage
from eligibility.arrangements.spans import Days
from eligibility.models import Arrangement, ArrangementStep
from eligibility.rulebook import Mode

_What = ArrangementStep.What
_STOPPING = (_What.SUSPENDED, _What.RESUMED, _What.ENDED)


@dataclass(frozen=True, slots=True)
class Granted:
    """A granted arrangement as far as it is counted, in which position, and when it was approved."""

    usage: Usage
    position: int
    approved: tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose granted arrangements are asked for, by keys: in agencies, in positions, or of employees.

    `agencies` None: all of the institution.
    """

    institution: int
    agencies: frozenset[int] | None
    positions: frozenset[int]
    employees: frozenset[int]

    def arguments(self) -> tuple[int | tuple[int, ...], ...]:
        """For the queries below; no key is 0, so that a list that holds it alone chooses nothing."""
        if self.agencies is None:
            return (self.institution,)
        chosen = (self.agencies, self.positions, self.employees)
        return (self.institution, *(tuple(sorted(keys)) or (0,) for keys in chosen))


def granted(whose: Whose, period: Days, known_at: datetime) -> list[Granted]:
    """Those by which, as known at the moment, somebody works on a day of the period; in two reads.

    One that is suspended or has ended counts up to the day before; what was done with it later is not known yet.
    """
    arguments = (period.first, period.last, known_at, *whose.arguments())
    stops = _stops(_steps(*arguments), known_at)
    found = []
    for row in _rows(*arguments):
        usage = _usage(row, stops[row.pk] if row.pk in stops else _stop_of(row))
        if usage.starts_on <= usage.ends_on and usage.ends_on >= period.first and row.approved_at is not None:
            found.append(Granted(usage, row.position_id, (row.approved_at, row.pk)))
    return found


def _usage(row: Arrangement, stop: date | None) -> Usage:
    usage = Usage(
        key=row.pk,
        employee=row.employee_id,
        mode=Mode(row.mode),
        weekdays=frozenset(row.days),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
    if stop is None or stop > row.ends_on:
        return usage
    return replace(usage, ends_on=stop - timedelta(days=1))


def _stop_of(row: Arrangement) -> date | None:
    """The first day on which it no longer holds, as it stands now."""
    return {"suspended": row.suspended_on, "ended": row.ended_on}.get(row.state)


def _candidates(
    first: date,
    last: date,
    known_at: datetime,
    institution: int,
    agencies: Sequence[int] = (),
    positions: Sequence[int] = (),
    employees: Sequence[int] = (),
) -> QuerySet[Arrangement]:
    rows = Arrangement.objects.filter(
        institution_id=institution,
        state__in=("approved", "suspended", "ended"),
        approved_at__lte=known_at,
        starts_on__lte=last,
        ends_on__gte=first,
    )
    if not agencies:
        return rows
    # One select for each way: over an OR of several tables no index is entered.
    ways = (Q(position__agency__in=agencies), Q(position__in=positions), Q(employee__in=employees))
    first_way, *others = (rows.filter(way).order_by().values("pk") for way in ways)
    return Arrangement.objects.filter(pk__in=first_way.union(*others))


@prepared
def _rows(*asked: Any) -> QuerySet[Arrangement]:
    columns = ("pk", "employee_id", "position_id", "mode", "weekdays", "starts_on", "ends_on", "approved_at")
    rows = _candidates(*asked).order_by("approved_at", "pk")
    return rows.only(*columns, "state", "suspended_on", "ended_on")


@prepared
def _steps(*asked: Any) -> QuerySet[Any, tuple[int, str, date, datetime]]:
    steps = ArrangementStep.objects.filter(arrangement__in=_candidates(*asked).order_by(), what__in=_STOPPING)
    return steps.order_by("at", "pk").values_list("arrangement_id", "what", "on", "at")


def _stops(steps: Iterable[tuple[int, str, date, datetime]], known_at: datetime) -> Mapping[int, date | None]:
    """For arrangements with which something was done after the moment: the first day on which they did not hold then.

    The other arrangements stand as their columns say.
    """
    by_arrangement: dict[int, list[tuple[str, date, datetime]]] = {}
    for key, what, on, at in steps:
        by_arrangement.setdefault(key, []).append((what, on, at))
    later = {key: told for key, told in by_arrangement.items() if told[-1][2] > known_at}
    return {key: _last_stop((what, on) for what, on, at in told if at <= known_at) for key, told in later.items()}


def _last_stop(told: Iterable[tuple[str, date]]) -> date | None:
    stop = None
    for what, on in told:
        stop = None if what == _What.RESUMED else on
    return stop
