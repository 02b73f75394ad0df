"""What the links to the files of a table say."""

from __future__ import annotations

from django import template

from agencies.exporting.papers import PART

register = template.Library()


@register.simple_tag
def rows_of_a_pdf() -> int:
    """How many rows one PDF holds."""
    return PART
