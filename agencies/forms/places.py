"""The forms about an institution itself: its stage, places of work, documents, own criteria."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.actions.places import WorkplaceValues
from agencies.forms.frame import ActForm, DayField
from agencies.models import Agency, Institution, LocalCriterion, Workplace
from agencies.models.choices import translated
from agencies.querysets import open_on

SOURCE_HELP: Final = _("The letter, decision or statement it rests on, with number and date.")
NOT_IN_LIST: Final = _("This is none of the choices; choose one of the list.")


class StageForm(ActForm):
    """The stance of the institution from a day on."""

    stage = forms.ChoiceField(
        label=_("Policy stage"),
        choices=translated(facts.POLICY_STAGES),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )
    valid_from = DayField(label=_("Valid from"))
    source = forms.CharField(label=_("Source"), max_length=500, help_text=SOURCE_HELP)


class WorkplaceForm(ActForm):
    """An office or another place that the institution allows work at."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Short and unique, for example BALAI-RW-05."))
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Workplace.Kind.choices,
        help_text=_("Pasal 12 ayat (1) and (2) PermenPANRB 4/2025."),
        error_messages={"invalid_choice": NOT_IN_LIST},
    )
    agency = forms.ModelChoiceField(
        label=_("Agency it belongs to (optional)"),
        queryset=Agency.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("This agency is not of this institution; choose one of the list.")},
    )
    address = forms.CharField(label=_("Address"), max_length=300)
    basis = forms.CharField(
        label=_("Decision that sets this place"),
        max_length=300,
        help_text=_("The PPK or the head of the institution sets the places (Pasal 12 ayat (4))."),
    )
    valid_from = DayField(label=_("In the register from"))

    def __init__(
        self, *args: Any, institution: Institution, on: date, workplace: Workplace | None = None, **kwargs: Any
    ) -> None:
        if workplace is not None:
            names = ("code", "name", "kind", "agency", "address", "basis", "valid_from")
            kwargs.setdefault("initial", {name: getattr(workplace, name) for name in names})
        super().__init__(*args, **kwargs)
        agencies: Any = self.fields["agency"]
        kept = Q(pk=workplace.agency_id) if workplace is not None else Q(pk=None)
        agencies.queryset = Agency.objects.filter(open_on(on) | kept, institution=institution)

    def values(self) -> WorkplaceValues:
        """What was typed, for the act."""
        return WorkplaceValues(**{name: self.cleaned_data[name] for name in WorkplaceValues.__dataclass_fields__})


class ClosingForm(ActForm):
    """From which day a place is closed."""

    closed_on = DayField(label=_("Closed from"), help_text=_("From this day on nobody is placed there."))


class DocumentForm(ActForm):
    """A PDF to keep."""

    name = forms.CharField(
        label=_("Name of the document"), max_length=200, help_text=_("As people look for it, with its number and date.")
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "empty": _("The file is empty; choose another."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
    )


class LocalCriterionForm(ActForm):
    """What one of the institution's own task criteria is called and asks."""

    label = forms.CharField(label=_("Name of the criterion"), max_length=200)
    question = forms.CharField(
        label=_("Question that reviewers answer with yes or no"),
        max_length=300,
        help_text=_("Yes must mean: the criterion is met."),
    )

    def __init__(self, *args: Any, criterion: LocalCriterion | None = None, **kwargs: Any) -> None:
        if criterion is not None:
            kwargs.setdefault("initial", {"label": criterion.label, "question": criterion.question})
        super().__init__(*args, **kwargs)
