"""The kinds of dated rows about an employee: their address, their form, their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms import personal_records as forms
from agencies.models import Employee, Versioned

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Noun:
    """One kind of row, newest first by `order`. `whole`: only the HR officer of the whole institution writes it.

    `veiled` is its title for who may not see the rows: it does not tell what they are about.
    """

    code: str
    form: type[forms.RecordForm]
    title: _StrPromise
    empty: _StrPromise
    add: _StrPromise
    correct: _StrPromise
    order: tuple[str, ...]
    related: tuple[str, ...] = ()
    whole: bool = False
    corrected: bool = True
    veiled: _StrPromise | None = None

    @property
    def model(self) -> type[Versioned]:
        """The rows' model."""
        return self.form.model

    def rows_about(self, employee: Employee) -> QuerySet[Any]:
        """All versions of its rows about an employee."""
        model: Any = self.model  # every kind of row has its own columns
        rows: QuerySet[Any] = model.objects.filter(employee=employee)
        return rows.select_related(*self.related)


_ALL = (
    Noun(
        "penempatan",
        forms.PostingForm,
        _("Postings"),
        _("No posting is recorded."),
        _("Add a posting"),
        _("Correct a posting"),
        ("effective_from",),
        ("position__agency",),
    ),
    Noun(
        "kepegawaian",
        forms.EmploymentForm,
        _("Employment"),
        _("No employment is recorded."),
        _("Record employment"),
        _("Correct employment"),
        ("effective_from",),
    ),
    Noun(
        "disiplin",
        forms.DisciplineForm,
        _("Disciplinary punishment or process (Pasal 25 ayat (1) huruf a)"),
        _("No disciplinary punishment or process is recorded."),
        _("Record a disciplinary punishment or process"),
        _("Correct a disciplinary punishment or process"),
        ("starts_on",),
        whole=True,
        veiled=_("Conditions of the employee (Pasal 25 ayat (1))"),
    ),
    Noun(
        "keadaan-khusus",
        forms.CircumstanceForm,
        _("Keadaan khusus (Pasal 10)"),
        _("No keadaan khusus is recorded."),
        _("Record a verified keadaan khusus"),
        _("Correct a verified keadaan khusus"),
        ("starts_on",),
        whole=True,
    ),
    Noun(
        "predikat",
        forms.PredicateForm,
        _("Performance predicate"),
        _("No predicate is recorded."),
        _("Record a predicate"),
        _("Correct a predicate"),
        ("period_ends_on",),
    ),
    Noun(
        "cuti-dinas",
        forms.AbsenceForm,
        _("Leave and official travel"),
        _("No leave and no official travel is recorded."),
        _("Record leave or official travel"),
        _("Correct leave or official travel"),
        ("starts_on",),
    ),
    Noun(
        "tugas-tambahan",
        forms.AdditionalTaskForm,
        _("Additional tasks"),
        _("No additional task is recorded."),
        _("Add an additional task"),
        _("Correct an additional task"),
        ("starts_on",),
    ),
    Noun(
        "tugas-pemegang",
        forms.HolderTaskForm,
        _("Tasks of this holder alone"),
        _("The employee has all tasks of the position, as every holder has."),
        _("Assign a task to this holder"),
        _("Correct a task of this holder"),
        ("pk",),
        ("task__position",),
        corrected=False,
    ),
)

NOUNS: Final[Mapping[str, Noun]] = {noun.code: noun for noun in _ALL}
"""Each kind by its part of the address, in the order of the file."""
