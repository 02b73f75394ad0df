"""Files that were imported: what each was, how far it came, what it would do and did, and the columns learnt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models.employees import Employee
from agencies.models.institutions import Agency, Institution
from agencies.models.people import User
from agencies.models.positions import Position

SIGN_OF_LIFE: Final = timedelta(minutes=2)
"""After so long without any, work in the background was cut off."""


class ImportKind(models.TextChoices):
    """What a file tells of."""

    POSITIONS = "positions", _("Agencies, units, positions, tasks and facts")
    EMPLOYEES = "employees", _("Employees, postings and predicates")
    SERVICES = "services", _("Public services")
    SERVICE_NEEDS = "service_needs", _("Hours and need of services through the week")


class DataImport(models.Model):
    """One file that an HR officer wants to import, from its upload to its end; the file itself is kept no longer.

    `alive_at` is the last sign of life of work in the background. `plan_digest` is the digest of what the dry run
    showed: something else is never carried out, and `plan_changed` says that it would have been. Nobody uploaded
    what a command on the server brought in.

    `register` says how much of the staff a file of employees tells of: a part, or everybody who is posted in the
    institution, or in `register_agency` with what belongs to it, on the day `register_on`.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to be assigned")
        EXAMINING = "examining", _("Being examined")
        EXAMINED = "examined", _("Examined, not carried out yet")
        APPLYING = "applying", _("Being carried out")
        APPLIED = "applied", _("Carried out")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        ABANDONED = "abandoned", _("Given up")

    class Register(models.TextChoices):
        PART = "part", _("A part of the staff")
        INSTITUTION = "institution", _("The full register of the institution")
        AGENCY = "agency", _("The full register of one agency")

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="data_imports")
    kind = models.CharField(_("kind of import"), max_length=20, choices=ImportKind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    header_row = models.PositiveIntegerField(_("row with the headings"), default=1)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    for_new = models.JSONField(_("values for everything new"), default=dict, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    register = models.CharField(_("who is in the file"), max_length=11, choices=Register, default=Register.PART)
    register_agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    register_on = models.DateField(_("day of the register"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    plan_digest = models.CharField(_("digest of the dry run"), max_length=64, blank=True)
    plan_changed = models.BooleanField(_("changed since the dry run"), default=False)
    alive_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    act = models.UUIDField(_("act"), null=True, blank=True)
    applied_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    ended_by = models.ForeignKey("agencies.User", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("import of a file")
        verbose_name_plural = _("imports of files")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["institution", "-uploaded_at", "-id"], name="data_import_list")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("applied", "undone")) | Q(applied_at__isnull=False, act__isnull=False),
                name="data_import_applied_with_act",
                violation_error_message=_("An import that was carried out names its act and its moment."),
            ),
            models.CheckConstraint(
                condition=Q(register="part", register_on__isnull=True, register_agency__isnull=True)
                | Q(register="institution", register_on__isnull=False, register_agency__isnull=True)
                | Q(register="agency", register_on__isnull=False, register_agency__isnull=False),
                name="data_import_register_of_a_day",
                violation_error_message=_("A full register names its day, and the agency where it is of one."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def uploader(self) -> str:
        """Who brought the file, by the name of her account."""
        return _name_of(self.uploaded_by)

    @property
    def carrier(self) -> str:
        """Who carried it out."""
        return _name_of(self.applied_by)

    def may_become(self, state: DataImport.State) -> bool:
        """Whether that state may follow the present one."""
        return state in IMPORT_TRANSITIONS.get(self.State(self.state), frozenset())

    def tells_missing(self) -> bool:
        """Whether it is known who is not in it: of a full register whose dry run has no fault, or carried out."""
        if self.register == self.Register.PART:
            return False
        return self.state == self.State.APPLIED or (self.state == self.State.EXAMINED and not self.has_faults())

    def has_faults(self) -> bool:
        """Whether its dry run found any."""
        return bool(self.counts.get("faults") or self.counts.get(PlannedRow.What.REFUSED.value))

    def works(self) -> bool:
        """Whether something is being done with it in the background."""
        return self.state in {self.State.EXAMINING, self.State.APPLYING, self.State.UNDOING}

    def was_cut_off(self, now: datetime) -> bool:
        """Whether the work in the background ended without an end: no sign of life for too long."""
        return self.works() and (self.alive_at is None or now - self.alive_at > SIGN_OF_LIFE)


def _name_of(user: User | None) -> str:
    return user.username if user else gettext("a command on the server")


_State = DataImport.State
IMPORT_TRANSITIONS: Final = {
    _State.UPLOADED: frozenset({_State.EXAMINING, _State.EXAMINED, _State.ABANDONED}),
    _State.EXAMINING: frozenset({_State.EXAMINING, _State.EXAMINED, _State.ABANDONED}),
    _State.EXAMINED: frozenset({_State.EXAMINING, _State.EXAMINED, _State.APPLYING, _State.APPLIED, _State.ABANDONED}),
    _State.APPLYING: frozenset({_State.APPLYING, _State.EXAMINED, _State.APPLIED, _State.ABANDONED}),
    _State.APPLIED: frozenset({_State.UNDOING, _State.UNDONE}),
    _State.UNDOING: frozenset({_State.UNDOING, _State.UNDONE, _State.APPLIED}),
}
"""Which state may follow which; every other state is final."""


class ImportedFile(models.Model):
    """The content of a file, as long as its import is neither carried out nor given up: it holds personal data."""

    data_import = models.OneToOneField(DataImport, models.CASCADE, related_name="file")
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")

    def __str__(self) -> str:
        return str(self.data_import)


class PlannedRow(models.Model):
    """One line of a dry run: what would become of one thing, and which fields change. It ends with the file.

    `fields` is JSON: a list of column, before and after. Of a fault it is heading and cell, what stands there, the
    sentence, the heading with its column, and the kind of fault; `part` is then the same for all faults of that kind.
    """

    class What(models.TextChoices):
        REFUSED = "refused", _("Refused")
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")

    data_import = models.ForeignKey(DataImport, models.CASCADE, related_name="planned_rows")
    what = models.CharField(_("what"), max_length=10, choices=What)
    row = models.PositiveIntegerField(_("row"))
    part = models.CharField(_("part"), max_length=20)
    label = models.CharField(_("label"), max_length=400)
    fields = models.TextField(_("fields"), blank=True)

    class Meta:
        verbose_name = _("line of a dry run")
        verbose_name_plural = _("lines of dry runs")
        ordering = ["pk"]
        indexes = [models.Index(fields=["data_import", "what", "id"], name="planned_row_list")]

    def __str__(self) -> str:
        return self.label


class ImportedRow(models.Model):
    """One row of the portal that an import wrote, so that the import can be undone and told.

    `part` is the name of the row's model. `before` and `after` are JSON of the fields that changed, or the row that
    a new one replaces; both are empty for a row that was simply new.
    """

    class What(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        LINKED = "linked", _("Linked")

    data_import = models.ForeignKey(DataImport, models.CASCADE, related_name="imported_rows")
    what = models.CharField(_("what"), max_length=10, choices=What)
    part = models.CharField(_("part"), max_length=20)
    key = models.BigIntegerField(_("key"))
    of = models.BigIntegerField(_("belongs to"), null=True, blank=True)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)

    class Meta:
        verbose_name = _("row written by an import")
        verbose_name_plural = _("rows written by imports")
        ordering = ["pk"]
        indexes = [models.Index(fields=["data_import", "part", "id"], name="imported_row_list")]

    def __str__(self) -> str:
        return f"{self.part} {self.key}"


class LearntColumn(models.Model):
    """What a heading meant the last time, for an institution and a kind of import; an empty column is left out.

    Behind a heading of `FOR_NEW` and a column stands, in the place of a column, the value said of everything new.
    """

    FOR_NEW: Final = "="
    """A sign that no heading has as it is learnt."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="learnt_columns")
    kind = models.CharField(_("kind of import"), max_length=20, choices=ImportKind)
    heading = models.CharField(_("heading"), max_length=100)
    column = models.CharField(_("column"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("learnt column")
        verbose_name_plural = _("learnt columns")
        ordering = ["heading"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "heading"],
                name="learnt_column_once",
                violation_error_message=_("What this heading means is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.column}"


class ImportedMove(models.Model):
    """What an import of employees means for one of them: she joined, left, moved, stands in, or is rated anew.

    `was` and `now` are what the change is from and to: of a posting the positions, else words of the rows. Of a
    Plt or Plh they are the capacities beside the positions; where standing in ends, `now` is the last day.
    """

    class What(models.TextChoices):
        JOINED = "joined", _("Joined")
        LEFT = "left", _("Left")
        MOVED = "moved", _("Moved (mutasi)")
        PROMOTED = "promoted", _("Promoted")
        STANDING_IN = "acting", _("Standing in (Plt or Plh)")
        RATED = "rated", _("Rated otherwise")
        STANDING = "standing", _("Kind, golongan or kedudukan hukum changed")

    data_import = models.ForeignKey(DataImport, models.CASCADE, related_name="moves")
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="+")
    what = models.CharField(_("what"), max_length=10, choices=What)
    was_position = models.ForeignKey(Position, models.CASCADE, null=True, blank=True, related_name="+")
    now_position = models.ForeignKey(Position, models.CASCADE, null=True, blank=True, related_name="+")
    was = models.CharField(_("before"), max_length=100, blank=True)
    now = models.CharField(_("after"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("move told by an import")
        verbose_name_plural = _("moves told by imports")
        ordering = ["pk"]
        indexes = [models.Index(fields=["data_import", "what", "id"], name="imported_move_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["data_import", "employee", "what"],
                name="imported_move_once",
                violation_error_message=_("This move of the employee is told already."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_what_display()


class MissingEmployee(models.Model):
    """Somebody with a running posting whom a full register does not name. It indicates something and proves nothing.

    Only who it is is kept: with the dry run, and then with the import as long as it is not undone.
    """

    data_import = models.ForeignKey(DataImport, models.CASCADE, related_name="missing")
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("employee who is not in a full register")
        verbose_name_plural = _("employees who are not in a full register")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["data_import", "employee"],
                name="missing_employee_once",
                violation_error_message=_("That this employee is not in the file is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.employee)
