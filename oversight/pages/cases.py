"""The list of cases: narrowed by the address, paged by key, or whole as a file; figures of the overview open it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.clock import zone
from agencies.exporting.choices import choices_of
from agencies.exporting.tables import PeopleTable
from agencies.models import Agency, User
from agencies.paging import Page, keyset_page
from eligibility.arrangements.stands import Stands, standing_so, stands
from eligibility.exports.arrangements import table_of
from eligibility.models import Arrangement, Instrument
from eligibility.pages.arrangements import place_words, weekdays_of
from eligibility.querysets import ArrangementQuerySet
from oversight import access
from oversight.forms.case_filter import APPROVED, WITHOUT, CaseFilter

COUNTED: Final = 1000
"""Rows are counted up to here; the overview counts a whole city."""

NEWEST: Final = ("-recorded_at", "-pk")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of the list, in words."""

    case: Arrangement
    stands: Stands
    place: str
    days: str


@dataclass(frozen=True)
class CaseList:
    """One page of cases and how many there are, at most `COUNTED` of them counted (then `more`).

    `left_out` counts those that are kept from the reader, whatever the choice: a name must not be searched by it.
    """

    rows: tuple[CaseRow, ...]
    page: Page[Arrangement]
    total: int
    more: bool
    filter: CaseFilter
    narrowed: bool
    left_out: int


def case_list(standing: Standing, user: User, query: QueryDict, on: date) -> CaseList:
    """The page that the address asks for, of what the user audits."""
    chosen = _filter(standing, user, query)
    narrowing = chosen.read()
    found = _narrowed(access.audited_arrangements(standing, user), narrowing, standing, on)
    page = keyset_page(found.select_related("employee", "position", "agency", "workplace"), query, NEWEST)
    counted = found.order_by()[: COUNTED + 1].count()
    rows = tuple(CaseRow(one, stands(one, on), place_words(one), weekdays_of(one.days)) for one in page.rows)
    left_out = access.kept_back(standing, user).count()
    return CaseList(rows, page, min(counted, COUNTED), counted > COUNTED, chosen, bool(narrowing), left_out)


def case_table(standing: Standing, user: User, query: QueryDict, on: date) -> PeopleTable:
    """Everything that the address narrows the list to, the newest first; numbers of people are masked."""
    chosen = _filter(standing, user, query)
    found = _narrowed(access.audited_arrangements(standing, user), chosen.read(), standing, on)
    related = ("employee", "position", "agency", "unit", "workplace", "norm")
    rows = found.select_related(*related).order_by(*NEWEST)
    return table_of(standing.institution, rows, choices_of(chosen), on, _("Cases"))


def _filter(standing: Standing, user: User, query: QueryDict) -> CaseFilter:
    agencies = access.audited(standing, user).order_by("name")
    return CaseFilter(query, agencies=agencies, norms=_norms(standing, user))


def _norms(standing: Standing, user: User) -> QuerySet[Instrument]:
    """What the cases that she audits rest on: each instrument is looked up among them by the index of the norm."""
    resting = access.audited_arrangements(standing, user).order_by().filter(norm=OuterRef("pk"))
    return Instrument.objects.filter(Exists(resting), implementing=True).order_by("title")


def _narrowed(
    found: ArrangementQuerySet, narrowing: dict[str, Any], standing: Standing, on: date
) -> ArrangementQuerySet:
    for word in narrowing.get("cari", "").split()[:8]:
        found = found.filter(employee__name__icontains=word)
    if "opd" in narrowing:
        agencies = Agency.objects.filter(institution=standing.institution)
        named = agencies.filter(code=narrowing["opd"]).values_list("pk", flat=True)
        found = found.filter(agency__in=agencies.subtree(named))
    if "cara" in narrowing:
        found = found.filter(mode=narrowing["cara"])
    if "tempat" in narrowing:
        found = found.filter(place="" if narrowing["tempat"] == WITHOUT else narrowing["tempat"])
    if "norma" in narrowing:
        none = narrowing["norma"] == WITHOUT
        found = found.filter(norm__isnull=True) if none else found.filter(norm=narrowing["norma"])
    if "bulan" in narrowing:
        found = _in_month(found, narrowing["bulan"], standing)
    if "keadaan" in narrowing:
        found = _in_state(found, narrowing["keadaan"], on)
    return found


def _in_month(found: ArrangementQuerySet, first: date, standing: Standing) -> ArrangementQuerySet:
    """Those approved in the month that begins on the day, where the institution is."""
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    starts, ends = (datetime.combine(day, time.min, tzinfo=zone(standing.institution)) for day in (first, following))
    return found.filter(approved_at__gte=starts, approved_at__lt=ends)


def _in_state(found: ArrangementQuerySet, state: str, on: date) -> ArrangementQuerySet:
    if state == APPROVED:
        return found.filter(approved_at__isnull=False)
    return found.filter(standing_so(Stands(state), on))
