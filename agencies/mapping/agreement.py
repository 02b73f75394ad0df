"""How far two reviewers agree beyond chance: Cohen's kappa with its interval (pure).

Cohen, A coefficient of agreement for nominal scales (1960). The interval puts Wilson's bounds of the observed
agreement (95 percent) in the place of that agreement, so that it never shrinks to a point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

FEWEST: Final = 20
"""Fewer pairs say nothing of agreement: the interval would span most of the scale."""

_Z: Final = 1.959964
"""The normal quantile of 95 percent, two-sided."""

Pair = tuple[str, str]
"""The two answers to one question; not known is an answer of its own."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs compared, how many are equal, and kappa from -1 to 1 with its interval.

    Kappa is None where there are too few pairs, or where chance alone would give full agreement.
    """

    pairs: int
    equal: int
    kappa: float | None
    low: float | None
    high: float | None

    @property
    def few(self) -> bool:
        """Whether there are too few pairs to say."""
        return self.pairs < FEWEST

    @property
    def differing(self) -> int:
        """How many pairs differ."""
        return self.pairs - self.equal

    @property
    def observed(self) -> float:
        """The share of equal pairs, from 0 to 1; 0 without any."""
        return self.equal / self.pairs if self.pairs else 0.0


def agreement(counted: Mapping[str, Mapping[Pair, int]]) -> Agreement:
    """The agreement over one or more questions: by question, how often each pair of answers was given.

    What chance would give is worked out for each question and weighed by its pairs, because questions have
    different answers.
    """
    pairs = sum(sum(of.values()) for of in counted.values())
    equal = sum(number for of in counted.values() for (one, other), number in of.items() if one == other)
    if pairs < FEWEST:
        return Agreement(pairs, equal, None, None, None)
    chance = sum(_expected(of) * sum(of.values()) for of in counted.values()) / pairs
    if chance >= 1:
        return Agreement(pairs, equal, None, None, None)
    low, high = _wilson(equal, pairs)
    return Agreement(pairs, equal, *(_beyond(value, chance) for value in (equal / pairs, low, high)))


def _expected(of: Mapping[Pair, int]) -> float:
    """The share of equal pairs if both had answered by chance, each as often as she did."""
    total = sum(of.values())
    if not total:
        return 0.0
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), number in of.items():
        first[one] += number
        second[other] += number
    return sum(first[answer] * second[answer] for answer in first) / total**2


def _beyond(observed: float, chance: float) -> float:
    return max(-1.0, (observed - chance) / (1 - chance))


def _wilson(equal: int, pairs: int) -> tuple[float, float]:
    """Wilson's bounds of a share."""
    share, square = equal / pairs, _Z**2
    middle = (share + square / (2 * pairs)) / (1 + square / pairs)
    half = _Z * sqrt(share * (1 - share) / pairs + square / (4 * pairs**2)) / (1 + square / pairs)
    # The share lies within its bounds, whatever the last digit of the arithmetic says.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
