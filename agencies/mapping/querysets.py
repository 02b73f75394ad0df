"""Reads of sheets and of what stands in them; who may see an answer is said here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from agencies.models import Answer, Assessment, Comparison, Settlement, Sheet, User  # noqa: F401


def _task_counts(on: date, task: str) -> Q:
    """A condition by the way to a task: neither it nor its position is closed on the day; a null day is no closing."""
    ways = (f"{task}__closed_on", f"{task}__position__closed_on")
    own, above = (Q(**{f"{way}__isnull": True}) | Q(**{f"{way}__gt": on}) for way in ways)
    return own & above


class SheetQuerySet(models.QuerySet["Sheet"]):
    """Sheets."""

    def live(self) -> Self:
        """Those that are worked on: being answered or to be settled."""
        return self.filter(state__in=("open", "settling"))

    def counting(self, on: date) -> Self:
        """Those whose task counts on a day: of a closed one nobody is asked, until it is opened again."""
        return self.filter(_task_counts(on, "task"))

    def of_agencies(self, agencies: Collection[int]) -> Self:
        """Those of some agencies, by their keys."""
        return self.filter(agency__in=agencies)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments."""

    def current(self) -> Self:
        """Those that count: all but what a change of reviewer has set aside."""
        return self.exclude(state="replaced")

    def waiting_for(self, reviewer: User | int, on: date) -> Self:
        """Those that a reviewer has still to answer, of live sheets whose task counts on a day."""
        hers = self.filter(reviewer=reviewer, state__in=("draft", "returned"), sheet__state__in=("open", "settling"))
        return hers.filter(_task_counts(on, "sheet__task"))

    def settling(self) -> Self:
        """The parts of BKPSDM of sheets whose differences wait to be settled: who wrote them settles first of all."""
        return self.current().filter(side="bkpsdm", state="submitted", sheet__state="settling")


_COMPARED: Final = Q(assessment__sheet__compared_at__isnull=False) & ~Q(assessment__state="replaced")


def _given_anew() -> AssessmentQuerySet:
    """Parts of the answer's sheet whose reviewer came after the sheet was compared and has not submitted yet.

    Of a compared sheet no other part is a draft: who has submitted once is returned hers, and takes none back.
    """
    from agencies.models import Assessment  # which is made with this queryset

    return Assessment.objects.filter(sheet=OuterRef("assessment__sheet"), state="draft")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers."""

    def disclosed_to(self, reader: User | int) -> Self:
        """Her own, and those of both reviewers once both have submitted: until then neither sees the other's.

        Who is named for a returned part in another's place sees those of the sheet once she has submitted, too.
        What a change of reviewer has set aside stays with who wrote it.
        """
        return self.filter(
            Q(assessment__reviewer=reader) | (_COMPARED & ~Exists(_given_anew().filter(reviewer=reader)))
        )

    def compared(self) -> Self:
        """Those that everybody who maps the agency may read; none of a sheet on which somebody answers anew."""
        return self.filter(_COMPARED & ~Exists(_given_anew()))

    def number_in(self, assessment: OuterRef) -> models.QuerySet[Answer, Any]:
        """How many a part has, to be counted beside it: a number, which tells no answer."""
        mine = self.filter(assessment=assessment).order_by().values("assessment")
        return mine.annotate(number=models.Count("*")).values("number")


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    """The answers that two reviewers gave blind to each other."""


class SettlementQuerySet(models.QuerySet["Settlement"]):
    """Settled differences."""
