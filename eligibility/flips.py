"""Who flips: which positions drafts of rules would have decided otherwise on a day, as three lists.

Facts are those known now. A position is in a list of a mode when its bounds change; when a task that is open under
both rulebooks has other conditions; when one has another winning or possible limit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce
from operator import and_, or_
from typing import Final

from agencies.models import Institution
from eligibility.flip_screening import FlippingTask, flipping_tasks
from eligibility.grounds import Grounds
from eligibility.mask_readings import MaskReader, ModeRead
from eligibility.rule_changes import RuleChanges, rule_changes, speaking_to
from eligibility.rulebook import Bounds, Mode, Rulebook, Verdict
from eligibility.screening import SOME, bounds_at
from eligibility.statements import BITS_PER_CLASS, compiled


class FlipKind(StrEnum):
    """What changes of a position in a mode."""

    BOUNDS = "bounds"
    CONDITIONS = "conditions"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class Flip:
    """A position in one mode that two rulebooks decide otherwise."""

    position: int
    agency: int
    mode: Mode
    kinds: frozenset[FlipKind]
    before: Bounds
    after: Bounds


@dataclass(frozen=True)
class Flips:
    """Every flip between two rulebooks on a day, and the rules that differ."""

    changes: RuleChanges
    found: Sequence[Flip]

    def of(self, kind: FlipKind) -> list[Flip]:
        """One of the three lists."""
        return [flip for flip in self.found if kind in flip.kinds]

    def positions(self) -> Mapping[Mode, list[int]]:
        """The keys of the positions in any list, by the mode in which something changes."""
        found: dict[Mode, list[int]] = defaultdict(list)
        for flip in self.found:
            found[flip.mode].append(flip.position)
        return found

    def counted(self) -> Mapping[tuple[int, Mode], Mapping[FlipKind, int]]:
        """How many positions of each agency (by key) and mode are in which list."""
        found: dict[tuple[int, Mode], dict[FlipKind, int]] = {}
        for flip in self.found:
            counts = found.setdefault((flip.agency, flip.mode), dict.fromkeys(FlipKind, 0))
            for kind in flip.kinds:
                counts[kind] += 1
        return found


def flips_between(before: Rulebook, after: Rulebook, grounds: Grounds, institution: Institution) -> Flips:
    """What changes for the positions of an institution from one rulebook to another, on the day of the grounds."""
    changes = rule_changes(before, after)
    # In the modes that no changed rule speaks to nothing can flip: they are not judged.
    before, after = (speaking_to(book, changes.modes) for book in (before, after))
    folded: list[FlippingTask] = []
    by_position: dict[int, list[FlippingTask]] = defaultdict(list)
    for task in flipping_tasks(before, after, rule_changes(before, after), grounds, institution):
        (folded if task.masks_before is None else by_position[task.position]).append(task)
    readers = [MaskReader(compiled(book).layout) for book in (before, after)]
    found = [flip for tasks in by_position.values() for flip in _flips_of(tasks, *readers)]
    return Flips(changes, [*found, *_bounds_flips(folded)])


def _bounds_flips(positions: Iterable[FlippingTask]) -> list[Flip]:
    """The flips where only bounds can change; many positions have the same outcomes, which are read once."""
    changed = cache(_bounds_changed)
    return [
        Flip(one.position, one.agency, mode, _BOUNDS, was, becomes)
        for one in positions
        for mode, was, becomes in changed(one.outcomes_before, one.outcomes_after)
    ]


_BOUNDS: Final = frozenset({FlipKind.BOUNDS})


def _bounds_changed(before: int, after: int) -> list[tuple[Mode, Bounds, Bounds]]:
    read = [(mode, _unfolded(before, number), _unfolded(after, number)) for number, mode in enumerate(Mode)]
    return [(mode, was, becomes) for mode, was, becomes in read if was != becomes]


def _flips_of(tasks: Sequence[FlippingTask], before: MaskReader, after: MaskReader) -> Iterable[Flip]:
    was = _folded(task.outcomes_before for task in tasks)
    becomes = _folded(task.outcomes_after for task in tasks)
    reads = [
        (before.read(*before.masks(task.masks_before)), after.read(*after.masks(task.masks_after)))
        for task in tasks
        if task.masks_before is not None and task.masks_after is not None
    ]
    for number, mode in enumerate(Mode):
        bounds = _unfolded(was, number), _unfolded(becomes, number)
        kinds = {FlipKind.BOUNDS} if bounds[0] != bounds[1] else set()
        kinds |= {kind for one, other in reads for kind in _terms_changed(one[mode], other[mode])}
        if kinds:
            yield Flip(tasks[0].position, tasks[0].agency, mode, frozenset(kinds), *bounds)


def _terms_changed(before: ModeRead, after: ModeRead) -> Iterable[FlipKind]:
    """Whether the terms of a task change; where it is closed on either side they mean nothing there."""
    if Verdict.NOT_ELIGIBLE not in (before.bounds.best, after.bounds.best):
        if before.conditions != after.conditions:
            yield FlipKind.CONDITIONS
        if before.limits != after.limits:
            yield FlipKind.LIMITS


def _folded(outcomes: Iterable[int]) -> int:
    """The position function on packed bounds: eligible if all tasks are, conditional if one may be."""
    found = list(outcomes)
    return (reduce(and_, found) & SOME << 1) | (reduce(or_, found) & SOME)


def _unfolded(folded: int, number: int) -> Bounds:
    return bounds_at(folded, number * BITS_PER_CLASS)
