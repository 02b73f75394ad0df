"""Parts of a case's page that are written in one go, because a case has dozens of each."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies.markup import markup, markup_of_rows
from agencies.templatetags.portal import pairs
from oversight.pages.case import FactGroup

register = template.Library()


@register.simple_tag
def fact_groups(groups: Iterable[FactGroup]) -> SafeString:
    """The facts that an approval was judged on, those of each task under its title."""
    drawn = ((group.title, _said(group)) for group in groups)
    return markup_of_rows("", '<h4>{}</h4><dl class="entry-details">{}</dl>', drawn)


def _said(group: FactGroup) -> SafeString:
    return pairs(group.pairs) if group.lines else markup("<dd>{}</dd>", _("None of its own"))
