"""The form that issues a letter; field names are those that refusals of the act name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import ActForm, DayField
from agencies.models import Employee
from eligibility.arrangements.letter_signing import DELEGATED


class LetterForm(ActForm):
    """Number and date of the letter, and who signs. `deputies` are the officials who may sign for the office."""

    number = forms.CharField(label=_("Number"), max_length=100, help_text=_("As in the register of letters."))
    signed_on = DayField(label=_("Date"))
    capacity = forms.ChoiceField(
        label=_("Signed"),
        required=False,
        choices=[
            ("", _("By who decided (as definitif, Plt or Plh, as recorded)")),
            *((one.value, one.label) for one in DELEGATED),
        ],
    )
    signatory = forms.ModelChoiceField(
        label=_("Official who signs a.n. or u.b. (optional)"),
        queryset=Employee.objects.none(),
        required=False,
        empty_label=_("Who decided signs"),
    )
    delegation_basis = forms.CharField(
        label=_("Basis of the delegation (if not signed in the own office)"),
        max_length=300,
        required=False,
        help_text=_("Of a Plt or Plh the SK of the posting is taken where it is recorded."),
    )

    def __init__(self, *args: Any, deputies: QuerySet[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["signatory"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = deputies

    def clean(self) -> dict[str, Any]:
        """Who signs on behalf of the office, and in which capacity, belong together."""
        typed = super().clean()
        if typed.get("signatory") and not typed.get("capacity"):
            self.add_error("capacity", _("Choose a.n. or u.b., or leave out the official who signs."))
        return typed
