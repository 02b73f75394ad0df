"""Results on their way upwards: by which rulebook they were judged, where they stand, what each step did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Institution, User
from eligibility.querysets import VerificationQuerySet


class StoredRulebook(models.Model):
    """A rulebook that something was judged by, kept under its fingerprint: the SHA-256 of its text.

    `format` says how the text is to be read (`rulebook.FORMATS`); it is never changed once written.
    """

    fingerprint = models.CharField(_("fingerprint"), max_length=64, primary_key=True)
    format = models.PositiveSmallIntegerField(_("format"))
    text = models.TextField(_("text"))
    stored_at = models.DateTimeField(_("stored at"))

    class Meta:
        verbose_name = _("stored rulebook")
        verbose_name_plural = _("stored rulebooks")

    def __str__(self) -> str:
        return self.fingerprint


class Step(models.TextChoices):
    """The stations of the chain of a Penetapan, in their order."""

    HEAD_PROPOSAL = "head_proposal", _("Proposal of the head of agency")
    HR_VERIFICATION = "hr_verification", _("Verification by BKPSDM")
    LEGAL_CHECK = "legal_check", _("Legal check (Bagian Hukum)")
    SEKDA = "sekda", _("Sekretaris Daerah")
    PPK = "ppk", _("PPK, or who holds its mandate")


class State(models.TextChoices):
    """Where results stand on their way."""

    SENT = "sent", _("On the way")
    RETURNED = "returned", _("Returned")
    DETERMINED = "determined", _("Determined (Penetapan recorded)")
    WITHDRAWN = "withdrawn", _("Withdrawn")


TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    State.SENT: frozenset({State.RETURNED, State.DETERMINED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.SENT, State.WITHDRAWN}),
    State.DETERMINED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""From which state to which results may move; a step passed moves them along within SENT."""


class Capacity(models.TextChoices):
    """In which capacity an official signed."""

    OWN = "own", _("In own office (definitif)")
    ON_BEHALF = "on_behalf", _("On behalf of (a.n.)")
    FOR_SUPERIOR = "for_superior", _("For the superior (u.b.)")
    ACTING = "acting", _("Acting (Plt)")
    DAILY = "daily", _("Daily acting (Plh)")


MAY_NOT_DETERMINE: Final = (Capacity.ACTING, Capacity.DAILY)
"""A Plt or Plh may sign letters, not a Keputusan."""


class Signed(models.Model):
    """Who signed a paper, and in which capacity; whoever does not sign in the own office names the basis."""

    number = models.CharField(_("number"), max_length=100)
    signatory_title = models.CharField(_("office of the signatory"), max_length=200)
    signatory_name = models.CharField(_("name of the signatory"), max_length=200, blank=True)
    capacity = models.CharField(_("signed"), max_length=20, choices=Capacity, default=Capacity.OWN)
    delegation_basis = models.CharField(
        _("basis of the delegation"),
        max_length=300,
        blank=True,
        help_text=_("The letter or decision that lets this official sign, with its number and date."),
    )

    class Meta:
        abstract = True


def delegation_named(name: str) -> models.CheckConstraint:
    """Whoever does not sign in the own office names the basis."""
    return models.CheckConstraint(
        condition=Q(capacity=Capacity.OWN) | ~Q(delegation_basis=""),
        name=name,
        violation_error_message=_("Whoever signs for somebody else names the basis of the delegation."),
    )


class Verification(models.Model):
    """Hasil verifikasi, belum ditetapkan: the results of an agency as they were sent, and where they stand.

    `judged_on` is the day they were judged for, by `rulebook` and what was known at `known_at`. `steps` are the
    stations of its way as the institution had set them when it was sent, separated by spaces; `step` is the one
    it waits at (empty unless it is on the way). `layout` is the digest of what each bit of the masks means.
    `notes` is canonical JSON of what is no part of the rulebook but was shown with it.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="verifications")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="verifications", verbose_name=_("agency"))
    with_subtree = models.BooleanField(_("with the agencies below it"), default=False)
    judged_on = models.DateField(_("judged for the day"))
    known_at = models.DateTimeField(_("as known at"))
    rulebook = models.ForeignKey(StoredRulebook, models.PROTECT, related_name="verifications")
    layout = models.CharField(_("layout of the masks"), max_length=64)
    notes = models.TextField(_("what was known of the provisions, and the names of local criteria"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.SENT)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    steps = models.CharField(_("steps"), max_length=120)
    step = models.CharField(_("waits at"), max_length=20, choices=Step, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    positions = models.PositiveIntegerField(_("positions"), default=0)
    tasks = models.PositiveIntegerField(_("tasks"), default=0)
    withdrawal = models.TextField(_("why they were withdrawn"), blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification result")
        verbose_name_plural = _("verification results")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state__in=("sent", "returned")),
                name="verification_one_open",
                violation_error_message=_(
                    "Results of this agency are on their way already; let them pass, or withdraw them first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} ({self.judged_on})"

    @property
    def way(self) -> tuple[Step, ...]:
        """The stations of its way, in their order."""
        return tuple(Step(step) for step in self.steps.split())

    def may_become(self, state: State) -> bool:
        """Whether the table of transitions lets it move to the state."""
        return state in TRANSITIONS[State(self.state)]


class VerificationStep(Signed):
    """What became of results at one station: passed on or returned with a reason. Append-only."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Passed")
        RETURNED = "returned", _("Returned")

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="passed_steps")
    round = models.PositiveSmallIntegerField(_("round"))
    step = models.CharField(_("step"), max_length=20, choices=Step)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    decided_on = models.DateField(_("date"))
    reason = models.TextField(_("reason of the return"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("step of a verification")
        verbose_name_plural = _("steps of verifications")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="passed") | ~Q(reason=""),
                name="verification_step_return_has_reason",
                violation_error_message=_("Results are returned with a reason; write what is to be mended."),
            ),
            models.UniqueConstraint(
                fields=["verification", "round", "step"],
                name="verification_step_once_a_round",
                violation_error_message=_("This step is recorded already for this round."),
            ),
            delegation_named("verification_step_delegation_named"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_outcome_display()} ({self.decided_on})"
