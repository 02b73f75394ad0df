"""The list of employees: who is in sight, what she holds on the day, and of which kind she is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from agencies.access import Standing, holds_whole, visible_employees
from agencies.forms.employee_filter import NOWHERE, EmployeeFilter
from agencies.masking import masked_nip
from agencies.models import Agency, Employee, Employment, Posting, Role
from agencies.paging import Page, keyset_page
from agencies.querysets import EmployeeQuerySet


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
    chosen = EmployeeFilter(query, standing=standing, nowhere=holds_whole(standing, Role.HR_OFFICER))
    narrowing = chosen.read()
    employees = _narrowed(visible_employees(standing), chosen, narrowing, on, known_at)
    page = keyset_page(employees, query, ("name", "pk"))
    return EmployeeList(_rows(page.rows, on, known_at), page, employees.count(), chosen, bool(narrowing), on)


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
