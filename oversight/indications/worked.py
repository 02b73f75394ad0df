"""Past its end, or while it was suspended or ended, and still worked by, as the attendance record says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q

from agencies.clock import zone
from agencies.facts import gettext_noop
from eligibility.models import ArrangementStep, WorkedDay
from oversight.indications.definitions import Flag, Ground

_STILL: Final = gettext_noop("Days recorded as worked after it no longer held: %(days)d, the first on %(day)s.")
_What = ArrangementStep.What
_STOPPING: Final = (_What.SUSPENDED, _What.RESUMED, _What.ENDED)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A step that stops an arrangement or lets it go on, and the local day on which it was recorded."""

    what: str
    on: date
    recorded: date


def worked_past_end(ground: Ground) -> Iterator[Flag]:
    """Arrangements with days worked after the last day they held, as far as that was recorded by that day."""
    rows = _possible(ground)
    stops = _stops(ground, {key for key, _agency, _ends, _on in rows})
    late: dict[tuple[int, int], list[date]] = defaultdict(list)
    for key, agency, ends_on, on in rows:
        if on > ends_on or _stopped(stops.get(key, ()), on):
            late[key, agency].append(on)
    for (key, agency), days in late.items():
        yield Flag(key, agency, _STILL, (("days", len(days)), ("day", min(days))))


def _possible(ground: Ground) -> list[tuple[int, int, date, date]]:
    """Days worked after the last day, or of arrangements that were ever stopped."""
    stopped = ArrangementStep.objects.filter(arrangement=OuterRef("arrangement"), what__in=_STOPPING)
    rows = WorkedDay.objects.current().filter(arrangement__institution=ground.institution, on__lte=ground.on)
    rows = rows.filter(Q(on__gt=F("arrangement__ends_on")) | Q(Exists(stopped))).order_by("arrangement_id", "on")
    return list(rows.values_list("arrangement_id", "arrangement__agency_id", "arrangement__ends_on", "on"))


def _stops(ground: Ground, keys: set[int]) -> Mapping[int, Sequence[_Stop]]:
    found: dict[int, list[_Stop]] = defaultdict(list)
    steps = ArrangementStep.objects.filter(arrangement__institution=ground.institution, what__in=_STOPPING)
    for key, what, on, at in steps.order_by("at", "pk").values_list("arrangement_id", "what", "on", "at"):
        if key in keys:
            found[key].append(_Stop(what, on, _local(at, ground)))
    return found


def _local(at: datetime, ground: Ground) -> date:
    return at.astimezone(zone(ground.institution)).date()


def _stopped(steps: Sequence[_Stop], on: date) -> bool:
    """Whether it did not hold on the day; what was recorded only on that day or later was not known in the morning."""
    stopped = False
    for step in steps:
        if step.on <= on:
            stopped = step.what != _What.RESUMED and step.recorded < on
    return stopped
