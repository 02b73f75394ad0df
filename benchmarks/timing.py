"""How long work takes: the median of five runs after one that warms up."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Final

RUNS: Final = 5


def seconds(work: Callable[[], object]) -> float:
    """The median of five runs of the work; a first one, not counted, warms caches."""
    work()
    return median(_once(work) for _ in range(RUNS))


def seconds_beside(work: Callable[[], object], reference: Callable[[], object], runs: int) -> tuple[float, float]:
    """The medians of both, run in turns: what else the machine does then falls on both alike."""
    work()
    reference()
    taken = [(_once(work), _once(reference)) for _ in range(runs)]
    return median(one for one, _other in taken), median(other for _one, other in taken)


def _once(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
