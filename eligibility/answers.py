"""The whole answer for one stored position: loads what the engine reads and words what it decides."""

from __future__ import annotations

from collections.abc import Callable

from agencies.facts import FACTS
from agencies.local_criteria import local_criteria_of
from agencies.models import Institution, Position
from eligibility.decisions import decide_gates
from eligibility.grounds import Grounds, judged_tasks, position_case
from eligibility.position_explanations import PositionExplanation, explain_position
from eligibility.rulebook import Mode, Rulebook
from eligibility.statements import compiled

Translate = Callable[[str], str]


def naming_local_criteria(institution: Institution, translate: Translate) -> Translate:
    """The translation where the institution's own criteria bear the names and questions it gave them."""
    return naming(own_names(institution.pk), translate)


OwnNames = tuple[tuple[str, str], ...]
"""What the portal says of a criterion of its own, and what the institution says instead."""


def own_names(institution: int) -> OwnNames:
    """The names and questions that the institution gave its own criteria."""
    named: list[tuple[str, str]] = []
    for criterion in local_criteria_of(institution):
        fact = FACTS[f"task.local_{criterion.number}"]
        named += [(fact.label, criterion.label), (fact.question, criterion.question)]
    return tuple(named)


def naming(names: OwnNames, translate: Translate) -> Translate:
    """The translation where criteria bear those names."""
    named = dict(names)
    return lambda message: named.get(message) or translate(message)


def answer_for(
    position: Position, rulebook: Rulebook, grounds: Grounds, translate: Translate
) -> PositionExplanation | None:
    """The position in all modes with reasons, gates and changes, in words; None where there is no task to judge.

    A position that is closed on the day has none.
    """
    ground = grounds.of(position.agency_id, position.unit_id)
    tasks = judged_tasks(position, ground)
    if not tasks:
        return None
    case = position_case(position, ground)
    gates = {mode: decide_gates(rulebook, case, mode) for mode in Mode}
    words = naming_local_criteria(position.institution, translate)
    return explain_position(compiled(rulebook).layout, tasks, gates, words)
