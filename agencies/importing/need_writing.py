"""Writes what a plan for the weeks of services says: the week of the same day is superseded, another day adds one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agencies.fact_records import FactAct
from agencies.importing.journal import What, Written
from agencies.importing.need_plans import Plan
from agencies.importing.position_plans import slices
from agencies.models import ServiceNeed, ServiceWeek

PART: Final = "serviceweek"
"""The name of a week in the journal of an import; a span is never written without its week."""
_BATCH: Final = 200


def write(plan: Plan, act: FactAct) -> Iterator[Written]:
    """Carry the plan out; what was written is told once everything is."""
    changing = list(plan.to_write())
    gone = [(one.before.key, one.service.pk) for one in changing if one.before and one.before.begins == act.valid_from]
    for some in slices([key for key, _service in gone]):
        ServiceWeek.objects.filter(pk__in=some).update(superseded_at=act.at)
    weeks = [
        ServiceWeek(service=one.service, valid_from=act.valid_from, source=act.source, recorded_at=act.at)
        for one in changing
    ]
    ServiceWeek.objects.bulk_create(weeks, batch_size=_BATCH)
    needs = [
        ServiceNeed(week=week, weekday=span.weekday, opens=span.opens, closes=span.closes, staff=span.staff)
        for week, one in zip(weeks, changing, strict=True)
        for span in one.after
    ]
    ServiceNeed.objects.bulk_create(needs, batch_size=_BATCH)
    superseded = (Written(What.CHANGED, PART, key, service) for key, service in gone)
    new = (Written(What.CREATED, PART, week.pk, week.service_id) for week in weeks)
    return (written for part in (superseded, new) for written in part)
