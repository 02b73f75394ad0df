"""Decides again what results stored, by their own rulebook, ground and facts; in SQL, so only differences are read.

A task is judged by the screening's statement compiled over the stored rows; positions are folded from the stored
bounds of their tasks by the position function. No current row, law or setting is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from eligibility.determinations.storing import folded_outcomes
from eligibility.grounds import Ground, Grounds
from eligibility.masks import Layout
from eligibility.models import DeterminedGround, DeterminedPosition, DeterminedTask, Verification
from eligibility.models.determinations import BITS_PER_MODE, MODES
from eligibility.rulebook import Bounds, Mode, Verdict
from eligibility.rulebook_text import read_ground
from eligibility.screening import WORK_MEMORY, stored_tasks
from eligibility.stored_rulebooks import stored_layout


@dataclass(frozen=True, slots=True)
class TaskAgain:
    """A task that is decided otherwise than it was stored: packed bounds and masks, before and now.

    `now` is None where the ground of its agency or unit is no longer stored, so that nothing can be decided. Masks
    are empty where other code laid them out: then the bounds alone were compared.
    """

    task: int
    position: int
    before: int
    now: int | None
    masks_before: str = ""
    masks_now: str = ""


@dataclass(frozen=True, slots=True)
class PositionAgain:
    """A position whose stored bounds in a mode are not those of its stored tasks."""

    position: int
    mode: Mode
    before: Bounds
    now: Bounds


def tasks_again(verification: Verification) -> list[TaskAgain]:
    """The tasks that deciding again gives otherwise. Raises ValueError where the stored rulebook cannot be read."""
    grounds = _grounds(verification)
    layout = stored_layout(verification.rulebook)
    if not grounds.agencies:
        return list(_without_ground(verification, grounds))
    judged = stored_tasks(layout.rulebook, grounds, verification.pk)
    alike = judged.layout.digest == verification.layout
    masks = f"stored_masks, {judged.masks}" if alike else "'', ''"
    otherwise = f" OR stored_masks <> {judged.masks}" if alike else ""
    statement = (
        f"{judged.query} SELECT task_id, position_id, stored_outcomes, {judged.outcomes}, {masks} FROM b "
        f"WHERE stored_outcomes <> ({judged.outcomes}){otherwise} ORDER BY position_id, task_id"
    )
    lost = {one.task: one for one in _without_ground(verification, grounds)}
    found = (TaskAgain(*row) for row in _rows(statement, judged.params))
    return [*(one for one in found if one.task not in lost), *lost.values()]


def layout_of(verification: Verification) -> Layout:
    """What each bit of the masks means today."""
    return stored_layout(verification.rulebook)


def positions_again(verification: Verification) -> list[PositionAgain]:
    """The positions whose stored bounds are not those of their stored tasks, by position and mode.

    Raises ValueError where what is stored is no verdict at all.
    """
    shifts = " ".join(f"WHEN '{mode.value}' THEN {BITS_PER_MODE * number}" for number, mode in enumerate(MODES))
    positions = DeterminedPosition._meta.db_table
    again = f"((COALESCE(f.verdicts, {_UNJUDGED}) >> CASE p.mode {shifts} ELSE 0 END) & 15)"
    # Packed bounds say 0, 1 or 3; with the lower bit of a 3 taken away they are the verdicts 0, 1 and 2.
    statement = (
        f"WITH folded AS (SELECT position_id, {folded_outcomes()} AS packed FROM ({_task_outcomes()}) t "
        "GROUP BY position_id), "
        f"f AS (SELECT position_id, packed & ~((packed >> 1) & {_LOWER}) AS verdicts FROM folded) "
        f"SELECT p.position_id, p.mode, p.worst, p.best, {again} & 3, {again} >> 2 "
        f"FROM {positions} p LEFT JOIN f ON f.position_id = p.position_id "
        f"WHERE p.verification_id = %s AND (p.worst + 4 * p.best <> {again} OR p.worst > 3)"
    )
    return [
        PositionAgain(position, Mode(mode), _bounds(*stored), _bounds(*now))
        for position, mode, *four in sorted(_rows(statement, [verification.pk, verification.pk]))
        for stored, now in [(four[:2], four[2:])]
    ]


def _task_outcomes() -> str:
    """SQL of the stored bounds of all tasks of a verification.

    PostgreSQL gets them in the order of their positions, in which they nearly lie: sorting is quicker than hashing.
    """
    order = " ORDER BY position_id OFFSET 0" if connection.vendor == "postgresql" else ""
    return f"SELECT position_id, outcomes FROM {DeterminedTask._meta.db_table} WHERE verification_id = %s{order}"


_LOWER: Final = sum(1 << 2 * field for field in range(2 * len(MODES)))
"""The lower bit of every packed bound."""

_UNJUDGED: Final = sum(Verdict.ELIGIBLE << BITS_PER_MODE * number + 2 for number in range(len(MODES)))
"""The verdicts of a position without tasks: everything is open."""


def _bounds(worst: int, best: int) -> Bounds:
    return Bounds(Verdict(worst), Verdict(best))


def _grounds(verification: Verification) -> Grounds:
    """The stored ground of agencies and units; one that cannot be read any more is left out."""
    agencies: dict[int, Ground] = {}
    units: dict[int, Ground] = {}
    rows = DeterminedGround.objects.filter(verification=verification).order_by("pk")
    for agency, unit, content in rows.values_list("agency_id", "unit_id", "content"):
        if unit is None:
            agencies[agency] = Ground(*read_ground(content))
        else:
            units[unit] = Ground(*read_ground(content))
    return Grounds(agencies, units)


def _without_ground(verification: Verification, grounds: Grounds) -> Iterator[TaskAgain]:
    """The tasks of agencies and units whose ground is not stored any more."""
    rows = DeterminedTask.objects.filter(verification=verification).order_by()
    places = rows.values_list("agency_id", "unit_id").distinct()
    lost = [(a, u) for a, u in places if a not in grounds.agencies or (u is not None and u not in grounds.units)]
    for agency, unit in lost:
        here = rows.filter(agency=agency, unit=unit) if unit else rows.filter(agency=agency, unit__isnull=True)
        for task, position, outcomes in here.order_by("pk").values_list("task_id", "position_id", "outcomes"):
            yield TaskAgain(task, position, outcomes, None)


def _rows(statement: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL work_mem = %s", [WORK_MEMORY])
        cursor.execute(statement, params)
        return list(cursor.fetchall())
