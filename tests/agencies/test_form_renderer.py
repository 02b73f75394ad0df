"""Lists of choices and inputs are drawn letter for letter as Django's own templates draw them."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import ErrorList
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from agencies.forms.renderer import PortalRenderer

CHOICES: list[Any] = [
    ("", "---------"),
    ("<a>", "<script>alert(1)</script>"),
    ("group & more", [("x", "X & Y"), (2500, 2500), (None, "none")]),
    (mark_safe("<i>"), mark_safe("<b>meant</b>")),
    ("lazy", gettext_lazy("Yes")),
    ("number", 1234.5),
]
ATTRS: dict[str, Any] = {"disabled": True, "required": False, "data-said": 'a "b"', "size": 1234, "data-none": None}


class OtherOption(forms.Select):
    """Draws its options by a template of its own."""

    option_template_name = "django/forms/widgets/radio_option.html"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("widget", "values"),
    [
        (forms.Select(attrs=ATTRS, choices=CHOICES), ("", "<a>", "x", 2500, None, "unheard of")),
        (forms.SelectMultiple(choices=CHOICES), ([], ["x", "lazy"], ["<a>", "number", "2500"])),
        (forms.NullBooleanSelect(), (None, True, "false")),
        (forms.Select(choices=[]), (None,)),
        (OtherOption(choices=CHOICES), ("x",)),
        (forms.TextInput(attrs=ATTRS), ("", None, '"><script>', 2500, mark_safe("<b>"))),
        (forms.DateInput(attrs={"type": "date"}), (date(2025, 7, 1), "31/31/2025", None)),
        (forms.CheckboxInput(attrs=ATTRS), (True, False, None, "on", "5")),
        (forms.NumberInput(), (0, 1234.5, "<script>")),
        (forms.MultipleHiddenInput(), (["a", "<script>"],)),
        (forms.PasswordInput(), ("secret",)),
        (forms.Textarea(attrs=ATTRS), ("</textarea><script>",)),
        (forms.RadioSelect(attrs={"class": "wide"}, choices=CHOICES), ("x", "lazy")),
    ],
)
def test_a_field_is_drawn_as_django_draws_it(widget: forms.Widget, values: tuple[object, ...], language: str) -> None:
    with translation.override(language):
        for value in values:
            shown = widget.render('na"me', value, renderer=PortalRenderer())
            assert shown == widget.render('na"me', value, renderer=DjangoTemplates())
            assert "<script>" not in shown


def test_errors_are_drawn_as_django_draws_them() -> None:
    for errors in ([], ["Wrong: <script>", "Missing"]):
        ours, theirs = (ErrorList(errors, renderer=one) for one in (PortalRenderer(), DjangoTemplates()))
        assert (str(ours), ours.as_ul()) == (str(theirs), theirs.as_ul())
        assert bool(str(ours)) == bool(errors)


def test_the_forms_of_the_portal_are_drawn_by_it() -> None:
    assert isinstance(forms.Form().renderer, PortalRenderer)
