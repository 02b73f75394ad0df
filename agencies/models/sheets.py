"""Lembar pemetaan: two reviewers answer about a task, blind to each other; what differs is settled and then agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.mapping.querysets import (
    AnswerQuerySet,
    AssessmentQuerySet,
    ComparisonQuerySet,
    SettlementQuerySet,
    SheetQuerySet,
)
from agencies.models.institutions import Agency, Institution
from agencies.models.people import User
from agencies.models.places import Document
from agencies.models.positions import Task


class Sheet(models.Model):
    """One round of mapping of one task. `agency` repeats the position's when the sheet was opened.

    `likeness` is equal for sheets whose tasks were alike then (same title of position and task, same jenjang, same
    kind of unit), so that they can be answered together. `due_on` is the last day to answer (null: none is set);
    `compared_at` the moment when both reviewers had submitted for the first time, from which both may be read.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Being answered")
        SETTLING = "settling", _("To be settled")
        AGREED = "agreed", _("Agreed")
        CANCELLED = "cancelled", _("Cancelled")

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="sheets")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="sheets", verbose_name=_("agency"))
    task = models.ForeignKey(Task, models.PROTECT, related_name="sheets", verbose_name=_("task"))
    likeness = models.CharField(_("likeness"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    due_on = models.DateField(_("to be answered by"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    compared_at = models.DateTimeField(_("compared at"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    cancelled_because = models.CharField(_("reason for cancelling"), max_length=300, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping sheet")
        verbose_name_plural = _("mapping sheets")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["institution", "state", "agency"], name="sheet_progress"),
            models.Index(fields=["institution", "likeness", "state"], name="sheet_alike"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=models.Q(state__in=["open", "settling"]),
                name="sheet_one_live_of_a_task",
                violation_error_message=_("This task has a sheet already; work on that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="agreed", agreed_at__isnull=False)
                | (~models.Q(state="agreed") & models.Q(agreed_at__isnull=True)),
                name="sheet_agreed_at_a_moment",
                violation_error_message=_("A sheet is agreed at a moment, and only then."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.task)


SHEET_TRANSITIONS: Final[Mapping[Sheet.State, frozenset[Sheet.State]]] = {
    Sheet.State.OPEN: frozenset({Sheet.State.SETTLING, Sheet.State.AGREED, Sheet.State.CANCELLED}),
    Sheet.State.SETTLING: frozenset({Sheet.State.OPEN, Sheet.State.AGREED, Sheet.State.CANCELLED}),
}
"""How sheets move; an agreed or cancelled one stays as it is, and the next round is a sheet of its own."""


class Assessment(models.Model):
    """One reviewer's part of a sheet. Without a reviewer nobody was named yet.

    When another reviewer is named, what the former one has written is set aside with her (`replaced`).
    `documents` are all that she brought for it, also one in whose place another came.
    """

    class Side(models.TextChoices):
        AGENCY = "agency", _("Agency")
        BKPSDM = "bkpsdm", _("BKPSDM")

    class State(models.TextChoices):
        DRAFT = "draft", _("To be answered")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        REPLACED = "replaced", _("Set aside")

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="assessments")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    reviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="assessments", verbose_name=_("reviewer")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    returned_because = models.CharField(_("reason for returning"), max_length=300, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    documents = models.ManyToManyField(Document, related_name="assessments", blank=True, verbose_name=_("documents"))

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["pk"]
        indexes = [models.Index(fields=["reviewer", "state"], name="assessment_of_reviewer")]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "side"],
                condition=~models.Q(state="replaced"),
                name="assessment_one_of_a_side",
                violation_error_message=_("This side of the sheet has a reviewer already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.get_side_display()}"


ASSESSMENT_TRANSITIONS: Final[Mapping[Assessment.State, frozenset[Assessment.State]]] = {
    Assessment.State.DRAFT: frozenset({Assessment.State.SUBMITTED, Assessment.State.REPLACED}),
    Assessment.State.SUBMITTED: frozenset({Assessment.State.RETURNED, Assessment.State.DRAFT}),
    Assessment.State.RETURNED: frozenset({Assessment.State.SUBMITTED, Assessment.State.REPLACED}),
}
"""How assessments move: a submitted one is returned, or taken back before the other was submitted."""


class Answer(models.Model):
    """What a reviewer answers to one question; a null value says that she does not know.

    No row means that she has not answered. `version` counts how often it was saved.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    fact = models.CharField(_("fact"), max_length=60)
    value = models.CharField(_("value"), max_length=300, null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    evidence = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("evidence")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved at"))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "fact"],
                name="answer_once",
                violation_error_message=_("This question is answered already; change that answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} = {self.value}"


class Comparison(models.Model):
    """The two answers to one question as given blind; a null value: the reviewer did not know. Append-only."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="comparisons")
    fact = models.CharField(_("fact"), max_length=60)
    by_agency = models.CharField(_("answer of the agency"), max_length=300, null=True, blank=True)
    by_bkpsdm = models.CharField(_("answer of BKPSDM"), max_length=300, null=True, blank=True)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "fact"],
                name="comparison_once",
                violation_error_message=_("These two answers were compared already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact}: {self.by_agency} / {self.by_bkpsdm}"


class Settlement(models.Model):
    """How a difference was settled, with the reason; a null value: nobody knows yet. Append-only."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="settlements")
    fact = models.CharField(_("fact"), max_length=60)
    value = models.CharField(_("value"), max_length=300, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    settled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("settled at"))

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "fact"],
                name="settlement_once",
                violation_error_message=_("This difference is settled already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} = {self.value}"
