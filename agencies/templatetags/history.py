"""What stood in a column on a past day, written in one go, because a page of the past has hundreds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agencies.history.state import Line
from agencies.markup import labelled, markup, markup_of_rows
from agencies.templatetags.mapping import sheet_of

register = template.Library()

_ROW: Final = (
    '<tr><th scope="row">{}</th><td data-label="{}">{}</td><td data-label="{}">{}</td>'
    '<td class="long" data-label="{}">{}</td><td data-label="{}">{}</td></tr>'
)


@register.simple_tag
def past_value(line: Line) -> str | SafeString:
    """The value of then, that none is recorded for then, and today's where that is another."""
    then = markup('<span class="soft">{}</span>', _("not recorded for this day")) if line.unknown else line.value
    if not line.now:
        return then
    today = _("today: %(value)s") % {"value": line.now}
    return markup('{}<span class="one-line small soft">{}</span>', then, today)


@register.simple_tag(takes_context=True)
def past_rows(context: Context, lines: Sequence[Line]) -> SafeString:
    """A row for each fact: its value, since when it holds, by which source and sheet, and when it was recorded."""
    heads = _("Value"), _("Valid from"), _("Source"), _("Recorded")
    rows = ((line.label, *labelled(heads, _cells(context, line))) for line in lines)
    return markup_of_rows("\n", _ROW, rows)


def _cells(context: Context, line: Line) -> tuple[str, str, str, str]:
    record, value = line.record, past_value(line)
    if record is None:
        undated = markup('<span class="soft">{}</span>', _("since when is not recorded"))
        return value, undated if line.undated else "–", "–", "–"
    source = markup("{} ({}){}", record.source, record.get_basis_display(), sheet_of(context, record))
    return value, date_format(record.valid_from), source, date_format(localtime(record.recorded_at))
