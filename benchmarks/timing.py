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


def _once(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
