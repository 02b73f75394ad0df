"""What every page judges with: the institution, the day, the rules in force and the facts above the position."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from agencies.clock import JudgedDay
from agencies.models import Agency, Institution
from eligibility import loading, screening
from eligibility.loading import Grounds
from eligibility.rulebook import Rulebook
from eligibility.screening import OutcomeCount


@dataclass(frozen=True)
class Reading:
    """An institution seen on a day with the law known at a moment."""

    institution: Institution
    day: JudgedDay
    rulebook: Rulebook
    grounds: Grounds

    @property
    def on(self) -> date:
        """The day of judgement."""
        return self.day.on

    def counts(self, agencies: Collection[Agency]) -> list[OutcomeCount]:
        """Positions by mode and outcome, of each of the agencies its own."""
        if not agencies:
            return []
        # One agency is asked for alone; more are picked from one statement over the institution.
        alone = next(iter(agencies)) if len(agencies) == 1 else None
        found = screening.counts(self.rulebook, self.grounds, self.institution, alone)
        keys = {agency.pk for agency in agencies}
        return [count for count in found if count.agency_id in keys]


def read(institution: Institution, day: JudgedDay) -> Reading:
    """Load the rules and grounds of the day."""
    return Reading(
        institution,
        day,
        loading.rulebook(institution, day.on, day.known_at),
        loading.grounds(institution, day.on, day.known_at),
    )
