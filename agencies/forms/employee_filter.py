"""What the list of employees and the log of reads can be narrowed by; all of it stands in the address."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.access import Standing, visible_agencies
from agencies.forms.frame import DayField
from agencies.forms.people import KINDS
from agencies.models import Agency

NOWHERE = "-"
"""Asks for employees without a position."""

_NUMBER = re.compile(r"\d[\d\s.\-]{5,}\d")
"""So many digits are no name."""


def is_like_a_number(text: str) -> bool:
    """Whether a text asked for as a name holds what may be part of somebody's number."""
    return bool(_NUMBER.search(text))


class ListFilter(forms.Form):
    """A form in the address: what cannot be read is told at its field and left out."""

    def read(self) -> dict[str, Any]:
        """What was chosen and could be read, by field."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


class EmployeeFilter(ListFilter):
    """Narrows employees by words of the name, by agency with what lies below, by kind."""

    cari = forms.CharField(label=_("Search by name"), required=False, max_length=100)
    opd = forms.ChoiceField(label=_("Agency"), required=False)
    jenis = forms.ChoiceField(label=_("Kind of employee"), required=False, choices=[("", _("All kinds")), *KINDS])

    def __init__(self, data: Any, *, standing: Standing, nowhere: bool) -> None:
        super().__init__(data)
        self.agencies: dict[str, Agency] = {one.code: one for one in visible_agencies(standing)}
        choices = [("", _("All agencies")), *((code, one.name) for code, one in self.agencies.items())]
        if nowhere:
            choices.append((NOWHERE, _("Without a position")))
        field = self.fields["opd"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class ReadFilter(ListFilter):
    """Narrows the log of reads by the employee's name, the reader's user name, and days."""

    pegawai = forms.CharField(label=_("Employee (name)"), required=False, max_length=100)
    pembaca = forms.CharField(label=_("Reader (user name)"), required=False, max_length=150)
    dari = DayField(label=_("From"), required=False)
    sampai = DayField(label=_("Until"), required=False)
