"""The tenants of the portal, their agencies and units, their stance on flexible work, their public services."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.models.choices import translated
from agencies.querysets import AgencyQuerySet, InstitutionQuerySet, PolicyStageQuerySet


class Institution(models.Model):
    """A city, regency, province or ministry: every other row belongs to one. `nasional` owns the national rules."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=translated(facts.INSTITUTION_KINDS))
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Jakarta")

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PolicyStage(models.Model):
    """The stance of an institution on flexible work from a date on, with its source."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="policy_stages")
    stage = models.CharField(_("stage"), max_length=20, choices=translated(facts.POLICY_STAGES))
    valid_from = models.DateField(_("valid from"))
    source = models.TextField(_("source"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = PolicyStageQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy stage")
        verbose_name_plural = _("policy stages")
        ordering = ["valid_from", "recorded_at"]

    def __str__(self) -> str:
        return f"{self.institution}: {self.get_stage_display()} ({self.valid_from})"


class LocalCriterion(models.Model):
    """What an institution calls one of its four own task criteria (Pasal 23 ayat (6), Pasal 26)."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="local_criteria")
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(_("label"), max_length=200)
    question = models.CharField(_("question"), max_length=300)

    class Meta:
        verbose_name = _("local criterion")
        verbose_name_plural = _("local criteria")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "number"],
                name="local_criterion_number_once",
                violation_error_message=_("This local criterion has a label already; change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__range=(1, 4)),
                name="local_criterion_one_to_four",
                violation_error_message=_("Local criteria are numbered 1 to 4."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Agency(models.Model):
    """A perangkat daerah, or a kelurahan, puskesmas, school or UPTD under one. Codes are unique per institution."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="agencies")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=translated(facts.AGENCY_KINDS))
    sector = models.CharField(_("sector"), max_length=20, choices=translated(facts.SECTORS), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    closed_on = models.DateField(_("closed from"), null=True, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "code"],
                name="agency_code_once",
                violation_error_message=_("Another agency of this institution has this code; choose another."),
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")),
                name="agency_not_its_own_parent",
                violation_error_message=_("An agency cannot be its own parent; choose another or none."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of an agency."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="units")
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=translated(facts.UNIT_KINDS), null=True, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=translated(facts.SECTORS), null=True, blank=True)
    closed_on = models.DateField(_("closed from"), null=True, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"],
                name="unit_code_once",
                violation_error_message=_("Another unit of this agency has this code; choose another."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PublicService(models.Model):
    """A service of a unit to the public, when it is open, and how many people it needs on site (null: not known)."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="services")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="services")
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=[pair for pair in translated(facts.SERVICE_KINDS) if pair[0] != "none"],
    )
    hours = models.CharField(_("hours"), max_length=100, blank=True)
    staff_on_site = models.PositiveSmallIntegerField(_("staff needed on site"), null=True, blank=True)
    closed_on = models.DateField(_("closed from"), null=True, blank=True)

    class Meta:
        verbose_name = _("public service")
        verbose_name_plural = _("public services")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"],
                name="service_code_once",
                violation_error_message=_("Another service of this agency has this code; choose another."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
