"""What templates need for addresses that keep the day of judgement, for numbers and for dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from agencies.clock import chosen_day, zone, zone_name
from agencies.markup import markup_of_rows
from agencies.models import Institution

register = template.Library()


@register.simple_tag(takes_context=True)
def dated_url(context: Context, name: str, *parts: Any, **params: Any) -> str:
    """The address of a page with the chosen day and moment of this page, and further parameters."""
    request: HttpRequest = context["request"]
    query = chosen_day(request) | {key: str(value) for key, value in params.items() if value not in (None, "")}
    address = reverse(name, args=parts)
    return f"{address}?{urlencode(query)}" if query else address


@register.simple_tag(takes_context=True)
def other_parameters(context: Context, *left_out: str) -> Iterator[tuple[str, str]]:
    """The parameters of this page's address except the named ones, for hidden fields of a GET form."""
    request: HttpRequest = context["request"]
    for key, values in request.GET.lists():
        if key not in left_out:
            for value in values:
                yield key, str(value)


@register.simple_tag(takes_context=True)
def toggled_url(context: Context, key: str, value: str) -> str:
    """This page's address with the value of a repeatable parameter added, or taken out where it stands."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    held = query.getlist(key)
    query.setlist(key, [one for one in held if one != value] if value in held else [*held, value])
    return f"?{query.urlencode()}"


@register.filter
def number(value: int | Decimal | None) -> str:
    """A number with the separators of the language; decimals only where they say something."""
    if value is None:
        return "–"
    if type(value) is int and 0 <= value < 1000:  # no separator stands in these, and pages show hundreds of them
        return str(value)
    shown = value.normalize() if isinstance(value, Decimal) else value
    if isinstance(shown, Decimal) and shown == shown.to_integral_value():
        shown = int(shown)
    return str(formats.number_format(shown, use_l10n=True, force_grouping=True))


@register.filter
def moment(at: datetime, institution: Institution) -> str:
    """Day and time where the institution is, with the name of its zone."""
    return f"{formats.date_format(at.astimezone(zone(institution)), 'j F Y, H.i')} {zone_name(institution)}"


@register.filter
def moment_exact(at: datetime, institution: Institution) -> str:
    """As `moment`, to the second."""
    return f"{formats.date_format(at.astimezone(zone(institution)), 'j F Y, H.i.s')} {zone_name(institution)}"


@register.simple_tag
def pairs(found: Iterable[tuple[str, str]]) -> SafeString:
    """Terms and what is said of them, for a `dl`; written in one go, because a page may have hundreds."""
    return markup_of_rows("", "<dt>{}</dt><dd>{}</dd>", found)
