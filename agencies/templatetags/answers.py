"""The answers to choose from in a mapping sheet, each list written in one go, because a page has a hundred of them."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from agencies.mapping.sheet_lines import UNKNOWN, AnswerLine

register = template.Library()

_RADIO: Final = '<label class="choice{}"><input type="radio" name="{}-value" value="{}"{}> <span>{}</span></label>'
_OPTION: Final = '<option value="{}"{}>{}</option>'


@register.simple_tag
def answer_radios(line: AnswerLine) -> SafeString:
    """A button for each answer, "not known yet" last and apart."""
    column = line.question.column
    rows = (
        (" choice-unknown" if code == UNKNOWN else "", column, code, " checked" if line.value == code else "", label)
        for code, label in _choices(line)
    )
    return format_html_join("\n", _RADIO, rows)


@register.simple_tag
def answer_options(line: AnswerLine) -> SafeString:
    """An option for each answer, "not known yet" last."""
    rows = ((code, " selected" if line.value == code else "", label) for code, label in _choices(line))
    return format_html_join("\n", _OPTION, rows)


def _choices(line: AnswerLine) -> tuple[tuple[str, str], ...]:
    return *line.question.choices, (UNKNOWN, pgettext("answer", "Not known yet"))
