"""The Keputusan, its revocation, and the rows of what was sent and signed, for ever.

Rows are written when results are sent, because what the PPK signs is what was sent. When results come back
they are removed and written anew on sending again; once a Penetapan exists the database refuses every change.
Whether a row is stale, superseded or in force is worked out on reading: it is never a column of a signed row.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.facts import POSITION_FACTS, TASK_FACTS
from agencies.models import Agency, Document, Institution, Position, Task, TaskProfile, Unit, User
from eligibility.explanations import MODE_LABELS
from eligibility.models.verifications import MAY_NOT_DETERMINE, Signed, Verification, delegation_named
from eligibility.querysets import (
    DeterminationQuerySet,
    DeterminedGroundQuerySet,
    DeterminedPositionQuerySet,
    DeterminedTaskQuerySet,
)
from eligibility.rulebook import Bounds, Mode, Outcome, Verdict

FACT_COLUMNS: Final = tuple(fact.column for fact in (*POSITION_FACTS, *TASK_FACTS))
"""The columns of a task's row that hold facts, in their order."""


class Determination(Signed):
    """Penetapan (Keputusan): the numbered act of the PPK or its mandate holder on results as they were sent.

    In force from `effective_from` to `last_day` (null: without end), unless superseded or revoked before.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="determinations")
    verification = models.OneToOneField(Verification, models.PROTECT, related_name="determination")
    signed_on = models.DateField(_("date"))
    effective_from = models.DateField(_("effective from"))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DeterminationQuerySet.as_manager()

    class Meta:
        verbose_name = _("determination (Keputusan)")
        verbose_name_plural = _("determinations (Keputusan)")
        ordering = ["-effective_from", "-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                # NULL passes: without a last day.
                condition=Q(last_day__gte=F("effective_from")),
                name="determination_ends_after_it_starts",
                violation_error_message=_("The last day is on or after the day from which it is effective."),
            ),
            models.CheckConstraint(
                condition=~Q(capacity__in=MAY_NOT_DETERMINE),
                name="determination_not_by_acting_official",
                violation_error_message=_(
                    "A Plt or Plh may sign letters, not a Keputusan; name the PPK or the holder of its mandate."
                ),
            ),
            delegation_named("determination_delegation_named"),
        ]

    def __str__(self) -> str:
        return self.number


class DeterminationRevocation(Signed):
    """From a day on a Penetapan no longer holds, by whose letter and why. Append-only."""

    determination = models.OneToOneField(Determination, models.PROTECT, related_name="revocation")
    signed_on = models.DateField(_("date"))
    effective_from = models.DateField(_("effective from"))
    reason = models.TextField(_("reason"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("revocation of a determination")
        verbose_name_plural = _("revocations of determinations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(capacity__in=MAY_NOT_DETERMINE),
                name="revocation_not_by_acting_official",
                violation_error_message=_(
                    "A Plt or Plh may sign letters, not a Keputusan; name the PPK or the holder of its mandate."
                ),
            ),
            delegation_named("revocation_delegation_named"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.effective_from})"


class DeterminedGround(models.Model):
    """The facts above the position as they were judged: of an agency (unit is null) or of one of its units.

    `content` is canonical JSON of place and values; the agencies with a row are those that the results cover.
    """

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="grounds", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    agency_name = models.CharField(_("agency as printed"), max_length=200)
    unit_name = models.CharField(_("unit as printed"), max_length=200, blank=True)
    content = models.TextField(_("content"))

    objects = DeterminedGroundQuerySet.as_manager()

    class Meta:
        verbose_name = _("ground of a determination")
        verbose_name_plural = _("grounds of determinations")
        constraints = [
            # Rows without a unit differ: nulls are distinct.
            models.UniqueConstraint(fields=["verification", "unit"], name="determined_ground_of_unit_once"),
            models.UniqueConstraint(
                fields=["verification", "agency"],
                condition=Q(unit__isnull=True),
                name="determined_ground_of_agency_once",
            ),
        ]

    def __str__(self) -> str:
        return self.unit_name or self.agency_name


class DeterminedSource(models.Model):
    """One origin that printed facts share: basis, source and day, as the rows of tasks name it by its number."""

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="sources", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    basis = models.CharField(_("basis"), max_length=10)
    source = models.CharField(_("source"), max_length=300)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("origin of determined facts")
        verbose_name_plural = _("origins of determined facts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["verification", "number"], name="determined_source_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.basis}: {self.source} ({self.valid_from})"


class DeterminedTask(models.Model):
    """A task as it was judged: its facts typed as on a task's row, and the masks, which hold every reason.

    `outcomes` packs both bounds in each form, four bits each in the order of the forms. `masks` are the killed
    and unsure bits of each word in decimal, separated by spaces. `origins` names the origin of facts as
    `fact=number` (of DeterminedSource), separated by spaces; a fact without one has none on record.
    """

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="determined_tasks", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    share = models.PositiveSmallIntegerField(_("share of working time"), null=True)
    outcomes = models.IntegerField(_("bounds"))
    masks = models.TextField(_("masks"))
    origins = models.TextField(_("origins of facts"), blank=True)

    objects = DeterminedTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("determined task")
        verbose_name_plural = _("determined tasks")
        ordering = ["position", "number"]
        constraints = [
            models.UniqueConstraint(fields=["verification", "task"], name="determined_task_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def bounds_in(self, mode: Mode) -> Bounds:
        """The bounds of the task in a form."""
        packed = self.outcomes >> BITS_PER_MODE * MODES.index(mode)
        return Bounds(PACKED[packed & 3], PACKED[packed >> 2 & 3])


for _column in FACT_COLUMNS:
    _field: Any = TaskProfile._meta.get_field(_column)
    _field.clone().contribute_to_class(DeterminedTask, _column)

MODES: Final = tuple(Mode)
BITS_PER_MODE: Final = 4
PACKED: Final = (Verdict.NOT_ELIGIBLE, Verdict.CONDITIONAL, Verdict.ELIGIBLE, Verdict.ELIGIBLE)
"""What two bits of a packed bound say."""

VERDICTS: Final = [
    (Verdict.NOT_ELIGIBLE.value, _("Not eligible")),
    (Verdict.CONDITIONAL.value, _("Conditionally eligible")),
    (Verdict.ELIGIBLE.value, _("Eligible")),
]


class DeterminedPosition(models.Model):
    """A position in one form of flexible work, as it was determined; names as printed."""

    verification = models.ForeignKey(Verification, models.PROTECT, related_name="determined_positions", db_index=False)
    position = models.ForeignKey(Position, models.PROTECT, related_name="determined")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    mode = models.CharField(
        _("form of flexible work"), max_length=20, choices=[(mode.value, _(MODE_LABELS[mode])) for mode in Mode]
    )
    worst = models.PositiveSmallIntegerField(_("at least"), choices=VERDICTS)
    best = models.PositiveSmallIntegerField(_("at most"), choices=VERDICTS)
    code = models.CharField(_("code"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    jenjang = models.CharField(_("jenjang"), max_length=40, blank=True)
    unit_name = models.CharField(_("unit"), max_length=200, blank=True)

    objects = DeterminedPositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("determined position")
        verbose_name_plural = _("determined positions")
        ordering = ["verification", "position", "mode"]
        constraints = [
            models.UniqueConstraint(fields=["verification", "position", "mode"], name="determined_position_once"),
        ]
        indexes = [
            # Lists show a position by the row of its first mode.
            models.Index(
                fields=["verification", "title", "jenjang", "id"],
                condition=Q(mode=Mode.OTHER_OFFICE.value),
                name="determined_position_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.jenjang}".strip()

    @property
    def bounds(self) -> Bounds:
        """Its bounds, as the engine has them."""
        return Bounds(Verdict(self.worst), Verdict(self.best))

    @property
    def outcome(self) -> Outcome:
        """Its outcome."""
        return self.bounds.outcome
