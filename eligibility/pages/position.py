"""A position's answer card: modes of equal answer stand together, facts carry their source and date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext

from agencies.models import AgencyReview, FactRecord, Position, Task
from eligibility.decisions import decide_gates
from eligibility.explanations import (
    FactWords,
    ModeExplanation,
    PositionExplanation,
    ReasonWords,
    explain_position,
)
from eligibility.loading import judged_tasks, position_case
from eligibility.masks import lay_out
from eligibility.pages.gates import GateNotice, gate_notice
from eligibility.pages.reading import Reading
from eligibility.rulebook import Mode


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from and since when it is so."""

    source: str
    basis: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as it was read, with its origins (none: kept with the agency itself)."""

    words: FactWords
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason and the facts it rests on; `tasks` are named where not all tasks share it."""

    words: ReasonWords
    facts: tuple[FactLine, ...]
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer for one or more modes."""

    explanation: ModeExplanation
    modes: tuple[Mode, ...]
    labels: tuple[str, ...]
    reasons: tuple[ReasonLine, ...]
    unturnable: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The name of its place on the page."""
        return f"jawaban-{self.modes[0].value}"


@dataclass(frozen=True, slots=True)
class GateLines:
    """The gates of some modes: closed ones, those that lack facts, and those to be checked on the person."""

    labels: tuple[str, ...]
    failed: tuple[ReasonLine, ...]
    unknown: tuple[ReasonLine, ...]
    to_check: tuple[ReasonLine, ...]


@dataclass(frozen=True)
class PositionPage:
    """Everything of a position's page. Without tasks there is nothing to judge and no answer."""

    position: Position
    tasks: tuple[Task, ...]
    modes: tuple[ModeExplanation, ...]
    answers: tuple[Answer, ...]
    gates: tuple[GateLines, ...]
    notice: GateNotice

    def anchor_of(self, mode: Mode) -> str:
        """The place of a mode's answer."""
        return next(answer.anchor for answer in self.answers if mode in answer.modes)

    @property
    def lines(self) -> list[tuple[ModeExplanation, str]]:
        """Each mode with the place of its answer."""
        return [(explanation, self.anchor_of(explanation.mode)) for explanation in self.modes]


def position_page(reading: Reading, position: Position) -> PositionPage:
    """Judge the position in every mode and put the page together."""
    tasks = tuple(position.tasks.prefetch_related("services").order_by("number"))
    explanation = _explained(reading, position) if tasks else PositionExplanation(())
    origins = _Origins(position, tasks, reading.on)
    return PositionPage(
        position=position,
        tasks=tasks,
        modes=explanation.modes,
        answers=tuple(_answers(explanation.modes, origins, len(tasks))),
        gates=tuple(_gates(explanation.modes, origins)),
        notice=gate_notice(reading, [position.agency_id]),
    )


def _explained(reading: Reading, position: Position) -> PositionExplanation:
    ground = reading.grounds.of(position.agency_id, position.unit_id)
    case = position_case(position, ground)
    gates = {mode: decide_gates(reading.rulebook, case, mode) for mode in Mode}
    layout = lay_out(reading.rulebook)
    return explain_position(layout, judged_tasks(position, ground), gates, gettext)


class _Origins:
    """The origins of the facts of a position, its tasks and its agency, fetched once."""

    def __init__(self, position: Position, tasks: Sequence[Task], on: date) -> None:
        records = FactRecord.objects.filter(Q(task__position=position) | Q(position=position), valid_from__lte=on)
        self.records = records.latest_by_fact()
        self.keys: dict[str, list[int | None]] = {}
        for task in tasks:
            self.keys.setdefault(task.title, []).append(task.pk)
        self.review = AgencyReview.objects.filter(agency=position.agency_id).in_force(on).get(position.agency_id)

    def of(self, fact: str, tasks: Iterable[str]) -> tuple[Origin, ...]:
        """The distinct origins of a fact over the named tasks; of all tasks where none is named."""
        if fact.startswith("agency."):
            return self._of_review(fact)
        named = [key for title in tasks for key in self.keys.get(title, [])]
        keys: list[int | None] = [*(named or [key for some in self.keys.values() for key in some]), None]
        found = (self.records.get((key, fact)) for key in keys)
        return tuple(dict.fromkeys(_origin(record) for record in found if record is not None))

    def _of_review(self, fact: str) -> tuple[Origin, ...]:
        review = self.review
        column = fact.partition(".")[2].removeprefix("review_")
        if review is None or not hasattr(review, column) or column in {"agency", "source"}:
            return ()
        return (Origin(review.source, "", review.valid_from),)


def _origin(record: FactRecord) -> Origin:
    return Origin(record.source, record.get_basis_display(), record.valid_from)


def _line(words: ReasonWords, origins: _Origins, task_count: int) -> ReasonLine:
    facts = tuple(FactLine(fact, origins.of(fact.fact, words.tasks)) for fact in words.facts)
    return ReasonLine(words, facts, words.tasks if len(words.tasks) < task_count else ())


def _same(explanation: ModeExplanation) -> ModeExplanation:
    """The explanation without what names its mode: equal ones are told together."""
    return replace(explanation, mode=Mode.HOME, label="", gates=())


def _answers(modes: Iterable[ModeExplanation], origins: _Origins, task_count: int) -> Iterable[Answer]:
    grouped: dict[ModeExplanation, list[ModeExplanation]] = {}
    for explanation in modes:
        grouped.setdefault(_same(explanation), []).append(explanation)
    for members in grouped.values():
        first = members[0]
        yield Answer(
            explanation=first,
            modes=tuple(member.mode for member in members),
            labels=tuple(member.label for member in members),
            # Limits stand in a place of their own, where the winning norm and those it beat are told.
            reasons=tuple(_line(r, origins, task_count) for r in first.reasons if r.state != "limit"),
            unturnable=tuple(dict.fromkeys(reason.provision for reason in first.unturnable)),
        )


def _gates(modes: Iterable[ModeExplanation], origins: _Origins) -> Iterable[GateLines]:
    grouped: dict[tuple[ReasonWords, ...], list[str]] = {}
    for explanation in modes:
        grouped.setdefault(explanation.gates, []).append(explanation.label)
    for gates, labels in grouped.items():
        lines: Mapping[str, tuple[ReasonLine, ...]] = {
            state: tuple(_line(gate, origins, 0) for gate in gates if gate.state == state)
            for state in ("failed", "unknown", "to_check")
        }
        if any(lines.values()):
            yield GateLines(tuple(labels), lines["failed"], lines["unknown"], lines["to_check"])
