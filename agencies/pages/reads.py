"""The log of reads of personal data: who read what about whom, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.clock import zone
from agencies.exporting.choices import choices_of
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.forms.employee_filter import ReadFilter
from agencies.masking import masked_nip
from agencies.models import Employee, Institution, PersonalDataRead, Role
from agencies.paging import Page, keyset_page
from agencies.personal_data import page_name
from agencies.querysets import PersonalDataReadQuerySet
from agencies.templatetags.portal import moment_exact

NEWEST = ("-at", "-pk")
OF_ONE = 20
"""How many reads of one file stand on a page."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One read in words; `employee` is empty for a list."""

    at: datetime
    reader: str
    role: str
    page: str
    employee: str
    nip: str
    count: int


@dataclass(frozen=True)
class ReadLog:
    """One page of reads and what they are narrowed by."""

    lines: tuple[ReadLine, ...]
    page: Page[PersonalDataRead]
    filter: ReadFilter
    narrowed: bool

    @property
    def people(self) -> int:
        """How many lines name an employee."""
        return sum(bool(line.employee) for line in self.lines)


@dataclass(frozen=True)
class OwnReads:
    """One page of the reads of one file: role and time only."""

    lines: tuple[ReadLine, ...]
    page: Page[PersonalDataRead]


def read_log(institution: Institution, query: QueryDict) -> ReadLog:
    """The page of reads that the address asks for."""
    chosen = ReadFilter(query)
    narrowing = chosen.read()
    page = keyset_page(_narrowed(_reads(institution), narrowing, institution), query, NEWEST)
    return ReadLog(_lines(page.rows), page, chosen, bool(narrowing))


def read_table(institution: Institution, query: QueryDict, on: date) -> PeopleTable:
    """All reads that the address asks for; those of one file name the employee."""
    chosen = ReadFilter(query)
    reads = _narrowed(_reads(institution), chosen.read(), institution)
    table = ExportTable(
        title=_("Log of reads of personal data"),
        institution=institution,
        on=on,
        filters=choices_of(chosen),
        fingerprint=None,
        columns=(
            Column(_("When"), width=28),
            Column(_("Reader")),
            Column(_("Role of the reader")),
            Column(_("Page"), width=30),
            Column(_("Employee"), width=30),
            Column(_("NIP or NI PPPK"), width=22),
            Column(_("People shown"), "number", 10),
        ),
        rows=told_in_parts(reads.order_by(*NEWEST), lambda part: _cells(part, institution)),
    )
    return PeopleTable(table, reads.filter(employee__isnull=False).count())


def _cells(reads: Sequence[PersonalDataRead], institution: Institution) -> Iterator[tuple[Cell, ...]]:
    for one in _lines(reads):
        at = moment_exact(one.at, institution)
        yield (at, one.reader, one.role, one.page, one.employee, one.nip, one.count)


def _reads(institution: Institution) -> PersonalDataReadQuerySet:
    return PersonalDataRead.objects.filter(institution=institution).select_related("institution", "reader", "employee")


def reads_of(employee: Employee, query: QueryDict) -> OwnReads:
    """Who read the file of an employee, newest first."""
    reads = PersonalDataRead.objects.filter(institution=employee.institution_id, employee=employee)
    page = keyset_page(reads.select_related("institution", "reader", "employee"), query, NEWEST, size=OF_ONE)
    return OwnReads(_lines(page.rows), page)


def _narrowed(
    reads: PersonalDataReadQuerySet, narrowing: dict[str, Any], institution: Institution
) -> PersonalDataReadQuerySet:
    for word in narrowing.get("pegawai", "").split()[:8]:
        reads = reads.filter(employee__name__icontains=word)
    if "pembaca" in narrowing:
        reads = reads.filter(reader__username=narrowing["pembaca"])
    if "dari" in narrowing:
        reads = reads.filter(at__gte=_midnight(narrowing["dari"], institution))
    if "sampai" in narrowing and narrowing["sampai"] < date.max:
        reads = reads.filter(at__lt=_midnight(narrowing["sampai"] + timedelta(days=1), institution))
    return reads


def _midnight(day: date, institution: Institution) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone(institution))


def _lines(reads: Sequence[PersonalDataRead]) -> tuple[ReadLine, ...]:
    return tuple(
        ReadLine(
            at=read.at.astimezone(zone(read.institution)),
            reader=read.reader.get_username(),
            role=_role(read.reader_label),
            page=page_name(read.page),
            employee=read.employee.name if read.employee else "",
            nip=masked_nip(read.employee.nip) if read.employee else "",
            count=read.count,
        )
        for read in reads
    )


def _role(label: str) -> str:
    """The roles of a label in words."""
    codes = [part.partition(" · ")[0] for part in label.split(", ")]
    return ", ".join(str(Role(code).label) if code in Role.values else _("without role") for code in codes)
