"""The parts of a time in which law, structure and Penetapan of an institution are constant, each read once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet

from agencies.models import Institution, Position
from agencies.prepared import prepared
from eligibility.arrangements.days_of_change import institution_days
from eligibility.arrangements.matters import AGENCY, INSTITUTION, SERVICE, UNIT
from eligibility.arrangements.person_facts import MONTHS
from eligibility.arrangements.spans import Days, cut
from eligibility.determinations.stale import stale_in_force
from eligibility.footing import Footing
from eligibility.loading import settings_in_force
from eligibility.local_settings import SettingsInForce
from eligibility.models import DeterminedPosition
from eligibility.rulebook import Bounds, Limit, Mode, Quantity, Rule, Rulebook, Verdict

_COUNTED: Final = frozenset({Quantity.SHARE_OF_STAFF, Quantity.STAFF_ON_SITE, Quantity.SHARE_ON_SITE})
_GROUPS: Final = frozenset({AGENCY, UNIT, INSTITUTION, SERVICE})


@dataclass(frozen=True, slots=True)
class Judging:
    """By which rules is judged (None: those in force), and whether a Penetapan is compared with today's outcome.

    It is not where it holds anyway: for drafts, and for the watcher.
    """

    rulebook: Rulebook | None = None
    compares: bool = True


AS_IN_FORCE: Final = Judging()


@dataclass(frozen=True)
class Segment:
    """Days on which the institution is judged alike; what is read of them is read when it is first asked for."""

    days: Days
    footing: Footing
    positions: Collection[int]
    modes: Collection[Mode]
    known: dict[str, Rulebook]
    """Rulebooks by fingerprint, shared by all segments."""
    compares: bool = True
    """Whether a Penetapan is compared with what would be decided today."""

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules in force; segments with the same rules have one object. Raises NoLawInForce."""
        found = self.footing.rulebook
        return self.known.setdefault(found.fingerprint, found)

    @cached_property
    def settings(self) -> SettingsInForce:
        """The settings of the institution."""
        return settings_in_force(self.footing.institution, self.days.first, self.footing.known_at)

    @cached_property
    def determined(self) -> Mapping[tuple[int, Mode], tuple[int, Bounds]]:
        """Key and bounds of the Penetapan that holds for each position and mode."""
        institution, known_at = self.footing.institution.pk, self.footing.known_at
        return {
            (position, Mode(mode)): (determination, Bounds(Verdict(worst), Verdict(best)))
            for position, mode, determination, worst, best in _determined(
                self.positions, institution, self.days.first, known_at
            )
            if mode in self.modes
        }

    @cached_property
    def stale(self) -> Mapping[int, tuple[str, ...]]:
        """What has changed since, in sentences, by the key of each position of which something has."""
        return stale_in_force(self.footing, self.positions) if self.compares and self.determined else {}

    @cached_property
    def months(self) -> frozenset[int]:
        """The full months in a position from which some rule may say something else."""
        read = (c for rule in self.rulebook.rules for c in rule.criteria() if c.fact == MONTHS)
        numbers = {int(str(operand)) for criterion in read for operand in criterion.operands}
        return frozenset(numbers | {number + 1 for number in numbers})

    def counting_limits(self, mode: Mode) -> Sequence[tuple[Rule, Limit]]:
        """The rules of the mode that limit something counted over the people of a group."""
        if mode not in self._counting:
            limits = [(rule, rule.effect) for rule in self.rulebook.rules if mode in rule.modes]
            self._counting[mode] = [
                (rule, limit)
                for rule, limit in limits
                if isinstance(limit, Limit) and limit.quantity in _COUNTED and limit.per in _GROUPS
            ]
        return self._counting[mode]

    @cached_property
    def _counting(self) -> dict[Mode, Sequence[tuple[Rule, Limit]]]:
        return {}


@prepared
def _determined(
    positions: Collection[int], institution: int, on: date, known_at: datetime
) -> QuerySet[Any, tuple[int, str, int, Any, Any]]:
    rows = DeterminedPosition.objects.in_force(institution, on, known_at).filter(position__in=positions).order_by()
    return rows.values_list("position_id", "mode", "verification__determination__pk", "worst", "best")


def segments_of(
    institution: Institution,
    positions: Sequence[Position],
    modes: Collection[Mode],
    window: Days,
    known_at: datetime,
    by: Judging = AS_IN_FORCE,
) -> tuple[Segment, ...]:
    """The segments of a time, for what is asked about positions and modes, as known at the moment."""
    keys = sorted({position.pk for position in positions})
    known: dict[str, Rulebook] = {}
    return tuple(
        Segment(days, _footing(institution, days.first, known_at, by.rulebook), keys, modes, known, by.compares)
        for days in cut(window, institution_days(institution, keys, window.last, known_at))
    )


def _footing(institution: Institution, on: date, known_at: datetime, rulebook: Rulebook | None) -> Footing:
    footing = Footing(institution, on, known_at)
    return footing if rulebook is None else footing.judged_by(rulebook)
