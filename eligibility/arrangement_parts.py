"""What belongs to one arrangement, for its pages, in statements that are built once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from agencies.prepared import prepared
from eligibility.models import Approval, ArrangementObjection, ArrangementOutput, ArrangementStep, Letter


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
def letters_of(arrangement: int) -> QuerySet[Any, Letter]:
    """Its letters with their approvals, the latest first."""
    found = Letter.objects.filter(approval__arrangement_id=arrangement)
    return found.select_related("approval").order_by("-recorded_at", "-pk")
