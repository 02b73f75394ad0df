"""Every week that was recorded of a service, for the page on which it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.coverage.week import NeedSpan, in_order
from agencies.facts import WEEKDAYS
from agencies.models import PublicService, ServiceWeek


@dataclass(frozen=True, slots=True)
class RecordedWeek:
    """A recorded week and its weekdays in words."""

    row: ServiceWeek
    days: tuple[str, ...]


def recorded_weeks(service: PublicService) -> tuple[RecordedWeek, ...]:
    """The weeks, superseded ones among them, the latest recorded first."""
    rows = ServiceWeek.objects.filter(service=service).prefetch_related("needs").order_by("-recorded_at", "-pk")
    return tuple(RecordedWeek(row, week_words(_spans(row))) for row in rows)


def _spans(row: ServiceWeek) -> list[NeedSpan]:
    return [NeedSpan(need.weekday, need.opens, need.closes, need.staff) for need in row.needs.all()]


def week_words(spans: Iterable[NeedSpan]) -> tuple[str, ...]:
    """A sentence for each weekday that is open: when, and with how many people."""
    days = {choice.code: _(choice.label) for choice in WEEKDAYS}
    by_day = groupby(in_order(spans), key=lambda span: span.weekday)
    return tuple(f"{days[code]} {'; '.join(map(span_words, found))}" for code, found in by_day)


def span_words(span: NeedSpan) -> str:
    """From when to when, and the people needed."""
    staff = pgettext("need", "not known") if span.staff is None else str(span.staff)
    return _("%(hours)s (staff: %(staff)s)") % {"hours": span.hours, "staff": staff}
