"""Reads when services are open and how many people they need, as known at a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from agencies.coverage.week import NeedSpan, WeekHours, in_order, weekday_of
from agencies.models import PublicService, ServiceWeek
from agencies.prepared import prepared


@dataclass(frozen=True, slots=True)
class RecordedNeeds:
    """The weeks of services by the services' keys, each from a day on; where none is recorded, one number counts."""

    weeks: Mapping[int, Sequence[tuple[date, WeekHours]]]

    @classmethod
    def of(cls, services: Collection[int], known_at: datetime) -> RecordedNeeds:
        """Read those of the services: one read, none without services."""
        if not services:
            return cls({})
        spans: dict[tuple[int, date, int], list[NeedSpan]] = {}
        for service, valid_from, key, weekday, opens, closes, staff in _rows(sorted(services), known_at):
            found = spans.setdefault((service, valid_from, key), [])
            if weekday is not None:
                found.append(NeedSpan(weekday, opens, closes, staff))
        weeks: dict[int, dict[date, WeekHours]] = {}
        for (service, valid_from, _key), found in spans.items():
            weeks.setdefault(service, {})[valid_from] = WeekHours(in_order(found))
        return cls({service: list(by_day.items()) for service, by_day in weeks.items()})

    def week(self, service: int, on: date) -> WeekHours | None:
        """The week that holds on a day; None where no hours are recorded for it."""
        begun = self.weeks.get(service, ())
        place = bisect_right(begun, on, key=lambda week: week[0])
        found = begun[place - 1][1] if place else None
        return found if found and found.spans else None

    def needed(self, service: PublicService, on: date) -> int | None:
        """The highest need of the day, else the one number kept for every day; None where it is not known."""
        week = self.week(service.pk, on)
        return service.staff_on_site if week is None else week.need.on(weekday_of(on))

    def days_of_change(self, services: Iterable[int]) -> set[date]:
        """The days on which another week begins for one of the services."""
        return {begins for service in services for begins, _week in self.weeks.get(service, ())}


@prepared
def _rows(services: Collection[int], known_at: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    rows = ServiceWeek.objects.known(known_at).filter(service__in=services)
    columns = ("needs__weekday", "needs__opens", "needs__closes", "needs__staff")
    return rows.order_by("valid_from", "recorded_at", "pk").values_list("service_id", "valid_from", "pk", *columns)


def seen_weeks(service: PublicService) -> str:
    """Which weeks are recorded of a service: two are equal when nobody recorded one in between."""
    keys = ServiceWeek.objects.current().filter(service=service).order_by("pk").values_list("pk", flat=True)
    return ",".join(map(str, keys)) or "-"
