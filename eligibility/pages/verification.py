"""Results on their way: what was sent, the chain with its stations, and what the user may do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F
from django.http import QueryDict

from agencies.access import Standing
from agencies.events import Receipt
from agencies.models import Agency, Role
from agencies.receipts import receipt_of
from eligibility.models import Determination, State, Step, Verification, VerificationStep
from eligibility.pages.agency import position_list
from eligibility.pages.gates import GateNotice, gate_notice
from eligibility.pages.matrix import build_matrix
from eligibility.pages.reading import Reading
from eligibility.rulebook import Outcome

ACTS: Final = {
    Step.HEAD_PROPOSAL: (Role.HR_OFFICER, Role.AGENCY_HEAD),
}
"""Who records a station besides BKPSDM: the head of an agency her own proposal."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A station of the chain: `state` is passed, returned, waiting or ahead."""

    label: str
    state: str
    recorded: VerificationStep | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """What was recorded in an earlier round."""

    number: int
    steps: tuple[VerificationStep, ...]


@dataclass(frozen=True, slots=True)
class MayDo:
    """Which acts the user may carry out now."""

    pass_step: bool = False
    give_back: bool = False
    withdraw: bool = False
    record: bool = False
    send: bool = False

    @property
    def anything(self) -> bool:
        """Whether there is one."""
        return self.pass_step or self.give_back or self.withdraw or self.record or self.send


@dataclass(frozen=True)
class VerificationPage:
    """Everything of the page but its list of rows."""

    verification: Verification
    steps: tuple[StepLine, ...]
    earlier: tuple[Round, ...]
    determination: Determination | None
    may: MayDo
    receipt: Receipt | None
    unknown: int
    gate: GateNotice | None

    @property
    def returned(self) -> VerificationStep | None:
        """The station that returned the results, while they wait to be sent again."""
        return next((line.recorded for line in self.steps if line.state == "returned"), None)


def may_do(standing: Standing, verification: Verification) -> MayDo:
    """What the standing may do with the results where they stand. The last station is the Penetapan itself."""
    state, clerk = State(verification.state), holds_for(standing, verification.agency, Role.HR_OFFICER)
    if state is State.SENT:
        last = verification.step == verification.way[-1].value
        here = holds_for(standing, verification.agency, *ACTS.get(Step(verification.step), (Role.HR_OFFICER,)))
        return MayDo(pass_step=here and not last, give_back=here, withdraw=clerk, record=clerk and last)
    return MayDo(withdraw=clerk, send=clerk) if state is State.RETURNED else MayDo()


def holds_for(standing: Standing, agency: Agency, *roles: Role) -> bool:
    """Whether a grant of one of the roles reaches the agency, itself or from above."""
    named = {grant.agency_id for grant in standing.grants if grant.role in roles}
    if None in named:
        return True
    keys = {key for key in named if key is not None}
    return bool(keys) and agency.pk in Agency.objects.filter(institution=standing.institution).subtree(keys)


def verification_page(standing: Standing, verification: Verification, gate: GateNotice | None) -> VerificationPage:
    """Put the page together."""
    recorded = list(verification.passed_steps.all())
    open_rows = verification.determined_positions.exclude(worst=F("best"))
    return VerificationPage(
        verification=verification,
        steps=_steps(verification, [step for step in recorded if step.round == verification.round]),
        earlier=_earlier(verification, recorded),
        determination=getattr(verification, "determination", None),
        may=may_do(standing, verification),
        receipt=receipt_of(verification, "results_sent"),
        unknown=open_rows.values("position").distinct().count(),
        gate=gate,
    )


def _steps(verification: Verification, recorded: list[VerificationStep]) -> tuple[StepLine, ...]:
    by_step = {Step(step.step): step for step in recorded}
    lines: list[StepLine] = []
    for step in verification.way:
        done = by_step.get(step)
        waits = "waiting" if verification.step == step.value else "ahead"
        lines.append(StepLine(str(step.label), done.outcome if done else waits, done))
    return tuple(lines)


def _earlier(verification: Verification, recorded: list[VerificationStep]) -> tuple[Round, ...]:
    numbers = sorted({step.round for step in recorded if step.round != verification.round})
    return tuple(Round(n, tuple(step for step in recorded if step.round == n)) for n in numbers)


def results_to_send(reading: Reading, agency: Agency, query: QueryDict) -> dict[str, Any]:
    """What is checked before it is sent: the agency's own counts, its list of positions, the gate, open results."""
    matrix = build_matrix([agency], reading.counts([agency]))
    return {
        "agency": agency,
        "cells": matrix.summary,
        "unknown": sum(cell.tally.of(Outcome.NEEDS_INFORMATION) > 0 for cell in matrix.summary),
        "listed": position_list(reading, agency, query),
        "gate": gate_notice(reading, [agency.pk]),
        "returned": Verification.objects.open().filter(agency=agency, state=State.RETURNED).first(),
    }
