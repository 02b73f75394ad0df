"""Findings of the Inspektorat: kondisi, kriteria, sebab, akibat, rekomendasi; replies, follow-up and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Document, Institution, User
from eligibility.models import Arrangement, Determination, Provision


class FindingState(models.TextChoices):
    """Where a finding stands."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued to the agency")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


FINDING_TRANSITIONS: Final[Mapping[FindingState, frozenset[FindingState]]] = {
    FindingState.DRAFT: frozenset({FindingState.ISSUED, FindingState.WITHDRAWN}),
    FindingState.ISSUED: frozenset({FindingState.CLOSED, FindingState.WITHDRAWN}),
    FindingState.CLOSED: frozenset(),
    FindingState.WITHDRAWN: frozenset(),
}
"""From which state a finding may move to which."""


class Finding(models.Model):
    """Temuan: what was found, measured by which provision, why, with what effect, and what is recommended.

    `origin_code` names the indication it began with, or the kind of difference. `reply_due_on` is the last day for
    the reply of the agency (the institution's setting follow_up_days after it was issued).
    """

    class Origin(models.TextChoices):
        INDICATION = "indication", _("An indication")
        DIFFERENCE = "difference", _("A difference on deciding again")
        HAND = "hand", _("The inspector's own observation")

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="findings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="findings", verbose_name=_("agency"))
    number = models.PositiveIntegerField(_("number"))
    origin = models.CharField(_("origin"), max_length=12, choices=Origin)
    origin_code = models.CharField(_("indication or difference"), max_length=40, blank=True)
    arrangement = models.ForeignKey(
        Arrangement, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("arrangement")
    )
    determination = models.ForeignKey(
        Determination, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("determination")
    )
    title = models.CharField(_("title"), max_length=200)
    condition = models.TextField(_("kondisi"), max_length=4000)
    provision = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kriteria (provision)")
    )
    criterion = models.TextField(_("kriteria"), max_length=4000)
    cause = models.TextField(_("sebab"), max_length=4000, blank=True)
    effect = models.TextField(_("akibat"), max_length=4000, blank=True)
    recommendation = models.TextField(_("rekomendasi"), max_length=4000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=FindingState, default=FindingState.DRAFT)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    reply_due_on = models.DateField(_("reply due on"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("finding (temuan)")
        verbose_name_plural = _("findings (temuan)")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "number"],
                name="finding_number_once",
                violation_error_message=_("Another finding of this institution has this number."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn"))
                | (Q(provision__isnull=False) & ~Q(cause="") & ~Q(effect="") & ~Q(recommendation="")),
                name="finding_issued_whole",
                violation_error_message=_(
                    "A finding is issued with kondisi, kriteria with its provision, sebab, akibat and rekomendasi."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    def may_become(self, state: FindingState) -> bool:
        """Whether the table of transitions lets it move to the state."""
        return state in FINDING_TRANSITIONS[FindingState(self.state)]


class FindingReply(models.Model):
    """Tanggapan: what the agency answers. Append-only."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="replies")
    text = models.TextField(_("reply"), max_length=4000)
    replied_on = models.DateField(_("date"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("reply to a finding")
        verbose_name_plural = _("replies to findings")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.finding} ({self.replied_on})"


class FollowUp(models.Model):
    """Tindak lanjut: how the inspector judges what was done, in the pattern of Peraturan BPK 2/2017. Append-only."""

    class Status(models.TextChoices):
        DONE = "done", _("Sesuai")
        NOT_YET = "not_yet", _("Belum sesuai")
        NOTHING = "nothing", _("Belum ditindaklanjuti")
        IMPOSSIBLE = "impossible", _("Tidak dapat ditindaklanjuti")

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="follow_ups")
    status = models.CharField(_("status"), max_length=12, choices=Status)
    reviewed_on = models.DateField(_("date"))
    text = models.TextField(_("grounds of the status"), max_length=4000)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("follow-up (tindak lanjut)")
        verbose_name_plural = _("follow-ups (tindak lanjut)")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_status_display()} ({self.reviewed_on})"


class Evidence(models.Model):
    """Bukti: a document with a date of its own; its digest is that of the document as it was given. Append-only."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="evidence")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("document"))
    dated_on = models.DateField(_("date of the evidence"))
    note = models.CharField(_("what it shows"), max_length=300)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.note
