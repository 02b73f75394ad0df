"""What the pages of the import wizard show: imports in a list, one of them at its present stage, its dry run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.importing.kinds import KINDS
from agencies.importing.progress import Progress, progress_of
from agencies.models import DataImport, Institution, PlannedRow
from agencies.pages.import_faults import (
    KIND,
    FaultKind,
    FaultLine,
    Faults,
    fault_line,
    faults_of,
    kind_asked,
    kinds_of,
    of_kind,
)
from agencies.paging import Page, keyset_page

What = PlannedRow.What
_LATEST: Final = ("-uploaded_at", "-pk")
WHAT: Final = "apa"
"""The part of the address that says which fate is listed."""

PARTS: Final = {
    "agency": gettext_lazy("agency"),
    "unit": gettext_lazy("unit"),
    "position": gettext_lazy("position"),
    "task": gettext_lazy("task"),
    "employee": gettext_lazy("employee"),
    "employment": gettext_lazy("employment"),
    "posting": gettext_lazy("posting"),
    "predicate": gettext_lazy("performance predicate"),
    "service": gettext_lazy("public service"),
    "link": gettext_lazy("service served"),
    "week": gettext_lazy("week of a service"),
    "agencies": gettext_lazy("agencies"),
    "units": gettext_lazy("units"),
    "positions": gettext_lazy("positions"),
    "tasks": gettext_lazy("tasks"),
    "profiles": gettext_lazy("task profiles"),
    "employees": gettext_lazy("employees"),
    "employments": gettext_lazy("employments"),
    "postings": gettext_lazy("postings"),
    "predicates": gettext_lazy("performance predicates"),
    "services": gettext_lazy("public services"),
    "links": gettext_lazy("services served"),
    "weeks": gettext_lazy("weeks of services"),
}
"""What the parts of an import are called."""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field that changes, or is filled.

    `agreed` is the day on which what stood there was agreed on, and `by_reviewers` whether two reviewers did so.
    """

    column: str
    before: str
    after: str
    agreed: str = ""
    by_reviewers: bool = False

    @property
    def agreement(self) -> str:
        """That what stood there was agreed on, in words; empty where it was not."""
        if not self.agreed:
            return ""
        day = date_format(date.fromisoformat(self.agreed))
        both = _("agreed by two reviewers on %(day)s") if self.by_reviewers else _("recorded as agreed on %(day)s")
        return both % {"day": day}


@dataclass(frozen=True, slots=True)
class DryLine:
    """One line of a dry run in words."""

    row: int
    part: str
    label: str
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True)
class DryRun:
    """One page of a dry run, of one fate, and how many there are of each; `listed` of the one that is shown.

    Of what is refused `kinds` are the kinds of faults, and `kind` the one that alone is shown (None: all are).
    """

    what: str
    tallies: tuple[tuple[str, str, int], ...]
    lines: tuple[DryLine, ...] | tuple[FaultLine, ...]
    page: Page[PlannedRow]
    kinds: tuple[FaultKind, ...]
    kind: FaultKind | None
    faults: Faults
    to_do: int
    listed: int


@dataclass(frozen=True)
class CountLine:
    """How many rows of one kind an import created, changed and left alone."""

    name: str
    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Working:
    """How far work in the background has come, and whether it was cut off."""

    progress: Progress | None
    cut_off: bool


def imports_page(institution: Institution, query: QueryDict) -> Page[DataImport]:
    """One page of the imports, the latest first."""
    return keyset_page(imports_of(institution), query, _LATEST)


def imports_of(institution: Institution) -> QuerySet[DataImport]:
    """Every import of an institution, the latest first."""
    rows = DataImport.objects.filter(institution=institution).order_by(*_LATEST)
    return rows.select_related("uploaded_by", "applied_by", "ended_by")


def working(row: DataImport, now: datetime) -> Working:
    """How far it has come; the last sign of life is that of the progress or of the row."""
    told = progress_of(row.pk)
    if told is not None and (row.alive_at is None or told.at > row.alive_at):
        row.alive_at = told.at
    return Working(told, row.was_cut_off(now))


def dry_run(row: DataImport, query: QueryDict) -> DryRun:
    """The dry run that was kept: faults first, if there are any."""
    counts, what = _counts(row), fate_of(row, str(query.get(WHAT, "")))
    kinds = kinds_of(row) if what is What.REFUSED else ()
    kind = kind_asked(kinds, str(query.get(KIND, "")))
    page = keyset_page(of_kind(planned(row, what), kind), query, ("pk",))
    return DryRun(
        what=what.value,
        tallies=tuple((one.value, str(one.label), counts[one]) for one in What),
        lines=_lines_in(page, what),
        page=page,
        kinds=kinds,
        kind=kind,
        faults=faults_of(row),
        to_do=counts[What.CREATED] + counts[What.CHANGED],
        listed=kind.faults if kind else counts[what],
    )


def _lines_in(page: Page[PlannedRow], what: PlannedRow.What) -> tuple[DryLine, ...] | tuple[FaultLine, ...]:
    if what is What.REFUSED:
        return tuple(map(fault_line, page.rows))
    return tuple(map(dry_line, page.rows))


def fate_of(row: DataImport, asked: str) -> PlannedRow.What:
    """The fate that the address asks for; else the first that there is any of, faults before all."""
    counts = _counts(row)
    return What(asked) if asked in What.values else next((what for what in What if counts[what]), What.UNCHANGED)


def planned(row: DataImport, what: PlannedRow.What) -> QuerySet[PlannedRow]:
    """The lines of a dry run of one fate, in the order of the file."""
    return PlannedRow.objects.filter(data_import=row, what=what).order_by("pk")


def _counts(row: DataImport) -> dict[PlannedRow.What, int]:
    return {what: int(row.counts.get(what.value, 0)) for what in What}


def dry_line(row: PlannedRow) -> DryLine:
    """A line of a dry run in words."""
    fields = tuple(FieldLine(*one) for one in json.loads(row.fields or "[]"))
    return DryLine(row.row, str(PARTS.get(row.part, row.part)), row.label, fields)


def result_lines(row: DataImport) -> tuple[CountLine, ...]:
    """What an import that was carried out did, by kind of row."""
    return tuple(CountLine(str(PARTS.get(name, name)), *counts) for name, counts in row.counts.items())


def samples(rows: Sequence[Sequence[object]], places: int) -> list[str]:
    """For each column the first two different texts that stand in it."""
    found: list[list[str]] = [[] for _place in range(places)]
    for cells in rows:
        for place, cell in enumerate(cells[:places]):
            text = cell.strip()[:40] if isinstance(cell, str) else ""
            if text and text not in found[place] and len(found[place]) < 2:
                found[place].append(text)
    return [" · ".join(texts) for texts in found]


def kind_words() -> Mapping[str, str]:
    """What undoing each kind of import cannot take back."""
    return {
        KINDS["positions"].code.value: _(
            "Agencies, units, positions and tasks that were new stay in the history: they are closed from their first"
            " day, and their codes are free for a corrected file."
        ),
        KINDS["employees"].code.value: _(
            "Employees who were new stay with number and name, because nothing that is recorded is deleted: all their"
            " entries hold no longer."
        ),
        KINDS["services"].code.value: _(
            "Services that were new stay in the history: they are closed from their first day, and their codes are"
            " free for a corrected file."
        ),
        KINDS["service_needs"].code.value: _(
            "Weeks that were new stay in the history and hold no longer; those that they took the place of hold again."
        ),
    }
