"""The forms of dated rows about an employee, one for each kind."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.access import Standing, visible_agencies
from agencies.forms.frame import ActForm, DayField
from agencies.forms.people import KINDS, GradeField, PersonForm
from agencies.models import (
    Absence,
    AdditionalTask,
    DisciplineGate,
    Employee,
    Employment,
    HolderTask,
    Position,
    Posting,
    Predicate,
    SpecialCircumstance,
    Task,
    Versioned,
)
from agencies.models.choices import translated

SHOWN = 8
"""How many positions a refusal names that all fit what was typed."""


def _chosen(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("Choose one")), *choices])


def _optional(label: Any, length: int = 100, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **kwargs)


class RecordForm(PersonForm):
    """A row about an employee: `row` is what the form states, unsaved; `first` what it starts from."""

    model: ClassVar[type[Versioned]]

    def __init__(self, *args: Any, writer: Standing, employee: Employee, first: Any = None, **kwargs: Any) -> None:
        self.writer, self.employee = writer, employee
        if first is not None:
            kwargs["initial"] = self.started_from(first) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def started_from(self, row: Any) -> dict[str, Any]:
        """What the fields hold of a row that is corrected."""
        return {name: getattr(row, name) for name in self.base_fields if hasattr(row, name)}

    def row(self) -> Any:
        """The unsaved row; only of a valid form."""
        model: Any = self.model  # every kind of row has its own columns
        return model(employee=self.employee, **self.values())


class PositionField(forms.CharField):
    """A position by its code, or by words of its title where they fit one only; `writer` says which are in sight."""

    writer: Standing | None = None

    def clean(self, value: Any) -> Any:
        """The position."""
        text = super().clean(value)
        assert self.writer is not None
        seen = Position.objects.filter(
            institution=self.writer.institution, agency__in=visible_agencies(self.writer).values("pk")
        )
        exact = seen.filter(code__iexact=text).first()
        if exact:
            return exact
        for word in text.split()[:8]:
            seen = seen.filter(title__icontains=word) | seen.filter(jenjang__icontains=word)
        found = list(seen.select_related("agency").order_by("title", "pk")[: SHOWN + 1])
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(self._told(found))

    def _told(self, found: list[Position]) -> str:
        if not found:
            return gettext("No position in your sight has this code or title; write the code from its page.")
        named = "; ".join(f"{one} ({one.agency.name}): {one.code}" for one in found[:SHOWN])
        sentence = gettext("Several positions fit; write the code of one: %(named)s") % {"named": named}
        return sentence if len(found) <= SHOWN else f"{sentence}; …"


class PostingForm(RecordForm):
    """A posting."""

    model = Posting
    position = PositionField(
        label=_("Position"), max_length=200, help_text=_("Its code, or words of its title where they fit one only.")
    )
    capacity = _chosen(_("Capacity"), Posting.Capacity.choices)
    reason = _chosen(_("Reason"), Posting.Reason.choices)
    effective_from = DayField(label=_("Effective from"))
    effective_until = DayField(label=_("Last day (optional)"), required=False)
    sk_number = _optional(_("SK number (optional)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        position = self.fields["position"]
        assert isinstance(position, PositionField)
        position.writer = self.writer

    def started_from(self, row: Posting) -> dict[str, Any]:
        """As for every row, with the position's code."""
        return super().started_from(row) | {"position": row.position.code}


class EmploymentForm(RecordForm):
    """Kind, golongan and kedudukan hukum from a day on."""

    model = Employment
    kind = _chosen(_("Kind of employee"), KINDS)
    grade = GradeField()
    standing = _chosen(_("Kedudukan hukum"), Employment.Standing.choices)
    effective_from = DayField(label=_("Effective from"))
    sk_number = _optional(_("SK number (optional)"))


class AbsenceForm(RecordForm):
    """Leave or official travel."""

    model = Absence
    kind = _chosen(_("Kind"), Absence.Kind.choices)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    letter_number = _optional(_("Letter number (optional)"))


class DisciplineForm(RecordForm):
    """The discipline gate: dates, kind and basis; nothing else is kept."""

    model = DisciplineGate
    kind = _chosen(_("Kind"), DisciplineGate.Kind.choices)
    basis = _chosen(_("Basis"), DisciplineGate.Basis.choices)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(
        label=_("Last day (optional)"),
        required=False,
        help_text=_("Left empty while it is not known; until then no request can be approved."),
    )


class CircumstanceForm(RecordForm):
    """A verified keadaan khusus; its kind is read by BKPSDM alone."""

    model = SpecialCircumstance
    kind = _optional(
        _("Kind (optional)"), 200, help_text=_("Read by BKPSDM alone. Write as little as you need; no diagnosis.")
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("Until when it is verified."))


class PredicateForm(RecordForm):
    """The performance predicate of a period."""

    model = Predicate
    predicate = _chosen(_("Predicate"), translated(facts.FACTS["employee.predicate"].choices))
    period_starts_on = DayField(label=_("First day of the period"))
    period_ends_on = DayField(label=_("Last day of the period"))


_ASKED = [
    fact
    for fact in facts.TASK_FACTS
    if fact.kind in (facts.Kind.YES_NO, facts.Kind.CHOICE) and not fact.column.startswith("local_")
]
_YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class AdditionalTaskForm(RecordForm):
    """A personal additional task, with what is known of it; what is left open stays unknown."""

    model = AdditionalTask
    kind = _chosen(_("Kind"), AdditionalTask.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day (optional)"), required=False)
    sk_number = _optional(_("SK number (optional)"))

    def __init__(self, *args: Any, first: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, first=first, **kwargs)
        known = first.facts if first is not None else {}
        for fact in _ASKED:
            choices = _YES_NO if fact.kind is facts.Kind.YES_NO else translated(fact.choices)
            self.fields[fact.column] = forms.ChoiceField(
                label=_(fact.label),
                choices=[("", _("Not known")), *choices],
                required=False,
                initial=_shown(known.get(fact.column)),
            )

    def row(self) -> AdditionalTask:
        """The unsaved row with the facts that were told."""
        columns = {fact.column for fact in _ASKED}
        told = {name: value for name, value in self.cleaned_data.items() if name in columns and value}
        values = {name: value for name, value in self.values().items() if name not in columns}
        known = {name: {"yes": True, "no": False}.get(value, value) for name, value in told.items()}
        return AdditionalTask(employee=self.employee, facts=known, **values)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""


class HolderTaskForm(RecordForm):
    """A task of a position that the employee holds, which is then hers and not all holders'."""

    model = HolderTask
    task = forms.ModelChoiceField(label=_("Task"), queryset=Task.objects.none(), empty_label=_("Choose one"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Posting.objects.current().filter(
            employee=self.employee, position__agency__in=visible_agencies(self.writer).values("pk")
        )
        task = self.fields["task"]
        assert isinstance(task, forms.ModelChoiceField)
        task.queryset = Task.objects.filter(position__in=held.values("position"), closed_on__isnull=True).order_by(
            "position", "number"
        )


class EndPostingForm(PersonForm):
    """The last day of a posting."""

    last_day = DayField(label=_("Last day"))


class WithdrawForm(ActForm):
    """Asks nothing: what follows is shown and confirmed."""
