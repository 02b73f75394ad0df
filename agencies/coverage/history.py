"""Every week that was recorded of a service, for the page on which it is kept and as a table to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.coverage.week import NeedSpan, in_order, time_text
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.facts import WEEKDAYS
from agencies.models import PublicService, ServiceWeek
from agencies.templatetags.portal import moment


@dataclass(frozen=True, slots=True)
class RecordedWeek:
    """A recorded week and its weekdays in words."""

    row: ServiceWeek
    days: tuple[str, ...]


def recorded_weeks(service: PublicService) -> tuple[RecordedWeek, ...]:
    """The weeks, superseded ones among them, the latest recorded first."""
    rows = ServiceWeek.objects.filter(service=service).prefetch_related("needs").order_by("-recorded_at", "-pk")
    return tuple(RecordedWeek(row, week_words(_spans(row))) for row in rows)


def weeks_table(service: PublicService, weeks: Iterable[RecordedWeek], on: date) -> ExportTable:
    """A row for each span of each recorded week; a week without a span has one row that says so."""
    columns = (
        Column(_("Valid from"), "date", 14),
        Column(_("Weekday"), width=16),
        Column(pgettext("time", "From"), width=10),
        Column(pgettext("time", "Until"), width=10),
        Column(_("Staff"), "number", 10),
        Column(_("Source"), width=50),
        Column(_("Recorded"), width=30),
        Column(pgettext("week", "Superseded"), "yes_no", 14),
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for week in weeks:
            row = week.row
            recorded = moment(row.recorded_at, service.agency.institution)
            for span in _span_cells(row):
                yield (row.valid_from, *span, row.source, recorded, row.superseded_at is not None)

    filters = ((_("Agency"), service.agency.name), (_("Public service"), service.name))
    return ExportTable(_("Weeks recorded"), service.agency.institution, on, filters, None, columns, rows)


def _span_cells(row: ServiceWeek) -> Iterable[tuple[Cell, ...]]:
    days = {choice.code: _(choice.label) for choice in WEEKDAYS}
    spans = in_order(_spans(row))
    if not spans:
        return [(_("No hours from that day on"), None, None, None)]
    return [(days[span.weekday], time_text(span.opens), time_text(span.closes), span.staff) for span in spans]


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
