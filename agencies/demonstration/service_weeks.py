"""The weeks of the demonstration's services, made from the hours that stand in the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from agencies.coverage.week import CODES, NeedSpan, read_time
from agencies.demonstration.lots import falls
from agencies.demonstration.staff_loading import RECORDED_AT
from agencies.models import PublicService, ServiceNeed, ServiceWeek

VALID_FROM: Final = date(2024, 1, 1)
SOURCE: Final = "Standar pelayanan (data sintetis)"
HOURS_UNKNOWN: Final = 15
"""For so many of a hundred services whose need is known nobody has written down the week."""

_HOURS: Final = re.compile(r"(Setiap hari|Senin-(?:Jumat|Sabtu|Minggu)) (\d\d\.\d\d)-(\d\d\.\d\d)")
_OPEN: Final = {"Senin-Jumat": CODES[:5], "Senin-Sabtu": CODES[:6], "Senin-Minggu": CODES, "Setiap hari": CODES}
_NOON, _AFTER_NOON, _FRIDAY_PRAYER = read_time("12.00"), read_time("13.00"), read_time("11.30")


def write_weeks(services: Iterable[PublicService]) -> None:
    """Record the week of each service whose need is known, for most of them."""
    written = [one for one in services if one.staff_on_site is not None and not _is_left_out(one)]
    weeks = ServiceWeek.objects.bulk_create(
        ServiceWeek(service=one, valid_from=VALID_FROM, source=SOURCE, recorded_at=RECORDED_AT) for one in written
    )
    ServiceNeed.objects.bulk_create(
        ServiceNeed(week=week, weekday=span.weekday, opens=span.opens, closes=span.closes, staff=span.staff)
        for week in weeks
        for span in _spans(week.service)
    )


def _is_left_out(service: PublicService) -> bool:
    return _HOURS.fullmatch(service.hours) is None or falls(HOURS_UNKNOWN, service.agency.code, service.code, "hours")


def _spans(service: PublicService) -> Iterator[NeedSpan]:
    found = _HOURS.fullmatch(service.hours)
    assert found is not None, service.hours
    opens, closes = read_time(found[2]), read_time(found[3])
    for weekday in _OPEN[found[1]]:
        for first, last, staff in _parts(service, weekday, opens, closes):
            if first < last:  # some close at 13.00
                yield NeedSpan(weekday, first, last, staff)


def _parts(service: PublicService, weekday: str, opens: int, closes: int) -> Sequence[tuple[int, int, int | None]]:
    """A counter keeps half its staff over noon, and is closed during the prayer on Friday."""
    staff = service.staff_on_site or 0
    if service.kind != "counter" or staff < 2:
        return [(opens, closes, staff)]
    if weekday == "friday":
        return [(opens, _FRIDAY_PRAYER, staff), (_AFTER_NOON, closes, staff)]
    return [(opens, _NOON, staff), (_NOON, _AFTER_NOON, (staff + 1) // 2), (_AFTER_NOON, closes, staff)]
