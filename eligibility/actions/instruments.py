"""Acts on instruments in force: an institution's own recorded; any extended or ended; never changed, never removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.digests import leaves
from agencies.errors import ActRefused, ValuesRefused
from agencies.facts import AGENCY_KINDS
from agencies.models import Agency, Document, Institution, Unit, User
from eligibility.models import Instrument, InstrumentPeriod, InstrumentScope, Provision
from eligibility.models.instruments import Layer, Mark
from eligibility.periods import Span, ends_from, spans


@dataclass(frozen=True)
class Reach:
    """Whom an instrument reaches: nothing given is the whole institution; `with_subtree` speaks of the agencies."""

    kinds: tuple[str, ...] = ()
    agencies: tuple[Agency, ...] = ()
    with_subtree: bool = False
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class InstrumentValues:
    """What is recorded of an implementing instrument, as it stands in its text."""

    title: str
    number: str
    issued_on: date
    issuer: str
    subject: str
    periods: tuple[Span, ...]
    reach: Reach
    document: Document | None = None


def record_instrument(
    *, actor: User | None, institution: Institution, values: InstrumentValues, at: datetime | None = None
) -> events.Receipt | None:
    """Record an implementing instrument: it opens the gate of approval for its scope, on its days, from now on.

    It holds no rules. Nothing is written, and None returned, when this very instrument is recorded already.
    Raises ValuesRefused for periods that overlap or end before they start, a number that is taken, a
    date of issue still to come, and a scope or document of another institution.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        # Held until the end, so that a number is never given twice.
        owner = Institution.objects.held(institution.pk)
        same = _standing_of_number(owner, values)
        if same is not None and _is_recorded(same, values):
            return None
        faults = _faults(owner, values, moment, taken=same)
        if faults:
            raise ValuesRefused(faults)
        row = _written(owner, values, moment)
        return _recorded(
            actor,
            "instrument_recorded",
            row,
            moment,
            code=row.code,
            number=row.number,
            issued_on=row.issued_on,
            periods=[[span.first, span.last] for span in values.periods],
            document=row.document.sha256 if row.document else None,
        )


def extend_instrument(
    *,
    actor: User | None,
    instrument: Instrument,
    period: Span,
    basis: str,
    known_from: datetime | None = None,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Add a further period to an instrument; None when it has this very period already.

    `known_from`: when the world could know of it, the moment of recording where it is not given; what was
    known before stays as it was. Raises ActRefused, at its field, for a period that ends before it starts
    or overlaps another and for a moment still to come, and for an instrument that was recorded in error.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _held(instrument)
        in_force = spans(row.periods.all())
        if period in in_force:
            return None
        if not in_force:
            raise ActRefused(_("This was recorded in error and was never in force; record the right one anew."))
        if period.last and period.last < period.first:
            raise ActRefused(_ends_before_it_starts(), "last_day")
        meeting = [span for span in in_force if span.meets(period)]
        if meeting:
            raise ActRefused(
                _("It is in force %(days)s already; choose other days.") % {"days": _days(meeting[0])}, "first_day"
            )
        _refuse_unfit_moment(row, known_from, moment)
        checked(_period(row, period.first, period.last, basis.strip(), known_from or moment)).save()
        return _recorded(actor, "instrument_extended", row, moment, first=period.first, last=period.last)


def end_instrument(
    *,
    actor: User | None,
    instrument: Instrument,
    ends_from_day: date,
    basis: str,
    known_from: datetime | None = None,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Record that an instrument is no longer in force from a day on, later periods included.

    None when nothing of it is in force from then on anyway. `known_from` as for an extension.
    """
    return _ended(actor, instrument, ends_from_day, basis, at, "instrument_ended", known_from)


def annul_instrument(
    *, actor: User | None, instrument: Instrument, reason: str, at: datetime | None = None
) -> events.Receipt | None:
    """Record that an instrument was recorded in error: from now on it counts as never in force.

    What was judged before stays as it was known then. None when it is annulled already. Raises ActRefused for
    one that rules come from: those are repealed, or it ends.
    """
    if instrument.published_at is None or instrument.drafted_by_id is not None:
        raise ActRefused(_("This is law that rules come from; end it, or repeal its rules."))
    return _ended(actor, instrument, date.min, reason, at, "instrument_annulled")


def _ended(
    actor: User | None,
    instrument: Instrument,
    day: date,
    basis: str,
    at: datetime | None,
    action: str,
    known_from: datetime | None = None,
) -> events.Receipt | None:
    moment = at or timezone.now()
    with transaction.atomic():
        row = _held(instrument)
        stops = ends_from(spans(row.periods.all()), day)
        if not stops:
            return None
        _refuse_unfit_moment(row, known_from, moment)
        for stop in stops:
            checked(_period(row, stop, None, basis.strip(), known_from or moment, kind="ends")).save()
        return _recorded(actor, action, row, moment, ends_from=stops)


def _held(instrument: Instrument) -> Instrument:
    """The instrument, locked with its institution; a draft changes in its own form."""
    Institution.objects.held(instrument.owner_id)
    row = Instrument.objects.select_for_update(no_key=True, of=("self",)).get(pk=instrument.pk)
    if row.is_draft:
        raise ActRefused(_("This instrument is a draft; change its periods in its form."))
    return row


def _refuse_unfit_moment(row: Instrument, known_from: datetime | None, at: datetime) -> None:
    """A moment still to come, and one before what is recorded already: it would leave that as it is."""
    if known_from is None:
        return
    if known_from > at:
        raise ActRefused(_("This day is still to come; record it once it is known."), "known_from")
    if row.periods.filter(known_from__gt=known_from).exists():
        raise ActRefused(
            _("What it changes was known later than this day; write the day of the amendment."), "known_from"
        )


def _recorded(actor: User | None, action: str, row: Instrument, at: datetime, **details: Any) -> events.Receipt:
    """The trail entry; basis and reason stay with their period, because they may name people."""
    parts = chain(leaves(row.periods.all()), leaves(row.provisions.all()))
    return events.record(actor=actor, action=action, subject=row, institution=row.owner, at=at, leaves=parts, **details)


def _written(owner: Institution, values: InstrumentValues, at: datetime) -> Instrument:
    """The row with all its parts; published at the end, so that the database keeps it from then on."""
    row = checked(
        Instrument(
            code=_code(owner, values.number),
            owner=owner,
            title=values.title.strip(),
            subject=values.subject.strip(),
            issuer=values.issuer.strip(),
            layer=Layer.LOCAL,
            implementing=True,
            number=_plain(values.number),
            issued_on=values.issued_on,
            document=values.document,
            known_from=at,
        )
    )
    row.save()
    for line in _lines(owner, values.reach):
        checked(InstrumentScope(instrument=row, institution_code=owner.code, **line)).save()
    for span in values.periods:
        checked(_period(row, span.first, span.last, row.title, at)).save()
    checked(Provision(instrument=row, summary=row.subject, mark=Mark.ONE)).save()
    row.published_at = at
    row.save(update_fields=["published_at"])
    return row


def _period(
    row: Instrument, first: date, last: date | None, basis: str, at: datetime, kind: str = "in_force"
) -> InstrumentPeriod:
    return InstrumentPeriod(instrument=row, kind=kind, starts_on=first, ends_on=last, basis=basis, known_from=at)


def _lines(owner: Institution, reach: Reach) -> list[dict[str, object]]:
    """The lines of the scope; one without any narrowing for the whole institution."""
    found: list[dict[str, object]] = [{"agency_kind": kind} for kind in reach.kinds]
    found += [{"agency_code": agency.code, "with_subtree": reach.with_subtree} for agency in reach.agencies]
    found += [{"agency_code": unit.agency.code, "unit_code": unit.code} for unit in reach.units]
    return found or [{}]


def _plain(number: str) -> str:
    return " ".join(number.split())


def _code(owner: Institution, number: str) -> str:
    """A code nobody chose: the institution's and the number's; a further one counts on."""
    stem = f"{owner.code}-{slugify(number.replace('/', '-').replace('.', '-'))}"[:70].strip("-")
    taken = set(Instrument.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in chain([stem], (f"{stem}-{n}" for n in range(2, 10_000))) if code not in taken)


def _standing_of_number(owner: Institution, values: InstrumentValues) -> Instrument | None:
    """The instrument of that number and year; one that was recorded in error leaves its number free."""
    rows = Instrument.objects.filter(
        owner=owner, number__iexact=_plain(values.number), issued_on__year=values.issued_on.year
    )
    return next((row for row in rows.prefetch_related("periods") if spans(row.periods.all())), None)


def _is_recorded(row: Instrument, values: InstrumentValues) -> bool:
    """Whether just this was recorded before: sent twice, it is one instrument."""
    lines = {(scope.agency_kind, scope.agency_code, scope.with_subtree, scope.unit_code) for scope in row.scopes.all()}
    wanted = {
        (
            line.get("agency_kind", ""),
            line.get("agency_code", ""),
            line.get("with_subtree", False),
            line.get("unit_code", ""),
        )
        for line in _lines(row.owner, values.reach)
    }
    names = ("title", "issuer", "subject", "issued_on", "document")
    alike = all(getattr(row, name) == getattr(values, name) for name in names)
    return alike and lines == wanted and spans(row.periods.all()) == sorted(values.periods, key=lambda one: one.first)


_KINDS: Final = frozenset(choice.code for choice in AGENCY_KINDS)


def _faults(
    owner: Institution, values: InstrumentValues, at: datetime, taken: Instrument | None
) -> dict[str, list[str]]:
    """Every fault by the field of the form it belongs to."""
    faults = _faults_of_periods(values.periods)
    if taken is not None:
        sentence = _("This number is recorded already: %(title)s. Extend or end that one, or correct the number.")
        faults["number"] = [sentence % {"title": taken.title}]
    if values.issued_on > at.astimezone(ZoneInfo(owner.time_zone)).date():
        faults["issued_on"] = [_("This day is still to come; an instrument is recorded once it is issued.")]
    if values.document is not None and values.document.institution_id != owner.pk:
        faults["document"] = [_("This document is not of this institution; choose one of the list.")]
    reach = values.reach
    if not set(reach.kinds) <= _KINDS:
        faults["kinds"] = [_("This kind of agency is not known; choose one of the list.")]
    if any(agency.institution_id != owner.pk for agency in reach.agencies):
        faults["agencies"] = [_("This agency is not of this institution; choose one of the list.")]
    if any(unit.agency.institution_id != owner.pk for unit in reach.units):
        faults["units"] = [_("This unit is not of this institution; choose one of the list.")]
    return faults


def _faults_of_periods(periods: Sequence[Span]) -> dict[str, list[str]]:
    """Faults at `first_day_1`, `last_day_1` and so on, by the place of the period."""
    faults: dict[str, list[str]] = {}
    if not periods:
        faults["first_day_1"] = [_("Say from which day it is in force.")]
    for place, span in enumerate(periods, 1):
        if span.last and span.last < span.first:
            faults[f"last_day_{place}"] = [_ends_before_it_starts()]
        elif earlier := next((one for one in periods[: place - 1] if one.meets(span)), None):
            sentence = _("This overlaps the period %(days)s; change one of them.")
            faults[f"first_day_{place}"] = [sentence % {"days": _days(earlier)}]
    return faults


def _ends_before_it_starts() -> str:
    return _("A period ends on or after the day it starts.")


def _days(span: Span) -> str:
    """A period as words inside a sentence."""
    if span.last is None:
        return _("from %(first)s on") % {"first": date_format(span.first)}
    return _("from %(first)s to %(last)s") % {"first": date_format(span.first), "last": date_format(span.last)}
