"""Positions and the tasks they consist of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.models.choices import translated
from agencies.models.institutions import Agency, Institution, PublicService, Unit
from agencies.querysets import PositionQuerySet


class Position(models.Model):
    """A role in a unit. Need is the ABK, filled the bezetting; null means not counted yet.

    `institution` repeats that of the agency so that lists and the screening need no join; a
    database trigger refuses a row where the two disagree.
    """

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="positions")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="positions", verbose_name=_("agency"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="positions", verbose_name=_("unit")
    )
    code = models.CharField(_("code"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    jenjang = models.CharField(_("jenjang"), max_length=40, blank=True)
    category = models.CharField(
        _("category"), max_length=20, choices=translated(facts.CATEGORIES), null=True, blank=True
    )
    echelon = models.CharField(_("echelon"), max_length=10, choices=translated(facts.ECHELONS), null=True, blank=True)
    job_family = models.CharField(
        _("job family"), max_length=40, choices=translated(facts.JOB_FAMILIES), null=True, blank=True
    )
    leads = models.CharField(_("leads"), max_length=10, choices=translated(facts.LEADS), null=True, blank=True)
    needed = models.PositiveIntegerField(_("needed (ABK)"), null=True, blank=True)
    filled = models.PositiveIntegerField(_("filled (bezetting)"), null=True, blank=True)
    closed_on = models.DateField(_("closed from"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["agency", "title", "id"], name="position_list"),
            models.Index(fields=["institution", "title", "id"], name="position_city_list"),
            models.Index("institution", Upper("title"), name="position_same_title"),
            models.Index(fields=["institution", "job_family"], name="position_family"),
            models.Index(fields=["closed_on"], condition=Q(closed_on__isnull=False), name="position_closed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "code"],
                name="position_code_once",
                violation_error_message=_("Another position of this institution has this code; choose another."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.jenjang}".strip()

    @property
    def gap(self) -> int | None:
        """Need minus filled (selisih); None while one of the two is not known."""
        if self.needed is None or self.filled is None:
            return None
        return self.needed - self.filled


class Task(models.Model):
    """A part of a position with its share of working time in percent (null: not known).

    A position nobody has split has one task of 100 percent, named as the position.
    """

    position = models.ForeignKey(Position, models.CASCADE, related_name="tasks", verbose_name=_("position"))
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    title = models.CharField(_("title"), max_length=300)
    share = models.PositiveSmallIntegerField(_("share of working time"), null=True, blank=True)
    closed_on = models.DateField(_("closed from"), null=True, blank=True)
    services = models.ManyToManyField(
        PublicService, blank=True, related_name="tasks", verbose_name=_("services served")
    )

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["position", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["position", "number"],
                name="task_number_once",
                violation_error_message=_("Another task of this position has this number; choose another."),
            ),
            models.CheckConstraint(
                # NULL passes a check constraint: an unknown share is allowed.
                condition=models.Q(share__range=(1, 100)),
                name="task_share_one_to_hundred",
                violation_error_message=_("A share of working time is 1 to 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
