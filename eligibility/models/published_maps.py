"""What an institution publishes of its map for other governments, and that it withdrew it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Institution, User
from eligibility.models.verifications import StoredRulebook
from eligibility.querysets import PublishedMapQuerySet


class PublishedMap(models.Model):
    """The aggregate map of an institution on a day, as others may read it: no persons, no small numbers.

    `content` is canonical JSON (`published_maps.texts`). Never changed: what is withdrawn has a row beside it.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="published_maps")
    judged_on = models.DateField(_("day of judgement"))
    rulebook = models.ForeignKey(StoredRulebook, models.PROTECT, related_name="+")
    content = models.TextField(_("content"))
    note = models.TextField(_("note to readers"), max_length=2000, blank=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PublishedMapQuerySet.as_manager()

    class Meta:
        verbose_name = _("published map")
        verbose_name_plural = _("published maps")
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.institution} ({self.judged_on})"

    @property
    def is_withdrawn(self) -> bool:
        """Whether others no longer see it."""
        return hasattr(self, "withdrawal")


class MapWithdrawal(models.Model):
    """From a moment on others no longer see a published map. Append-only."""

    published_map = models.OneToOneField(PublishedMap, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("reason"), max_length=500)
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("withdrawal of a published map")
        verbose_name_plural = _("withdrawals of published maps")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="map_withdrawal_with_reason",
                violation_error_message=_("Say why the map is withdrawn."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.published_map}: {self.withdrawn_at}"
