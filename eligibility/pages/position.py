"""A position's answer card: modes of equal answer stand together, facts carry their source and date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.mapping.agreed_sheets import AgreedSheets
from agencies.models import AgencyReview, FactRecord, Position, Task
from agencies.querysets import open_on
from eligibility.answers import answer_for, naming_local_criteria
from eligibility.decisions import Reason, State, decide_position
from eligibility.explanations import FactWords, LimitWords, ReasonWords, word_reason
from eligibility.grounds import judged_tasks
from eligibility.models.instruments import Layer
from eligibility.pages.gates import GateNotice, gate_notice
from eligibility.pages.in_force import InForce, in_force_for
from eligibility.pages.reading import Reading
from eligibility.pages.short_answer import barred_sentence
from eligibility.position_explanations import ModeExplanation, PositionExplanation
from eligibility.rulebook import Limit, Mode, Outcome


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from and since when it is so; `sheets` are those on which it was agreed, by their keys."""

    source: str
    basis: str
    valid_from: date
    sheets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as it was read, with its origins; `kept` says that it stands in the portal's own register of agencies."""

    words: FactWords
    origins: tuple[Origin, ...]
    kept: bool = False


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason and the facts it rests on; `tasks` are named where not all tasks share it.

    `origins` are those that all its facts have in common; then none is told at the single fact.
    """

    words: ReasonWords
    facts: tuple[FactLine, ...]
    tasks: tuple[str, ...]
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit and the norms that set it, each with what it was read from."""

    words: LimitWords
    norms: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer for one or more modes; `passed` are the rules that were checked and stand in no task's way."""

    explanation: ModeExplanation
    modes: tuple[Mode, ...]
    labels: tuple[str, ...]
    reasons: tuple[ReasonLine, ...]
    passed: tuple[ReasonLine, ...]
    limits: tuple[LimitLine, ...]
    unturnable: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The name of its place on the page."""
        return f"jawaban-{self.modes[0].value}"


@dataclass(frozen=True, slots=True)
class GateLine:
    """A gate that is not passed; `labels` are the modes it stands before (none: before all of them)."""

    line: ReasonLine
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateLines:
    """The gates by how they stand: closed, lacking facts, to be checked on the person."""

    failed: tuple[GateLine, ...] = ()
    unknown: tuple[GateLine, ...] = ()
    to_check: tuple[GateLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ModeLine:
    """One line of the table that stands first: a mode, the place of its answer, and why in short."""

    explanation: ModeExplanation
    anchor: str
    short: str


@dataclass(frozen=True)
class PositionPage:
    """Everything of a position's page. Without tasks there is nothing to judge and no answer.

    `internal` are the codes of the rules that no official text holds; `closed` says that the position
    counts no more on the day. `holds` is what is determined of it on the day, if anything.
    """

    position: Position
    tasks: tuple[Task, ...]
    modes: tuple[ModeExplanation, ...]
    answers: tuple[Answer, ...]
    gates: GateLines
    notice: GateNotice
    internal: frozenset[str]
    closed: bool = False
    holds: InForce | None = None

    def anchor_of(self, mode: Mode) -> str:
        """The place of a mode's answer."""
        return next(answer.anchor for answer in self.answers if mode in answer.modes)

    @property
    def lines(self) -> list[ModeLine]:
        """Each mode with the place of its answer."""
        return [ModeLine(mode, self.anchor_of(mode.mode), in_short(mode)) for mode in self.modes]


def in_short(explanation: ModeExplanation) -> str:
    """One sentence for the outcome."""
    if explanation.outcome is Outcome.NOT_ELIGIBLE:
        return barred_sentence(r.provision for r in explanation.reasons if r.state == State.FAILED.value)
    if explanation.outcome is Outcome.NEEDS_INFORMATION:
        return explanation.bounds_sentence
    return explanation.days_sentence


def position_page(reading: Reading, position: Position, sheets: AgreedSheets) -> PositionPage:
    """Judge the position in every mode and put the page together; `sheets` are those that the reader may open."""
    closed = position.closed_on is not None and position.closed_on <= reading.on
    told = position.tasks.all() if closed else position.tasks.filter(open_on(reading.on))
    tasks = tuple(told.prefetch_related("services").order_by("number"))
    answer = None if closed else answer_for(position, reading.rulebook, reading.grounds, _)
    explanation = answer or PositionExplanation(())
    origins = _Origins(position, tasks, reading.on, sheets)
    passed = _passed(reading, position) if answer else {}
    return PositionPage(
        position=position,
        tasks=tasks,
        modes=explanation.modes,
        answers=tuple(told_together(explanation.modes, passed, origins, len(tasks))),
        gates=_gates(explanation.modes, origins),
        notice=gate_notice(reading, [position.agency_id]),
        internal=frozenset(rule.code for rule in reading.rulebook.rules if rule.citation.layer == Layer.INTERNAL),
        closed=closed,
        holds=in_force_for(reading, [position.pk]).get(position.pk),
    )


def _passed(reading: Reading, position: Position) -> dict[Mode, tuple[ReasonWords, ...]]:
    """Per mode the rules that were checked and stand in the way of no task or of some only, in words."""
    tasks = judged_tasks(position, reading.grounds.of(position.agency_id, position.unit_id))
    words = naming_local_criteria(position.institution, _)
    found: dict[Mode, tuple[ReasonWords, ...]] = {}
    for mode in Mode:
        titles: dict[Reason, list[str]] = {}
        for task, judged in decide_position(reading.rulebook, tasks, mode).tasks:
            for reason in judged.reasons_in(State.PASSED):
                if _tells(reason):
                    titles.setdefault(reason, []).append(task.title)
        found[mode] = tuple(word_reason(reason, words, tuple(names)) for reason, names in titles.items())
    return found


def _tells(reason: Reason) -> bool:
    """Whether a passed rule says something of this position: a fact was read for it, or a norm sets it aside."""
    return not isinstance(reason.rule.effect, Limit) and bool(reason.facts or reason.lifted_by)


class Origins(Protocol):
    """Where facts come from."""

    def of(self, fact: str, tasks: Iterable[str]) -> tuple[Origin, ...]:
        """The distinct origins of a fact over the named tasks; of all tasks where none is named."""


class _Origins:
    """The origins of the facts of a position, its tasks and its agency, fetched once."""

    def __init__(self, position: Position, tasks: Sequence[Task], on: date, sheets: AgreedSheets) -> None:
        self.sheets = sheets
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
        return self._told(record for record in found if record is not None)

    def _told(self, records: Iterable[FactRecord]) -> tuple[Origin, ...]:
        """Each origin once, with the sheets of all tasks that share it."""
        sheets: dict[Origin, dict[int, None]] = {}
        for record in records:
            of_origin = sheets.setdefault(_origin(record), {})
            key = self.sheets.get((record.task_id, record.recorded_at))
            if key is not None:
                of_origin[key] = None
        return tuple(replace(origin, sheets=tuple(keys)) for origin, keys in sheets.items())

    def _of_review(self, fact: str) -> tuple[Origin, ...]:
        review = self.review
        column = fact.partition(".")[2].removeprefix("review_")
        if review is None or not hasattr(review, column) or column in {"agency", "source"}:
            return ()
        return (Origin(review.source, "", review.valid_from),)


def _origin(record: FactRecord) -> Origin:
    return Origin(record.source, record.get_basis_display(), record.valid_from)


def _fact_line(words: FactWords, origins: tuple[Origin, ...]) -> FactLine:
    above = words.fact.partition(".")[0] in {"institution", "agency", "unit"}
    return FactLine(words, origins, kept=above and not origins)


def _line(words: ReasonWords, origins: Origins, task_count: int) -> ReasonLine:
    facts = tuple(_fact_line(fact, origins.of(fact.fact, words.tasks)) for fact in words.facts)
    tasks = words.tasks if len(words.tasks) < task_count else ()
    shared = {fact.origins for fact in facts}
    if len(facts) > 1 and len(shared) == 1:
        return ReasonLine(words, tuple(replace(f, origins=()) for f in facts), tasks, shared.pop())
    return ReasonLine(words, facts, tasks)


def _same(explanation: ModeExplanation) -> ModeExplanation:
    """The explanation without what names its mode: equal ones are told together."""
    return replace(explanation, mode=Mode.HOME, label="", gates=())


def told_together(
    modes: Iterable[ModeExplanation],
    passed: Mapping[Mode, tuple[ReasonWords, ...]],
    origins: Origins,
    task_count: int,
) -> Iterable[Answer]:
    """The answers, those that are equal but for their mode as one."""
    grouped: dict[tuple[ModeExplanation, tuple[ReasonWords, ...]], list[ModeExplanation]] = {}
    for explanation in modes:
        grouped.setdefault((_same(explanation), passed[explanation.mode]), []).append(explanation)
    for (first, checked), members in grouped.items():
        yield Answer(
            explanation=first,
            modes=tuple(member.mode for member in members),
            labels=tuple(member.label for member in members),
            # Limits stand in a place of their own, where the winning norm and those it beat are told.
            reasons=tuple(_line(r, origins, task_count) for r in first.reasons if r.state != "limit"),
            passed=tuple(_line(r, origins, task_count) for r in checked),
            limits=tuple(_limit_line(limit, first.reasons, origins) for limit in first.limits),
            unturnable=tuple(dict.fromkeys(reason.provision for reason in first.unturnable)),
        )


def _limit_line(limit: LimitWords, reasons: Iterable[ReasonWords], origins: Origins) -> LimitLine:
    """A limit with the reasons of its norms, each norm once."""
    norms = {r.code: r for r in reasons if r.state == State.LIMIT.value and r.provision in limit.norms}
    return LimitLine(limit, tuple(_line(reason, origins, 0) for reason in norms.values()))


def _gates(modes: Sequence[ModeExplanation], origins: Origins) -> GateLines:
    before: dict[ReasonWords, list[str]] = {}
    for explanation in modes:
        for gate in explanation.gates:
            before.setdefault(gate, []).append(explanation.label)
    lines: dict[str, list[GateLine]] = {}
    for gate, labels in before.items():
        named = tuple(labels) if len(labels) < len(modes) else ()
        lines.setdefault(gate.state, []).append(GateLine(_line(gate, origins, 0), named))
    return GateLines(*(tuple(lines.get(state, ())) for state in ("failed", "unknown", "to_check")))
