"""A field with its label, sentences and help, drawn in one go for the template of crispy's pack."""

from __future__ import annotations

from django import template

from agencies.forms.field_frame import framed

register = template.Library()
register.simple_tag(framed)
