"""What an approval rested on, the letter it gave, objections to refusals, notices, and what waits for examination."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Employee, Institution, Position, User, Versioned
from eligibility.models.arrangements import Arrangement
from eligibility.models.determinations import Determination
from eligibility.models.verifications import Capacity, StoredRulebook, delegation_named


class Approval(models.Model):
    """One approval as it was given: by what was known at `at`, for the plan as it stood then. Append-only.

    `checks` is canonical JSON of every check that was made, with what was measured (`arrangements.records`).
    `plan` is canonical JSON of what was approved: mode, place, weekdays, period.
    """

    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField(_("round"))
    at = models.DateTimeField(_("approved at"))
    on = models.DateField(_("day of the approval"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_employee = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, related_name="+")
    plan = models.TextField(_("plan"))
    checks = models.TextField(_("checks"))

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.arrangement} ({self.on})"


class ApprovalSpan(models.Model):
    """A part of the period in which rulebook, posting and dated facts are constant, as it was judged. Append-only.

    `facts` is canonical JSON of place, facts above the position, of the person and of each task; `outcome` of the
    bounds, and of the rules that failed, were unknown, attached a condition or limited (`arrangements.records`).
    """

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="spans")
    number = models.PositiveSmallIntegerField(_("number"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    rulebook = models.ForeignKey(StoredRulebook, models.PROTECT, related_name="+")
    determination = models.ForeignKey(Determination, models.PROTECT, null=True, blank=True, related_name="+")
    facts = models.TextField(_("facts"))
    outcome = models.TextField(_("outcome"))

    class Meta:
        verbose_name = _("span of an approval")
        verbose_name_plural = _("spans of approvals")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["approval", "number"],
                name="approval_span_once",
                violation_error_message=_("Another span of this approval has this number."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="approval_span_ends_after_it_starts",
                violation_error_message=_("The last day is on or after the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_on}"


TOKEN_LENGTH: Final = 32
"""Characters of a letter's public code: 160 random bits."""


class Letter(models.Model):
    """The letter that an approval gave: numbered, signed, with everything printed on it. Append-only.

    `content` is canonical JSON of what the letter says (`arrangements.letters`); `code` is the public code in its QR
    sign. Whether the letter still holds is worked out on reading.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="letters")
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="letter")
    number = models.CharField(_("number"), max_length=100)
    signed_on = models.DateField(_("date"))
    signatory = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    signatory_title = models.CharField(_("office of the signatory"), max_length=200)
    capacity = models.CharField(_("signed"), max_length=20, choices=Capacity, default=Capacity.OWN)
    delegation_basis = models.CharField(_("basis of the delegation"), max_length=300, blank=True)
    code = models.CharField(_("public code"), max_length=TOKEN_LENGTH, unique=True)
    content = models.TextField(_("content"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "number"],
                name="letter_number_once",
                violation_error_message=_("Another letter of this institution has this number; give the next one."),
            ),
            delegation_named("letter_delegation_named"),
        ]

    def __str__(self) -> str:
        return self.number


class ArrangementObjection(models.Model):
    """Keberatan: the employee asks the next level to look at a refusal; it is answered once."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        GRANTED = "granted", _("Granted: the next level decides")
        DISMISSED = "dismissed", _("Dismissed")

    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="objections")
    round = models.PositiveSmallIntegerField(_("round"))
    statement = models.TextField(_("why the refusal is not right"), max_length=2000)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("raised at"))
    office = models.ForeignKey(
        Position, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("before whom")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection to a refusal")
        verbose_name_plural = _("objections to refusals")
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["arrangement"],
                name="arrangement_objection_once",
                violation_error_message=_("An objection to this refusal was raised already; it is answered once."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class WorkedDay(Versioned):
    """A day on which somebody worked as the arrangement lets her, as the attendance record says (realisation).

    The day is written down as it was, also where the arrangement did not hold any more.
    """

    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="worked_days")
    on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("day worked")
        verbose_name_plural = _("days worked")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["arrangement", "on"],
                condition=Q(superseded_at__isnull=True),
                name="worked_day_once",
                violation_error_message=_("This day is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.on)


class Notice(models.Model):
    """What the portal tells one account about an arrangement; the sentence is made from `code` on reading.

    `mailed_at` is when it also went out by e-mail (null: not sent, e.g. because no address is known).
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="notices")
    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="notices")
    code = models.CharField(_("code"), max_length=30)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at", "-id"], name="notice_list")]

    def __str__(self) -> str:
        return self.code


class Reexamination(models.Model):
    """Something that has changed for many: the granted arrangements of an institution wait to be examined again.

    `done_at` null: waits for a round of the watcher, in the background or by `manage.py watch`.
    """

    class Cause(models.TextChoices):
        RULES = "rules", _("Rules or settings have changed")
        DETERMINATION = "determination", _("A Penetapan was recorded or revoked")
        IMPORT = "import", _("Data were imported")
        STRUCTURE = "structure", _("Agencies, units or positions have changed")
        TIME = "time", _("A day has begun")

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="reexaminations")
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    on = models.DateField(_("day"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    examined = models.PositiveIntegerField(_("examined"), default=0)
    suspended = models.PositiveIntegerField(_("suspended"), default=0)

    class Meta:
        verbose_name = _("re-examination")
        verbose_name_plural = _("re-examinations")
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["institution"], name="reexamination_due", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return self.get_cause_display()
