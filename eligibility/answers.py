"""The whole answer for one stored position: loads what the engine reads and words what it decides."""

from __future__ import annotations

from collections.abc import Callable

from agencies.models import Position
from eligibility.decisions import decide_gates
from eligibility.explanations import PositionExplanation, explain_position
from eligibility.loading import Grounds, judged_tasks, position_case
from eligibility.rulebook import Mode, Rulebook
from eligibility.screening import compiled


def answer_for(
    position: Position, rulebook: Rulebook, grounds: Grounds, translate: Callable[[str], str]
) -> PositionExplanation | None:
    """The position in all modes with reasons, gates and changes, in words; None while it has no task to judge."""
    ground = grounds.of(position.agency_id, position.unit_id)
    tasks = judged_tasks(position, ground)
    if not tasks:
        return None
    case = position_case(position, ground)
    gates = {mode: decide_gates(rulebook, case, mode) for mode in Mode}
    return explain_position(compiled(rulebook).layout, tasks, gates, translate)
