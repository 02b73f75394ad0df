"""The form that asks for the day of judgement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import DayField


class JudgedDayForm(forms.Form):
    """The day a page judges, and optionally the day up to which the law is taken as known.

    A browser's date field drops text that is no date, so a part that could not be read is shown
    again in a text field, as it was typed.
    """

    per = DayField(label=_("Judged as of"))
    diketahui = DayField(label=_("Rules known up to"), required=False)

    def __init__(self, data: dict[str, str], *, fallback: date) -> None:
        super().__init__(data, auto_id="judged-%s")
        shown = formats.date_format(fallback)
        self.fields["per"].error_messages["invalid"] = _(
            "This is not a date: write it like 2025-07-01. The page shows %(day)s."
        ) % {"day": shown}
        self.fields["diketahui"].error_messages["invalid"] = _(
            "This is not a date: write it like 2025-07-01. The page uses what is known today."
        )
        for name, field in self.fields.items():
            field.widget = self._date_input(name, broken=name in self.errors)

    def _date_input(self, name: str, *, broken: bool) -> forms.DateInput:
        css = "form-control form-control-sm" + (" is-invalid" if broken else "")
        attrs = {"class": css, "type": "text" if broken else "date"}
        if broken:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"judged-{name}-error"}
        return _DayInput(format="%Y-%m-%d", attrs=attrs)


class _DayInput(forms.DateInput):
    """An input that needs no template of its own: nearly every page has two of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        told = self.get_context(name, value, attrs)["widget"]
        shown = {} if told["value"] is None else {"value": told["value"]}
        return format_html("<input{}>", flatatt({"type": told["type"], "name": told["name"], **shown, **told["attrs"]}))
