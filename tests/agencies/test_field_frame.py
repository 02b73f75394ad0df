"""A field with its label, sentences and help is drawn as the library's own template draws it, spaces apart."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import crispy_bootstrap5
import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.template import Context, Engine
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy

CHOICES: list[Any] = [("", "None of <them>"), ("g & h", [("x", "X & Y"), (2500, 2500)]), ("y", gettext_lazy("Yes"))]
LIBRARY = Engine(
    dirs=[str(Path(crispy_bootstrap5.__file__).parent / "templates")],
    libraries={
        "crispy_forms_field": "crispy_forms.templatetags.crispy_forms_field",
        "crispy_forms_filters": "crispy_forms.templatetags.crispy_forms_filters",
        "l10n": "django.templatetags.l10n",
    },
)


class Sample(forms.Form):
    """One field of each kind, with everything that can be said of it."""

    text = forms.CharField(label="Name & <title>", help_text="Help <b>meant</b>", max_length=7)
    lines = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "class": "wide  text"}), required=False)
    number = forms.IntegerField(min_value=1, required=False, help_text="one")
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date", "class": "dateinput"}))
    secret = forms.CharField(widget=forms.PasswordInput, label="")
    one = forms.ChoiceField(choices=CHOICES, help_text="Help")
    several = forms.MultipleChoiceField(choices=CHOICES, required=False)
    ticked = forms.BooleanField(help_text="Help", label="Agreed <i>")
    may_be = forms.BooleanField(required=False)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect(attrs={"data-x": '"'}), help_text="Help")
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, disabled=True)
    nothing = forms.ChoiceField(choices=[], widget=forms.RadioSelect, required=False)
    file = forms.FileField(help_text="Help")
    kept = forms.FileField(required=False)
    moment = forms.SplitDateTimeField()
    hidden = forms.CharField(widget=forms.HiddenInput)


class Marked(Sample):
    """Fields that bear the marks of being required or wrong."""

    required_css_class, error_css_class = "must", "wrong"


def _form(kind: type[Sample], data: dict[str, Any] | None) -> Sample:
    kept = SimpleNamespace(name="a <b>.pdf", url="/files/a")
    files: MultiValueDict[str, UploadedFile] = MultiValueDict({"file": [SimpleUploadedFile("x.pdf", b"")]})
    return kind(data, files if data is not None else None, initial={"kept": kept, "text": "<script>"})


def _plain(markup: str) -> str:
    """Without spaces between tags and within them, where they mean nothing."""
    inside = re.sub(r"<[^>]*>", lambda tag: re.sub(r"\s+", " ", tag[0]).replace(" >", ">"), markup)
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", inside).strip()


@pytest.mark.parametrize("name", list(Sample.base_fields))
@pytest.mark.parametrize("kind", [Sample, Marked])
@pytest.mark.parametrize("data", [None, {}, {"text": "longer than 7 <", "number": "x", "radio": "x", "one": "none"}])
def test_a_field_is_drawn_as_the_library_draws_it(name: str, kind: type[Sample], data: dict[str, Any] | None) -> None:
    told = {"form_show_errors": True, "form_show_labels": True, "error_text_inline": True}
    theirs = LIBRARY.get_template("bootstrap5/field.html").render(Context({"field": _form(kind, data)[name], **told}))
    ours = as_crispy_field(_form(kind, data)[name])
    assert _plain(ours) == _plain(theirs)
    assert "<script>" not in ours


def test_a_field_without_a_label_has_none() -> None:
    assert "<label" not in as_crispy_field(Sample()["secret"])
    assert "<label" in as_crispy_field(Sample()["text"])
