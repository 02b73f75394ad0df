"""What the portal itself has recorded of an agency at the end of a period: its staff and their predicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Agency, Employee, Predicate
from agencies.models.positions import Position
from agencies.studies.figures import PREDICATES


@dataclass(frozen=True)
class Recorded:
    """Employees who hold a position of the agency itself on the day, and how many of them have which predicate.

    A predicate counts where its period ended by the day and overlaps the period of the study.
    """

    on: date
    staff: int
    predicates: Mapping[str, int]

    @property
    def rated(self) -> int:
        """How many have a predicate at all."""
        return sum(self.predicates.values())

    def of(self, figure: str) -> int | None:
        """What is recorded for a figure of the study; None where the portal records nothing of its kind."""
        if figure == "staff":
            return self.staff
        return self.predicates.get(figure, 0) if figure in PREDICATES.values() and self.rated else None


def recorded(agency: Agency, starts_on: date, ends_on: date, known_at: datetime) -> Recorded:
    """What is recorded for the period of a study, as known at a moment."""
    positions = Position.objects.filter(agency=agency).values("pk")
    staff = Employee.objects.holding(positions, ends_on, known_at)
    rows = Predicate.objects.last_by(ends_on, known_at).filter(employee__in=staff.values("pk"))
    found = rows.filter(period_ends_on__gte=starts_on).values_list("predicate", flat=True)
    counted = Counter(PREDICATES[predicate] for predicate in found)
    return Recorded(ends_on, staff.count(), counted)
