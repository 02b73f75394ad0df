"""Compares what the two reviewers of a sheet have submitted: what they agree on, and where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from agencies.models import Answer, Assessment, Comparison, Sheet

Side = Assessment.Side


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answers of both reviewers of a sheet, by fact."""

    sheet: Sheet
    by_agency: Mapping[str, Answer]
    by_bkpsdm: Mapping[str, Answer]

    @property
    def facts(self) -> tuple[str, ...]:
        """Every question that one of them answered."""
        return tuple(dict.fromkeys((*self.by_agency, *self.by_bkpsdm)))

    @property
    def differing(self) -> tuple[str, ...]:
        """The questions answered differently; not known is an answer."""
        return tuple(fact for fact in self.facts if self.pair(fact)[0] != self.pair(fact)[1])

    def pair(self, fact: str) -> tuple[str | None, str | None]:
        """Both answers to one question."""
        one, other = self.by_agency.get(fact), self.by_bkpsdm.get(fact)
        return (one.value if one else None), (other.value if other else None)

    def agreed(self) -> dict[str, str | None]:
        """The answers that are the same."""
        return {fact: self.pair(fact)[0] for fact in self.facts if fact not in self.differing}

    def notes(self, fact: str) -> str:
        """What the reviewers noted to an answer, in few words."""
        notes = (of[fact].note for of in (self.by_agency, self.by_bkpsdm) if fact in of)
        return "; ".join(dict.fromkeys(note for note in notes if note))[:300]


def submitted(sheets: Collection[Sheet]) -> list[Submitted]:
    """The answers of those sheets of which both reviewers have submitted, in the order of the sheets' keys."""
    found: dict[int, dict[str, dict[str, Answer]]] = defaultdict(lambda: {side: {} for side in Side.values})
    done: dict[int, set[str]] = defaultdict(set)
    counting = Assessment.objects.current().filter(sheet__in=sheets, state=Assessment.State.SUBMITTED)
    for sheet, side in counting.values_list("sheet", "side"):
        done[sheet].add(side)
    rows = Answer.objects.filter(assessment__in=counting.values("pk")).select_related("assessment").order_by("pk")
    for row in rows:
        found[row.assessment.sheet_id][row.assessment.side][row.fact] = row
    return [
        Submitted(one, found[one.pk][Side.AGENCY], found[one.pk][Side.BKPSDM])
        for one in sorted(sheets, key=lambda sheet: sheet.pk)
        if done[one.pk] == set(Side.values)
    ]


def keep_blind_answers(found: Collection[Submitted]) -> None:
    """Keep what the reviewers answered before they could see each other's, once for each sheet."""
    new = [one for one in found if one.sheet.compared_at is None]
    Comparison.objects.bulk_create(
        Comparison(sheet=one.sheet, fact=fact, by_agency=pair[0], by_bkpsdm=pair[1])
        for one in new
        for fact in one.facts
        for pair in [one.pair(fact)]
    )
