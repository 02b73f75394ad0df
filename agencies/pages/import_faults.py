"""The faults of a file as pages and files show them: by kind, one by one at their cells, and row by row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Min, QuerySet

from agencies.importing.differences import FaultTold
from agencies.importing.files_back import RowFaults
from agencies.importing.tables import Unlisted
from agencies.models import DataImport, PlannedRow

What = PlannedRow.What
KIND: Final = "salah"
"""The part of the address that says which kind of fault is listed."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How many faults a file has in how many rows, and those of them that are counted and not listed."""

    number: int
    rows: int
    listed: int
    unlisted: Unlisted | None


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One fault: row, heading and cell (empty: the whole row), what stands there, and what to do."""

    row: int
    at: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FaultKind:
    """What faults of one kind say of one column, how many there are, and in how many rows."""

    key: str
    of: str
    sentence: str
    faults: int
    rows: int
    first: int


def faults_of(row: DataImport) -> Faults:
    """What the dry run counted of faults."""
    told, listed = row.counts, int(row.counts.get(What.REFUSED.value, 0))
    left = Unlisted(told["unlisted"], told["from_row"], told["to_row"]) if told.get("unlisted") else None
    return Faults(told.get("faults", listed), told.get("faulty_rows", listed), listed, left)


def kinds_of(row: DataImport) -> tuple[FaultKind, ...]:
    """The kinds of the faults that are listed, those of most rows first; none where no kind was kept."""
    listed = PlannedRow.objects.filter(data_import=row, what=What.REFUSED).exclude(part="").order_by()
    counted = listed.values("part").annotate(faults=Count("pk"), rows=Count("row", distinct=True), one=Min("pk"))
    found = list(counted)
    examples = PlannedRow.objects.in_bulk([kind["one"] for kind in found])
    kinds = (_kind(examples[kind["one"]], kind["faults"], kind["rows"]) for kind in found)
    return tuple(sorted(kinds, key=lambda kind: (-kind.rows, kind.first, kind.key)))


def _kind(example: PlannedRow, faults: int, rows: int) -> FaultKind:
    told = _told(example)
    return FaultKind(example.part, told.of, told.kind, faults, rows, example.row)


def kind_asked(kinds: Sequence[FaultKind], asked: str) -> FaultKind | None:
    """The kind that the address asks for; None where it asks for none that there is."""
    return next((kind for kind in kinds if kind.key == asked), None)


def of_kind(lines: QuerySet[PlannedRow], kind: FaultKind | None) -> QuerySet[PlannedRow]:
    """The faults of that kind; all where none is asked for."""
    return lines if kind is None else lines.filter(part=kind.key)


def fault_line(row: PlannedRow) -> FaultLine:
    """A fault as it is shown."""
    told = _told(row)
    return FaultLine(row.row, told.at, told.value, told.sentence)


def _told(row: PlannedRow) -> FaultTold:
    """What was kept of a fault; from before kinds were told that is the column, what stands there and the sentence."""
    at, value, sentence, *more = json.loads(row.fields)[0]
    of, kind = more or (at, sentence)
    return FaultTold(at, value, sentence, of, kind)


@dataclass(slots=True)
class _Row:
    texts: list[str] = field(default_factory=list)
    places: set[int] = field(default_factory=set)


def faults_by_row(row: DataImport) -> dict[int, RowFaults]:
    """The faults that are listed, by their row, with the places of their cells; where the list stops, that is said."""
    places = {name: place for place, name in enumerate(row.columns) if name}
    found: dict[int, _Row] = {}
    for line in PlannedRow.objects.filter(data_import=row, what=What.REFUSED).order_by("pk").iterator():
        told, of_row = _told(line), found.setdefault(line.row, _Row())
        of_row.texts.append(f"{told.at}: {told.sentence}" if told.at else told.sentence)
        if line.label in places:
            of_row.places.add(places[line.label])
    if left := faults_of(row).unlisted:
        found.setdefault(left.first, _Row()).texts.append(str(left))
    return {number: RowFaults(tuple(one.texts), frozenset(one.places)) for number, one in found.items()}
