"""What all forms of the portal share: labels above, its own sentences, one way to take an act's refusal."""

from __future__ import annotations

import hashlib
import json
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.errors import PortalError, ValuesRefused


def helper(button: Any) -> FormHelper:
    """How crispy shows a form that one button sends."""
    found = FormHelper()
    found.form_method = "post"
    found.attrs = {"novalidate": ""}  # the portal's own sentences, also without JavaScript
    found.form_show_errors = True
    found.error_text_inline = True
    if button:
        found.add_input(Submit("submit", button))
    return found


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar; what is no date comes back as it was typed, with a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": _("This is not a date; write it like 2025-07-01.")}
        kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)


class ActForm(forms.Form):
    """A form whose sending is an act: what follows is shown first, and is carried out when it is confirmed.

    `previewed` carries the digest of what the shown consequences were worked out for, so that a
    later change of a field is never carried out unseen.
    """

    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("This is needed.")
        self.helper = helper("")
        self.helper.form_tag = False

    @property
    def digest(self) -> str:
        """Of everything that was typed; only of a valid form."""
        typed = {name: _plain(value) for name, value in self.cleaned_data.items() if name != "previewed"}
        text = json.dumps(typed, cls=DjangoJSONEncoder, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def is_confirmed(self) -> bool:
        """Whether the consequences of exactly this were shown and confirmed."""
        return bool(self.data.get("confirm")) and self.cleaned_data["previewed"] == self.digest

    def show_previewed(self) -> None:
        """Have the form, when it is shown again, carry the digest of what it holds."""
        data = cast("QueryDict", self.data).copy()
        data["previewed"] = self.digest
        self.data = data

    def refuse(self, refusal: PortalError) -> None:
        """Put the sentences of a refused act where they belong."""
        faults = refusal.faults if isinstance(refusal, ValuesRefused) else {refusal.field: [str(refusal)]}
        for field, sentences in faults.items():
            for sentence in sentences:
                self.add_error(field if field in self.fields else None, sentence)


def _plain(value: Any) -> Any:
    """A cleaned value as JSON can have it: rows by their keys, files by name and size."""
    if hasattr(value, "pk"):
        return value.pk
    if hasattr(value, "values_list"):
        return sorted(value.values_list("pk", flat=True))
    if hasattr(value, "chunks"):
        return [value.name, value.size]
    if isinstance(value, set | frozenset):
        return sorted(value)
    return value
