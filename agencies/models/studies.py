"""The study of an agency (kajian perangkat daerah): what was found in a period, and what BKPSDM concludes from it."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.models.choices import translated
from agencies.models.institutions import Agency
from agencies.models.people import User
from agencies.querysets import AgencyReviewQuerySet
from agencies.studies.figures import SAKIP_GRADES, figures

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_FIGURES: Final = {figure.name: figure for figure in figures()}

CONCLUSIONS: Final = [pair for pair in translated(facts.REVIEW_CONCLUSIONS) if pair[0] != "none"]
"""What a study may conclude; "none" is what rules read where there is no study."""


def _count(name: str) -> models.PositiveBigIntegerField[int | None, int | None]:
    return models.PositiveBigIntegerField(gettext_lazy(_FIGURES[name].label), null=True, blank=True)


def _value(name: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        gettext_lazy(_FIGURES[name].label), max_digits=5, decimal_places=2, null=True, blank=True
    )


def _yes_no(name: str) -> models.BooleanField[bool | None, bool | None]:
    return models.BooleanField(gettext_lazy(facts.FACTS[f"agency.{name}"].label), null=True, blank=True)


def _source(label: _StrPromise) -> models.CharField[str, str]:
    return models.CharField(label, max_length=300, blank=True)


def _between(name: str, low: int, high: int, sentence: _StrPromise) -> models.CheckConstraint:
    """A value within its bounds; NULL (unknown) passes."""
    condition = Q(**{f"{name}__gte": low, f"{name}__lte": high})
    return models.CheckConstraint(
        condition=condition, name=f"study_{name}_within_bounds", violation_error_message=sentence
    )


def _at_most(part: str, whole: str, sentence: _StrPromise) -> models.CheckConstraint:
    """A part is no more than its whole; where either is NULL (unknown) nothing is said."""
    return models.CheckConstraint(
        condition=Q(**{f"{part}__lte": F(whole)}),
        name=f"study_{part}_at_most_{whole}",
        violation_error_message=sentence,
    )


class AgencyReview(models.Model):
    """The study of an agency in a period; every null is unknown, never zero and never no.

    A draft until it is signed, from when the database refuses every change: what was wrong is corrected by a
    further study. Rules read signed ones alone, each from `valid_from` on. Those signed before studies had a
    period have none.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="reviews")
    period_starts_on = models.DateField(_("first day of the period"), null=True, blank=True)
    period_ends_on = models.DateField(_("last day of the period"), null=True, blank=True)
    sakip_value = _value("sakip_value")
    sakip_grade = models.CharField(
        _("SAKIP grade"), max_length=2, choices=[(grade, grade) for grade in SAKIP_GRADES], null=True, blank=True
    )
    sakip_source = _source(_("source of the SAKIP value"))
    skp_very_good = _count("skp_very_good")
    skp_good = _count("skp_good")
    skp_needs_improvement = _count("skp_needs_improvement")
    skp_poor = _count("skp_poor")
    skp_very_poor = _count("skp_very_poor")
    skp_source = _source(_("source of the SKP results"))
    skm_value = _value("skm_value")
    skm_source = _source(_("source of the IKM/SKM value"))
    complaints_received = _count("complaints_received")
    complaints_answered = _count("complaints_answered")
    complaints_source = _source(_("source of the complaints"))
    services_all = _count("services_all")
    services_within = _count("services_within")
    standard_source = _source(_("source of services within their standard"))
    staff = _count("staff")
    staff_with_device = _count("staff_with_device")
    infrastructure = _yes_no("infrastructure")
    connection = _yes_no("connection")
    vpn = _yes_no("vpn")
    e_office = _yes_no("e_office")
    tte = _yes_no("tte")
    electronic_attendance = _yes_no("electronic_attendance")
    performance_system = _yes_no("performance_system")
    readiness_source = _source(_("source of the readiness"))
    electricity = _count("electricity")
    water = _count("water")
    fuel = _count("fuel")
    telephone = _count("telephone")
    travel = _count("travel")
    costs_source = _source(_("source of the costs"))
    valid_from = models.DateField(_("valid from"))
    conclusion = models.CharField(_("conclusion"), max_length=20, choices=CONCLUSIONS, null=True, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AgencyReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency review")
        verbose_name_plural = _("agency reviews")
        ordering = ["valid_from", "signed_at", "recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(signed_at__isnull=True),
                name="study_one_draft_per_agency",
                violation_error_message=_("This agency has a draft already; go on with it or discard it."),
            ),
            models.CheckConstraint(
                condition=Q(period_starts_on__isnull=True, period_ends_on__isnull=True)
                | Q(
                    period_starts_on__isnull=False,
                    period_ends_on__isnull=False,
                    period_ends_on__gte=F("period_starts_on"),
                ),
                name="study_period_ends_after_it_starts",
                violation_error_message=_("The period ends on its first day or later; write both days."),
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | ~Q(source=""),
                name="study_signed_with_its_source",
                violation_error_message=_("Say on which document the study rests before it is signed."),
            ),
            _between("sakip_value", 0, 100, _("A SAKIP value lies between 0 and 100; copy it from the LHE.")),
            _between("skm_value", 25, 100, _("An IKM/SKM value lies between 25 and 100; copy it from the survey.")),
            _at_most(
                "complaints_answered",
                "complaints_received",
                _("More complaints are answered than were received; check both numbers."),
            ),
            _at_most(
                "services_within",
                "services_all",
                _("More services kept their standard than have one; check both numbers."),
            ),
            _at_most(
                "staff_with_device", "staff", _("More staff have a device than there are; count people, not devices.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} ({self.valid_from})"

    @property
    def is_signed(self) -> bool:
        """Whether BKPSDM has signed it: rules read no other."""
        return self.signed_at is not None

    @property
    def device_share(self) -> Decimal | None:
        """The share of staff with a device in percent; None where a number is not known or there is no staff.

        Rules read it. It is cut after two decimals, never rounded up: what falls short of a share stays short.
        """
        if self.staff_with_device is None or not self.staff:
            return None
        return (Decimal(100 * self.staff_with_device) / self.staff).quantize(Decimal("0.01"), ROUND_DOWN)
