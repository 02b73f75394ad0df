"""The weeks of public services as recorded now, in the rows that the import reads: importing them is idle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from agencies.coverage.week import NeedSpan, time_text
from agencies.importing.differences import as_cell
from agencies.importing.need_plans import weeks_on
from agencies.models import Institution, PublicService
from agencies.querysets import open_on

Row = dict[str, str]


def recorded(institution: Institution, on: date) -> Iterator[Row]:
    """A row for each span of a service; one with its codes alone for a service of which no hours are recorded."""
    agency = Q(agency__closed_on__isnull=True) | Q(agency__closed_on__gt=on)
    rows = PublicService.objects.filter(open_on(on), agency, agency__institution=institution)
    services = list(rows.select_related("agency").order_by("agency__code", "code"))
    weeks = weeks_on([one.pk for one in services], on)
    for service in services:
        row = {"agency_code": service.agency.code, "service_code": service.code}
        spans = weeks[service.pk].spans if service.pk in weeks else ()
        yield from (row | _cells(span) for span in spans)
        if not spans:
            yield row


def _cells(span: NeedSpan) -> Row:
    times = {"opens": time_text(span.opens), "closes": time_text(span.closes)}
    return {"weekday": span.weekday, **times, "staff": as_cell(span.staff)}
