"""The parts of a question in a mapping sheet, each written in one go, because a page has a hundred of them."""

from __future__ import annotations

from typing import Final

from django import template
from django.template import Context
from django.utils.formats import time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
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


@register.simple_tag
def answer_note(line: AnswerLine) -> SafeString:
    """The note beside an answer; folded while there is none and nothing is refused."""
    return format_html(
        '<details class="sheet-note"{}><summary>{}</summary><input type="text" class="form-control" maxlength="300" '
        'name="{}-note" value="{}" aria-label="{}"></details>',
        " open" if line.note or line.faults else "",
        _("Note (optional)"),
        line.question.column,
        line.note,
        _("Note on: %(question)s") % {"question": line.question.label},
    )


@register.simple_tag(takes_context=True)
def answer_status(context: Context, line: AnswerLine) -> SafeString:
    """What became of an answer: why it is not saved, since when it is, or that it is lacking; and its document."""
    column = line.question.column
    return format_html(
        '<div id="status-{}" class="sheet-status" role="status">\n'
        '<input type="hidden" name="{}-seen" value="{}">\n{}{}</div>',
        column,
        column,
        line.version,
        _status(line),
        _document(context["answers_at"], line),
    )


def _status(line: AnswerLine) -> SafeString:
    if line.faults:
        said = _("Saved in the other window: %(answer)s.") % {"answer": line.other} if line.other else ""
        sentences = [(sentence,) for sentence in (*line.faults, said) if sentence]
        return format_html_join("", '<p class="field-fault">{}</p>', sentences)
    if line.answer:
        css, words = "saved", _("Saved at %(time)s") % {"time": time_format(localtime(line.answer.saved_at), "H.i")}
    elif line.decisive:
        css, words = "decisive", _("Not answered. This answer can change the outcome.")
    else:
        css, words = "soft", _("Not answered")
    return format_html('<span class="{}">{}</span>', css, words)


def _document(answers_at: str, line: AnswerLine) -> SafeString | str:
    """The way to the document of an answer; there is none to what is not answered."""
    if line.answer is None:
        return ""
    kept = line.answer.evidence
    words = _("Document: %(name)s") % {"name": kept.name} if kept else _("Attach a document")
    return format_html(
        '\n<a href="{}{}/bukti/">{}<span class="visually-hidden">: {}</span></a>',
        answers_at,
        line.question.column,
        words,
        line.question.label,
    )


def _choices(line: AnswerLine) -> tuple[tuple[str, str], ...]:
    return *line.question.choices, (UNKNOWN, pgettext("answer", "Not known yet"))
