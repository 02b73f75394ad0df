"""Links from facts to the mapping sheets on which they were agreed."""

from __future__ import annotations

from collections.abc import Collection

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies.mapping.agreed_sheets import AgreedSheets
from agencies.markup import markup_of_rows
from agencies.models import FactRecord

register = template.Library()


@register.simple_tag(takes_context=True)
def sheet_of(context: Context, record: FactRecord | None) -> SafeString:
    """A link to the sheet that a record came about by; nothing where there is none, or not for this reader."""
    sheets: AgreedSheets = context.get("sheets") or {}
    key = None if record is None else sheets.get((record.task_id, record.recorded_at))
    return sheet_links(context, () if key is None else (key,))


@register.simple_tag(takes_context=True)
def sheet_links(context: Context, keys: Collection[int]) -> SafeString:
    """Links to sheets; several are numbered."""
    code, several = context["institution"].code, len(keys) > 1
    rows = (
        (reverse("sheet", args=[code, key]), _("Mapping sheet"), f" {number}" if several else "")
        for number, key in enumerate(keys, 1)
    )
    return markup_of_rows("", ' <a class="small" href="{}">{}{}</a>', rows)
