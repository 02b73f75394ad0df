"""Decided within seconds in a row: approvals of one decider, each so soon after the one before that none was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from agencies.facts import gettext_noop
from eligibility.loading import settings_in_force
from eligibility.models import Approval
from oversight.indications.definitions import Flag, Ground
from oversight.models import TrailEntry
from oversight.stored_texts import stored_details

_ROW: Final = gettext_noop(
    "One of %(number)d approvals of the same decider, each within %(seconds)d seconds of the one before; the first of "
    "them on %(first)s."
)


class _Given(NamedTuple):
    by: int
    at: datetime
    arrangement: int
    agency: int


def decided_in_a_row(ground: Ground) -> Iterator[Flag]:
    """Approvals in rows that are long and fast by the institution's settings, those decided together left out."""
    settings = settings_in_force(ground.institution, ground.on, ground.known_at)
    seconds, fewest = settings.number("rapid_seconds"), settings.number("rapid_approvals")
    if not seconds or not fewest:
        return
    for row in _rows(ground, timedelta(seconds=seconds)):
        if len(row) < fewest:
            continue
        together = _together(ground, row)
        alone = [one for one in row if one.arrangement not in together]
        if len(alone) < fewest:
            continue
        words = (("number", len(alone)), ("seconds", seconds), ("first", alone[0].at))
        for one in alone:
            yield Flag(one.arrangement, one.agency, _ROW, words)


def _rows(ground: Ground, gap: timedelta) -> Iterator[list[_Given]]:
    """The approvals of each decider, cut where more time passed than the gap."""
    rows = Approval.objects.filter(arrangement__institution=ground.institution, by__isnull=False)
    columns = ("by_id", "at", "arrangement_id", "arrangement__agency_id")
    given = rows.order_by("by_id", "at", "pk").values_list(*columns).iterator(chunk_size=5000)
    for _by, mine in groupby((_Given(*one) for one in given), key=lambda one: one.by):
        row: list[_Given] = []
        for one in mine:
            if row and one.at - row[-1].at > gap:
                yield row
                row = []
            row.append(one)
        yield row


def _together(ground: Ground, row: list[_Given]) -> frozenset[int]:
    """Those that their acts call decided together: ticked in one list whose examinations stood on the page."""
    keys = [str(one.arrangement) for one in row]
    acts = TrailEntry.objects.filter(institution=ground.institution, action="arrangement_approved")
    acts = acts.filter(subject_type="eligibility.arrangement", subject_id__in=keys)
    told = acts.order_by("number").values_list("subject_id", "body")
    return frozenset(int(key) for key, body in told if _says_together(body))


def _says_together(body: str) -> bool:
    return bool(stored_details(body).get("together"))
