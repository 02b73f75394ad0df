"""Who signs in, and what they may do where and when."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.employees import Employee
from agencies.models.institutions import Agency, Institution
from agencies.querysets import GrantQuerySet


class User(AbstractUser):
    """An account of the portal; what it may do is said by its grants alone.

    `employee` is the person whose own file the account may open; accounts of offices have none.
    """

    employee = models.OneToOneField(
        Employee, models.PROTECT, null=True, blank=True, related_name="account", verbose_name=_("employee")
    )
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")


class Role(models.TextChoices):
    """What a grant lets its user be."""

    HR_OFFICER = "hr_officer", _("HR officer (BKPSDM)")
    AGENCY_HEAD = "agency_head", _("Head of agency")
    EMPLOYEE = "employee", _("Employee")
    INSPECTOR = "inspector", _("Inspector (Inspektorat)")
    OUTSIDE_READER = "outside_reader", _("Outside reader (Inspektorat Provinsi, BPK)")
    RULES_ADMINISTRATOR = "rules_administrator", _("Rules administrator")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Officer for data protection")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")


class Grant(models.Model):
    """A role of a user in an institution, for one agency with its subtree or (null) for all, from a day until a day.

    `valid_until` is the last day; null means without end.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="grants")
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, blank=True, related_name="grants")
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["institution", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                # NULL passes: a grant without end.
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="grant_ends_after_it_starts",
                violation_error_message=_("A grant ends on or after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.institution}"
