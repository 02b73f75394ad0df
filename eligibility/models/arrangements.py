"""An employee's request for flexible work and what became of it: its states, its plan, each step it went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Employee, Institution, Position, Posting, Unit, User, Workplace
from agencies.models.choices import translated
from eligibility.explanations import MODE_LABELS
from eligibility.facts import FACTS
from eligibility.models.instruments import Instrument
from eligibility.querysets import ArrangementQuerySet
from eligibility.rulebook import Mode


class ArrangementState(models.TextChoices):
    """Where an arrangement stands; that one is active or expired follows from its dates."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned to be mended")
    CONSULTATION = "consultation", _("In consultation")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_S = ArrangementState

ARRANGEMENT_TRANSITIONS: Final[Mapping[ArrangementState, frozenset[ArrangementState]]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.RETURNED, _S.CONSULTATION, _S.APPROVED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    # Endorsed after a consultation it goes on to the next station.
    _S.CONSULTATION: frozenset({_S.SUBMITTED, _S.RETURNED, _S.APPROVED, _S.REFUSED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.SUSPENDED, _S.ENDED}),
    _S.SUSPENDED: frozenset({_S.APPROVED, _S.ENDED}),
    # A keberatan that is granted brings the request before the next level.
    _S.REFUSED: frozenset({_S.SUBMITTED}),
    _S.ENDED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
"""From which state an arrangement may move to which. Refused only out of a consultation."""

OPEN_REQUEST: Final = (_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.CONSULTATION)
"""Requests that wait for somebody; of one person and mode there is at most one."""

GRANTED: Final = (_S.APPROVED, _S.SUSPENDED)
"""Arrangements that were granted and not ended."""


class Attestation(models.TextChoices):
    """What the employee declares with her request; house rules of the portal, without a Pasal."""

    HOURS = "hours", _("I keep the working hours in full.")
    REACHABLE = "reachable", _("I can be reached during working hours and come to the office when called.")
    SECURITY = "security", _("I protect data, documents and devices as at the office.")


class Arrangement(models.Model):
    """Fleksibilitas Kerja pegawai: what is asked for, by whom, and where it stands.

    `weekdays` are codes of `facts.WEEKDAYS` in the order of the week, separated by spaces: the days on which the
    work is done in the mode, each week from `starts_on` to `ends_on`, both days included. For the modes of time
    (shift, dynamic) there is no place. `route` is canonical JSON of the stations that the request passes, as they
    were when it was submitted, and `station` the index of the one it waits at (null: it waits at none).
    `ended_on` and `suspended_on` are the first days on which it no longer holds.
    `amends` is the granted arrangement that this one is to take the place of. `norm` is the implementing
    instrument on which the last approval rests.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="arrangements")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="arrangements", verbose_name=_("employee"))
    position = models.ForeignKey(Position, models.PROTECT, related_name="arrangements", verbose_name=_("position"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="arrangements", verbose_name=_("agency"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="arrangements", verbose_name=_("unit")
    )
    mode = models.CharField(
        _("form of flexible work"), max_length=20, choices=[(mode.value, _(MODE_LABELS[mode])) for mode in Mode]
    )
    state = models.CharField(_("state"), max_length=12, choices=ArrangementState, default=ArrangementState.DRAFT)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    place = models.CharField(
        _("kind of place"), max_length=20, blank=True, choices=translated(FACTS["arrangement.place"].choices)
    )
    workplace = models.ForeignKey(
        Workplace, models.PROTECT, null=True, blank=True, related_name="arrangements", verbose_name=_("office or place")
    )
    purpose = models.CharField(_("purpose of the other place"), max_length=300, blank=True)
    residence_confirmed = models.BooleanField(_("residence as recorded is confirmed"), default=False)
    weekdays = models.CharField(_("weekdays"), max_length=70)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    attestations = models.CharField(_("declarations"), max_length=60, blank=True)
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name=_("takes the place of")
    )
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by_head = models.BooleanField(_("asked for her by the head"), default=False)
    route = models.TextField(_("stations"), blank=True)
    station = models.PositiveSmallIntegerField(_("waits at station"), null=True, blank=True)
    waits_for = models.ForeignKey(
        Position, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("waits for")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    norm = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("implementing basis")
    )
    suspended_on = models.DateField(_("suspended from"), null=True, blank=True)
    ended_on = models.DateField(_("ended from"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = ArrangementQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrangement (Fleksibilitas Kerja)")
        verbose_name_plural = _("arrangements (Fleksibilitas Kerja)")
        ordering = ["-recorded_at", "-pk"]
        indexes = [
            models.Index(fields=["institution", "-recorded_at", "-id"], name="arrangement_list"),
            models.Index(fields=["institution", "state", "-recorded_at", "-id"], name="arrangement_state_list"),
            models.Index(fields=["agency", "-recorded_at", "-id"], name="arrangement_agency_list"),
            models.Index(fields=["agency", "state", "ends_on"], name="arrangement_of_agency"),
            models.Index(
                fields=["institution", "approved_at"],
                name="arrangement_approved",
                condition=Q(approved_at__isnull=False),
            ),
            models.Index(fields=["waits_for"], name="arrangement_waiting", condition=Q(waits_for__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "mode"],
                condition=Q(state__in=("draft", "submitted", "returned", "consultation")),
                name="arrangement_one_open_request",
                violation_error_message=_(
                    "There is an open request of this employee for this form already; go on with that one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="arrangement_ends_after_it_starts",
                violation_error_message=_("The last day is on or after the first."),
            ),
            models.CheckConstraint(
                # NULL passes: nobody is waited for.
                condition=Q(station__isnull=False) | Q(waits_for__isnull=True),
                name="arrangement_waits_at_a_station",
                violation_error_message=_("A request waits for somebody only at a station."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.get_mode_display()}"

    @property
    def days(self) -> tuple[str, ...]:
        """The codes of its weekdays, in the order of the week."""
        return tuple(self.weekdays.split())

    @property
    def attested(self) -> tuple[str, ...]:
        """The codes of what was declared."""
        return tuple(self.attestations.split())

    def may_become(self, state: ArrangementState) -> bool:
        """Whether the table of transitions lets it move to the state."""
        return state in ARRANGEMENT_TRANSITIONS[ArrangementState(self.state)]


class ArrangementOutput(models.Model):
    """What is to be delivered, tied to the SKP of the employee (PermenPANRB 6/2022)."""

    arrangement = models.ForeignKey(Arrangement, models.CASCADE, related_name="outputs")
    number = models.PositiveSmallIntegerField(_("number"))
    output = models.CharField(_("output"), max_length=300)
    target = models.CharField(_("target"), max_length=100)
    skp = models.CharField(_("result of work in the SKP"), max_length=300)

    class Meta:
        verbose_name = _("output")
        verbose_name_plural = _("outputs")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["arrangement", "number"],
                name="arrangement_output_once",
                violation_error_message=_("Another output has this number; choose another."),
            ),
        ]

    def __str__(self) -> str:
        return self.output


class RefusalGround(models.TextChoices):
    """Why a request is refused; the text says more."""

    SERVICE = "service", _("The service needs the presence")
    TASK = "task", _("The tasks in this period do not suit")
    OUTPUT = "output", _("Outputs or targets cannot be measured")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure or data security does not suffice")
    SHARE = "share", _("Others have been given the places")
    GATE = "gate", _("A requirement of the regulation is not met")
    OTHER = "other", _("Another ground, as the text says")


class ArrangementStep(models.Model):
    """What was done with an arrangement: by whom in which office, when, and why. Append-only.

    `on` is the day from which it counts, `at` the moment it was done. `ground` is a code of `RefusalGround`, or of
    what made a suspension necessary. `office` is the position in which it was done, `office_title` as printed.
    """

    class What(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        ENDORSED = "endorsed", _("Endorsed")
        RETURNED = "returned", _("Returned to be mended")
        CONSULTED = "consulted", _("Consultation recorded")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        SUSPENDED = "suspended", _("Suspended")
        RESUMED = "resumed", _("Resumed")
        ENDED = "ended", _("Ended")
        TAKEN_BACK = "taken_back", _("Taken back to be mended")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        OBJECTED = "objected", _("Objection (keberatan) raised")
        OBJECTION_GRANTED = "objection_granted", _("Objection granted")
        OBJECTION_DISMISSED = "objection_dismissed", _("Objection dismissed")

    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField(_("round"))
    what = models.CharField(_("what"), max_length=20, choices=What)
    station = models.PositiveSmallIntegerField(_("station"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_employee = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, related_name="+")
    office_title = models.CharField(_("office"), max_length=300, blank=True)
    capacity = models.CharField(_("capacity"), max_length=10, choices=Posting.Capacity, blank=True)
    on = models.DateField(_("counts from"))
    at = models.DateTimeField(_("done at"))
    ground = models.CharField(_("ground"), max_length=30, blank=True)
    text = models.TextField(_("text"), max_length=2000, blank=True)
    held_on = models.DateField(_("consultation held on"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of an arrangement")
        verbose_name_plural = _("steps of arrangements")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="refused") | (~Q(ground="") & ~Q(text="")),
                name="arrangement_refusal_has_ground",
                violation_error_message=_("A request is refused with a ground and a text; fill in both."),
            ),
            models.CheckConstraint(
                condition=~Q(what="consulted") | (Q(held_on__isnull=False) & ~Q(text="")),
                name="arrangement_consultation_has_day",
                violation_error_message=_("A consultation has a day and says what was discussed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.on})"
