"""The act on when a service is open through the week and how many people it needs on site then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.corrections import unseen_change
from agencies.coverage.needs import RecordedNeeds, seen_weeks
from agencies.coverage.week import NeedSpan, in_order, overlapping
from agencies.errors import ActRefused
from agencies.events import Receipt
from agencies.facts import WEEKDAYS
from agencies.models import Institution, PublicService, ServiceNeed, ServiceWeek, User


def set_service_needs(
    *,
    actor: User | None,
    service: PublicService,
    spans: Sequence[NeedSpan],
    source: str,
    valid_from: date,
    seen: str | None = None,
    at: datetime | None = None,
) -> Receipt | None:
    """Record the week of a service from a day on: the spans of each weekday and the people needed on site in each.

    A weekday without a span is closed. No span at all: from that day on no hours are recorded, and the one number
    kept for every day counts. The week of the same day is superseded; None where the week of that day is just so.
    `seen` names the weeks that the editor saw (`seen_weeks`). Raises ActRefused for spans that overlap.
    """
    moment, asked = at or timezone.now(), in_order(spans)
    with transaction.atomic():
        Institution.objects.held(service.agency.institution_id)
        row = PublicService.objects.select_for_update().get(pk=service.pk)
        _refuse_unseen(row, seen)
        _refuse_overlap(asked)
        before = _spans_on(row, valid_from, moment)
        if asked == before:
            return None
        _record(row, asked, valid_from, source, moment)
        return events.record(
            actor=actor,
            action="service_needs_set",
            subject=row,
            at=moment,
            valid_from=valid_from,
            before=[str(span) for span in before],
            after=[str(span) for span in asked],
        )


def _refuse_unseen(service: PublicService, seen: str | None) -> None:
    if seen is not None and seen != seen_weeks(service):
        raise ActRefused(unseen_change())


def _spans_on(service: PublicService, on: date, known_at: datetime) -> tuple[NeedSpan, ...]:
    week = RecordedNeeds.of([service.pk], known_at).week(service.pk, on)
    return week.spans if week else ()


def _refuse_overlap(spans: Sequence[NeedSpan]) -> None:
    found = overlapping(spans)
    if found:
        one, other = found
        day = next(_(choice.label) for choice in WEEKDAYS if choice.code == one.weekday)
        message = _("%(day)s: %(one)s and %(other)s overlap. Let one end before the other begins.")
        raise ActRefused(message % {"day": day, "one": one.hours, "other": other.hours})


def _record(service: PublicService, spans: Sequence[NeedSpan], valid_from: date, source: str, moment: datetime) -> None:
    ServiceWeek.objects.current().filter(service=service, valid_from=valid_from).update(superseded_at=moment)
    week = checked(ServiceWeek(service=service, valid_from=valid_from, source=source, recorded_at=moment))
    week.save()
    rows = [
        checked(ServiceNeed(week=week, weekday=one.weekday, opens=one.opens, closes=one.closes, staff=one.staff))
        for one in spans
    ]
    ServiceNeed.objects.bulk_create(rows)
