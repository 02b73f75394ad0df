"""The file of one employee: what is recorded of her, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.clock import zone
from agencies.masking import masked_nip
from agencies.models import DisciplineGate, Employee, SpecialCircumstance
from agencies.pages.employee_lines import COLUMNS, Column
from agencies.pages.personal_nouns import NOUNS, Noun


class Sight(Enum):
    """How much of discipline and keadaan khusus a reader sees."""

    FULL = "full"
    """BKPSDM, and the employee herself: everything."""
    DATES = "dates"
    """The Inspektorat: kind and dates of discipline, the last day of a keadaan khusus."""
    SUMMARY = "summary"
    """A head and the clerk of an agency: whether the condition is met, nothing else."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value under its heading."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a section; superseded ones tell when. `editable`: the reader may correct it."""

    pk: int
    cells: tuple[Cell, ...]
    superseded: str
    editable: bool
    runs: bool


@dataclass(frozen=True, slots=True)
class Section:
    """What is recorded of one kind; a sentence stands in place of the rows where the reader may see no more."""

    noun: Noun
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    sentence: str
    writes: bool

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self.noun.veiled or self.noun.title) if self.sentence else str(self.noun.title)


@dataclass(frozen=True)
class Writing:
    """What the reader may change: nothing, what concerns certain agencies (their keys), or everything."""

    anything: bool = False
    whole: bool = False
    agencies: frozenset[int] = frozenset()

    def may(self, noun: Noun) -> bool:
        """Whether rows of that kind."""
        return self.anything and (self.whole or not noun.whole)

    def may_change(self, noun: Noun, row: Any) -> bool:
        """Whether that row: a clerk leaves postings in other agencies alone."""
        if not self.may(noun) or row.superseded_at is not None:
            return False
        return self.whole or noun.code != "penempatan" or row.position.agency_id in self.agencies


@dataclass(frozen=True)
class EmployeeFile:
    """Everything of the page."""

    employee: Employee
    nip: str
    number_shown: bool
    residence: str
    sections: tuple[Section, ...]
    on: date
    all_versions: bool
    writing: Writing


def employee_file(
    employee: Employee,
    *,
    sight: Sight,
    on: date,
    writing: Writing,
    all_versions: bool = False,
    number_shown: bool = False,
) -> EmployeeFile:
    """Put the file together for a reader. `all_versions` adds what was superseded."""
    sections = tuple(_section(employee, noun, sight, on, writing, all_versions) for noun in NOUNS.values())
    nip = employee.nip if number_shown else masked_nip(employee.nip)
    residence = _residence(employee, seen=sight is Sight.FULL or writing.anything)
    return EmployeeFile(employee, nip, number_shown, residence, sections, on, all_versions, writing)


def _residence(employee: Employee, *, seen: bool) -> str:
    """Where she lives is read by who keeps it and by herself; to others it is told whether it is recorded."""
    if not employee.residence:
        return _("Not recorded")
    return employee.residence if seen else _("Recorded at BKPSDM")


def _section(employee: Employee, noun: Noun, sight: Sight, on: date, writing: Writing, all_versions: bool) -> Section:
    sentence = _sentence(employee, noun, sight, on)
    columns = [] if sentence else _columns(noun, sight)
    rows = _rows(employee, noun, all_versions and (sight is Sight.FULL or not noun.whole)) if columns else ()
    lines = tuple(_line(row, noun, columns, employee, writing, on) for row in rows)
    labels = tuple(_(column.label) for column in columns)
    return Section(noun, labels, lines, sentence, writing.may(noun))


def _columns(noun: Noun, sight: Sight) -> list[Column]:
    """Of discipline an inspector sees kind and dates, not the basis."""
    return [one for one in COLUMNS[noun.model] if sight is Sight.FULL or not one.kept]


def _sentence(employee: Employee, noun: Noun, sight: Sight, on: date) -> str:
    """What a reader who may not see the rows is told instead; empty where she may."""
    if noun.model is DisciplineGate and sight is Sight.SUMMARY:
        if _in_force(DisciplineGate, employee, on):
            return _("The conditions of the employee are not met (Pasal 25 ayat (1)). Details at BKPSDM.")
        return _("Nothing that stands in the way is recorded as of %(day)s.") % {"day": date_format(on)}
    if noun.model is SpecialCircumstance and sight is not Sight.FULL:
        held = _in_force(SpecialCircumstance, employee, on)
        if held:
            return _("Verified, valid until %(day)s.") % {"day": date_format(max(row.ends_on for row in held))}
        return _("None that is valid on %(day)s is recorded.") % {"day": date_format(on)}
    return ""


def _in_force(model: Any, employee: Employee, on: date) -> list[Any]:
    rows = model.objects.current().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), employee=employee)
    return list(rows.filter(starts_on__lte=on))


def _rows(employee: Employee, noun: Noun, all_versions: bool) -> Iterable[Any]:
    rows = noun.rows_about(employee)
    if not all_versions:
        rows = rows.filter(superseded_at__isnull=True)
    return rows.order_by(*(f"-{name}" for name in noun.order), "-recorded_at", "-pk")


def _line(row: Any, noun: Noun, columns: list[Column], employee: Employee, writing: Writing, on: date) -> Line:
    local = zone(employee.institution)
    cells = [Cell(_(column.label), column.text(row)) for column in columns]
    cells.append(Cell(_("Recorded"), _day(row.recorded_at, local)))
    superseded = _day(row.superseded_at, local) if row.superseded_at else ""
    runs = noun.code == "penempatan" and (row.effective_until is None or row.effective_until >= on)
    return Line(row.pk, tuple(cells), superseded, writing.may_change(noun, row), runs)


def _day(moment: datetime, local: Any) -> str:
    return date_format(moment.astimezone(local))
