"""Postings on the line of time of a position: who came and went, as it is recorded now and as it was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.clock import zone
from agencies.history.holders import Sight, named_with_capacity
from agencies.history.timeline import Moment, late_words
from agencies.models import Institution, Posting


def posting_moments(institution: Institution, postings: Iterable[Posting], sight: Sight) -> list[Moment]:
    """Entries for the first and last day of each posting, corrected ones as they are held to be true now."""
    rows = list(postings)
    former = {(one.employee_id, one.superseded_at): one for one in rows if one.superseded_at}
    found: list[Moment] = []
    for one in rows:
        if one.superseded_at is None:
            found += _held(institution, one, former, sight)
        elif not any(row.employee_id == one.employee_id and row.recorded_at == one.superseded_at for row in rows):
            found.append(_withdrawn(institution, one, sight))
    return found


def _held(
    institution: Institution, one: Posting, former: Mapping[tuple[int, datetime], Posting], sight: Sight
) -> Iterator[Moment]:
    name, before = named_with_capacity(one, sight), former.get((one.employee_id, one.recorded_at))
    reason = one.get_reason_display()
    yield Moment(
        on=one.effective_from,
        recorded_at=one.recorded_at,
        title=_("%(name)s began to hold the position") % {"name": name},
        note=f"{reason} · {_('SK number')} {one.sk_number}" if one.sk_number else reason,
        late=_late(institution, one, before),
    )
    if one.effective_until is not None:
        yield Moment(
            on=one.effective_until,
            recorded_at=one.recorded_at,
            title=_("Last day of %(name)s in the position") % {"name": name},
        )


def _late(institution: Institution, one: Posting, before: Posting | None) -> str:
    recorded = _day(institution, one.recorded_at)
    if before is not None:
        return _("Recorded anew on %(recorded)s. Before, the portal held: %(days)s.") % {
            "recorded": date_format(recorded),
            "days": _days(before),
        }
    return late_words(one.effective_from, recorded, known=False) if recorded > one.effective_from else ""


def _withdrawn(institution: Institution, one: Posting, sight: Sight) -> Moment:
    assert one.superseded_at is not None
    words = {"days": _days(one), "day": date_format(_day(institution, one.superseded_at))}
    return Moment(
        on=one.effective_from,
        recorded_at=one.recorded_at,
        title=_("Posting of %(name)s, no longer held to be true") % {"name": sight.name(one)},
        late=_("The portal held %(days)s, until this was withdrawn on %(day)s.") % words,
    )


def _days(one: Posting) -> str:
    first = date_format(one.effective_from)
    if one.effective_until is None:
        return _("%(first)s until further notice") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": date_format(one.effective_until)}


def _day(institution: Institution, at: datetime) -> date:
    return at.astimezone(zone(institution)).date()
