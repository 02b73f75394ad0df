"""What belongs to one arrangement, for its pages, in statements that are built once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from agencies.prepared import prepared
from eligibility.models import (
    Approval,
    ApprovalSpan,
    Arrangement,
    ArrangementObjection,
    ArrangementOutput,
    ArrangementStep,
    Letter,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """An arrangement with everything that its acts wrote; what has an order of time, the earliest first."""

    arrangement: Arrangement
    outputs: Sequence[ArrangementOutput]
    steps: Sequence[ArrangementStep]
    objections: Sequence[ArrangementObjection]
    approvals: Sequence[Approval]
    spans: Sequence[ApprovalSpan]

    @property
    def letters(self) -> list[Letter]:
        """The letters of its approvals."""
        return [approval.letter for approval in self.approvals if hasattr(approval, "letter")]

    @property
    def rows(self) -> Mapping[type[Model], Sequence[Model]]:
        """All of them by their table."""
        return {
            Arrangement: [self.arrangement],
            Approval: self.approvals,
            Letter: self.letters,
            ArrangementOutput: self.outputs,
            ArrangementStep: self.steps,
            ArrangementObjection: self.objections,
            ApprovalSpan: self.spans,
        }


def parts_of(arrangement: Arrangement) -> Parts:
    """Its parts, read now."""
    key = arrangement.pk
    approvals = approvals_of(key)
    spans = spans_of(key) if approvals else []
    return Parts(arrangement, outputs_of(key), steps_done(key), objections_to(key), approvals, spans)


@prepared
def outputs_of(arrangement: int) -> QuerySet[Any, ArrangementOutput]:
    """Its outputs in their order."""
    return ArrangementOutput.objects.filter(arrangement_id=arrangement).order_by("number")


@prepared
def steps_done(arrangement: int) -> QuerySet[Any, ArrangementStep]:
    """Its steps with who did them, the earliest first."""
    found = ArrangementStep.objects.filter(arrangement_id=arrangement)
    return found.select_related("by", "by_employee").order_by("at", "pk")


@prepared
def objections_to(arrangement: int) -> QuerySet[Any, ArrangementObjection]:
    """The objections to its refusals, the earliest first."""
    found = ArrangementObjection.objects.filter(arrangement_id=arrangement)
    return found.select_related("office").order_by("raised_at", "pk")


@prepared
def approvals_of(arrangement: int) -> QuerySet[Any, Approval]:
    """Its approvals with who decided, in which office, and their letters, the earliest first."""
    found = Approval.objects.filter(arrangement_id=arrangement)
    return found.select_related("by_employee", "office", "letter").order_by("at", "pk")


@prepared
def spans_of(arrangement: int) -> QuerySet[Any, ApprovalSpan]:
    """The spans of its approvals with the determinations they rest on."""
    found = ApprovalSpan.objects.filter(approval__arrangement_id=arrangement)
    return found.select_related("determination").order_by("approval_id", "number")


@prepared
def letters_of(arrangement: int) -> QuerySet[Any, Letter]:
    """Its letters with their approvals, the latest first."""
    found = Letter.objects.filter(approval__arrangement_id=arrangement)
    return found.select_related("approval").order_by("-recorded_at", "-pk")
