"""How the facts came about: every change of a fact, and the current profile of a task."""

from __future__ import annotations

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.models.choices import translated
from agencies.models.institutions import Agency, Institution, PublicService, Unit
from agencies.models.positions import Position, Task
from agencies.querysets import FactRecordQuerySet, TaskProfileQuerySet


class Basis(models.TextChoices):
    """On what a fact rests."""

    IMPORTED = "imported", _("Imported")
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")


def _exactly_one(*names: str) -> models.Q:
    """Just one of the keys is given."""
    choices = (models.Q(**{f"{other}__isnull": other != name for other in names}) for name in names)
    return reduce(or_, choices)


class FactRecord(models.Model):
    """One change of one fact of one task, position, agency, unit or service; append-only.

    A null value records that the answer is unknown.

    What it speaks of cannot be deleted: the past would go with it.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="fact_records")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="fact_records")
    position = models.ForeignKey(Position, models.PROTECT, null=True, blank=True, related_name="fact_records")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="fact_records")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="fact_records")
    service = models.ForeignKey(PublicService, models.PROTECT, null=True, blank=True, related_name="fact_records")
    fact = models.CharField(_("fact"), max_length=60)
    value = models.CharField(_("value"), max_length=300, null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    valid_from = models.DateField(_("valid from"))
    recorded_at = models.DateTimeField(_("recorded at"))
    act = models.UUIDField(_("act"), default=uuid.uuid4)

    objects = FactRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact record")
        verbose_name_plural = _("fact records")
        ordering = ["recorded_at", "pk"]
        indexes = [models.Index(fields=["task", "fact", "recorded_at"], name="fact_record_of_task")]
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one("task", "position", "agency", "unit", "service"),
                name="fact_record_one_subject",
                violation_error_message=_("A fact belongs to one task, position, agency, unit or service."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} = {self.value}"


def _choice(name: str) -> models.CharField[str | None, str | None]:
    fact = facts.FACTS[name]
    return models.CharField(
        gettext_lazy(fact.label), max_length=20, choices=translated(fact.choices), null=True, blank=True
    )


def _yes_no(name: str) -> models.BooleanField[bool | None, bool | None]:
    return models.BooleanField(gettext_lazy(facts.FACTS[name].label), null=True, blank=True)


def _number(name: str) -> models.DecimalField[object, object]:
    return models.DecimalField(
        gettext_lazy(facts.FACTS[name].label), max_digits=5, decimal_places=2, null=True, blank=True
    )


class TaskProfile(models.Model):
    """The current facts of a task, one column each, as rules read them; null is unknown.

    The row carries the keys and the position's facts, so that the screening of a city joins
    nothing; database triggers keep them equal to the position's. From `closed_on` the
    task is judged no more.
    """

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="profile")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.ForeignKey(Position, models.CASCADE, related_name="task_profiles")
    category = _choice("position.category")
    echelon = _choice("position.echelon")
    job_family = models.CharField(
        gettext_lazy(facts.FACTS["position.job_family"].label),
        max_length=40,
        choices=translated(facts.JOB_FAMILIES),
        null=True,
        blank=True,
    )
    leads = _choice("position.leads")
    outside_office = _yes_no("task.outside_office")
    work_place = _choice("task.work_place")
    function = _choice("task.function")
    service_kind = _choice("task.service_kind")
    special_workspace = _yes_no("task.special_workspace")
    with_tik = _yes_no("task.with_tik")
    face_to_face = _choice("task.face_to_face")
    continuous_supervision = _yes_no("task.continuous_supervision")
    exposure = _choice("task.exposure")
    output_measurable = _yes_no("task.output_measurable")
    confidential_material = _yes_no("task.confidential_material")
    hours_per_day = _number("task.hours_per_day")
    days_per_week = _number("task.days_per_week")
    hours_per_week = _number("task.hours_per_week")
    agency_hours = _yes_no("task.agency_hours")
    local_1 = _yes_no("task.local_1")
    local_2 = _yes_no("task.local_2")
    local_3 = _yes_no("task.local_3")
    local_4 = _yes_no("task.local_4")
    closed_on = models.DateField(_("closed from"), null=True, blank=True)

    CARRIED = ("institution", "agency", "unit", "category", "echelon", "job_family", "leads")
    """The position's columns that the row repeats."""

    objects = TaskProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("task profile")
        verbose_name_plural = _("task profiles")

    def __str__(self) -> str:
        return str(self.task)
