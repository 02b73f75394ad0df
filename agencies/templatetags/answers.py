"""The parts of a question in a mapping sheet, each written in one go, because a page has a hundred of them."""

from __future__ import annotations

from typing import Final

from django import template
from django.template import Context
from django.utils.formats import time_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.mapping.questions import Question
from agencies.mapping.sheet_lines import UNKNOWN, AnswerLine
from agencies.markup import markup, markup_of_rows

register = template.Library()

_ROW: Final = (
    '<fieldset id="soal-{0}" class="sheet-row{1}" data-question hx-post="{2}" hx-trigger="change delay:200ms" '
    'hx-include="this" hx-params="*" hx-target="#status-{0}" hx-swap="outerHTML" hx-sync="#lembar:queue all"{3}>'
    "<legend>{4}</legend>{5}{6}{7}</fieldset>"
)
_RADIO: Final = '<label class="choice{}"><input type="radio" name="{}-value" value="{}"{}> <span>{}</span></label>'
_LIST: Final = '<select name="{}-value" class="form-select" aria-label="{}"><option value="">{}</option>\n{}</select>'
_OPTION: Final = '<option value="{}"{}>{}</option>'
_NUMBER: Final = (
    '<label class="choice choice-number"><input type="text" inputmode="decimal" maxlength="10" class="form-control" '
    'name="{0}-value" value="{1}" data-number aria-label="{2}"> <span>{3}</span></label>\n'
    '<label class="choice choice-unknown"><input type="checkbox" name="{0}-value" value="{4}"{5} data-unknown> '
    "<span>{6}</span></label>"
)
_NOTE: Final = (
    '<details class="sheet-note"{}><summary>{}</summary><input type="text" class="form-control" maxlength="300" '
    'name="{}-note" value="{}" aria-label="{}"></details>'
)


@register.simple_tag(takes_context=True)
def answer_row(context: Context, line: AnswerLine) -> SafeString:
    """A question with its answer, its note and what became of it; saved as it is given."""
    column, place = line.column, context["answers_at"]
    refused = markup(' aria-describedby="status-{}"', column) if line.faults else ""
    return markup(
        _ROW,
        column,
        " is-refused" if line.faults else "",
        f"{place}{column}/{context['judged_query']}",
        refused,
        _legend(line.question),
        _answering(line),
        _note(line),
        _status_line(place, line),
    )


def _legend(question: Question) -> SafeString | str:
    if not question.provision:
        return question.text
    return markup('{} <span class="provision">{}</span>', question.text, question.provision)


def _answering(line: AnswerLine) -> SafeString:
    """How the answer is given: by a button for each, by a list where there are many, or by a number."""
    if line.question.choices and not line.question.is_short:
        return _list(line)
    return markup('<div class="choices">{}</div>', _radios(line) if line.question.choices else _number(line))


def _radios(line: AnswerLine) -> SafeString:
    column = line.column
    rows = (
        (" choice-unknown" if code == UNKNOWN else "", column, code, " checked" if line.value == code else "", label)
        for code, label in _choices(line)
    )
    return markup_of_rows("\n", _RADIO, rows)


def _list(line: AnswerLine) -> SafeString:
    rows = ((code, " selected" if line.value == code else "", label) for code, label in _choices(line))
    options = markup_of_rows("\n", _OPTION, rows)
    return markup(_LIST, line.column, line.question.label, _("Choose an answer"), options)


def _number(line: AnswerLine) -> SafeString:
    unknown = line.value == UNKNOWN
    return markup(
        _NUMBER,
        line.column,
        "" if unknown else line.value,
        line.question.label,
        line.question.unit,
        UNKNOWN,
        " checked" if unknown or line.contrary else "",
        pgettext("answer", "Not known yet"),
    )


def _note(line: AnswerLine) -> SafeString:
    """The note beside an answer; folded while there is none and nothing is refused."""
    return markup(
        _NOTE,
        " open" if line.note or line.faults else "",
        _("Note (optional)"),
        line.column,
        line.note,
        _("Note on: %(question)s") % {"question": line.question.label},
    )


@register.simple_tag(takes_context=True)
def answer_status(context: Context, line: AnswerLine) -> SafeString:
    """What became of an answer: why it is not saved, since when it is, or that it is lacking; and its document."""
    return _status_line(context["answers_at"], line)


def _status_line(place: str, line: AnswerLine) -> SafeString:
    return markup(
        '<div id="status-{0}" class="sheet-status" role="status">\n'
        '<input type="hidden" name="{0}-seen" value="{1}">\n{2}{3}</div>',
        line.column,
        line.version,
        _status(line),
        _document(place, line),
    )


def _status(line: AnswerLine) -> SafeString:
    if line.faults:
        said = _("Saved in the other window: %(answer)s.") % {"answer": line.other} if line.other else ""
        sentences = [(sentence,) for sentence in (*line.faults, said) if sentence]
        return markup_of_rows("", '<p class="field-fault">{}</p>', sentences)
    if line.answer:
        css, words = "saved", _("Saved at %(time)s") % {"time": time_format(localtime(line.answer.saved_at), "H.i")}
    elif line.decisive:
        css, words = "decisive", _("Not answered. This answer can change the outcome.")
    else:
        css, words = "soft", _("Not answered")
    return markup('<span class="{}">{}</span>', css, words)


def _document(place: str, line: AnswerLine) -> SafeString | str:
    """The way to the document of an answer; there is none to what is not answered."""
    if line.answer is None:
        return ""
    kept = line.answer.evidence
    words = _("Document: %(name)s") % {"name": kept.name} if kept else _("Attach a document")
    return markup(
        '\n<a href="{}{}/bukti/">{}<span class="visually-hidden">: {}</span></a>',
        place,
        line.column,
        words,
        line.question.label,
    )


def _choices(line: AnswerLine) -> tuple[tuple[str, str], ...]:
    return *line.question.choices, (UNKNOWN, pgettext("answer", "Not known yet"))
