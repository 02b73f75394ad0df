"""Which agency and which of its units the page of who is where shows; both stand in the address."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms.employee_filter import ListFilter
from agencies.models import Agency, Unit


class PresenceFilter(ListFilter):
    """An agency in sight, and one of its units."""

    opd = forms.ChoiceField(label=_("Agency"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, data: Any, *, agencies: QuerySet[Agency], own: Collection[int]) -> None:
        super().__init__(data)
        self.agencies = {one.code: one for one in agencies}
        self._first = next((one for one in self.agencies.values() if one.pk in own), None)
        self._choices("opd", [(code, one.name) for code, one in self.agencies.items()])
        agency = self.agency()
        units = Unit.objects.filter(agency=agency).order_by("name") if agency else ()
        self._units = {str(one.pk): one.name for one in units}
        self._choices("unit", [("", _("All units")), *self._units.items()])
        self.data = {"opd": agency.code if agency else "", "unit": data.get("unit", "")}
        self.full_clean()

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def agency(self) -> Agency | None:
        """The agency that is named, else one's own, else the first; None where there is none."""
        named = self.agencies.get(self.data.get("opd", ""))
        return named or self._first or next(iter(self.agencies.values()), None)

    def chosen_unit(self) -> str | None:
        """The name of the unit that is chosen; None for all."""
        return self._units.get(self.cleaned_data.get("unit", ""))
