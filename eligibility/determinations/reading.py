"""What was sent and signed, read from what is stored alone: no current row, law or setting is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Final

from agencies.facts import FACTS, POSITION_FACTS, TASK_FACTS, FactValue, Level
from eligibility.decisions import JudgedTask, PositionDecision, decide_gates, decide_position
from eligibility.masks import Layout
from eligibility.models import DeterminedPosition, DeterminedTask, Verification
from eligibility.position_explanations import PositionExplanation, explain_position
from eligibility.rulebook import Bounds, Case, Mode, Place, Rulebook
from eligibility.rulebook_text import citation_notes, read_ground, with_notes
from eligibility.stored_rulebooks import stored_layout

Translate = Callable[[str], str]

_ROW_FACTS: Final = (*POSITION_FACTS, *TASK_FACTS)


@dataclass(frozen=True, slots=True)
class Origin:
    """On what a printed fact rests: basis (imported, proposed, agreed), source, and since when it is so."""

    basis: str
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class SignedTask:
    """A task as it was judged, with the origin of each of its facts; a fact without one had none on record."""

    judged: JudgedTask
    number: int
    outcomes: Mapping[Mode, Bounds]
    origins: Mapping[str, Origin]

    @property
    def values(self) -> Mapping[str, FactValue | None]:
        """The facts of the task and its position, by name; None: unknown."""
        return {fact.name: self.judged.case.value(fact.name) for fact in _ROW_FACTS}


@dataclass(frozen=True, slots=True)
class SignedPosition:
    """A position as it was printed; `bounds` by mode, in the order of the modes."""

    key: int
    agency: int
    agency_name: str
    unit_name: str
    code: str
    title: str
    jenjang: str
    bounds: Mapping[Mode, Bounds]
    tasks: tuple[SignedTask, ...]

    @property
    def name(self) -> str:
        """Title and jenjang."""
        return f"{self.title} {self.jenjang}".strip()


@dataclass(frozen=True, slots=True)
class _Ground:
    values: Mapping[str, FactValue | None]
    place: Place
    agency_name: str


def notes_for(rulebook: Rulebook, local_criteria: Mapping[str, tuple[str, str]]) -> Mapping[str, object]:
    """What is shown with a rulebook and is no part of it: what is known of provisions, names of local criteria."""
    return {"citations": citation_notes(rulebook), "local_criteria": local_criteria}


class SignedResults:
    """All that a verification stored, decided by its own rulebook.

    The same in years: after the law, the facts and the settings changed and positions were closed.
    """

    def __init__(self, verification: Verification) -> None:
        self.verification = verification
        self._decided: dict[tuple[object, ...], PositionDecision] = {}

    @cached_property
    def _notes(self) -> Mapping[str, Mapping[str, list[str]]]:
        notes: Mapping[str, Mapping[str, list[str]]] = json.loads(self.verification.notes)
        return notes

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rulebook it was judged by, with what was known of its sources then."""
        return with_notes(stored_layout(self.verification.rulebook).rulebook, self._notes["citations"])

    @cached_property
    def layout(self) -> Layout:
        """The rulebook's bits, for explanations."""
        return Layout(self.rulebook, stored_layout(self.verification.rulebook).words)

    @cached_property
    def _grounds(self) -> dict[tuple[int, int | None], _Ground]:
        rows = self.verification.grounds.all()
        return {(row.agency_id, row.unit_id): _Ground(*read_ground(row.content), row.agency_name) for row in rows}

    @cached_property
    def _origins(self) -> dict[str, Origin]:
        rows = self.verification.sources.all()
        return {str(row.number): Origin(row.basis, row.source, row.valid_from) for row in rows}

    def translation(self, translate: Translate) -> Translate:
        """The translation where local criteria bear the names and questions they had then."""
        named: dict[str, str] = {}
        for number, (label, question) in self._notes["local_criteria"].items():
            fact = FACTS[f"task.local_{number}"]
            named |= {fact.label: label, fact.question: question}
        return lambda message: named.get(message) or translate(message)

    def positions(self, keys: Collection[int] | None = None) -> Iterator[SignedPosition]:
        """The positions covered (those of the keys given), by agency, title and key."""
        rows = DeterminedPosition.objects.filter(verification=self.verification)
        tasks = DeterminedTask.objects.filter(verification=self.verification).order_by("position_id", "number")
        if keys is not None:
            rows, tasks = rows.filter(position__in=keys), tasks.filter(position__in=keys)
        of_position = {key: list(some) for key, some in groupby(tasks, key=lambda task: task.position_id)}
        ordered = rows.order_by("agency_id", "title", "position_id", "mode")
        for key, alike in groupby(ordered, key=lambda row: row.position_id):
            yield self._position(key, list(alike), of_position.get(key, []))

    def _position(self, key: int, rows: list[DeterminedPosition], tasks: list[DeterminedTask]) -> SignedPosition:
        found = {Mode(row.mode): row.bounds for row in rows}
        row = rows[0]
        return SignedPosition(
            key=key,
            agency=row.agency_id,
            agency_name=self._grounds[row.agency_id, None].agency_name,
            unit_name=row.unit_name,
            code=row.code,
            title=row.title,
            jenjang=row.jenjang,
            bounds={mode: found[mode] for mode in Mode if mode in found},
            tasks=tuple(self._task(task, alone=len(tasks) == 1) for task in tasks),
        )

    def _task(self, row: DeterminedTask, *, alone: bool) -> SignedTask:
        ground = self._grounds[row.agency_id, row.unit_id]
        facts: dict[str, FactValue | None] = {fact.name: getattr(row, fact.column) for fact in _ROW_FACTS}
        case = Case({**ground.values, **facts}, ground.place)
        share = 100 if alone else row.share
        pairs = (part.rpartition("=") for part in row.origins.split())
        return SignedTask(
            judged=JudgedTask(row.task_id, row.title, share, case),
            number=row.number,
            outcomes={mode: row.bounds_in(mode) for mode in Mode},
            origins={fact: self._origins[number] for fact, _sign, number in pairs},
        )

    def decide(self, position: SignedPosition, mode: Mode) -> PositionDecision | None:
        """The decision in a mode with all reasons; None for a position that had no task to judge.

        Equal tasks are decided once: many positions of a city are alike.
        """
        if not position.tasks:
            return None
        tasks = [task.judged for task in position.tasks]
        alike = tuple((task.title, task.share, task.case.place, *task.case.values.values()) for task in tasks)
        known = self._decided.get((mode, *alike))
        if known is None:
            known = self._decided[mode, *alike] = decide_position(self.rulebook, tasks, mode)
        decided = (decision for _task, decision in known.tasks)
        return replace(known, tasks=tuple(zip(tasks, decided, strict=True)))

    def explain(self, position: SignedPosition, translate: Translate) -> PositionExplanation | None:
        """The position in all modes, in words, as it was judged; None if it had no task to judge."""
        if not position.tasks:
            return None
        tasks = [task.judged for task in position.tasks]
        case = tasks[0].case
        of_position = {name: value for name, value in case.values.items() if FACTS[name].level is not Level.TASK}
        absent = frozenset({Level.TASK, Level.EMPLOYEE, Level.ARRANGEMENT})
        alone = Case(of_position, case.place, absent)
        gates = {mode: decide_gates(self.rulebook, alone, mode) for mode in Mode}
        return explain_position(self.layout, tasks, gates, self.translation(translate))


def explain(verification: Verification, position: int, translate: Translate) -> PositionExplanation | None:
    """A position (by key) as it was judged when results were sent, in words.

    None if the results do not cover it or it had no task to judge.
    """
    results = SignedResults(verification)
    for found in results.positions([position]):
        return results.explain(found, translate)
    return None
