"""Links from facts to the mapping sheets on which they were agreed."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.mapping.agreed_sheets import AgreedSheets
from agencies.mapping.agreement import Agreement
from agencies.markup import labelled, markup, markup_of_rows
from agencies.models import FactRecord
from agencies.templatetags.portal import number

register = template.Library()

_HUNDREDTH: Final = Decimal("0.01")
_KAPPA: Final = (
    '<td class="num" data-label="{}">{}</td><td class="num" data-label="{}">{}</td>'
    '<td class="num" data-label="{}">{}</td><td data-label="{}">{}</td>'
)


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


@register.simple_tag
def kappa_cells(found: Agreement) -> SafeString:
    """The cells of a row that tell how far two reviewers agree; a page has dozens of rows."""
    heads = _("Groups of alike sheets"), _("Pairs of answers"), _("Differing"), _("Kappa")
    cells = number(found.groups), number(found.pairs), number(found.differing), _kappa(found)
    return markup(_KAPPA, *labelled(heads, cells))


def _kappa(found: Agreement) -> SafeString:
    if found.kappa is None:
        nothing = _("all answers are one and the same: nothing to measure")
        return markup('<span class="soft">{}</span>', _("too few to say") if found.few else nothing)
    kappa, low, high = (_hundredths(value) for value in (found.kappa, found.low, found.high))
    interval = _("(%(low)s to %(high)s)") % {"low": low, "high": high}
    return markup('<strong>{}</strong> <span class="soft">{}</span>{}', kappa, interval, _left_out(found.left_out))


def _hundredths(value: float | None) -> str:
    """Rounded as on paper."""
    return number_format(Decimal(str(value or 0.0)).quantize(_HUNDREDTH, ROUND_HALF_UP))


def _left_out(questions: int) -> SafeString | str:
    if not questions:
        return ""
    said = ngettext(
        "without %(number)s question that has one answer only",
        "without %(number)s questions that have one answer only",
        questions,
    ) % {"number": questions}
    return markup(' <span class="soft">{}</span>', said)
