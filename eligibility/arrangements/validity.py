"""Whether a letter holds on a day: from what became of its arrangement, and decided again on reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from eligibility.arrangements.checks import Check
from eligibility.arrangements.examined import examined_again, no_longer_held
from eligibility.arrangements.letters import LetterContent, read_letter
from eligibility.loading import NoLawInForce
from eligibility.models import Approval, Arrangement, ArrangementState, ArrangementStep, Letter

_DAY = timedelta(days=1)
_STOPPING = (ArrangementStep.What.SUSPENDED, ArrangementStep.What.RESUMED, ArrangementStep.What.ENDED)


class Validity(StrEnum):
    """What may be said of a letter, and nothing more."""

    VALID = "valid"
    NOT_YET = "not_yet"
    NO_LONGER = "no_longer"


@dataclass(frozen=True, slots=True)
class LetterStanding:
    """How a letter stands; `since` is the day from which it holds (not yet), or no longer holds (None: it holds)."""

    validity: Validity
    since: date | None = None

    @property
    def holds(self) -> bool:
        """Whether somebody works by it on the day."""
        return self.validity is Validity.VALID


def standing_of(letter: Letter, on: date, known_at: datetime) -> LetterStanding:
    """How the letter stands on the day, as known at the moment; while nothing has ended it, it is decided again.

    Why it no longer holds is not told: that is for those who may open the arrangement.
    """
    content = read_letter(letter.content)
    since = min(_ends(letter, content, known_at), default=None)
    if since is not None and since <= max(on, content.starts_on):
        return LetterStanding(Validity.NO_LONGER, since)
    if on < content.starts_on:
        return LetterStanding(Validity.NOT_YET, content.starts_on)
    arrangement = letter.approval.arrangement
    if not still_holds(arrangement, on, known_at):
        first = max(content.starts_on, letter.approval.on)
        return LetterStanding(Validity.NO_LONGER, _no_longer_since(arrangement, first, on, known_at))
    return LetterStanding(Validity.VALID)


def _ends(letter: Letter, content: LetterContent, known_at: datetime) -> Iterator[date]:
    """Every first day on which it no longer holds: its period, what ended or suspended it, what took its place."""
    approval, arrangement = letter.approval, letter.approval.arrangement
    yield content.ends_on + timedelta(days=1)
    later = Approval.objects.filter(arrangement=arrangement, at__gte=approval.at, at__lte=known_at)
    yield from later.exclude(pk=approval.pk).values_list("on", flat=True)
    # The columns speak only in the states that read them; steps say it also of a moment in the past.
    by_state = {ArrangementState.SUSPENDED: arrangement.suspended_on, ArrangementState.ENDED: arrangement.ended_on}
    stopped = (_stopped(approval, known_at), by_state.get(ArrangementState(arrangement.state)))
    yield from (day for day in stopped if day is not None)


def _stopped(approval: Approval, known_at: datetime) -> date | None:
    """The first day on which it was suspended or ended; what was resumed by the same approval holds again."""
    steps = ArrangementStep.objects.filter(arrangement=approval.arrangement_id, what__in=_STOPPING)
    since: date | None = None
    done = steps.filter(at__gte=approval.at, at__lte=known_at).order_by("at", "pk")
    for what, on in done.values_list("what", "on"):
        since = None if what == ArrangementStep.What.RESUMED else min(since or on, on)
    return since


def _no_longer_since(arrangement: Arrangement, first: date, on: date, known_at: datetime) -> date:
    """The first of the days up to `on` from which, without a break, the arrangement did not hold.

    One examination answers for all days from the letter's first one, however many they are: they are cut where law,
    Penetapan, posting or a dated fact changes, so the day is the same whenever it is asked. A fact that has no day
    speaks of all of them. Where no law is known for the first day, only the day asked about can be told.
    """
    try:
        found = examined_again([arrangement], arrangement.institution, on=first, at=known_at)
    except NoLawInForce:
        return on
    failing = no_longer_held(found[arrangement.pk].examination)
    since = on
    while earlier := [check.starts_on for check in failing if check.starts_on < since <= check.ends_on + _DAY]:
        since = min(earlier)
    return since


def still_holds(arrangement: Arrangement, on: date, known_at: datetime) -> bool:
    """Whether the arrangement, decided again for the day, would not have to be suspended."""
    return not failing_on(arrangement, on, known_at)


def failing_on(arrangement: Arrangement, on: date, known_at: datetime) -> tuple[Check, ...]:
    """The checks for which the arrangement, decided again for a day of its period, would have to be suspended.

    What will fail on a later day does not count yet. Where no law is known nothing can be decided, and it holds.
    """
    try:
        found = examined_again([arrangement], arrangement.institution, on=on, at=known_at)
    except NoLawInForce:
        return ()
    failed = no_longer_held(found[arrangement.pk].examination)
    return tuple(check for check in failed if check.starts_on <= on <= check.ends_on)
