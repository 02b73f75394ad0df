"""By which provisions a finding is measured: those of the law of its days, and those in force today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from eligibility.models import Approval, Arrangement, Determination, Instrument, Provision
from eligibility.periods import Span, known_spans, spans


def days_measured(on: date, arrangement: Arrangement | None, determination: Determination | None) -> tuple[Span, ...]:
    """Today, the days of the case with those of its approvals, and the day on which the Penetapan was signed."""
    found = [Span(on, on)]
    if arrangement is not None:
        approved = Approval.objects.filter(arrangement=arrangement).order_by("on").values_list("on", flat=True)
        found += [Span(arrangement.starts_on, arrangement.ends_on), *(Span(day, day) for day in approved)]
    if determination is not None:
        found.append(Span(determination.signed_on, determination.signed_on))
    return tuple(found)


def provisions_of(days: Iterable[Span], known_at: datetime, chosen: Provision | None = None) -> QuerySet[Provision]:
    """The provisions of the law in force on any of the days, by instrument, and the one that is chosen already."""
    wanted = tuple(days)
    instruments = Instrument.objects.valid().filter(known_from__lte=known_at).prefetch_related("periods")
    keys = [one.pk for one in instruments if _meets(known_spans(one.periods.all(), known_at), wanted)]
    rows = Provision.objects.filter(Q(instrument__in=keys) | Q(pk=chosen.pk if chosen else None))
    related = rows.select_related("instrument").prefetch_related("instrument__periods")
    return related.order_by("instrument__layer", "instrument__code", "pk")


def _meets(held: Iterable[Span], wanted: Iterable[Span]) -> bool:
    days = tuple(wanted)
    return any(one.meets(other) for one in held for other in days)


def in_force_words(provision: Provision) -> str:
    """On which days its instrument is in force."""
    told = [_span_words(one) for one in spans(provision.instrument.periods.all())]
    return "; ".join(told) or _("never in force")


def _span_words(span: Span) -> str:
    first = date_format(span.first)
    if span.last is None:
        return _("in force since %(first)s") % {"first": first}
    return _("in force %(first)s – %(last)s") % {"first": first, "last": date_format(span.last)}
