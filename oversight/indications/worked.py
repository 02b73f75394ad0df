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
from oversight.models import TrailEntry
from oversight.stored_texts import UNREADABLE, stored_details

_STILL: Final = gettext_noop("Days recorded as worked after it no longer held: %(days)d, the first on %(day)s.")
_STILL_AND_BACK: Final = gettext_noop(
    "Days recorded as worked after it no longer held: %(days)d, the first on %(day)s; %(back)d more were taken back by "
    "the employee herself."
)
_BACK: Final = gettext_noop(
    "Days recorded as worked after it no longer held were taken back by the employee herself: %(back)d, the first on "
    "%(day)s."
)
_UNREADABLE: Final = gettext_noop(
    "Days recorded as worked after it no longer held were taken back; the entry by which the employee herself took a "
    "day back cannot be read: it was changed behind the portal, which its digest tells."
)
_What = ArrangementStep.What
_TAKEN_BACK: Final = "worked_day_withdrawn"
"""The act by its name in the trail."""
_STOPPING: Final = (_What.SUSPENDED, _What.RESUMED, _What.ENDED)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A step that stops an arrangement or lets it go on, and the local day on which it was recorded."""

    what: str
    on: date
    recorded: date


@dataclass(frozen=True, slots=True)
class _Worked:
    """A day recorded as worked; `taken_back`: the record does not stand any more."""

    arrangement: int
    agency: int
    employee: int
    ends_on: date
    on: date
    taken_back: bool


def worked_past_end(ground: Ground) -> Iterator[Flag]:
    """Arrangements with days worked after the last day they held, as far as that was recorded by that day.

    A day that was taken back does not count, unless she whose day it was took it back herself.
    """
    rows = _possible(ground)
    stops = _stops(ground, {row.arrangement for row in rows})
    by_herself = _taken_back_by_herself(ground, {row.arrangement: row.employee for row in rows if row.taken_back})
    late: dict[tuple[int, int], tuple[set[date], set[date]]] = defaultdict(lambda: (set(), set()))
    unknown: dict[int, int] = {}
    for row in rows:
        if row.on <= row.ends_on and not _stopped(stops.get(row.arrangement, ()), row.on):
            continue
        if not row.taken_back or (row.arrangement, row.on) in by_herself:
            late[row.arrangement, row.agency][row.taken_back].add(row.on)
        elif (row.arrangement, None) in by_herself:
            unknown[row.arrangement] = row.agency
    for (key, agency), (days, back) in late.items():
        yield _flag(key, agency, days, back - days)
        unknown.pop(key, None)
    yield from (Flag(key, agency, _UNREADABLE) for key, agency in unknown.items())


def _flag(key: int, agency: int, days: set[date], back: set[date]) -> Flag:
    if not back:
        return Flag(key, agency, _STILL, (("days", len(days)), ("day", min(days))))
    if not days:
        return Flag(key, agency, _BACK, (("back", len(back)), ("day", min(back))))
    return Flag(key, agency, _STILL_AND_BACK, (("days", len(days)), ("day", min(days)), ("back", len(back))))


def _possible(ground: Ground) -> list[_Worked]:
    """Days worked after the last day, or of arrangements that were ever stopped, those taken back among them."""
    stopped = ArrangementStep.objects.filter(arrangement=OuterRef("arrangement"), what__in=_STOPPING)
    rows = WorkedDay.objects.filter(arrangement__institution=ground.institution, on__lte=ground.on)
    rows = rows.filter(Q(on__gt=F("arrangement__ends_on")) | Q(Exists(stopped))).order_by("arrangement_id", "on", "pk")
    of = ("agency_id", "employee_id", "ends_on")
    found = rows.values_list("arrangement_id", *(f"arrangement__{name}" for name in of), "on", "superseded_at")
    return [
        _Worked(key, agency, employee, ends_on, on, taken_back=superseded is not None)
        for key, agency, employee, ends_on, on, superseded in found
    ]


def _taken_back_by_herself(ground: Ground, employees: Mapping[int, int]) -> set[tuple[int, date | None]]:
    """Arrangement and day of each that the employee's own account took back, by the trail; None: it is unreadable."""
    if not employees:
        return set()
    entries = TrailEntry.objects.filter(institution=ground.institution, action=_TAKEN_BACK)
    found: set[tuple[int, date | None]] = set()
    for subject, body, by in entries.order_by().values_list("subject_id", "body", "actor__employee"):
        key = int(subject) if subject.isdecimal() else 0
        if by is not None and employees.get(key) == by:
            found.add((key, _day(body)))
    return found


def _day(body: str) -> date | None:
    """The day that an entry names; None where it cannot be read."""
    try:
        return date.fromisoformat(stored_details(body)["day"])
    except UNREADABLE:
        return None


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
