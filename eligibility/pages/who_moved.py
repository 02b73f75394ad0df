"""Who moved by an import, and what follows: for the Penetapan of her position, and for her arrangements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.facts import FACTS
from agencies.masking import masked_nip
from agencies.models import DataImport, Employee, Employment, ImportedMove, Position, Posting
from agencies.paging import Page, keyset_page
from eligibility.footing import Footing
from eligibility.pages.move_reading import Beside
from eligibility.pages.move_words import consequences

What = ImportedMove.What
WHAT: Final = "apa"
"""The part of the address that says which moves are listed."""


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One move in words, and what follows from it."""

    employee: Employee
    nip: str
    was: str
    now: str
    follows: tuple[str, ...]


@dataclass(frozen=True)
class Moves:
    """One page of the moves of one kind, and how many there are of each; `listed` of the one that is shown."""

    what: str
    tallies: tuple[tuple[str, str, int], ...]
    lines: tuple[MoveLine, ...]
    page: Page[ImportedMove]
    listed: int


def moves_page(data_import: DataImport, query: QueryDict, on: date, known_at: datetime) -> Moves:
    """The moves of the kind that the address asks for, else of the first kind that there is."""
    counts = _counts(data_import)
    what = _kind_of(counts, str(query.get(WHAT, "")))
    page = keyset_page(_moves_of(data_import, what), query, ("pk",))
    lines = _move_lines(page.rows, data_import, Footing(data_import.institution, on, known_at))
    tallies = tuple((one.value, str(one.label), counts[one.value]) for one in What)
    return Moves(what.value, tallies, lines, page, counts[what.value])


def moves_table(data_import: DataImport, asked: str, on: date, known_at: datetime) -> PeopleTable:
    """Every move of one kind, and what follows from it; numbers are masked."""
    counts, footing = _counts(data_import), Footing(data_import.institution, on, known_at)
    what = _kind_of(counts, asked)
    heads = ((_("Name"), 28), (_("NIP or NI PPPK"), 22), (_("Before"), 44), (_("After"), 44), (_("What follows"), 70))
    filters = ((_("File"), data_import.file_name), (_("What is listed"), str(what.label)))

    def told(part: Sequence[ImportedMove]) -> Iterable[tuple[Cell, ...]]:
        return map(_cells, _move_lines(part, data_import, footing))

    rows = told_in_parts(_moves_of(data_import, what), told)
    columns = tuple(Column(head, width=width) for head, width in heads)
    table = ExportTable(_("Who moved"), data_import.institution, on, filters, None, columns, rows)
    return PeopleTable(table, counts[what.value])


def _cells(line: MoveLine) -> tuple[Cell, ...]:
    return (line.employee.name, line.nip, line.was or None, line.now or None, " ".join(line.follows) or None)


def _counts(data_import: DataImport) -> dict[str, int]:
    counted = data_import.moves.order_by().values_list("what").annotate(Count("pk"))
    return dict.fromkeys(What.values, 0) | dict(counted)


def _kind_of(counts: Mapping[str, int], asked: str) -> ImportedMove.What:
    """The kind that the address asks for, else the first that there is."""
    first = next((what for what in What if counts[what.value]), What.JOINED)
    return What(asked) if asked in What.values else first


def _moves_of(data_import: DataImport, what: ImportedMove.What) -> QuerySet[ImportedMove]:
    """The moves of one kind, with what they name."""
    listed = data_import.moves.filter(what=what).order_by("pk")
    return listed.select_related("employee", "was_position__agency", "now_position__agency")


def _move_lines(moves: Sequence[ImportedMove], data_import: DataImport, footing: Footing) -> tuple[MoveLine, ...]:
    """Moves in words; what is beside them is read for all at once."""
    if not moves:
        return ()
    assert data_import.applied_at is not None
    beside = Beside.of(moves, footing, data_import.applied_at - datetime.resolution)
    return tuple(_line(move, What(move.what), beside) for move in moves)


def _line(move: ImportedMove, what: What, beside: Beside) -> MoveLine:
    was, now = _side(what, move.was_position, move.was), _side(what, move.now_position, move.now)
    return MoveLine(move.employee, masked_nip(move.employee.nip), was, now, consequences(move, beside))


def _side(what: What, position: Position | None, codes: str) -> str:
    """The position on one side of a move, with the capacity of a Plt or Plh, else what its codes are called."""
    if position is None:
        return _words(what, codes)
    place = f"{position}, {position.agency.name}"
    return f"{Posting.Capacity(codes).label} · {place}" if what is What.STANDING_IN and codes else place


def _words(what: What, codes: str) -> str:
    """What the stored codes are called; of who left, or stands in no more, they are her last day."""
    if what in (What.LEFT, What.STANDING_IN):
        return date_format(date.fromisoformat(codes)) if codes else ""
    labels = {choice.code: _(choice.label) for name in _CODED for choice in FACTS[name].choices}
    labels |= {code: str(label) for code, label in Employment.Standing.choices}
    return " · ".join(labels.get(code, code) for code in codes.split(" · ")) if codes else ""


_CODED: Final = ("employee.kind", "employee.predicate")
