"""Examines candidates of an indication one by one: the newest first, each once, so many at a time (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oversight.indications.definitions import Flag

Candidate = tuple[int, datetime]
"""A row that may have to be pointed at, by key, and the moment as of which it is examined."""


@dataclass
class Examining:
    """Examining the candidates of one indication: what was found of some before, and how many are examined now.

    `now` is what this examining found itself.

    `most` None: all of them. `tell` is called after each that was examined. What was found is kept, so that the next
    time the others come: none waits for ever.
    """

    found: dict[Candidate, Flag | None] = field(default_factory=dict)
    most: int | None = None
    candidates: int = 0
    waiting: int = 0
    tell: Callable[[], object] | None = None
    now: dict[Candidate, Flag | None] = field(default_factory=dict)

    def flags(self, candidates: Iterable[Candidate], examine: Callable[[Candidate], Flag | None]) -> Iterator[Flag]:
        """What the candidates give, the newest key first; those for which there is no room now wait."""
        wanted = sorted(set(candidates), reverse=True)
        kept: dict[Candidate, Flag | None] = {}
        self.candidates = len(wanted)
        for candidate in wanted:
            if candidate in self.found:
                kept[candidate] = self.found[candidate]
            elif self.most is None or self.most > 0:
                self.most = None if self.most is None else self.most - 1
                kept[candidate] = self.now[candidate] = examine(candidate)
                if self.tell is not None:
                    self.tell()
        self.waiting = len(wanted) - len(kept)
        # Only of what is still a candidate: what was mended or withdrawn is forgotten.
        self.found = kept
        yield from (flag for flag in kept.values() if flag is not None)
