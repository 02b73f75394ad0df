"""The form that erases what an entry of the trail says of people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.forms.frame import ActForm
from agencies.models import Institution
from oversight.models import TrailEntry, TrailSide


class ErasureForm(ActForm):
    """Which entry, and on which legal ground; neither may name a person."""

    number = forms.IntegerField(label=gettext_lazy("Number of the entry"), min_value=1, max_value=2**31)
    reason = forms.CharField(
        label=gettext_lazy("Legal ground"),
        max_length=300,
        help_text=gettext_lazy("It stands in the trail for ever: name the provision, never the person."),
    )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution

    def clean_number(self) -> int:
        """The number of an entry that exists; the entry itself is kept for the act."""
        number: int = self.cleaned_data["number"]
        found = TrailEntry.objects.filter(institution=self.institution, number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("The trail has no entry %(number)d; take the number from the letter or page that names the act.")
                % {"number": number}
            )
        if TrailSide.objects.filter(pk=found.pk, erased_by__isnull=False).exists():
            raise forms.ValidationError(_("The personal data beside this entry were erased before."))
        self.entry = found
        return number
