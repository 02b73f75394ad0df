"""What a look through the data is held against: the institution, the day, and the marks that the institution sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.models import Institution, Posting

FUNCTIONAL_AGE: Final = 60
"""The age at which holders of functional positions retire where the institution has set none."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the law leaves open: the retirement age of functional positions, and which postings make somebody new."""

    functional_age: int = FUNCTIONAL_AGE
    new_reasons: frozenset[str] = frozenset({"formation", "promotion", "transfer", "rotation"})


MarksReader = Callable[[Institution, date, datetime], Marks]

_readers: list[MarksReader] = []


def read_marks_with(reader: MarksReader) -> None:
    """Register where the institution's marks stand: settings belong to an app downstream."""
    _readers[:] = [reader]


@dataclass(frozen=True)
class Looking:
    """A look through the data of an institution as it is recorded now, on a day."""

    institution: Institution
    on: date
    marks: Marks

    @classmethod
    def at(cls, institution: Institution, on: date, known_at: datetime) -> Looking:
        """With the marks of the institution in force on the day."""
        marks = _readers[0](institution, on, known_at) if _readers else Marks()
        return cls(institution, on, marks)

    def postings(self, **narrowed: object) -> QuerySet[Posting]:
        """Postings in force on the day; a null end is no end."""
        rows = Posting.objects.current().filter(
            Q(effective_until__isnull=True) | Q(effective_until__gte=self.on), effective_from__lte=self.on
        )
        return rows.filter(**narrowed).order_by()

    def held(self, **narrowed: object) -> Q:
        """A condition on positions: somebody holds it on the day."""
        return Q(Exists(self.postings(position=OuterRef("pk"), **narrowed)))

    def definitive(self, **narrowed: object) -> QuerySet[Posting]:
        """The definitive postings among them."""
        return self.postings(capacity=Posting.Capacity.DEFINITIVE, **narrowed)
