"""What a letter may rest on, on the day it is signed: what is cited, and why none may be given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.prepared import prepared
from eligibility.arrangements.letter_grounds import ground_of
from eligibility.arrangements.refusal_words import check_words
from eligibility.arrangements.validity import failing_on
from eligibility.determinations.holding import held_by
from eligibility.footing import Footing
from eligibility.models import Approval, Determination, Instrument, Verification
from eligibility.periods import Span, known_spans


def hindrance(approval: Approval, signed_on: date, known_at: datetime) -> str:
    """Why no letter of the day may be given, with the way out; empty: nothing stands against it.

    A letter signed before the period begins is held to the first day, from which somebody works by it.
    """
    if told := period_over(approval, signed_on):
        return told
    arrangement = approval.arrangement
    day = max(signed_on, arrangement.starts_on)
    if told := _implementing_ended(approval, day, known_at):
        return told
    failing = failing_on(arrangement, day, known_at)
    if not failing:
        return ""
    return _(
        "What the approval rests on does not hold on %(day)s, so no letter is given: %(reasons)s Once this is mended "
        "the letter may be issued; otherwise suspend or end the arrangement."
    ) % {"day": date_format(day), "reasons": " ".join(check_words(failing, arrangement.institution))}


def period_over(approval: Approval, signed_on: date) -> str:
    """Why no letter of a day after the period may be given; empty: it is not over."""
    last = approval.arrangement.ends_on
    if signed_on <= last:
        return ""
    return _(
        "The period ended on %(last)s, so no letter of %(day)s is given for it. For further days a new request "
        "is made; a letter that was signed in time bears the date of its signing."
    ) % {"last": date_format(last), "day": date_format(signed_on)}


def _implementing_ended(approval: Approval, day: date, known_at: datetime) -> str:
    """That the implementing instrument has ended by the day, and none of a later part of the period is in force."""
    norm = approval.arrangement.norm
    if norm is None or not (last := _ended(norm, day, known_at)):
        return ""
    later = (one for one in ground_of(approval).instruments if one.implementing)
    if any(_holds(one, day, known_at) for one in later):
        return ""
    return _(
        "The approval rests on %(title)s, which was in force only until %(last)s, so no letter can name it as its "
        "basis on %(day)s. Have the request amended and decided by what is in force, or end the arrangement."
    ) % {"title": _numbered(norm), "last": date_format(last), "day": date_format(day)}


def _numbered(norm: Instrument) -> str:
    words = {"title": norm.title, "number": norm.number}
    return _("%(title)s, number %(number)s") % words if norm.number else norm.title


def _spans(instrument: Instrument, known_at: datetime) -> list[Span]:
    return known_spans(instrument.periods.all(), known_at)


def _holds(instrument: Instrument, day: date, known_at: datetime) -> bool:
    return any(span.holds(day) for span in _spans(instrument, known_at))


def _ended(instrument: Instrument, day: date, known_at: datetime) -> date | None:
    """The last day on which it was in force before the day; None: it is in force on the day, or never was."""
    spans = _spans(instrument, known_at)
    if any(span.holds(day) for span in spans):
        return None
    return max((span.last for span in spans if span.last and span.last < day), default=None)


def cited_instruments(
    instruments: Iterable[Instrument], signed_on: date, known_at: datetime
) -> Iterator[tuple[Instrument, date | None]]:
    """Those in force on the day of signing, or from a later day on that is told; what has ended is no basis any more.

    One of which no day is recorded is cited as it is.
    """
    found = list(instruments)
    prefetch_related_objects(found, "periods")
    for instrument in found:
        spans = _spans(instrument, known_at)
        since = min((span.first for span in spans if span.first > signed_on), default=None)
        if not instrument.periods.all() or any(span.holds(signed_on) for span in spans):
            yield instrument, None
        elif since:
            yield instrument, since


def cited_determinations(
    approval: Approval, signed_on: date, known_at: datetime
) -> Sequence[tuple[Determination, date | None]]:
    """The Penetapan of each part of the period that is in force on the day of signing, or begins later.

    Where all of them have ended, the one that holds for the position on the day has taken their place.
    """
    institution = approval.arrangement.institution
    spans = approval.spans.exclude(determination=None).select_related("determination").order_by("number")
    decided = {one.determination_id: one.determination for one in spans if one.determination is not None}
    holding = set(_in_force([one.pk for one in decided.values()], institution.pk, signed_on, known_at))
    cited = [
        (one, None if one.pk in holding else one.effective_from)
        for one in decided.values()
        if one.pk in holding or one.effective_from > signed_on
    ]
    if decided and not cited:
        return [(one.determination, None) for one in _held_now(approval, signed_on, known_at)]
    return cited


@prepared
def _in_force(keys: Collection[int], institution: int, on: date, known_at: datetime) -> QuerySet[Any, int]:
    found = Determination.objects.filter(pk__in=keys).in_force(institution, on, known_at)
    return found.order_by().values_list("pk", flat=True)


def _held_now(approval: Approval, on: date, known_at: datetime) -> Iterable[Verification]:
    arrangement = approval.arrangement
    return held_by(Footing(arrangement.institution, on, known_at), [arrangement.position_id]).values()
