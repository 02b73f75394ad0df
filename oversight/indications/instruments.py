"""Approved without an implementing instrument in force on every day of the plan, as known at the approval."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from agencies.facts import gettext_noop
from agencies.models import Institution
from eligibility.grounds import grounds
from eligibility.loading import scope_for
from eligibility.models import Instrument, InstrumentPeriod
from eligibility.rulebook import Scope
from oversight.indications.approved import approved_rows
from oversight.indications.definitions import Flag, Ground

_WITHOUT = gettext_noop(
    "Approved on %(approved)s for a plan that includes %(day)s; no implementing instrument known by then is in force "
    "there on that day."
)
Days = tuple[date, date]


@dataclass(frozen=True)
class _Implementing:
    """An instrument that opens the gate of approval, with its periods and ends as they became known."""

    scope: Scope
    known_from: datetime
    periods: tuple[InstrumentPeriod, ...]

    def days(self, known_at: datetime) -> Iterator[Days]:
        """The days on which it is in force, as known at the moment; an end reaches what began before it."""
        if self.known_from > known_at:
            return
        known = [row for row in self.periods if row.known_from <= known_at]
        ends = [row for row in known if row.kind == InstrumentPeriod.Kind.ENDS]
        for row in known:
            if row.kind == InstrumentPeriod.Kind.IN_FORCE:
                over = (e.starts_on for e in ends if e.starts_on >= row.starts_on and e.known_from >= row.known_from)
                last = row.ends_on or date.max
                yield row.starts_on, min(last, min(over, default=date.max) - timedelta(days=1))


def without_instrument(ground: Ground) -> Iterator[Flag]:
    """Approvals for some day on which nothing known by then allowed flexible work in that agency."""
    instruments = _implementing(ground.institution)
    moments = sorted({m for one in instruments for m in (one.known_from, *(p.known_from for p in one.periods))})
    places = grounds(ground.institution, ground.on, ground.known_at)

    @cache
    def reaching(agency: int, unit: int | None) -> tuple[int, ...]:
        place = places.of(agency, unit).place
        return tuple(n for n, one in enumerate(instruments) if one.scope.reaches(place))

    @cache
    def first_without(numbers: tuple[int, ...], first: date, last: date, known: int) -> date | None:
        if known == 0:
            return first
        days = [d for n in numbers for d in instruments[n].days(moments[known - 1])]
        return _first_not_in(days, first, last)

    for row in approved_rows(ground.institution):
        known = bisect_right(moments, row.at)
        day = first_without(reaching(row.agency, row.unit), row.starts_on, row.ends_on, known)
        if day is not None:
            yield Flag(row.key, row.agency, _WITHOUT, (("approved", row.at), ("day", day)))


def _implementing(institution: Institution) -> Sequence[_Implementing]:
    rows = Instrument.objects.filter(implementing=True).prefetch_related("scopes", "periods").order_by("pk")
    scoped = ((row, scope_for(list(row.scopes.all()), institution)) for row in rows)
    return [_Implementing(scope, row.known_from, tuple(row.periods.all())) for row, scope in scoped if scope]


def _first_not_in(days: Iterable[Days], first: date, last: date) -> date | None:
    """The first day from `first` to `last` that lies in none of the periods."""
    day = first
    for starts_on, ends_on in sorted(days):
        if starts_on > day:
            break
        if ends_on >= last:
            return None
        day = max(day, ends_on + timedelta(days=1))
    return day if day <= last else None
