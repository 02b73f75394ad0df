"""Determinations decided again: every stored position by what is stored with it, and the law it was decided by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_

from eligibility.determinations.again import PositionAgain, TaskAgain, layout_of, positions_again, tasks_again
from eligibility.mask_readings import MaskReader
from eligibility.models import Determination, DeterminedTask
from eligibility.models.determinations import BITS_PER_MODE, MODES, PACKED
from eligibility.rulebook import Bounds, Mode
from oversight.reperformance.differences import Found, Kind, LawChange, Pair, told, told_law, told_position
from oversight.reperformance.law import Law
from oversight.stored_texts import UNREADABLE


def differences_of(determination: Determination, law: Law) -> Iterator[Found | LawChange]:
    """What comes out otherwise, position by position; a change of the law that is held against nobody as such."""
    verification = determination.verification
    try:
        stored = law.stored(verification.rulebook_id)
        tasks, positions = tasks_again(verification), positions_again(verification)
    except UNREADABLE:
        yield Found(Kind.LAW, told("unreadable"), determination.pk)
        return
    yield from _of_positions(determination, tasks, positions)
    change = law.change(stored, verification.judged_on, verification.known_at, verification.sent_at)
    if change is not None:
        yield change if change.later else Found(Kind.LAW, told_law(change), determination.pk)


def _of_positions(
    determination: Determination, tasks: Iterable[TaskAgain], positions: Iterable[PositionAgain]
) -> Iterator[Found]:
    by_position: dict[int, list[TaskAgain]] = defaultdict(list)
    for task in tasks:
        by_position[task.position].append(task)
    modes: dict[int, dict[Mode, Pair]] = defaultdict(dict)
    for one in positions:
        modes[one.position][one.mode] = (one.before, one.now)
    if not by_position and not modes:
        return
    titles = _titles(determination, by_position)
    reader = MaskReader(layout_of(determination.verification))
    for position in sorted(by_position.keys() | modes.keys()):
        told_tasks = [
            (titles.get(task.task, ""), _pairs(task), _rules_between(reader, task.masks_before, task.masks_now))
            for task in by_position.get(position, ())
        ]
        what = told_position(modes.get(position, {}), told_tasks)
        yield Found(Kind.OUTCOME, what, determination.pk, position)


def _titles(determination: Determination, positions: Iterable[int]) -> Mapping[int, str]:
    rows = DeterminedTask.objects.filter(verification=determination.verification_id, position__in=list(positions))
    return dict(rows.order_by().values_list("task_id", "title"))


def _pairs(task: TaskAgain) -> Mapping[Mode, Pair] | None:
    """The modes in which the bounds of a task differ; None where nothing can be decided."""
    if task.now is None:
        return None
    found = {}
    for number, mode in enumerate(MODES):
        before, now = (_unpacked(packed >> BITS_PER_MODE * number) for packed in (task.before, task.now))
        if before != now:
            found[mode] = (before, now)
    return found


def _unpacked(packed: int) -> Bounds:
    return Bounds(PACKED[packed & 3], PACKED[packed >> 2 & 3])


def _rules_between(reader: MaskReader, before: str, now: str) -> tuple[str, ...]:
    """The codes of the rules that stand otherwise under two texts of masks; none where a text cannot be read."""
    if not before:
        return ()
    try:
        pairs = zip(reader.masks(before), reader.masks(now), strict=True)
        changed = reduce(or_, (first ^ second for first, second in pairs))
    except (ValueError, IndexError):
        return ()
    bits = (bit for place, bit in enumerate(reader.layout.bits) if changed >> place & 1)
    return tuple(sorted({rule.code for bit in bits for rule in bit.rules}))
