"""Who holds which position and since when, and what of a person decides about flexible work; nothing more is kept.

Whatever is dated is kept in versions: a correction supersedes the row that was wrong and writes a new one,
so that what was known at a moment can be told for ever.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.models.choices import translated
from agencies.models.institutions import Agency, Institution, Unit
from agencies.models.positions import Position, Task
from agencies.querysets import (
    EmployeeQuerySet,
    EmploymentQuerySet,
    PersonalDataReadQuerySet,
    PostingQuerySet,
    PredicateQuerySet,
    SpanQuerySet,
    VersionedQuerySet,
)


class Employee(models.Model):
    """A civil servant (ASN) of an institution; the number (NIP or NI PPPK) holds the date of birth and sex.

    `residence` is the one in data kepegawaian (Pasal 12 ayat (3)); empty means not recorded.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="employees")
    nip = models.CharField(_("NIP or NI PPPK"), max_length=18)
    name = models.CharField(_("name"), max_length=200)
    residence = models.CharField(_("residence as recorded"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["institution", "name", "id"], name="employee_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "nip"],
                name="employee_nip_once",
                violation_error_message=_("An employee with this number is recorded already; open that file."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Versioned(models.Model):
    """A row that is never changed: it holds from `recorded_at` until `superseded_at` (null: still held to be true)."""

    recorded_at = models.DateTimeField(_("recorded at"))
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True


def _ends_after(first: str, last: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{last}__gte": F(first)}),  # NULL passes: without end
        name=name,
        violation_error_message=_("The last day is on or after the first."),
    )


class Employment(Versioned):
    """Of which kind an employee is from a day on, with golongan and kedudukan hukum."""

    class Standing(models.TextChoices):
        ACTIVE = "active", _("Active (aktif)")
        STUDY = "study", _("On study assignment (tugas belajar)")
        UNPAID_LEAVE = "unpaid_leave", _("On leave outside state duty (CLTN)")

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="employments")
    kind = models.CharField(
        _("kind of employee"), max_length=20, choices=translated(facts.FACTS["employee.kind"].choices)
    )
    grade = models.CharField(_("golongan"), max_length=10, blank=True)
    standing = models.CharField(_("kedudukan hukum"), max_length=20, choices=Standing, default=Standing.ACTIVE)
    sk_number = models.CharField(_("SK number"), max_length=100, blank=True)
    effective_from = models.DateField(_("effective from"))

    objects = EmploymentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        ordering = ["effective_from", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Posting(Versioned):
    """An employee holds a position from a day until a day (null: without end); definitif, Plt or Plh."""

    class Reason(models.TextChoices):
        FORMATION = "formation", _("Formasi")
        PROMOTION = "promotion", _("Promosi")
        TRANSFER = "transfer", _("Mutasi")
        ROTATION = "rotation", _("Rotasi")
        REORGANISATION = "reorganisation", _("Pengukuhan SOTK")
        LEVEL = "level", _("Kenaikan jenjang")
        RENEWAL = "renewal", _("Perpanjangan PPPK")

    class Capacity(models.TextChoices):
        DEFINITIVE = "definitive", _("Definitif")
        PLT = "plt", _("Plt")
        PLH = "plh", _("Plh")

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="postings")
    position = models.ForeignKey(Position, models.PROTECT, related_name="postings")
    capacity = models.CharField(_("capacity"), max_length=10, choices=Capacity, default=Capacity.DEFINITIVE)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    sk_number = models.CharField(_("SK number"), max_length=100, blank=True)
    effective_from = models.DateField(_("effective from"))
    effective_until = models.DateField(_("last day"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["effective_from", "pk"]
        constraints = [_ends_after("effective_from", "effective_until", "posting_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.position} ({self.effective_from})"


class Absence(Versioned):
    """Days on which an employee is on leave or official travel; the kind of leave is nobody's business here."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Leave (cuti)")
        TRAVEL = "travel", _("Official travel (dinas luar)")

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="absences")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    letter_number = models.CharField(_("letter number"), max_length=100, blank=True)

    objects = SpanQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_on", "pk"]
        constraints = [_ends_after("starts_on", "ends_on", "absence_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on}"


class DisciplineGate(Versioned):
    """That an employee is undergoing, or in the process of, hukuman disiplin: from, until, kind, basis; never the file.

    Pasal 25 ayat (1) PermenPANRB 4/2025; an end that is not known yet is null.
    """

    class Kind(models.TextChoices):
        PROCESS = "process", _("In process")
        LIGHT = "light", _("Light (ringan)")
        MEDIUM = "medium", _("Medium (sedang)")
        HEAVY = "heavy", _("Heavy (berat)")

    class Basis(models.TextChoices):
        PP_94_2021 = "pp_94_2021", _("PP 94/2021")
        PPPK = "pppk", _("Basis of PPPK discipline")

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="discipline_gates")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    basis = models.CharField(_("basis"), max_length=20, choices=Basis)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = SpanQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("discipline gate")
        verbose_name_plural = _("discipline gates")
        ordering = ["starts_on", "pk"]
        constraints = [_ends_after("starts_on", "ends_on", "gate_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on}"


class SpecialCircumstance(Versioned):
    """A keadaan khusus that the institution has verified, and until when (Pasal 10); its kind stays with BKPSDM."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="special_circumstances")
    kind = models.CharField(_("kind"), max_length=200, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = SpanQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("special circumstance")
        verbose_name_plural = _("special circumstances")
        ordering = ["starts_on", "pk"]
        constraints = [_ends_after("starts_on", "ends_on", "circumstance_ends_after_it_starts")]

    def __str__(self) -> str:
        return str(self.starts_on)


class Predicate(Versioned):
    """The performance predicate of an employee in a period (PermenPANRB 6/2022)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="predicates")
    period_starts_on = models.DateField(_("first day of the period"))
    period_ends_on = models.DateField(_("last day of the period"))
    predicate = models.CharField(
        _("predicate"), max_length=20, choices=translated(facts.FACTS["employee.predicate"].choices)
    )

    objects = PredicateQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("performance predicate")
        verbose_name_plural = _("performance predicates")
        ordering = ["period_ends_on", "pk"]
        constraints = [_ends_after("period_starts_on", "period_ends_on", "predicate_period_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.get_predicate_display()


class AdditionalTask(Versioned):
    """A personal additional task of an employee, e.g. treasurer: the same jabatan may mean different work.

    `facts` holds what is known of it, by the column names of a task profile; what is missing is unknown.
    """

    class Kind(models.TextChoices):
        TREASURER = "treasurer", _("Treasurer (bendahara)")
        GOODS = "goods", _("Goods administrator (pengurus barang)")
        PPTK = "pptk", _("PPTK")
        OTHER = "other", _("Another task")

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="additional_tasks")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    sk_number = models.CharField(_("SK number"), max_length=100, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)

    objects = SpanQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("additional task")
        verbose_name_plural = _("additional tasks")
        ordering = ["starts_on", "pk"]
        constraints = [_ends_after("starts_on", "ends_on", "additional_task_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.title


class HolderTask(Versioned):
    """One holder's share in a task that is not everybody's: a task with such rows belongs to these holders alone."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="holder_tasks")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="holder_tasks")

    class Meta:
        verbose_name = _("task of a holder")
        verbose_name_plural = _("tasks of holders")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.task}: {self.employee}"


class NonAsnStaff(Versioned):
    """How many people who are no civil servants work in an agency or unit: a number only, for coverage."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="non_asn_staff")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="non_asn_staff")
    count = models.PositiveIntegerField(_("number of people"))
    counted_on = models.DateField(_("counted on"))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("non-ASN staff")
        verbose_name_plural = _("non-ASN staff")
        ordering = ["counted_on", "pk"]

    def __str__(self) -> str:
        return f"{self.agency}: {self.count}"


class PersonalDataRead(models.Model):
    """Somebody read personal data (UU 27/2022): who, when, on which page, of whom or of how many. Append-only."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="personal_data_reads")
    reader = models.ForeignKey("agencies.User", models.PROTECT, related_name="personal_data_reads")
    reader_label = models.CharField(_("role of the reader"), max_length=300)
    at = models.DateTimeField(_("at"))
    page = models.CharField(_("page"), max_length=60)
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="reads")
    count = models.PositiveIntegerField(_("people shown"), default=1)

    objects = PersonalDataReadQuerySet.as_manager()

    class Meta:
        verbose_name = _("read of personal data")
        verbose_name_plural = _("reads of personal data")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["institution", "-at", "-id"], name="personal_data_read_list")]

    def __str__(self) -> str:
        return f"{self.page} {self.at}"


class Objection(models.Model):
    """What an employee says is wrong in her own file, and HR's answer to it."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="objections")
    about = models.CharField(_("what is wrong"), max_length=60)
    statement = models.TextField(_("what it should be, and how you know"), max_length=2000)
    raised_by = models.ForeignKey("agencies.User", models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("raised at"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection to a fact")
        verbose_name_plural = _("objections to facts")
        ordering = ["-raised_at", "-pk"]

    def __str__(self) -> str:
        return self.about


OBJECTION_TRANSITIONS = {
    Objection.State.OPEN: frozenset({Objection.State.ACCEPTED, Objection.State.REFUSED, Objection.State.WITHDRAWN}),
}
"""Which state may follow which; every other state is final."""
