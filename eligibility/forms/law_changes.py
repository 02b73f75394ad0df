"""The two days between which the law is compared, and up to which day it is known."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import DayField


class TwoDaysForm(forms.Form):
    """An earlier day and a later one; by what was known at the end of a third, or (empty) by what is known now."""

    dari = DayField(label=_("From"), error_messages={"required": _("Say from which day the law is compared.")})
    sampai = DayField(label=_("To"), error_messages={"required": _("Say with which day the law is compared.")})
    diketahui = DayField(label=_("Rules known up to"), required=False)

    def clean(self) -> dict[str, Any]:
        """The second day is not before the first."""
        cleaned = super().clean() or {}
        first, second = cleaned.get("dari"), cleaned.get("sampai")
        if first and second and second < first:
            self.add_error("sampai", _("This day is before the day it is compared with; write a later one."))
        return cleaned
