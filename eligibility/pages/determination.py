"""A determination with how it stands today, and one of its positions: what was signed, beside today's answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.events import Receipt
from agencies.models import Basis, Position, Role
from agencies.receipts import receipt_of
from eligibility.answers import answer_for
from eligibility.determinations.reading import SignedResults, SignedTask
from eligibility.explanations import ReasonWords
from eligibility.footing import Footing
from eligibility.models import Determination, DeterminationRevocation, DeterminedPosition, Verification
from eligibility.models.instruments import Layer
from eligibility.pages.determinations import STANDS, stands_on
from eligibility.pages.gates import GateNotice
from eligibility.pages.in_force import changed_positions
from eligibility.pages.position import Answer, Origin, told_together
from eligibility.pages.reading import Reading
from eligibility.pages.verification import holds_for
from eligibility.position_explanations import PositionExplanation
from eligibility.rulebook import Mode, Outcome


@dataclass(frozen=True)
class DeterminationPage:
    """Everything of the page but its list of rows."""

    determination: Determination
    stands: str
    revocation: DeterminationRevocation | None
    later: tuple[Determination, ...]
    changed: Mapping[int, tuple[str, ...]]
    may_revoke: bool
    receipt: Receipt | None
    gate: GateNotice | None

    @property
    def stands_label(self) -> str:
        """How it stands, in words."""
        return str(STANDS[self.stands])


def determination_page(
    standing: Standing, determination: Determination, footing: Footing, gate: GateNotice | None
) -> DeterminationPage:
    """Put the page together; what no longer fits is worked out only while the determination holds."""
    on, known_at = footing.on, footing.known_at
    in_force = Determination.objects.in_force(determination.institution, on, known_at)
    holds = in_force.filter(pk=determination.pk).exists()
    stands = stands_on(determination, on, known_at, superseded=not holds)
    agency = determination.verification.agency
    later = Determination.objects.filter(
        verification__agency=agency, effective_from__gte=determination.effective_from, pk__gt=determination.pk
    )
    return DeterminationPage(
        determination=determination,
        stands=stands,
        revocation=getattr(determination, "revocation", None),
        later=tuple(later) if stands == "superseded" else (),
        changed=changed_positions(determination, footing) if holds else {},
        may_revoke=revocable(determination, on) and holds_for(standing, agency, Role.HR_OFFICER),
        receipt=receipt_of(determination, "determination_recorded"),
        gate=gate,
    )


def revocable(determination: Determination, on: date) -> bool:
    """Whether it was not revoked and has not ended."""
    ended = determination.last_day is not None and determination.last_day < on
    return getattr(determination, "revocation", None) is None and not ended


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as it was printed."""

    title: str
    share: int | None


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form with the outcome that was signed and today's; `today` is None while today's is not told."""

    mode: Mode
    signed: Outcome
    today: Outcome | None

    @property
    def differs(self) -> bool:
        """Whether today's outcome is another."""
        return self.today is not None and self.today is not self.signed


@dataclass(frozen=True)
class DeterminedPage:
    """One position: the signed answers from what is stored, and today's where it no longer fits.

    `internal` are the codes of the rules that no official text holds.
    """

    rows: tuple[DeterminedPosition, ...]
    tasks: tuple[TaskLine, ...]
    lines: tuple[FormLine, ...]
    answers: tuple[Answer, ...]
    changed: tuple[str, ...]
    internal: frozenset[str]

    @property
    def row(self) -> DeterminedPosition:
        """What names the position, as printed."""
        return self.rows[0]


class SignedOrigins:
    """The origins of facts as they were printed."""

    def __init__(self, tasks: Sequence[SignedTask]) -> None:
        self.tasks = tasks

    def of(self, fact: str, tasks: Iterable[str]) -> tuple[Origin, ...]:
        """The distinct origins of a fact over the named tasks; of all tasks where none is named."""
        named = frozenset(tasks)
        found = (task.origins.get(fact) for task in self.tasks if not named or task.judged.title in named)
        told = (Origin(one.source, str(Basis(one.basis).label), one.valid_from) for one in found if one is not None)
        return tuple(dict.fromkeys(told))


def determined_page(
    verification: Verification,
    rows: list[DeterminedPosition],
    changed: tuple[str, ...],
    today: Mapping[Mode, Outcome],
) -> DeterminedPage:
    """Put the page of a position together; `today` is told only where something has changed."""
    results = SignedResults(verification)
    signed = next(results.positions([rows[0].position_id]))
    explanation = results.explain(signed, _) or PositionExplanation(())
    by_mode = {Mode(row.mode): row for row in rows}
    passed: dict[Mode, tuple[ReasonWords, ...]] = dict.fromkeys(Mode, ())
    answers = told_together(explanation.modes, passed, SignedOrigins(signed.tasks), len(signed.tasks))
    return DeterminedPage(
        rows=tuple(rows),
        tasks=tuple(TaskLine(task.judged.title, task.judged.share) for task in signed.tasks),
        lines=tuple(FormLine(mode, by_mode[mode].outcome, today.get(mode)) for mode in Mode if mode in by_mode),
        answers=tuple(answers),
        changed=changed,
        internal=frozenset(rule.code for rule in results.rulebook.rules if rule.citation.layer == Layer.INTERNAL),
    )


def outcomes_today(reading: Reading, position: Position) -> dict[Mode, Outcome]:
    """The position's outcome in every form on the day; empty while it has no task to judge."""
    answer = answer_for(position, reading.rulebook, reading.grounds, _)
    return {one.mode: one.outcome for one in answer.modes} if answer else {}
