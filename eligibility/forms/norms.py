"""Which unit of an agency the page of norms shows; it stands in the address by its code."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms.employee_filter import ListFilter
from agencies.models import Agency, Unit
from agencies.querysets import open_on


class NormPlaceForm(ListFilter):
    """A unit of the agency that counts on the day; nothing chosen is the agency as a whole."""

    unit = forms.ChoiceField(
        label=_("Unit"),
        required=False,
        error_messages={
            "invalid_choice": _(
                "No unit of this agency has the code “%(value)s” on this day; the page shows the whole agency. "
                "Choose a unit from the list."
            )
        },
    )

    def __init__(self, data: Any, *, agency: Agency, on: date) -> None:
        super().__init__({"unit": data.get("unit", "")})
        self.units: dict[str, Unit] = {one.code: one for one in agency.units.filter(open_on(on)).order_by("name")}
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The whole agency")), *((code, one.name) for code, one in self.units.items())]
        self.full_clean()

    @property
    def chosen(self) -> Unit | None:
        """The unit; None where none is chosen or what was typed is none."""
        return self.units.get(self.cleaned_data.get("unit", ""))
