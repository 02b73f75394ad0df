"""The forms about an employee as a whole: to add her, to correct who she is, to end her employment, to find her."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.errors import ActRefused
from agencies.forms.frame import ActForm, DayField
from agencies.grades import grade_named
from agencies.models import Employee
from agencies.models.choices import translated
from agencies.personal_rules import number_of

KINDS = translated(facts.FACTS["employee.kind"].choices)


class NipField(forms.CharField):
    """A NIP or NI PPPK; a fault is told with its place, never with the number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("NIP or NI PPPK"))
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """The 18 digits."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return number_of(text, "").digits
        except ActRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class GradeField(forms.CharField):
    """A golongan however it is written; empty where it is not known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Golongan (optional)"))
        kwargs.setdefault("help_text", _("I/a to IV/e for PNS and CPNS, I to XVII for PPPK."))
        super().__init__(required=False, max_length=10, **kwargs)

    def clean(self, value: Any) -> str:
        """As the portal writes it."""
        text = super().clean(value)
        try:
            return grade_named(text) if text else ""
        except ValueError as fault:
            raise forms.ValidationError(_("This is no golongan; write it like III/a or IX.")) from fault


class PersonForm(ActForm):
    """A form about an employee."""

    def values(self) -> dict[str, Any]:
        """What it states, by field; only of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "previewed"}


class IdentityForm(PersonForm):
    """Who an employee is; the number is written anew only where it changes, because it is shown masked."""

    name = forms.CharField(label=_("Name"), max_length=200)
    nip = NipField(required=False, help_text=_("Only to correct it: write all 18 digits. Left empty, it stays."))
    residence = forms.CharField(
        label=_("Residence as recorded in data kepegawaian (optional)"),
        max_length=300,
        required=False,
        help_text=_("Working at home means here (Pasal 12 ayat (3) PermenPANRB 4/2025)."),
    )

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"name": employee.name, "residence": employee.residence})
        super().__init__(*args, **kwargs)


class NewEmployeeForm(PersonForm):
    """A new employee with her first employment; her posting follows in her file."""

    nip = NipField(help_text=_("18 digits, as in the SK."))
    name = forms.CharField(label=_("Name"), max_length=200)
    residence = forms.CharField(
        label=_("Residence as recorded in data kepegawaian (optional)"), max_length=300, required=False
    )
    kind = forms.ChoiceField(label=_("Kind of employee"), choices=[("", _("Choose one")), *KINDS])
    grade = GradeField()
    effective_from = DayField(label=_("Effective from"))
    sk_number = forms.CharField(label=_("SK number (optional)"), max_length=100, required=False)


class LeaveForm(PersonForm):
    """The last day of an employee who left."""

    last_day = DayField(label=_("Last day"), help_text=_("Postings and additional tasks that still run end with it."))


class FindForm(forms.Form):
    """Finds one employee by her full number; sent by POST, so that the number stands in no address."""

    nip = NipField(label=_("Find by full NIP or NI PPPK"))
