"""Looks again at granted arrangements, and suspends those that no longer hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import override

from agencies.models import Institution
from eligibility.actions.endings import suspend_arrangement
from eligibility.arrangements.checks import Check, CheckKind
from eligibility.arrangements.examined import examined_again, no_longer_held
from eligibility.arrangements.refusal_words import check_words
from eligibility.arrangements.suspending import SuspensionGround
from eligibility.arrangements.transitions import locked
from eligibility.models import Arrangement, ArrangementState

AT_ONCE: Final = 500
"""Arrangements gathered together, which bounds the memory."""

_GROUNDS: Final = {
    CheckKind.DETERMINATION: SuspensionGround.DETERMINATION,
    CheckKind.SUITABILITY: SuspensionGround.SUITABILITY,
    CheckKind.GATE: SuspensionGround.GATE,
    CheckKind.LIMIT: SuspensionGround.LIMIT,
    CheckKind.TIME: SuspensionGround.LIMIT,
    CheckKind.SHARE: SuspensionGround.SHARE,
    CheckKind.SERVICE: SuspensionGround.SERVICE,
    CheckKind.PLACE: SuspensionGround.PLACE,
    CheckKind.HOUSE: SuspensionGround.POSTING,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were examined, and how many of them suspended."""

    examined: int = 0
    suspended: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.examined + other.examined, self.suspended + other.suspended)


def living(institution: Institution, on: date) -> QuerySet[Arrangement]:
    """Those that hold on the day or a later one; in the order of their approval.

    One suspended from a later day holds until then, and may have to be suspended sooner.
    """
    holding = Q(state=ArrangementState.APPROVED) | Q(state=ArrangementState.SUSPENDED, suspended_on__gt=on)
    rows = Arrangement.objects.filter(holding, institution=institution, ends_on__gte=on, approved_at__isnull=False)
    return rows.select_related("institution", "employee", "position").order_by("approved_at", "pk")


def reexamine(rows: Sequence[Arrangement], institution: Institution, *, on: date, at: datetime, cause: str) -> Tally:
    """Examine the living arrangements given, and suspend each that no longer holds, in the order of their approval.

    What fails for several together is looked at again before each suspension: an earlier one may have made room.
    Each suspension is a transaction and an act of its own. Raises NoLawInForce.
    """
    failing = [row for row, checks in _failing(rows, institution, on, at) if checks]
    suspended = sum(_suspended_if_failing(row, on, at, cause) for row in failing)
    return Tally(len(rows), suspended)


def _failing(
    rows: Sequence[Arrangement], institution: Institution, on: date, at: datetime
) -> Iterator[tuple[Arrangement, tuple[Check, ...]]]:
    # A stale Penetapan ends nothing, so it is not asked for: that would be the dearest question of all.
    found = examined_again(rows, institution, on=on, at=at, compares=False)
    for row in rows:
        if row.pk in found:
            yield row, _before_its_end(row, no_longer_held(found[row.pk].examination))


def _before_its_end(row: Arrangement, checks: Iterable[Check]) -> tuple[Check, ...]:
    """Those that fail while the row still holds: from its suspension on it does not."""
    return tuple(check for check in checks if row.suspended_on is None or check.starts_on < row.suspended_on)


@transaction.atomic
def _suspended_if_failing(arrangement: Arrangement, on: date, at: datetime, cause: str) -> bool:
    """Suspend the arrangement if it still fails once nothing around it can change; from the first day that fails."""
    row = locked(arrangement)
    if not living(row.institution, on).filter(pk=row.pk).exists():
        return False
    checks = next((checks for _row, checks in _failing([row], row.institution, on, at)), ())
    if not checks:
        return False
    first = min(checks, key=lambda check: check.starts_on)
    day = max(on, first.starts_on)
    # Kept with the step and read by others: in the official language, whoever has caused it.
    with override(settings.LANGUAGE_CODE):
        text = " ".join(check_words([check for check in checks if max(on, check.starts_on) == day], row.institution))
    suspend_arrangement(
        actor=None, arrangement=row, on=day, ground=_GROUNDS[first.kind].value, text=text[:2000], cause=cause, at=at
    )
    return True
