"""What the list of cases can be narrowed by; all of it stands in the address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.forms.employee_filter import ListFilter
from agencies.models import Agency
from agencies.models.choices import translated
from eligibility.arrangements.stands import Stands
from eligibility.explanations import MODE_LABELS
from eligibility.facts import FACTS
from eligibility.models import Instrument

APPROVED: Final = "disetujui"
"""Ever approved: those suspended or ended since then too."""

WITHOUT: Final = "-"
"""Asks for rows that have none of it."""

MODES: Final = [(mode.value, _(label)) for mode, label in MODE_LABELS.items()]
"""Code and name of each form."""

PLACES: Final = translated(FACTS["arrangement.place"].choices)
"""Code and name of each kind of place."""

_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class MonthField(forms.CharField):
    """A month as `2025-10`; its first day."""

    def clean(self, value: Any) -> Any:
        """The first day of the month; None where nothing is asked for."""
        text = super().clean(value)
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        if found is None:
            raise ValidationError(_("Write the month as year and number, for example 2025-10."))
        return date(int(found[1]), int(found[2]), 1)


class CaseFilter(ListFilter):
    """Narrows cases by the name, by agency with what lies below, form, place, norm, month of approval and state."""

    cari = forms.CharField(label=_("Search by name"), required=False, max_length=100)
    opd = forms.ChoiceField(label=_("Agency"), required=False)
    cara = forms.ChoiceField(label=_("Form of flexible work"), required=False)
    tempat = forms.ChoiceField(label=_("Kind of place"), required=False)
    norma = forms.ChoiceField(label=_("Implementing basis"), required=False)
    bulan = MonthField(label=_("Month of approval"), required=False, max_length=7)
    keadaan = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, *, agencies: Iterable[Agency], norms: Iterable[Instrument]) -> None:
        super().__init__(data)
        self._offer("opd", _("All agencies"), [(one.code, one.name) for one in agencies])
        self._offer("cara", _("All forms"), MODES)
        self._offer("tempat", _("All places"), [*PLACES, (WITHOUT, _("No place: the working time is flexible"))])
        titles = [(str(one.pk), one.title) for one in norms]
        self._offer("norma", _("Any or none"), [*titles, (WITHOUT, _("Without an implementing basis"))])
        states = [choice for choice in Stands.choices if choice[0] != Stands.DRAFT]
        self._offer("keadaan", _("All states"), [(APPROVED, _("Approved at any time")), *states])

    def _offer(self, name: str, every: Any, choices: Iterable[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", every), *choices]
