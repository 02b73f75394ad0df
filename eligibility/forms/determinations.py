"""The forms from checked results to a Penetapan; field names are those that refusals of the acts name."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.errors import PortalError, ValuesRefused
from agencies.forms.frame import ActForm, DayField
from eligibility.determinations.signing import Signature
from eligibility.models import Capacity, Determination

LONGEST_REASON = 2000


class SendForm(ActForm):
    """Whether the agencies below go along."""

    with_subtree = forms.BooleanField(
        label=_("With the organisational units below this agency"),
        required=False,
        help_text=_("One Keputusan then covers them too."),
    )

    def __init__(self, *args: Any, has_below: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_below:
            del self.fields["with_subtree"]


class SignedForm(ActForm):
    """A paper: its number and date, and who signed it in which capacity."""

    number = forms.CharField(label=_("Number"), max_length=100)
    signed_on = DayField(label=_("Date"))
    signatory_title = forms.CharField(
        label=_("Office of the signatory"), max_length=200, help_text=_("As it stands on the paper.")
    )
    signatory_name = forms.CharField(label=_("Name of the signatory (optional)"), max_length=200, required=False)
    capacity = forms.ChoiceField(label=_("Signed"), choices=Capacity)
    delegation_basis = forms.CharField(
        label=_("Basis of the delegation (if not signed in the own office)"),
        max_length=300,
        required=False,
        help_text=_("The letter or decision that lets this official sign, with its number and date."),
    )

    def clean(self) -> dict[str, Any]:
        """The basis of a delegation stands at its own field."""
        typed = super().clean() or self.cleaned_data
        if typed.get("capacity", Capacity.OWN) != Capacity.OWN and not typed.get("delegation_basis", ""):
            self.add_error("delegation_basis", _("Whoever signs for somebody else names the basis of the delegation."))
        return typed

    def signature(self) -> Signature:
        """What was typed, as the acts take it."""
        typed = self.cleaned_data
        return Signature(
            number=typed["number"],
            signed_on=typed["signed_on"],
            title=typed["signatory_title"],
            name=typed["signatory_name"],
            capacity=typed["capacity"],
            delegation_basis=typed["delegation_basis"],
        )

    def refuse(self, refusal: PortalError) -> None:
        """Put each sentence at its field; what a step calls its day of decision is the date here."""
        faults = refusal.faults if isinstance(refusal, ValuesRefused) else {refusal.field: [str(refusal)]}
        named = {OTHER_NAMES.get(field, field): sentences for field, sentences in faults.items()}
        super().refuse(ValuesRefused(named))


OTHER_NAMES = {"decided_on": "signed_on", "title": "signatory_title", "name": "signatory_name"}
"""What the acts call some fields of these forms."""


class PassForm(SignedForm):
    """A step that was passed."""


class ReturnForm(SignedForm):
    """A step that returned the results."""

    reason = forms.CharField(
        label=_("What is to be mended"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name positions and facts; do not name employees."),
    )


class WithdrawForm(ActForm):
    """Why results are taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Do not name employees."),
    )


class RecordForm(SignedForm):
    """The Keputusan as it was signed. `earlier` are the determinations that it may supersede by name."""

    effective_from = DayField(label=_("In force from"))
    last_day = DayField(label=_("Last day (optional)"), required=False)
    supersedes = forms.ModelChoiceField(
        label=_("Supersedes by name (optional)"),
        queryset=Determination.objects.none(),
        required=False,
        empty_label=_("None named"),
        help_text=_("For the agencies it covers, the later Keputusan counts in any case."),
    )
    document = forms.FileField(label=_("The signed Keputusan as PDF"), help_text=_("At most 10 MB."))

    def __init__(self, *args: Any, earlier: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["supersedes"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = earlier
        only_own(self)

    def clean(self) -> dict[str, Any]:
        """The last day stands at its own field too."""
        typed = super().clean()
        first, last = typed.get("effective_from"), typed.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is on or after the day from which it is effective."))
        return typed

    def refuse(self, refusal: PortalError) -> None:
        """The document's own refusals name its field `file`."""
        if not isinstance(refusal, ValuesRefused) and refusal.field == "file":
            refusal = ValuesRefused({"document": [str(refusal)]})
        super().refuse(refusal)


class RevokeForm(SignedForm):
    """The letter by which a Penetapan no longer holds."""

    effective_from = DayField(label=_("No longer holds from"))
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only_own(self)


def only_own(form: SignedForm) -> None:
    """Leave out the capacities in which nobody may sign a Keputusan: a Plt or Plh signs letters only."""
    capacity = form.fields["capacity"]
    assert isinstance(capacity, forms.ChoiceField)
    capacity.choices = [(one.value, one.label) for one in Capacity if one not in {Capacity.ACTING, Capacity.DAILY}]


def starting_values(today: date) -> dict[str, Any]:
    """What a paper is likely to say, for an empty form."""
    return {"signed_on": today, "capacity": Capacity.OWN}
