"""What a table is narrowed by, in words: the fields of its filter that say something, each by its label."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

Choices = tuple[tuple[str, str], ...]


def choices_of(form: forms.Form) -> Choices:
    """The choices of a filter; what could not be read narrows nothing and is not told."""
    form.full_clean()
    said = ((name, form.cleaned_data.get(name)) for name in form.fields)
    return tuple((str(form.fields[name].label), _words(form.fields[name], value)) for name, value in said if value)


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Yes")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return _label(field, str(value))
    return date_format(value) if isinstance(value, date) else str(value)


def _label(field: forms.ChoiceField, value: str) -> str:
    offered = cast("Iterable[tuple[Any, Any]]", field.choices)
    labels = {str(code): str(label) for code, label in offered}
    return labels.get(value, value)
