"""Looks at an institution by an indication, keeps what was found, and counts it for a reader.

What was found is kept until the next act moves the chain, at most ten minutes: rows may change behind the portal
too. Where many arrangements stand, an overview does not wait: it shows the last look and says when it was, or that
nobody has looked yet. Candidates that are examined one by one are taken the newest first, so many at a time; what
was found of them is kept for days, because it rests on what was known at the approval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max

from agencies.access import Standing
from agencies.models import Institution, User
from eligibility.models import Arrangement
from oversight import access
from oversight.indications.definitions import Flag, Ground, Indication
from oversight.indications.examining import Examining
from oversight.indications.kept_looks import (
    Examined,
    Look,
    RestsOn,
    keep_examined,
    keep_look,
    kept_examined,
    kept_look,
)
from oversight.indications.register import INDICATIONS
from oversight.models import TrailHead

KEPT: Final = timedelta(minutes=10)
"""After so long an institution is looked at again in any case."""

QUICK: Final = 5_000
"""Arrangements up to which an overview looks anew; beyond, it shows the last look."""

AT_ONCE: Final = 200
"""Candidates examined while somebody waits for the page, about a tenth of a second each."""

TRUSTED: Final = timedelta(days=7)
"""After so long a page has a candidate examined again."""

TRUSTED_BY_WORKER: Final = timedelta(hours=12)
"""After so long the worker examines all again, so that once a day nothing on a page is older than that."""


@dataclass(frozen=True)
class Readable:
    """What of a look somebody reads: the keys of the agencies that she audits, and of cases there kept from her."""

    agencies: frozenset[int]
    kept_back: frozenset[int]

    @classmethod
    def by(cls, standing: Standing, user: User) -> Readable:
        """By the user."""
        agencies = access.audited(standing, user).values_list("pk", flat=True)
        kept_back = access.kept_back(standing, user).order_by().values_list("pk", flat=True)
        return cls(frozenset(agencies), frozenset(kept_back))

    def of(self, look: Look) -> tuple[Flag, ...]:
        """The rows that she reads, those that are gone and belong to no agency that could be said among them."""
        return tuple(flag for flag in self._of_agencies(look) if flag.arrangement not in self.kept_back)

    def left_out(self, look: Look) -> int:
        """How many rows of agencies that she audits are kept from her."""
        return sum(1 for flag in self._of_agencies(look) if flag.arrangement in self.kept_back)

    def _of_agencies(self, look: Look) -> tuple[Flag, ...]:
        return tuple(flag for flag in look.flags if flag.agency is None or flag.agency in self.agencies)


@dataclass(frozen=True)
class Count:
    """How many rows an indication points at; `at` is when it was looked (None: not yet, and then no number).

    `waiting` is how many candidates were not examined then.
    """

    indication: Indication
    number: int | None
    at: datetime | None
    waiting: int = 0


def look(indication: Indication, institution: Institution, on: date, known_at: datetime) -> Look:
    """Look now, or take what was found since the last act."""
    found = kept_look(indication, institution)
    if found is None or found.rests_on != _rests_on(institution, on) or not _is_fresh(found, known_at):
        found = look_anew(indication, institution, on, known_at, at_most=AT_ONCE)
    return found


def look_anew(
    indication: Indication,
    institution: Institution,
    on: date,
    known_at: datetime,
    *,
    at_most: int | None,
    trusted: timedelta = TRUSTED,
    tell: Callable[[], object] | None = None,
) -> Look:
    """Look now. Of candidates not examined within the time trusted, at most so many are examined (None: all)."""
    rests_on = _rests_on(institution, on)
    before = kept_examined(indication, institution, known_at - trusted) or Examined(known_at, {})
    examining = Examining(dict(before.found), at_most, tell=tell)
    flags = tuple(indication.looks(Ground(institution, on, known_at, examining)))
    meanwhile = kept_examined(indication, institution, known_at - trusted)
    if meanwhile is not None and meanwhile != before:
        # The worker, or another page, examined candidates at the same time: nothing of that is thrown away.
        before, examining = meanwhile, Examining({**meanwhile.found, **examining.now}, 0)
        flags = tuple(indication.looks(Ground(institution, on, known_at, examining)))
    found = Look(known_at, flags, rests_on, examining.candidates, examining.waiting)
    if examining.candidates:
        keep_examined(indication, institution, Examined(before.since, examining.found))
    keep_look(indication, institution, found)
    return found


def look_through(
    indication: Indication,
    institution: Institution,
    on: date,
    known_at: datetime,
    tell: Callable[[], object] | None = None,
) -> Look:
    """Look now and examine every candidate: work for the background. `tell` is called after each."""
    return look_anew(indication, institution, on, known_at, at_most=None, trusted=TRUSTED_BY_WORKER, tell=tell)


def counts(institution: Institution, readable: Readable, on: date, known_at: datetime) -> tuple[Count, ...]:
    """Each indication with its number of rows that somebody reads, in their order.

    In an institution with many arrangements nothing is looked at anew: the last look is counted.
    """
    large = Arrangement.objects.filter(institution=institution).order_by()[: QUICK + 1].count() > QUICK
    found = (kept_look(one, institution) if large else look(one, institution, on, known_at) for one in INDICATIONS)
    return tuple(_count(one, readable, seen) for one, seen in zip(INDICATIONS, found, strict=True))


def _count(indication: Indication, readable: Readable, found: Look | None) -> Count:
    if found is None:
        return Count(indication, None, None)
    return Count(indication, len(readable.of(found)), found.at, found.waiting)


def _rests_on(institution: Institution, on: date) -> RestsOn:
    head = TrailHead.objects.filter(pk=institution.pk).values_list("digest", flat=True).first()
    newest = Arrangement.objects.filter(institution=institution).aggregate(newest=Max("pk"))["newest"]
    return RestsOn(on, newest, head)


def _is_fresh(found: Look, known_at: datetime) -> bool:
    return timedelta(0) <= known_at - found.at <= KEPT
