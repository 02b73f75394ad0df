"""What deciding again found otherwise, as it is kept: canonical JSON of what differs, and of what it is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agencies.facts import FactValue
from eligibility.arrangements.checks import Check
from eligibility.arrangements.records import write_checks
from eligibility.arrangements.span_texts import canonical
from eligibility.rulebook import Bounds, Mode, plain
from oversight.models import Difference

FORMAT: Final = 1
"""The format of the texts written now; it stands in each of them as "v"."""

Kind = Difference.Kind
Pair = tuple[Bounds, Bounds]
"""Bounds as they are stored, and as they come out again."""


@dataclass(frozen=True, slots=True)
class Found:
    """One difference, not stored yet; keys of the determination, of the position in it, or of the approval."""

    kind: Kind
    what: str
    determination: int | None = None
    position: int | None = None
    approval: int | None = None


@dataclass(frozen=True, slots=True)
class LawChange:
    """Codes of the rules that the law rows give for a day and a moment, beside those that were decided by.

    `settings`: settings that rules read, or the working days, are others. `later`: all of it was recorded after the
    decision, with a date from which it was known that lies before it; that is held against nobody.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    settings: bool = False
    later: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.added, *self.changed, *self.gone)


def _bounds(bounds: Bounds) -> list[int]:
    return [int(bounds.worst), int(bounds.best)]


def told(subject: str, **content: object) -> str:
    """The text of a difference about a subject, without what is empty."""
    kept = {name: value for name, value in content.items() if value not in (None, [], "", {})}
    return canonical({"v": FORMAT, "of": subject, **kept})


def told_position(
    modes: Mapping[Mode, Pair], tasks: Iterable[tuple[str, Mapping[Mode, Pair] | None, Iterable[str]]]
) -> str:
    """A determined position: its modes, and each task with its modes (None: its ground is lost) and rules."""
    return told(
        "position",
        modes=_pairs(modes),
        tasks=[[title, None if pairs is None else _pairs(pairs), sorted(codes)] for title, pairs, codes in tasks],
    )


def _pairs(modes: Mapping[Mode, Pair]) -> list[object]:
    return [[mode.value, _bounds(before), _bounds(now)] for mode, (before, now) in modes.items()]


def told_law(change: LawChange) -> str:
    """Which rules differ."""
    codes = {"added": [*change.added], "changed": [*change.changed], "gone": [*change.gone]}
    return told("law", **codes, settings=change.settings or None)


def told_checks(checks: Iterable[Check]) -> str:
    """The checks that were not met, with what was measured."""
    return told("checks", checks=write_checks(checks))


def told_facts(facts: Mapping[str, tuple[FactValue | None, FactValue | None]], days: tuple[str, str]) -> str:
    """Facts of a span: as they stand in the approval, and as they were recorded at its moment."""
    rows = [[name, plain(before), plain(now)] for name, (before, now) in sorted(facts.items())]
    return told("facts", days=[*days], facts=rows)


def read(difference: Difference) -> Mapping[str, Any]:
    """What differs, as it was told."""
    content: Mapping[str, Any] = json.loads(difference.what)
    return content
