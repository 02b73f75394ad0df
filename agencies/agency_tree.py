"""The tree of an institution's agencies: what lies below one and above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgencyTree:
    """The key of the agency above each agency, by its own; None: there is none."""

    parents: Mapping[int, int | None]

    def at_and_below(self, keys: Iterable[int]) -> set[int]:
        """The keys given and those of all agencies below them, at any depth."""
        below: dict[int | None, list[int]] = {}
        for pk, parent in self.parents.items():
            below.setdefault(parent, []).append(pk)
        found: set[int] = set()
        waiting = list(keys)
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting += below.get(pk, [])
        return found

    def above(self, key: int) -> list[int]:
        """The keys of the agencies above one, at any height, the nearest first."""
        found: list[int] = []
        parent = self.parents.get(key)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.parents.get(parent)
        return found
