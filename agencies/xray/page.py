"""What the pages of the look through the data show: all checks with their numbers, and the rows of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.forms.xray_filter import XrayFilter
from agencies.models import Agency, DataImport, Employment, ImportedRow, Institution
from agencies.paging import Page, keyset_page
from agencies.receipts import last_act
from agencies.xray.checks import Check, Severity
from agencies.xray.levels import AGENCY, EMPLOYEE
from agencies.xray.looking import Looking
from agencies.xray.register import BY_CODE, checks_for
from agencies.xray.row_words import FoundRow, Reader, words_of
from agencies.xray.running import Found, at_fault, look_through, sight_of

KEPT: Final = 600
"""Seconds after which the data are looked through again in any case: rows may change behind the portal too."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check and how many rows it found."""

    check: Check
    number: int


@dataclass(frozen=True, slots=True)
class SeverityPart:
    """The checks of a severity that found rows."""

    severity: Severity
    lines: tuple[CheckLine, ...]

    @property
    def number(self) -> int:
        """All their rows."""
        return sum(line.number for line in self.lines)


@dataclass(frozen=True)
class XrayPage:
    """Every check, those that found rows by severity, and what the look is narrowed to."""

    parts: tuple[SeverityPart, ...]
    clean: tuple[Check, ...]
    filter: XrayFilter
    agency: Agency | None
    on: date

    @property
    def total(self) -> int:
        """How many checks there are."""
        return len(self.clean) + self.finding

    @property
    def finding(self) -> int:
        """How many of them found something."""
        return sum(len(part.lines) for part in self.parts)


def xray_page(standing: Standing, query: QueryDict, on: date, known_at: datetime) -> XrayPage:
    """Look through what is in sight of a standing narrowed to roles that read people."""
    chosen = XrayFilter(query, standing=standing)
    agency = chosen.agency()
    found = _found(standing, agency, on, known_at)
    lines = [CheckLine(check, found.numbers[check.code]) for check in found.checks]
    parts = (
        SeverityPart(severity, tuple(one for one in lines if one.number and one.check.severity is severity))
        for severity in Severity
    )
    clean = tuple(one.check for one in lines if not one.number)
    return XrayPage(tuple(part for part in parts if part.lines), clean, chosen, agency, on)


@dataclass(frozen=True, slots=True)
class FoundHere:
    """How many rows of each severity were found in an agency with all below it, as of a day, for its pages."""

    numbers: tuple[tuple[Severity, int], ...]
    on: date

    @property
    def anything(self) -> bool:
        """Whether there are any."""
        return any(number for _severity, number in self.numbers)


def found_here(standing: Standing, agency: Agency, on: date, known_at: datetime) -> FoundHere:
    """Look through an agency for a standing narrowed to roles that read people."""
    return FoundHere(tuple(_found(standing, agency, on, known_at).by_severity().items()), on)


def _found(standing: Standing, agency: Agency | None, on: date, known_at: datetime) -> Found:
    """What was found since the last act: it is looked for again after the next one, and after ten minutes."""
    looking = Looking.at(standing.institution, on, known_at)
    checks, sight = checks_for(standing), sight_of(standing, agency)
    act = last_act(standing.institution)
    asked = repr((act, standing.institution.pk, looking.on, looking.marks, sorted(sight or ()), sight is None))
    key = f"xray:{sha256(asked.encode()).hexdigest()}:{len(checks)}"
    numbers: dict[str, int] | None = cache.get(key) if act else None
    if numbers is None or {check.code for check in checks} - numbers.keys():
        numbers = dict(look_through(looking, checks, sight).numbers)
        if act:
            cache.set(key, numbers, KEPT)
    return Found(checks, numbers)


@dataclass(frozen=True)
class RowsPage:
    """The rows that one check found, a page of them."""

    check: Check
    rows: tuple[FoundRow, ...]
    total: int
    page: Page[Any]
    filter: XrayFilter
    agency: Agency | None
    on: date
    reader: Reader
    listed: QuerySet[Any]

    @property
    def agency_label(self) -> str:
        """What the agency of a row is to it: of an agency, the one above."""
        return _("Belongs to") if self.check.level is AGENCY else _("Agency")

    def all_rows(self, at_once: int) -> Iterator[FoundRow]:
        """Every row, page after page, read in parts."""
        for row in self.listed.order_by(*self.check.level.order).iterator(chunk_size=at_once):
            yield words_of(self.check, row, self.reader)


def rows_page(standing: Standing, code: str, query: QueryDict, on: date, known_at: datetime) -> RowsPage:
    """Raises Http404 for a check that is not there, or not for this standing."""
    check = BY_CODE.get(code)
    if check is None or check not in checks_for(standing):
        raise Http404
    chosen = XrayFilter(query, standing=standing)
    agency = chosen.agency()
    looking = Looking.at(standing.institution, on, known_at)
    found = at_fault(check, looking, sight_of(standing, agency))
    listed = found.select_related(*check.level.related)
    page = keyset_page(listed, query, check.level.order)
    left_over = _left_over(standing.institution) if check.level is EMPLOYEE else frozenset()
    reader = Reader(standing, {one.pk: one for one in chosen.agencies.values()}, left_over)
    rows = tuple(words_of(check, row, reader) for row in page.rows)
    return RowsPage(check, rows, found.count(), page, chosen, agency, on, reader, listed)


def _left_over(institution: Institution) -> frozenset[int]:
    """The employees who were new by an import that was undone, and of whom no employment was recorded since."""
    undone = DataImport.objects.filter(institution=institution, state=DataImport.State.UNDONE)
    new = ImportedRow.objects.filter(data_import__in=undone, part="employee", what=ImportedRow.What.CREATED)
    told = Employment.objects.current().filter(employee__institution=institution).order_by()
    return frozenset(new.exclude(key__in=told.values("employee")).order_by().values_list("key", flat=True))
