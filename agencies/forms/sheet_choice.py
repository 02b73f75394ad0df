"""What the sheets of an act are chosen by; all of it stands in the address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.forms.places import NOT_IN_LIST
from agencies.mapping.choosing import Choice, Offered, Side

_UNNAMED = {
    "opd": ((Side.AGENCY.value,), gettext_lazy("Without a reviewer of the agency")),
    "bkpsdm": ((Side.BKPSDM.value,), gettext_lazy("Without a reviewer of BKPSDM")),
    "salah-satu": (tuple(Side.values), gettext_lazy("Without one of the two")),
}


class ChoiceForm(forms.Form):
    """Narrows live sheets; an address that cannot be read chooses none, because an act follows."""

    perangkat = forms.ChoiceField(label=gettext_lazy("Agency"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    jabatan = forms.ChoiceField(label=gettext_lazy("Position"), required=False)
    penilai = forms.ChoiceField(label=gettext_lazy("Reviewers"), required=False)

    def __init__(self, data: QueryDict, *, offered: Offered) -> None:
        super().__init__(data)
        offers: dict[str, list[tuple[str, str]]] = {
            "perangkat": [("", _("All agencies")), *_texts(offered.agencies)],
            "unit": [("", _("All units")), ("0", _("Directly under an agency")), *_texts(offered.units)],
            "jabatan": [("", _("All positions")), *((title, title) for title in offered.titles)],
            "penilai": [
                ("", _("Whoever is named")),
                *((code, str(words)) for code, (_sides, words) in _UNNAMED.items()),
            ],
        }
        for name, choices in offers.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.error_messages["invalid_choice"] = NOT_IN_LIST

    def choice(self) -> Choice | None:
        """What was chosen; None where the address asks for what is not offered."""
        if not self.is_valid():
            return None
        told = self.cleaned_data
        agency, unit = (int(told[name]) if told[name] else None for name in ("perangkat", "unit"))
        return Choice(agency, unit, told["jabatan"], _UNNAMED[told["penilai"]][0] if told["penilai"] else ())


def _texts(rows: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Keys as an address holds them."""
    return ((str(key), name) for key, name in rows)
