"""The list of arrangements in one's charge: narrowed by the address, paged by key, or whole as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.access import Standing, visible_agencies
from agencies.facts import WEEKDAYS
from agencies.models import Agency
from agencies.paging import Page, keyset_page
from eligibility.arrangement_access import charged_arrangements
from eligibility.arrangements.stands import Stands, standing_so, stands
from eligibility.forms.decisions import ArrangementFilter, month_ends
from eligibility.models import Arrangement
from eligibility.querysets import ArrangementQuerySet

COUNTED: Final = 1000
"""Rows are counted up to here: a list of a whole city is never counted through."""

NEWEST: Final = ("-recorded_at", "-pk")
_READ: Final = ("employee", "position", "agency", "unit")
_WEEKDAY_LABELS: Final = {one.code: one.label for one in WEEKDAYS}


@dataclass(frozen=True, slots=True)
class ArrangementRow:
    """One arrangement of the list."""

    arrangement: Arrangement
    stands: Stands
    days: str


@dataclass(frozen=True)
class ArrangementList:
    """One page of arrangements and how many there are, at most `COUNTED` of them counted (then `more`)."""

    rows: tuple[ArrangementRow, ...]
    page: Page[Arrangement]
    total: int
    more: bool
    filter: ArrangementFilter
    narrowed: bool
    on: date


def weekdays_of(codes: tuple[str, ...]) -> str:
    """Weekdays as words: "Tuesday, Wednesday"."""
    return ", ".join(_(_WEEKDAY_LABELS[code]) for code in codes)


def arrangement_list(standing: Standing, query: QueryDict, on: date) -> ArrangementList:
    """The page that the address asks for, of the arrangements in charge of the standing."""
    chosen = _chosen(standing, query, on)
    narrowing = chosen.read()
    found = _narrowed(charged_arrangements(standing), chosen, narrowing, on)
    page = keyset_page(found.select_related(*_READ), query, NEWEST)
    counted = found.order_by()[: COUNTED + 1].count()
    rows = tuple(_row(one, on) for one in page.rows)
    return ArrangementList(rows, page, min(counted, COUNTED), counted > COUNTED, chosen, bool(narrowing), on)


def arrangements_to_export(
    standing: Standing, query: QueryDict, on: date
) -> tuple[ArrangementQuerySet, ArrangementFilter]:
    """Everything that the address narrows the list to, the newest first, and what narrows it."""
    chosen = _chosen(standing, query, on)
    found = _narrowed(charged_arrangements(standing), chosen, chosen.read(), on)
    return found.select_related(*_READ, "workplace", "norm").order_by(*NEWEST), chosen


def _chosen(standing: Standing, query: QueryDict, on: date) -> ArrangementFilter:
    return ArrangementFilter(query, agencies=visible_agencies(standing).order_by("name"), on=on)


def _row(arrangement: Arrangement, on: date) -> ArrangementRow:
    return ArrangementRow(arrangement, stands(arrangement, on), weekdays_of(arrangement.days))


def _narrowed(
    found: ArrangementQuerySet, chosen: ArrangementFilter, narrowing: dict[str, Any], on: date
) -> ArrangementQuerySet:
    for word in narrowing.get("cari", "").split()[:8]:
        found = found.filter(employee__name__icontains=word)
    if "opd" in narrowing:
        agency = chosen.agencies[narrowing["opd"]]
        below = Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk])
        found = found.filter(agency__in=below)
    if "keadaan" in narrowing:
        found = found.filter(standing_so(Stands(narrowing["keadaan"]), on))
    if "cara" in narrowing:
        found = found.filter(mode=narrowing["cara"])
    if "bulan" in narrowing:
        first, last = month_ends(narrowing["bulan"])
        found = found.filter(Q(starts_on__lte=last, ends_on__gte=first))
    return found


def place_words(arrangement: Arrangement) -> str:
    """Where the work is done, without anybody's address."""
    if arrangement.mode == "home":
        return _("Residence as in the personnel data")
    if arrangement.workplace:
        return arrangement.workplace.name
    return arrangement.get_place_display() or ""
