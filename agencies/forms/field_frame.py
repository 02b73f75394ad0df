"""How a field stands in a form: its label, what is filled in, the sentences about it and its help.

The markup is that of crispy's Bootstrap 5, which asks thirty questions about each field, most of them for looks that
no form here has; half of the time of a page with a form went into the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import optgroups
from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from agencies.markup import attributes, escaped

_CHOSEN = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def framed(field: BoundField) -> SafeString:
    """The field with everything that belongs to it."""
    if field.is_hidden:
        return mark_safe(str(field))  # nosec B308 B703 - drawn by Django
    drawn = _ticked(field) if isinstance(field.field.widget, forms.CheckboxInput) else _labelled(field)
    return mark_safe(drawn)  # nosec B308 B703 - every part is escaped where it is put in


def _ticked(field: BoundField) -> str:
    """A box to tick: its label follows it."""
    label = f'<label for="{field.id_for_label}" class="form-check-label{_required(field)}">{_label(field)}</label>'
    inside = _control(field, "form-check-input") + label + _sentences(field) + _help(field)
    return (
        f'<div class="mb-3"><div id="div_{field.auto_id}" class="form-check{_own_classes(field)}">{inside}</div></div>'
    )


def _labelled(field: BoundField) -> str:
    inside = _inside(field)
    if field.label:
        inside = _grouped(field, inside) if field.use_fieldset else _label_before(field, "label", "") + inside
    return f'<div id="div_{field.auto_id}" class="mb-3{_own_classes(field)}">{inside}</div>'


def _inside(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, _CHOSEN):
        return f"<div>{''.join(_choices(field))}</div>{_help(field)}"
    if isinstance(widget, forms.FileInput):
        told = {"field": field, "form_show_errors": True, "error_text_inline": True}
        return render_to_string("bootstrap5/layout/field_file.html", told)
    looks = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return _control(field, looks) + _sentences(field) + _help(field)


def _grouped(field: BoundField, inside: str) -> str:
    """Several controls are a group of their own, which the label names."""
    told = f' aria-describedby="{escaped(field.aria_describedby)}"' if field.aria_describedby else ""
    return f"<fieldset{told}>{_label_before(field, 'legend', ' fs-6')}{inside}</fieldset>"


def _label_before(field: BoundField, tag: str, looks: str) -> str:
    aim = f' for="{field.id_for_label}"' if field.id_for_label else ""
    return f'<{tag}{aim} class="form-label{_required(field)}{looks}">{_label(field)}</{tag}>'


def _label(field: BoundField) -> str:
    return escaped(field.label) + ('<span class="asteriskField">*</span>' if field.field.required else "")


def _required(field: BoundField) -> str:
    return " requiredField" if field.field.required else ""


def _own_classes(field: BoundField) -> str:
    classes = field.css_classes()
    return f" {escaped(classes)}" if classes else ""


def _control(field: BoundField, looks: str) -> str:
    """What is filled in, with the name of its kind among its classes."""
    outer = field.field.widget
    for widget in getattr(outer, "widgets", [getattr(outer, "widget", outer)]):
        kind, classes = type(widget).__name__.lower(), str(widget.attrs.get("class", ""))
        wanted = [looks, "is-invalid"] if field.errors else [looks]
        named = [] if kind in classes else [kind]
        had = classes.split()
        widget.attrs["class"] = " ".join([*had, *named, *(one for one in wanted if one not in had)])
    return str(field)


def _choices(field: BoundField) -> Iterator[str]:
    """Every choice with its label; what is wrong with the answer stands with the last one."""
    groups = [(name, options) for name, options, _index in optgroups(field)]
    last = groups[-1][1][-1] if groups else None
    looks = "form-check-input is-invalid" if field.errors else "form-check-input"
    for name, options in groups:
        if name:
            yield f"<strong>{escaped(name)}</strong>"
        for one in options:
            below = _sentences(field, "p") if one is last else ""
            yield f'<div class="form-check">{_choice(field, one, looks)}{below}</div>'


def _choice(field: BoundField, option: Mapping[str, Any], looks: str) -> str:
    named = f'type="{option["type"]}" class="{looks}" name="{field.html_name}" value="{escaped(option["value"])}"'
    label = f'<label for="{option["attrs"].get("id", "")}" class="form-check-label">{escaped(option["label"])}</label>'
    return f"<input {named}{attributes(option['attrs'])}>{label}"


def _sentences(field: BoundField, tag: str = "span") -> str:
    if not field.errors:
        return ""
    told = "".join(
        f'<{tag} id="error_{number}_{field.auto_id}"><strong>{escaped(sentence)}</strong></{tag}>'
        for number, sentence in enumerate(field.errors, start=1)
    )
    return f'<div id="{field.auto_id}_error" class="invalid-feedback">{told}</div>'


def _help(field: BoundField) -> str:
    """Help is written by the portal, markup and all."""
    named = f' id="{field.auto_id}_helptext"' if field.auto_id else ""
    return f'<div{named} class="form-text">{field.help_text}</div>' if field.help_text else ""
