"""What is determined of a position, beside its name in lists; in one go, because a list has many."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies.markup import markup
from agencies.templatetags.portal import dated_url
from eligibility.pages.in_force import InForce

register = template.Library()


@register.simple_tag(takes_context=True)
def determined_badge(context: Context, holds: InForce | None, position: int) -> str | SafeString:
    """The determination that holds for a position, with the way to what it says, and whether it still fits."""
    if holds is None:
        return ""
    found = holds.determination
    address = dated_url(context, "determined_position", context["institution"].code, found.pk, position)
    if holds.changed:
        return markup(
            '<span class="determined small"><a class="stale" href="{}">{}</a> <span class="soft">({})</span></span>',
            address,
            _("No longer fits"),
            found.number,
        )
    words = _("Determined %(number)s") % {"number": found.number}
    return markup('<span class="determined small"><a href="{}">{}</a></span>', address, words)
