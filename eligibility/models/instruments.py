"""Instruments with their periods and scopes, their provisions, and who verified these.

Published rows never change: a further period or a verification is a new row.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies import facts as agency_facts
from agencies.models import Document, Institution, User
from agencies.models.choices import translated
from eligibility.querysets import InstrumentQuerySet, ProvisionQuerySet


class Layer(models.IntegerChoices):
    """How high a norm stands; a smaller number is the higher layer. It settles only who may lift whom."""

    LAW = 10, _("Act, government or presidential regulation")
    MINISTRY_REGULATION = 20, _("Regulation of a minister")
    MINISTRY_CIRCULAR = 30, _("Circular of a minister")
    PROVINCE = 40, _("Provincial norm")
    LOCAL = 50, _("Local norm")
    INTERNAL = 60, _("Internal provision of the portal")


class Mark(models.TextChoices):
    """How well a provision is sourced."""

    TWO_OR_MORE = "2+", _("Two or more sources agree")
    ONE = "1", _("One source")
    OPEN = "open", _("Not found")
    INTERNAL = "internal", _("Internal provision")


class Instrument(models.Model):
    """A legal text or circular. Text codes name institutions, so that rules travel without their rows.

    It is closed, with its scope and provisions, once a published version comes from it, or once it
    is published itself. One that somebody drafted is in force nowhere before that; those that came
    with the rules of the portal were never drafted.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    owner = models.ForeignKey(Institution, models.PROTECT, related_name="instruments")
    title = models.CharField(_("title"), max_length=200, help_text=_("As it is cited, e.g. PermenPANRB 4/2025"))
    subject = models.CharField(_("subject"), max_length=300)
    issuer = models.CharField(_("issuer"), max_length=200)
    layer = models.PositiveSmallIntegerField(_("layer"), choices=Layer)
    implementing = models.BooleanField(
        _("implementing"), default=False, help_text=_("Opens the gate of approval for its scope while in force")
    )
    number = models.CharField(_("number"), max_length=100, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    url = models.URLField(_("link"), blank=True)
    open_note = models.TextField(_("what is not known of it"), blank=True)
    known_from = models.DateTimeField(_("known from"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("drafted by")
    )

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["layer", "code"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        """Whether it may still change."""
        return self.drafted_by_id is not None and self.published_at is None


class InstrumentPeriod(models.Model):
    """Dates on which an instrument is in force, or (ends) from which it no longer is. Append-only."""

    class Kind(models.TextChoices):
        IN_FORCE = "in_force", _("In force")
        ENDS = "ends", _("Ends before its last day")

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="periods")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.IN_FORCE)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=300)
    open_note = models.CharField(_("what is not known of it"), max_length=300, blank=True)
    known_from = models.DateTimeField(_("known from"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                # NULL passes: in force until further notice.
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="period_ends_after_it_starts",
                violation_error_message=_("A period ends on or after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}: {self.starts_on} – {self.ends_on or '…'}"


class InstrumentScope(models.Model):
    """One line of whom an instrument reaches; no line reaches everyone. Empty fields do not narrow."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="scopes")
    institution_kind = models.CharField(
        _("kind of institution"), max_length=20, blank=True, choices=translated(agency_facts.INSTITUTION_KINDS)
    )
    institution_code = models.CharField(_("institution"), max_length=50, blank=True)
    agency_kind = models.CharField(
        _("kind of agency"), max_length=20, blank=True, choices=translated(agency_facts.AGENCY_KINDS)
    )
    agency_code = models.CharField(_("agency"), max_length=40, blank=True)
    with_subtree = models.BooleanField(_("with the agencies below it"), default=False)
    unit_code = models.CharField(_("unit"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit_code="") | ~Q(agency_code=""),
                name="scope_unit_needs_agency",
                violation_error_message=_("A unit is named with its agency."),
            ),
            models.CheckConstraint(
                condition=Q(agency_kind="") | Q(agency_code=""),
                name="scope_kind_or_agency",
                violation_error_message=_("A line names a kind of agency or an agency; use two lines for both."),
            ),
        ]

    def __str__(self) -> str:
        parts = (self.institution_kind, self.institution_code, self.agency_kind, self.agency_code, self.unit_code)
        return " / ".join(part for part in parts if part) or "*"


class Provision(models.Model):
    """A citable place of an instrument with what it says in the portal's own words.

    A literal quote stands beside them only where somebody gave it with the link to its source.
    """

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="provisions")
    reference = models.CharField(_("place"), max_length=100, blank=True, help_text=_("E.g. Pasal 13 ayat (1)"))
    summary = models.TextField(_("what it says"))
    mark = models.CharField(_("how well sourced"), max_length=10, choices=Mark)
    open_note = models.CharField(_("what is not known of it"), max_length=300, blank=True)
    quote = models.TextField(_("quote"), blank=True, help_text=_("Word for word, with the link to its source"))
    url = models.URLField(_("link"), blank=True)

    objects = ProvisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["instrument", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "reference"],
                name="provision_reference_once",
                violation_error_message=_("This place of the instrument is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(quote="") | ~Q(url=""),
                name="provision_quote_has_a_source",
                violation_error_message=_("A quote stands with the link to its source; give the link too."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.instrument}".strip()


class ProvisionVerification(models.Model):
    """A provision was compared with the official text. Append-only."""

    provision = models.ForeignKey(Provision, models.PROTECT, related_name="verifications")
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(_("verified at"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("verification of a provision")
        verbose_name_plural = _("verifications of provisions")

    def __str__(self) -> str:
        return f"{self.provision} ({self.verified_at})"
