"""The lines of the report: ours beside a named reference of the same run, and what is expected of the ratio."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `ours` and `reference` have the same unit; the expectation is on ours divided by the reference.

    Without a reference the figure stands alone and the expectation, if any, is on the figure itself.
    """

    work: str
    name: str
    ours: float
    reference: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        """What the expectation is about."""
        return self.ours if self.reference is None else self.ours / self.reference

    @property
    def expected(self) -> str:
        """The expectation in words."""
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"<= {self.at_most:g}" if self.at_most is not None else "reported"

    @property
    def met(self) -> str:
        """Whether the expectation holds."""
        if self.at_least is None and self.at_most is None:
            return ""
        low = self.at_least is None or self.ratio >= self.at_least
        return "yes" if low and (self.at_most is None or self.ratio <= self.at_most) else "NO"


def number(value: float | None) -> str:
    """A figure with as many digits as it deserves."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def show(title: str, lines: Iterable[Line]) -> None:
    """Print a part of the report, each line as soon as it is measured."""
    print(f"\n{title}")
    print(f"  {'work':<58} {'reference':<30} {'ours':>10} {'theirs':>10} {'ratio':>8} {'expected':>9} {'met':>4}")
    for line in lines:
        cells = (number(line.ours), number(line.reference), number(line.ratio))
        print(
            f"  {line.work:<58} {line.name:<30} {cells[0]:>10} {cells[1]:>10} {cells[2]:>8} "
            f"{line.expected:>9} {line.met:>4}",
            flush=True,
        )
