"""What every page judges with: the institution, the day, the rules in force and the facts above the position."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from agencies.clock import JudgedDay
from agencies.models import Agency, Institution
from eligibility import screening
from eligibility.footing import Footing
from eligibility.screening import OutcomeCount


@dataclass(frozen=True)
class Reading(Footing):
    """An institution seen on a day with the law known at a moment; `day` is how the page shows both."""

    day: JudgedDay

    def counts(self, agencies: Collection[Agency]) -> list[OutcomeCount]:
        """Positions by mode and outcome, of each of the agencies its own."""
        if not agencies:
            return []
        # One agency is asked for alone; more are picked from one statement over the institution.
        alone = next(iter(agencies)) if len(agencies) == 1 else None
        found = screening.counts(self.rulebook, self.grounds, self.institution, alone)
        keys = {agency.pk for agency in agencies}
        return [count for count in found if count.agency_id in keys]


def reading_of(institution: Institution, day: JudgedDay) -> Reading:
    """The reading of the day, of which nothing is loaded yet: for pages that do without law as well."""
    return Reading(institution, day.on, day.known_at, day)


def read(institution: Institution, day: JudgedDay) -> Reading:
    """The reading of the day with its rules; grounds are read when they are asked for. Raises NoLawInForce."""
    reading = reading_of(institution, day)
    _ = reading.rulebook
    return reading
