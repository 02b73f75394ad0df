"""The list of employees: who is in sight, what she holds on the day, and of which kind she is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.access import Standing, holds_whole, visible_employees
from agencies.exporting.choices import choices_of
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.forms.employee_filter import NOWHERE, EmployeeFilter
from agencies.masking import masked_nip
from agencies.models import Agency, Employee, Employment, Posting, Role
from agencies.paging import Page, keyset_page
from agencies.querysets import EmployeeQuerySet

ORDER: Final = ("name", "pk")


@dataclass(frozen=True, slots=True)
class EmployeeRow:
    """One employee of the list; the number is masked."""

    pk: int
    name: str
    nip: str
    kind: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True)
class EmployeeList:
    """One page of employees, how many there are in all, and what they are narrowed by."""

    rows: tuple[EmployeeRow, ...]
    page: Page[Employee]
    total: int
    filter: EmployeeFilter
    narrowed: bool
    on: date


def employee_list(standing: Standing, query: QueryDict, on: date, known_at: datetime) -> EmployeeList:
    """The page of employees that the address asks for; `standing` is narrowed to roles that read people."""
    chosen = _filter(standing, query)
    narrowing = chosen.read()
    employees = _narrowed(visible_employees(standing), chosen, narrowing, on, known_at)
    page = keyset_page(employees, query, ORDER)
    return EmployeeList(_rows(page.rows, on, known_at), page, employees.count(), chosen, bool(narrowing), on)


def employee_table(standing: Standing, query: QueryDict, on: date, known_at: datetime) -> PeopleTable:
    """All employees that the address asks for, with masked numbers."""
    chosen = _filter(standing, query)
    employees = _narrowed(visible_employees(standing), chosen, chosen.read(), on, known_at)
    table = ExportTable(
        title=_("List of employees"),
        institution=standing.institution,
        on=on,
        filters=choices_of(chosen),
        fingerprint=None,
        columns=(
            Column(_("Name"), width=32),
            Column(_("NIP or NI PPPK"), width=22),
            Column(_("Kind of employee"), width=18),
            Column(_("Position"), width=40),
            Column(_("Agency"), width=40),
        ),
        rows=told_in_parts(employees.order_by(*ORDER), lambda part: _cells(part, on, known_at)),
    )
    return PeopleTable(table, employees.count())


def _cells(employees: Sequence[Employee], on: date, known_at: datetime) -> Iterator[tuple[Cell, ...]]:
    for row in _rows(employees, on, known_at):
        held = [_held(posting) for posting in row.postings]
        agencies = dict.fromkeys(posting.position.agency.name for posting in row.postings)
        yield (row.name, row.nip, row.kind, "; ".join(held), "; ".join(agencies))


def _held(posting: Posting) -> str:
    if posting.capacity == Posting.Capacity.DEFINITIVE:
        return str(posting.position)
    return f"{posting.position} ({posting.get_capacity_display()})"


def _filter(standing: Standing, query: QueryDict) -> EmployeeFilter:
    return EmployeeFilter(query, standing=standing, nowhere=holds_whole(standing, Role.HR_OFFICER))


def _narrowed(
    employees: EmployeeQuerySet, chosen: EmployeeFilter, narrowing: dict[str, Any], on: date, known_at: datetime
) -> EmployeeQuerySet:
    for word in narrowing.get("cari", "").split()[:8]:
        employees = employees.filter(name__icontains=word)
    if narrowing.get("opd") == NOWHERE:
        employees = employees.exclude(pk__in=Posting.objects.in_force(on, known_at).values("employee"))
    elif "opd" in narrowing:
        agency = chosen.agencies[narrowing["opd"]]
        below = Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk])
        employees = employees.seen_from(below, on, known_at)
    if "jenis" in narrowing:
        held = Employment.objects.in_force(on, known_at).filter(kind=narrowing["jenis"])
        employees = employees.filter(pk__in=held.values("employee"))
    return employees


def _rows(employees: Sequence[Employee], on: date, known_at: datetime) -> tuple[EmployeeRow, ...]:
    keys = [employee.pk for employee in employees]
    postings: dict[int, list[Posting]] = defaultdict(list)
    held = Posting.objects.in_force(on, known_at).filter(employee__in=keys).select_related("position__agency")
    for posting in held.order_by("effective_from", "pk"):
        postings[posting.employee_id].append(posting)
    employments = Employment.objects.in_force(on, known_at).filter(employee__in=keys)
    kinds = {employment.employee_id: employment.get_kind_display() for employment in employments}
    return tuple(
        EmployeeRow(one.pk, one.name, masked_nip(one.nip), kinds.get(one.pk, ""), tuple(postings[one.pk]))
        for one in employees
    )
