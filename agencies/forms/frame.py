"""What all forms of the portal share: labels above, its own sentences, one way to take an act's refusal."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.errors import PortalError, ValuesRefused
from agencies.importing.cell_readers import EARLIEST_YEAR, LATEST_YEAR
from agencies.keys import is_key
from agencies.unseen_signs import unseen_sign

if TYPE_CHECKING:
    _SeveralField = forms.ModelMultipleChoiceField[Model]
else:
    _SeveralField = forms.ModelMultipleChoiceField  # Django's own has no parameter

NO_DAY: Final = _("This is not a date; write it like 2025-07-01.")


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


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing; None where the form is only opened."""
    return request.POST if request.method == "POST" else None


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar; what is no date comes back as it was typed, with a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": NO_DAY}
        kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day; another century is a slip of the keyboard, and the ends of the calendar cannot be reckoned with."""
        day = super().to_python(value)
        if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            years = {"first": EARLIEST_YEAR, "last": LATEST_YEAR}
            raise ValidationError(_("This year cannot be meant; write one from %(first)d to %(last)d."), params=years)
        return day


class RowsField(_SeveralField):
    """Several rows by their keys; a key that no database can hold is refused as one that is not offered."""

    def clean(self, value: Any) -> Any:
        """The rows."""
        for key in map(str, value or ()):
            if not is_key(key):
                shown = {"value": key[:40]}
                raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params=shown)
        return super().clean(value)


class WrittenForm(forms.Form):
    """A form that people write into: its own sentence for what is missing, and no sign that nobody can see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("This is needed.")

    def clean(self) -> dict[str, Any]:
        """No text holds a sign that nobody can see."""
        cleaned = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            place = unseen_sign(value, lines=self._has_lines(name)) if isinstance(value, str) else 0
            if place:
                sentence = gettext("Sign %(place)d cannot be seen on screen or paper; write the words around it anew.")
                self.add_error(name, sentence % {"place": place})
        return self.cleaned_data

    def _has_lines(self, name: str) -> bool:
        return isinstance(self.fields[name].widget, forms.Textarea)

    def refuse(self, refusal: PortalError) -> None:
        """Put the sentences of a refused act where they belong."""
        faults = refusal.faults if isinstance(refusal, ValuesRefused) else {refusal.field: [str(refusal)]}
        for field, sentences in faults.items():
            for sentence in sentences:
                self.add_error(field if field in self.fields else None, sentence)


class ActForm(WrittenForm):
    """A form whose sending is an act: what follows is shown first, and is carried out when it is confirmed.

    `previewed` carries the digest of what the shown consequences were worked out for, so that a
    later change of a field is never carried out unseen.
    """

    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
