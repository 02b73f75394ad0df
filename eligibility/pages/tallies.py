"""Counts of positions by outcome, and where each part of a stacked bar begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eligibility.rulebook import Outcome
from eligibility.screening import OutcomeCount

SHOWN: Final = (
    Outcome.ELIGIBLE,
    Outcome.CONDITIONAL,
    Outcome.NEEDS_INFORMATION,
    Outcome.NOT_ELIGIBLE,
)
"""The outcomes from left to right."""


@dataclass(frozen=True, slots=True)
class Part:
    """One outcome's part of a bar, in percent of its length."""

    outcome: Outcome
    number: int
    start: float
    width: float

    @property
    def percent(self) -> int:
        """The share in whole percent."""
        return round(self.width)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many positions have which outcome, in the order of SHOWN."""

    numbers: tuple[int, ...] = (0, 0, 0, 0)

    def __add__(self, other: Tally) -> Tally:
        return Tally(tuple(a + b for a, b in zip(self.numbers, other.numbers, strict=True)))

    @property
    def total(self) -> int:
        """All positions counted."""
        return sum(self.numbers)

    def of(self, outcome: Outcome) -> int:
        """The positions with one outcome."""
        return self.numbers[SHOWN.index(outcome)]

    @property
    def parts(self) -> list[Part]:
        """Every outcome with where its part of the bar begins and how long it is."""
        found: list[Part] = []
        start = 0.0
        for outcome, number in zip(SHOWN, self.numbers, strict=True):
            width = 100 * number / self.total if self.total else 0.0
            found.append(Part(outcome, number, start, width))
            start += width
        return found

    @property
    def largest(self) -> Part | None:
        """The outcome of most positions; None where there are no positions."""
        return max(self.parts, key=lambda part: part.number) if self.total else None

    @property
    def openness(self) -> tuple[float, float]:
        """What a sort by share compares: the eligible share, then the conditional one."""
        return (self.parts[0].width, self.parts[1].width)


def tally_of(count: OutcomeCount) -> Tally:
    """The engine's count as a tally."""
    return Tally(tuple(int(getattr(count, outcome.value)) for outcome in SHOWN))
