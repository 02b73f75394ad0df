"""Who is not in a full register: the postings that run today, what stands on each, and who has ended since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.masking import masked_nip
from agencies.models import DataImport, Employee, MissingEmployee, Posting
from agencies.paging import Page, keyset_page
from eligibility.footing import Footing
from eligibility.pages.move_reading import Beside
from eligibility.pages.move_words import of_arrangement, untouched

STATE: Final = "keadaan"
"""The part of the address that says who is listed."""


class Listed(StrEnum):
    """Whom the page lists: those of whom nothing explains it yet, or those who by the record hold nothing any more."""

    RUNNING = "berjalan"
    ENDED = "berakhir"


LABELS: Final[Mapping[Listed, object]] = {
    Listed.RUNNING: gettext_lazy("Still posted by the record"),
    Listed.ENDED: gettext_lazy("Posting ended since"),
}


@dataclass(frozen=True, slots=True)
class MissingLine:
    """One person who is not in the file, and what stands on her."""

    employee: Employee
    nip: str
    posted: tuple[str, ...]
    stands: tuple[str, ...]


@dataclass(frozen=True)
class Missing:
    """One page of them, and how many there are; `listed` of those that are shown."""

    state: Listed
    tallies: tuple[tuple[str, str, int], ...]
    total: int
    lines: tuple[MissingLine, ...]
    page: Page[MissingEmployee]

    @property
    def listed(self) -> int:
        """How many the list has over all pages."""
        return next(count for code, _label, count in self.tallies if code == self.state)

    @property
    def running(self) -> bool:
        """Whether those are listed whose leaving may still have to be recorded."""
        return self.state is Listed.RUNNING


def missing_page(data_import: DataImport, query: QueryDict, on: date, known_at: datetime) -> Missing:
    """Those whom the address asks for, else those who are still posted."""
    state = _state_of(str(query.get(STATE, "")))
    page = keyset_page(_missing(data_import, state, on), query, ("pk",))
    lines = _lines(page.rows, Footing(data_import.institution, on, known_at))
    tallies = tuple((one.value, str(LABELS[one]), _missing(data_import, one, on).count()) for one in Listed)
    return Missing(state, tallies, sum(count for _code, _label, count in tallies), lines, page)


def missing_table(data_import: DataImport, asked: str, on: date, known_at: datetime) -> PeopleTable:
    """Every one of them, with what stands on her; numbers are masked."""
    state, footing = _state_of(asked), Footing(data_import.institution, on, known_at)
    heads = ((_("Name"), 28), (_("NIP or NI PPPK"), 22), (_("Posting today"), 50), (_("What stands on it"), 80))
    filters = (
        (_("File"), data_import.file_name),
        (_("Who is in this file"), register_words(data_import)),
        (_("What is listed"), str(LABELS[state])),
    )

    def told(part: Sequence[MissingEmployee]) -> Iterable[tuple[Cell, ...]]:
        return map(_cells, _lines(part, footing))

    listed = _missing(data_import, state, on)
    columns = tuple(Column(head, width=width) for head, width in heads)
    title = _("Not in the file")
    table = ExportTable(title, data_import.institution, on, filters, None, columns, told_in_parts(listed, told))
    return PeopleTable(table, listed.order_by().count())


def register_words(data_import: DataImport) -> str:
    """What the file is the register of, and of which day."""
    agency, on = data_import.register_agency, data_import.register_on
    words = data_import.get_register_display() + (f": {agency.name}" if agency else "")
    return f"{words}, {date_format(on)}" if on else words


def _cells(line: MissingLine) -> tuple[Cell, ...]:
    return (line.employee.name, line.nip, " ".join(line.posted) or None, " ".join(line.stands) or None)


def _state_of(asked: str) -> Listed:
    return Listed(asked) if asked in [*Listed] else Listed.RUNNING


def _missing(data_import: DataImport, state: Listed, on: date) -> QuerySet[MissingEmployee]:
    """By whether a posting runs on the day as recorded now."""
    running = Exists(Posting.objects.running(on).filter(employee=OuterRef("employee")))
    rows = data_import.missing.filter(running if state is Listed.RUNNING else ~running)
    return rows.select_related("employee").order_by("pk")


def _lines(rows: Sequence[MissingEmployee], footing: Footing) -> tuple[MissingLine, ...]:
    """In words; what stands on them is read for all at once."""
    if not rows:
        return ()
    people = [row.employee_id for row in rows]
    held = Posting.objects.running(footing.on).filter(employee__in=people).order_by()
    beside = Beside.of_people(people, set(held.values_list("position", flat=True)), footing)
    return tuple(_line(row.employee, beside) for row in rows)


def _line(employee: Employee, beside: Beside) -> MissingLine:
    postings = beside.running(employee.pk, beside.footing.on)
    stands = (sentence for one in postings for sentence in _of_position(one, beside))
    fates = (sentence for fate in beside.fates.get(employee.pk, ()) for sentence in of_arrangement(fate, beside))
    return MissingLine(employee, masked_nip(employee.nip), tuple(map(_posted, postings)), (*stands, *fates))


def _posted(row: Posting) -> str:
    place = f"{row.position}, {row.position.agency.name}"
    return place if row.capacity == Posting.Capacity.DEFINITIVE else f"{row.get_capacity_display()} · {place}"


def _of_position(row: Posting, beside: Beside) -> Iterator[str]:
    """The Penetapan of the position that she holds definitively, and who else holds it if she has left."""
    if row.capacity != Posting.Capacity.DEFINITIVE:
        return
    yield untouched(row.position, beside.determined.get(row.position_id))
    holders = beside.holders(row.position_id, beside.footing.on)
    others = len({one.employee_id for one in holders} - {row.employee_id})
    if others:
        message = ngettext(
            "If she has left, %(count)d other person holds it.",
            "If she has left, %(count)d other people hold it.",
            others,
        )
        yield message % {"count": others}
    else:
        yield _("If she has left, nobody holds it.")
