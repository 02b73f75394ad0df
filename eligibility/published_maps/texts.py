"""A public map as the text that is stored for ever, and read back from it (pure)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from eligibility.published_maps.tables import OUTCOMES, Cell, Line, PublicMap, Told, Unsaid
from eligibility.rulebook import Mode

FORMAT: Final = 1
"""Written into every text; a reader of a format is never taken away once texts were written in it."""


def written(found: PublicMap) -> str:
    """The map as JSON that is the same for the same map."""
    content = {
        "format": FORMAT,
        "outcomes": [outcome.value for outcome in OUTCOMES],
        "groups": [_line_text(line) for line in found.lines],
        "totals": {mode.value: [_told_text(one) for one in totals] for mode, totals in found.totals.items()},
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def read(text: str) -> PublicMap:
    """The map that a text tells of."""
    content = json.loads(text)
    lines = tuple(_line(one) for one in content["groups"])
    totals = {Mode(mode): tuple(_told(one) for one in told) for mode, told in content["totals"].items()}
    return PublicMap(lines, {mode: totals[mode] for mode in Mode})


def digest_of(content: str) -> str:
    """Of the text of a map: two are equal when they tell the same."""
    return hashlib.sha256(content.encode()).hexdigest()


def _line_text(line: Line) -> dict[str, Any]:
    kind, sector = line.group
    modes = {
        mode.value: [[_told_text(cell.positions), _told_text(cell.staff)] for cell in cells]
        for mode, cells in line.cells.items()
    }
    return {"kind": kind, "sector": sector, "positions": line.positions, "modes": modes}


def _line(content: dict[str, Any]) -> Line:
    cells = {
        mode: tuple(Cell(_told(positions), _told(staff)) for positions, staff in content["modes"][mode.value])
        for mode in Mode
    }
    return Line((content["kind"], content["sector"]), content["positions"], cells)


def _told_text(one: Told) -> int | str:
    return one.value if isinstance(one, Unsaid) else one


def _told(one: int | str) -> Told:
    return Unsaid(one) if isinstance(one, str) else one
