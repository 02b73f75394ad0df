"""Deciding again what was decided: each run and what it found. Append-only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Institution, User
from eligibility.models import Approval, Determination


class Reperformance(models.Model):
    """One run over the determinations and approvals of an institution, of those given since a day (null: all).

    `later` counts those for which law was recorded only afterwards that had been known before: held against nobody.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="reperformances")
    since = models.DateField(_("since"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))
    determinations = models.PositiveIntegerField(_("determinations"))
    positions = models.PositiveIntegerField(_("determined positions"))
    approvals = models.PositiveIntegerField(_("approvals"))
    later = models.PositiveIntegerField(_("decided before the law was recorded"), default=0)

    class Meta:
        verbose_name = _("re-performance")
        verbose_name_plural = _("re-performances")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.institution} ({self.at})"


class Difference(models.Model):
    """Something that is decided otherwise than it was, by the facts, rules and knowledge of its moment.

    `what` is canonical JSON of what differs (`reperformance.words`).
    """

    class Kind(models.TextChoices):
        OUTCOME = "outcome", _("The outcome differs")
        FACTS = "facts", _("The facts differ from those recorded at the time")
        CHECKS = "checks", _("A requirement was not met")
        LAW = "law", _("The law differs from that decided by")

    run = models.ForeignKey(Reperformance, models.PROTECT, related_name="differences")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    determination = models.ForeignKey(
        Determination, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("determination")
    )
    position = models.ForeignKey("agencies.Position", models.PROTECT, null=True, blank=True, related_name="+")
    approval = models.ForeignKey(
        Approval, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approval")
    )
    what = models.TextField(_("what differs"))

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
