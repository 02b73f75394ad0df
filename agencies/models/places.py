"""The register of offices and places where work may be done, and the documents that acts rest on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.institutions import Agency, Institution


class Workplace(models.Model):
    """An office or another place that the institution allows work at (Pasal 12 ayat (1), (2), (4))."""

    class Kind(models.TextChoices):
        MAIN_OFFICE = "main_office", _("Main office")
        UPTD = "uptd", _("UPTD")
        LIAISON_OFFICE = "liaison_office", _("Liaison office")
        OTHER_OFFICE = "other_office", _("Another office")
        OTHER_PLACE = "other_place", _("Another place")

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="workplaces")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="workplaces")
    address = models.CharField(_("address"), max_length=300)
    basis = models.CharField(_("basis"), max_length=300, help_text=_("The decision that sets this place."))
    valid_from = models.DateField(_("valid from"))
    closed_on = models.DateField(_("closed from"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("place of work")
        verbose_name_plural = _("places of work")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "code"],
                name="workplace_code_once",
                violation_error_message=_("Another place of this institution has this code; choose another."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A file that an act rests on, kept as it was given; its SHA-256 stands in the trail. Append-only."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="documents")
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(_("file"), upload_to="documents/%Y/")
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    added_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return self.name
