"""What an import of the weeks of services would do: service by service, and weekday by weekday."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agencies.coverage.week import CODES, NeedSpan
from agencies.importing.differences import Count, Difference, FieldChange, What
from agencies.importing.need_plans import Plan, PlannedWeek


def counts(plan: Plan) -> dict[str, Count]:
    """How many weeks are new, changed and left alone."""
    found = [one.what for one in plan.weeks]
    return {"weeks": Count(*(found.count(what) for what in (What.CREATED, What.CHANGED, What.UNCHANGED)))}


def differences(plan: Plan) -> Iterator[Difference]:
    """Every service that the table tells of, and what becomes of its week."""
    for one in plan.weeks:
        label = f"{one.service.agency.code}/{one.service.code} · {one.service.name}"
        yield Difference(one.what, one.row, "week", label, tuple(_fields(one)))


def _fields(one: PlannedWeek) -> Iterator[FieldChange]:
    """The weekdays that change; an empty one is closed."""
    for weekday in CODES:
        before, after = (_told(weekday, spans) for spans in (one.spans_before, one.after))
        if before != after:
            yield FieldChange(weekday, before, after)


def _told(weekday: str, spans: Iterable[NeedSpan]) -> str:
    of_day = [one for one in spans if one.weekday == weekday]
    return "; ".join(f"{one.hours} · {'?' if one.staff is None else one.staff}" for one in of_day)
