"""What the navigation needs: the addresses of pages that not every role may open."""

from __future__ import annotations

from django import template
from django.template import Context

from agencies import hub
from agencies.access import Standing

register = template.Library()


@register.simple_tag(takes_context=True)
def hub_url(context: Context, name: str, standing: Standing | None = None) -> str:
    """The address of a page offered to the hub; empty where it is not for the user's standing there.

    A page may act on some of the user's grants alone; its navigation still offers all that she may open.
    """
    if standing is None:
        return ""
    for whole in context.get("standings") or ():
        if whole.institution == standing.institution:
            return hub.address_of(name, whole)
    return ""


@register.simple_tag(takes_context=True)
def whole_standing(context: Context, standing: Standing | None = None) -> Standing | None:
    """The user's standing with all her grants, where a page acts on some of them alone."""
    for whole in context.get("standings") or ():
        if standing and whole.institution == standing.institution:
            return whole  # type: ignore[no-any-return]
    return standing
