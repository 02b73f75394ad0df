"""What stood in a column on a past day, written in one go, because a page of the past has hundreds."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies.history.state import Line
from agencies.markup import markup

register = template.Library()


@register.simple_tag
def past_value(line: Line) -> str | SafeString:
    """The value of then, that none is recorded for then, and today's where that is another."""
    then = markup('<span class="soft">{}</span>', _("not recorded for this day")) if line.unknown else line.value
    if not line.now:
        return then
    today = _("today: %(value)s") % {"value": line.now}
    return markup('{}<span class="one-line small soft">{}</span>', then, today)
