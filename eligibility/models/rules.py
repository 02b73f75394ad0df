"""Rules with their versions and repeals, and the settings of institutions.

Published rows never change: a new version or a repeal is a new row. `known_from` is when the world could know of a
row (promulgation or issue), `recorded_at` when the portal did.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies import facts as agency_facts
from agencies.models import Document, Institution, User
from eligibility.models.instruments import Provision
from eligibility.querysets import InstitutionSettingQuerySet, RuleVersionQuerySet
from eligibility.rulebook import Approver, ConditionKind, Direction, Operator, Quantity


class Effect(models.TextChoices):
    """What follows when a rule applies."""

    REQUIRE = "require", _("Requires")
    PROHIBIT = "prohibit", _("Prohibits")
    ATTACH = "attach", _("Attaches a condition")
    LIMIT = "limit", _("Limits")
    LIFT = "lift", _("Lifts")


class VersionState(models.TextChoices):
    """Where a version of a rule stands on a day; derived, never stored."""

    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    REPEALED = "repealed", _("Repealed")


class Rule(models.Model):
    """The identity of a rule over time; what it says stands in its versions."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    owner = models.ForeignKey(Institution, models.PROTECT, related_name="rules")

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class RuleVersion(models.Model):
    """What a rule says from a date: IF all of applies THEN effect UNLESS an exception, because of a provision."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("in one sentence"), max_length=400)
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="rule_versions")
    subject = models.CharField(
        _("subject"), max_length=20, choices=[(level.value, level.value) for level in agency_facts.Level]
    )
    effect = models.CharField(_("effect"), max_length=10, choices=Effect)
    required_count = models.PositiveSmallIntegerField(
        _("how many must hold"), null=True, blank=True, help_text=_("Empty: all of the required criteria")
    )
    required_count_setting = models.CharField(_("setting that says how many"), max_length=60, blank=True)
    other_office = models.BooleanField(_("other office"), default=False)
    home = models.BooleanField(_("home"), default=False)
    other_place = models.BooleanField(_("other place"), default=False)
    shift = models.BooleanField(_("shift"), default=False)
    dynamic = models.BooleanField(_("dynamic hours"), default=False)
    condition_kind = models.CharField(
        _("kind of condition"), max_length=20, blank=True, choices=[(k.value, k.value) for k in ConditionKind]
    )
    condition_text = models.CharField(_("condition"), max_length=400, blank=True)
    condition_approver = models.CharField(
        _("whose approval"), max_length=20, blank=True, default="", choices=[(a.value, a.value) for a in Approver]
    )
    effective_from = models.DateField(_("effective from"))
    known_from = models.DateTimeField(_("known from"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("drafted by")
    )
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule version")
        verbose_name_plural = _("rule versions")
        ordering = ["rule", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "number"],
                name="rule_version_number_once",
                violation_error_message=_("This version number is taken; use the next."),
            ),
            models.CheckConstraint(
                condition=Q(other_office=True) | Q(home=True) | Q(other_place=True) | Q(shift=True) | Q(dynamic=True),
                name="rule_version_speaks_to_a_mode",
                violation_error_message=_("A rule speaks to at least one form of flexible work; choose one."),
            ),
            models.CheckConstraint(
                condition=(Q(effect="attach") & ~Q(condition_kind="") & ~Q(condition_text=""))
                | (~Q(effect="attach") & Q(condition_kind="", condition_text="")),
                name="rule_version_condition_said",
                violation_error_message=_("A rule that attaches a condition says its kind and text; others say none."),
            ),
            models.CheckConstraint(
                condition=Q(condition_approver="") | Q(condition_kind="approver_role"),
                name="rule_version_approver_of_a_role",
                violation_error_message=_("Only a condition of kind approver role says whose approval it asks for."),
            ),
            models.CheckConstraint(
                # NULL passes: nobody has reviewed it, or it came with the rules of the portal.
                condition=~Q(reviewed_by=models.F("drafted_by")),
                name="rule_version_four_eyes",
                violation_error_message=_("Who drafted a version does not review it; ask somebody else."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="rule_version_review_dated",
                violation_error_message=_("A review names who made it and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} v{self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether it may still change, reviewed or not."""
        return self.published_at is None

    def state_on(self, on: date, known_at: datetime) -> VersionState:
        """Where it stands on the day, as known at the moment."""
        row: Any = RuleVersion.objects.filter(pk=self.pk).with_state(on, known_at).get()
        return VersionState(row.state)


class Criterion(models.Model):
    """One test of one fact in a rule version. Either operands or the name of a setting is given."""

    class Part(models.TextChoices):
        APPLIES = "applies", _("If")
        REQUIRES = "requires", _("Then required")
        EXCEPTION = "exception", _("Unless")

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="criteria")
    part = models.CharField(_("part"), max_length=10, choices=Part)
    group = models.PositiveSmallIntegerField(
        _("exception number"), default=0, help_text=_("Criteria of one exception share its number")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    fact = models.CharField(_("fact"), max_length=60)
    operator = models.CharField(_("comparison"), max_length=10, choices=[(o.value, o.value) for o in Operator])
    operands = models.JSONField(_("values"), default=list, blank=True)
    setting = models.CharField(_("setting of the institution"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["version", "part", "group", "order", "pk"]

    def __str__(self) -> str:
        return f"{self.fact} {self.operator} {self.setting or self.operands}"


class RuleLift(models.Model):
    """A rule that a lift sets aside; a lower layer lifts a higher one only with an enabling provision."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="lifts")
    lifted = models.ForeignKey(Rule, models.PROTECT, related_name="lifted_by")
    enabling_provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("lifted rule")
        verbose_name_plural = _("lifted rules")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "lifted"],
                name="lift_names_a_rule_once",
                violation_error_message=_("The rule is named already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} → {self.lifted}"


class LimitTerm(models.Model):
    """What a rule version of effect limit allows. `together` are the modes counted together."""

    version = models.OneToOneField(RuleVersion, models.CASCADE, related_name="limit")
    quantity = models.CharField(_("quantity"), max_length=30, choices=[(q.value, q.value) for q in Quantity])
    direction = models.CharField(_("direction"), max_length=10, choices=[(d.value, d.value) for d in Direction])
    value = models.DecimalField(_("value"), max_digits=7, decimal_places=2, null=True, blank=True)
    members = models.JSONField(_("allowed ones"), default=list, blank=True)
    together = models.JSONField(_("modes counted together"), default=list, blank=True)
    population = models.CharField(
        _("staff counted"),
        max_length=10,
        default="all",
        choices=[("all", _("All staff")), ("subject", _("Staff the rule applies to"))],
    )
    per = models.CharField(
        _("per"),
        max_length=20,
        default="person",
        choices=[
            ("person", _("person")),
            ("unit", _("unit")),
            ("agency", _("agency")),
            ("service", _("service")),
            ("institution", _("institution")),
        ],
    )
    counting = models.CharField(
        _("counted"),
        max_length=10,
        default="any_day",
        choices=[("any_day", _("on any one day")), ("holding", _("by who holds an arrangement"))],
    )

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="set", value__isnull=True) | (~Q(direction="set") & Q(value__isnull=False)),
                name="limit_value_unless_set",
                violation_error_message=_("A most or least has a number; a set has its members and no number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.direction} {self.value if self.value is not None else self.members}"


class RuleRepeal(models.Model):
    """From a day on a rule no longer applies. Append-only."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="repeals")
    effective_from = models.DateField(_("effective from"))
    basis = models.CharField(_("basis"), max_length=300)
    known_from = models.DateTimeField(_("known from"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("repeal")
        verbose_name_plural = _("repeals")

    def __str__(self) -> str:
        return f"{self.rule} ({self.effective_from})"


class InstitutionSetting(models.Model):
    """What an institution has set where the law leaves it open, from a day on, with its source. Append-only."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="settings")
    name = models.CharField(_("setting"), max_length=60)
    value = models.JSONField(_("value"))
    valid_from = models.DateField(_("valid from"))
    source = models.CharField(_("source"), max_length=300)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    known_from = models.DateTimeField(_("known from"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = InstitutionSettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("setting of the institution")
        verbose_name_plural = _("settings of institutions")

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
