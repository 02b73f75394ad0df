"""Where the bars of a small chart stand: whole numbers, so that a page writes them as they are (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

WIDTH: Final = 320
HEIGHT: Final = 150
_TOP: Final = 24
_FLOOR: Final = 122
_WIDEST: Final = 56


@dataclass(frozen=True)
class Bar:
    """One period: where its bar stands, and the words above and below it. An unknown value has no bar."""

    label: str
    words: str
    known: bool
    x: str
    y: str
    width: str
    height: str
    middle: str
    above: str


@dataclass(frozen=True)
class Chart:
    """Bars from a common floor of zero; the highest value fills the height, or `whole` does (100 for shares)."""

    bars: tuple[Bar, ...]
    width: str = str(WIDTH)
    height: str = str(HEIGHT)
    floor: str = str(_FLOOR)
    label_line: str = str(_FLOOR + 18)


def chart(points: Sequence[tuple[str, str, Decimal | None]], whole: Decimal | None = None) -> Chart:
    """The chart of periods: label, words and value of each, the earliest first."""
    highest = whole or max((value for _label, _words, value in points if value is not None), default=Decimal(0))
    step = WIDTH / max(len(points), 1)
    wide = min(_WIDEST, round(step * 0.6))
    return Chart(tuple(_bar(point, round(step * (place + 0.5)), wide, highest) for place, point in enumerate(points)))


def _bar(point: tuple[str, str, Decimal | None], middle: int, wide: int, highest: Decimal) -> Bar:
    label, words, value = point
    tall = round((_FLOOR - _TOP) * min(value / highest, Decimal(1))) if value is not None and highest else 0
    top = _FLOOR - tall
    return Bar(
        label=label,
        words=words,
        known=value is not None,
        x=str(middle - wide // 2),
        y=str(top),
        width=str(wide),
        height=str(tall),
        middle=str(middle),
        above=str(top - 6),
    )
