"""Compares what the two reviewers of a sheet have submitted: what they agree on, and where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agencies.bulk_rows import insert_objects
from agencies.models import Answer, Assessment, Comparison, Sheet

Side = Assessment.Side


class Given(NamedTuple):
    """An answer as it is compared."""

    value: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answers of both reviewers of a sheet, by fact."""

    sheet: Sheet
    by_agency: Mapping[str, Given]
    by_bkpsdm: Mapping[str, Given]

    @property
    def facts(self) -> tuple[str, ...]:
        """Every question that one of them answered."""
        return tuple(dict.fromkeys((*self.by_agency, *self.by_bkpsdm)))

    @property
    def differing(self) -> tuple[str, ...]:
        """The questions answered differently; not known is an answer."""
        pairs = ((fact, self.pair(fact)) for fact in self.facts)
        return tuple(fact for fact, (one, other) in pairs if one != other)

    def pair(self, fact: str) -> tuple[str | None, str | None]:
        """Both answers to one question."""
        one, other = self.by_agency.get(fact), self.by_bkpsdm.get(fact)
        return (one.value if one else None), (other.value if other else None)

    def agreed(self) -> dict[str, str | None]:
        """The answers that are the same."""
        differing = self.differing
        return {fact: self.pair(fact)[0] for fact in self.facts if fact not in differing}

    def notes(self, fact: str) -> str:
        """What the reviewers noted to an answer, in few words."""
        notes = (of[fact].note for of in (self.by_agency, self.by_bkpsdm) if fact in of)
        return "; ".join(dict.fromkeys(note for note in notes if note))[:300]


def submitted(sheets: Collection[Sheet]) -> list[Submitted]:
    """The answers of those sheets of which both reviewers have submitted, in the order of the sheets' keys."""
    counting = Assessment.objects.current().filter(sheet__in=sheets, state=Assessment.State.SUBMITTED)
    found: dict[int, dict[str, dict[str, Given]]] = defaultdict(dict)
    part: dict[int, dict[str, Given]] = {}
    for key, sheet, side in counting.values_list("pk", "sheet", "side"):
        part[key] = found[sheet][side] = {}
    rows = Answer.objects.filter(assessment__in=part).order_by("pk")
    for key, fact, value, note in rows.values_list("assessment", "fact", "value", "note"):
        part[key][fact] = Given(value, note)
    return [
        Submitted(one, found[one.pk][Side.AGENCY], found[one.pk][Side.BKPSDM])
        for one in sorted(sheets, key=lambda sheet: sheet.pk)
        if len(found[one.pk]) == len(Side.values)
    ]


def keep_blind_answers(found: Collection[Submitted]) -> None:
    """Keep what the reviewers answered before they could see each other's, once for each sheet."""
    new = [one for one in found if one.sheet.compared_at is None]
    insert_objects(
        [
            Comparison(sheet=one.sheet, fact=fact, by_agency=pair[0], by_bkpsdm=pair[1])
            for one in new
            for fact in one.facts
            for pair in [one.pair(fact)]
        ]
    )
