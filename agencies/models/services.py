"""When a public service is open through the week, and how many people it needs on site then."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.coverage.week import MIDNIGHT
from agencies.facts import WEEKDAYS
from agencies.models.choices import translated
from agencies.models.employees import Versioned
from agencies.models.institutions import PublicService
from agencies.querysets import ServiceWeekQuerySet


class ServiceWeek(Versioned):
    """The week of a service from a day on; without a span nothing is recorded from that day on.

    A correction of the same day supersedes the row; another day adds one.
    """

    service = models.ForeignKey(PublicService, models.PROTECT, related_name="weeks")
    valid_from = models.DateField(_("valid from"))
    source = models.CharField(_("source"), max_length=300)

    objects = ServiceWeekQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("week of a service")
        verbose_name_plural = _("weeks of services")
        ordering = ["valid_from", "pk"]

    def __str__(self) -> str:
        return f"{self.service} ({self.valid_from})"


class ServiceNeed(models.Model):
    """A span of a weekday in which a service is open, in minutes from midnight; a null need is not known."""

    week = models.ForeignKey(ServiceWeek, models.PROTECT, related_name="needs")
    weekday = models.CharField(_("weekday"), max_length=10, choices=translated(WEEKDAYS))
    opens = models.PositiveSmallIntegerField(_("from"))
    closes = models.PositiveSmallIntegerField(_("until"))
    staff = models.PositiveSmallIntegerField(_("staff needed on site"), null=True, blank=True)

    class Meta:
        verbose_name = _("need of a service")
        verbose_name_plural = _("needs of services")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "weekday", "opens"],
                name="service_need_begins_once",
                violation_error_message=_("Another span of this weekday begins at the same time; change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens"), closes__lte=MIDNIGHT),
                name="service_need_ends_after_it_begins",
                violation_error_message=_("A span ends after it begins, at 24.00 at the latest."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens}-{self.closes}"
