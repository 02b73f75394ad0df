"""What the look through the data can be narrowed by; it stands in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.access import Standing, visible_agencies
from agencies.forms.employee_filter import ListFilter
from agencies.models import Agency


class XrayFilter(ListFilter):
    """Narrows the look to an agency with all that lies below it."""

    opd = forms.ChoiceField(label=_("Agency"), required=False)

    def __init__(self, data: Any, *, standing: Standing) -> None:
        super().__init__(data)
        self.agencies: dict[str, Agency] = {one.code: one for one in visible_agencies(standing)}
        field = self.fields["opd"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All agencies")), *((code, one.name) for code, one in self.agencies.items())]

    def agency(self) -> Agency | None:
        """The agency chosen; None where none is, or none that is in sight."""
        return self.agencies.get(self.read().get("opd", ""))
