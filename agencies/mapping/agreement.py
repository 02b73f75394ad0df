"""How far two reviewers agree beyond chance: Cohen's kappa with its interval (pure).

Cohen, A coefficient of agreement for nominal scales (1960). The interval puts Wilson's bounds of the observed
agreement (95 percent) in the place of that agreement, so that it never shrinks to a point.

The interval takes what chance gives as known, and the pairs as given independently of one another. Pairs of answers
to several questions about one task are not quite that, so that an interval over several questions is rather too
narrow; this is why nothing is said of few groups of sheets, however many answers they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

FEWEST: Final = 20
"""Fewer groups of alike sheets say nothing of agreement: the interval would span most of the scale."""

_Z: Final = 1.959964
"""The normal quantile of 95 percent, two-sided."""

Pair = tuple[str, str]
"""The two answers to one question; not known is an answer of its own."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs compared, how many are equal, and kappa from -1 to 1 with its interval.

    `groups` are the groups of alike sheets that the pairs come from. Kappa rests on the `measured` pairs alone: those
    of questions to which more than one answer was ever given; `left_out` is the number of the other questions. Kappa
    is None where there are too few groups, or where every question is left out.
    """

    groups: int
    pairs: int
    equal: int
    measured: int = 0
    left_out: int = 0
    kappa: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def few(self) -> bool:
        """Whether there is too little to say: few groups, or few pairs that can be measured."""
        return self.groups < FEWEST or 0 < self.measured < FEWEST

    @property
    def differing(self) -> int:
        """How many pairs differ."""
        return self.pairs - self.equal

    @property
    def observed(self) -> float:
        """The share of equal pairs, from 0 to 1; 0 without any."""
        return self.equal / self.pairs if self.pairs else 0.0


def agreement(counted: Mapping[str, Mapping[Pair, int]], groups: int) -> Agreement:
    """The agreement over one or more questions: by question, how often each pair of answers was given.

    `groups` is the number of groups of alike sheets in which they were given. What chance would give is worked out
    for each question and weighed by its pairs, because questions have different answers. A question to which only
    one answer was ever given is left out: chance alone would have given that.
    """
    asked = {question: sum(of.values()) for question, of in counted.items() if any(of.values())}
    chances = {question: _expected(counted[question]) for question in asked}
    telling = [question for question, chance in chances.items() if chance < 1]
    measured = sum(asked[question] for question in telling)
    equal = _equal(counted.values())
    found = Agreement(groups, sum(asked.values()), equal, measured, len(asked) - len(telling))
    if found.few or not measured:
        return found
    chance = sum(chances[question] * asked[question] for question in telling) / measured
    alike = _equal(counted[question] for question in telling)
    kappa, low, high = (_beyond(value, chance) for value in (alike / measured, *_wilson(alike, measured)))
    return replace(found, kappa=kappa, low=low, high=high)


def _equal(counted: Iterable[Mapping[Pair, int]]) -> int:
    """How many of the pairs are equal."""
    return sum(number for of in counted for (one, other), number in of.items() if one == other)


def _expected(of: Mapping[Pair, int]) -> float:
    """The share of equal pairs if both had answered by chance, each as often as she did."""
    total = sum(of.values())
    if not total:
        return 0.0
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for (one, other), number in of.items():
        first[one] = first.get(one, 0) + number
        second[other] = second.get(other, 0) + number
    return sum(times * second.get(answer, 0) for answer, times in first.items()) / total**2


def _beyond(observed: float, chance: float) -> float:
    return max(-1.0, (observed - chance) / (1 - chance))


def _wilson(equal: int, pairs: int) -> tuple[float, float]:
    """Wilson's bounds of a share."""
    share, square = equal / pairs, _Z**2
    middle = (share + square / (2 * pairs)) / (1 + square / pairs)
    half = _Z * sqrt(share * (1 - share) / pairs + square / (4 * pairs**2)) / (1 + square / pairs)
    # The share lies within its bounds, whatever the last digit of the arithmetic says.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
