"""What every page judges with: the institution, the day, the rules in force and the facts above the position."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agencies.clock import JudgedDay
from agencies.models import Institution
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

    def counts(self) -> list[OutcomeCount]:
        """Positions by agency, mode and outcome; none where the institution has no agency."""
        if not self.grounds.agencies:
            return []
        return screening.counts(self.rulebook, self.grounds, self.institution)


def read(institution: Institution, day: JudgedDay) -> Reading:
    """Load the rules and grounds of the day."""
    return Reading(
        institution,
        day,
        loading.rulebook(institution, day.on, day.known_at),
        loading.grounds(institution, day.on, day.known_at),
    )
