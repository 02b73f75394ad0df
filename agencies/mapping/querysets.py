"""Reads of sheets and of what stands in them; who may see an answer is said here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from agencies.models import Answer, Assessment, Comparison, Settlement, Sheet, User  # noqa: F401


class SheetQuerySet(models.QuerySet["Sheet"]):
    """Sheets."""

    def live(self) -> Self:
        """Those that are worked on: being answered or to be settled."""
        return self.filter(state__in=("open", "settling"))

    def of_agencies(self, agencies: Collection[int]) -> Self:
        """Those of some agencies, by their keys."""
        return self.filter(agency__in=agencies)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments."""

    def current(self) -> Self:
        """Those that count: all but what a change of reviewer has set aside."""
        return self.exclude(state="replaced")

    def waiting_for(self, reviewer: User) -> Self:
        """Those that a reviewer has still to answer, of live sheets."""
        return self.filter(reviewer=reviewer, state__in=("draft", "returned"), sheet__state__in=("open", "settling"))


_COMPARED: Final = Q(assessment__sheet__compared_at__isnull=False) & ~Q(assessment__state="replaced")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers."""

    def disclosed_to(self, reader: User | int) -> Self:
        """Her own, and those of both reviewers once both have submitted: until then neither sees the other's.

        What a change of reviewer has set aside stays with who wrote it.
        """
        return self.filter(Q(assessment__reviewer=reader) | _COMPARED)

    def compared(self) -> Self:
        """Those that everybody who maps the agency may read."""
        return self.filter(_COMPARED)


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    """The answers that two reviewers gave blind to each other."""


class SettlementQuerySet(models.QuerySet["Settlement"]):
    """Settled differences."""
