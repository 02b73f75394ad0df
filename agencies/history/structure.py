"""An agency as it stood on a day: what it was, its units, the agencies below it, its positions and who held them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Exists, Min, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.history.holders import Holders, holders_on
from agencies.history.records import Ledger
from agencies.history.state import Line, Then
from agencies.history.words import names_in
from agencies.models import Agency, FactRecord, Position, Unit
from agencies.paging import Page, keyset_page
from agencies.querysets import PositionQuerySet, open_on
from agencies.structure import written

ORDER: Final = ("title", "jenjang", "pk")
_SHOWN: Final = ("title", "jenjang", "unit", "needed", "filled")


@dataclass(frozen=True, slots=True)
class PastPosition:
    """A position as it stood on the day, and who held it."""

    position: Position
    title: Line
    jenjang: Line
    unit: Line
    needed: Line
    filled: Line
    holders: Holders

    @property
    def name(self) -> str:
        """Title and jenjang of the day."""
        parts = [self.title.value] if self.title.value != "–" else []
        return " ".join([*parts, *([self.jenjang.value] if self.jenjang.value != "–" else [])])

    @property
    def now(self) -> str:
        """Today's name, where it is another."""
        return str(self.position) if self.title.now or self.jenjang.now else ""


@dataclass(frozen=True, slots=True)
class PastPart:
    """A unit, or an agency below, as it was called on the day; `now` is today's name where that is another."""

    row: Unit | Agency
    name: str
    now: str
    undated: bool


@dataclass(frozen=True)
class PastAgency:
    """Everything of the page. `first_day` is the first day for which anything of its positions is recorded."""

    agency: Agency
    lines: tuple[Line, ...]
    units: tuple[PastPart, ...]
    below: tuple[PastPart, ...]
    positions: tuple[PastPosition, ...]
    page: Page[Position]
    total: int
    named: int
    first_day: date | None


def past_agency(standing: Standing, agency: Agency, query: QueryDict, on: date, known_at: datetime) -> PastAgency:
    """The agency as it stood on the day, by what was recorded at the moment."""
    found = positions_on(agency, on, known_at)
    page = keyset_page(found.select_related("agency", "unit"), query, ORDER)
    positions, named = past_positions(standing, page.rows, on, known_at)
    units = list(Unit.objects.filter(agency=agency).order_by("name", "pk"))
    below = list(_below_or_once_below(agency))
    then = _then(agency, _records(agency, units, below), on, known_at)
    return PastAgency(
        agency=agency,
        lines=tuple(_agency_lines(then, agency)),
        units=tuple(_parts(then, units, "unit")),
        below=tuple(_parts(then, _children_on(then, agency, below), "agency")),
        positions=positions,
        page=page,
        total=found.count(),
        named=named,
        first_day=_of_positions(agency).aggregate(first=Min("valid_from"))["first"],
    )


def positions_on(agency: Agency, on: date, known_at: datetime) -> PositionQuerySet:
    """The positions that belonged to the agency and counted on the day, as recorded at the moment.

    One of which nothing was ever recorded stands among them: since when it is there nobody knows.
    """
    moved = _ledger_of("position.agency", agency, Q(position__agency=agency) | Q(value=agency.code))
    closed = _ledger_of("position.closed_on", agency, Q(position__agency=agency) | Q(position__in=moved.subjects()))
    here = {key for key in moved.subjects() if _was_here(moved, key, agency, on, known_at)}
    positions = Position.objects.filter(institution=agency.institution)
    there = (Q(agency=agency) & ~Q(pk__in=moved.subjects())) | Q(pk__in=here)
    open_then = {key for key in closed.subjects() if _was_open(closed, key, on, known_at)}
    counted = (open_on(on) & ~Q(pk__in=closed.subjects())) | Q(pk__in=open_then)
    return positions.filter(there & counted).filter(_begun(on, known_at))


def _begun(on: date, known_at: datetime) -> Q:
    """Something of the position was recorded for the day; or nothing ever was."""
    own = FactRecord.objects.filter(position=OuterRef("pk"))
    tasks = FactRecord.objects.filter(task__position=OuterRef("pk"))
    then = {"valid_from__lte": on, "recorded_at__lte": known_at}
    begun = Q(Exists(own.filter(**then))) | Q(Exists(tasks.filter(**then)))
    return begun | ~(Q(Exists(own)) | Q(Exists(tasks)))


def _ledger_of(fact: str, agency: Agency, which: Q) -> Ledger:
    """All records of the fact of the positions that the condition finds."""
    positions = FactRecord.objects.filter(which, institution=agency.institution, fact=fact).values("position")
    return Ledger(FactRecord.objects.filter(institution=agency.institution, fact=fact, position__in=positions))


def _was_here(ledger: Ledger, position: int, agency: Agency, on: date, known_at: datetime) -> bool:
    found = ledger.value(("position", position, "position.agency"), None, on, known_at)
    return found.text == agency.code


def _was_open(ledger: Ledger, position: int, on: date, known_at: datetime) -> bool:
    """A null day is no day of closing; before the first record nothing was closed."""
    found = ledger.value(("position", position, "position.closed_on"), None, on, known_at)
    return found.text is None or date.fromisoformat(found.text) > on


def past_positions(
    standing: Standing, positions: Sequence[Position], on: date, known_at: datetime
) -> tuple[tuple[PastPosition, ...], int]:
    """Positions as they stood on the day with their holders, and how many people are named."""
    if not positions:
        return (), 0
    facts = [f"position.{column}" for column in _SHOWN]
    records = list(FactRecord.objects.filter(position__in=positions, fact__in=facts))
    then = _then(positions[0].agency, records, on, known_at, [one.agency for one in positions])
    holders, named = holders_on(standing, [one.pk for one in positions], on, known_at)
    return tuple(_past(then, one, holders.get(one.pk, Holders())) for one in positions), named


def _past(then: Then, position: Position, holders: Holders) -> PastPosition:
    lines = (
        then.line(("position", position.pk, f"position.{name}"), written(getattr(position, name))) for name in _SHOWN
    )
    title, jenjang, unit, needed, filled = lines
    return PastPosition(position, title, jenjang, unit, needed, filled, holders)


def _then(
    agency: Agency, records: Iterable[FactRecord], on: date, known_at: datetime, near: Iterable[Agency] = ()
) -> Then:
    kept = list(records)
    names = names_in(agency.institution, kept, [agency, agency.parent, *near])
    return Then(Ledger(kept), names, on, known_at)


def _of_positions(agency: Agency) -> Any:
    return FactRecord.objects.filter(Q(position__agency=agency) | Q(task__position__agency=agency))


def _below_or_once_below(agency: Agency) -> Iterable[Agency]:
    once = FactRecord.objects.filter(fact="agency.parent", value=agency.code, institution=agency.institution)
    found = Agency.objects.filter(Q(parent=agency) | Q(pk__in=once.values("agency")))
    return found.select_related("parent").order_by("name", "pk")


def _records(agency: Agency, units: Sequence[Unit], below: Sequence[Agency]) -> list[FactRecord]:
    agencies = [agency.pk, *(one.pk for one in below)]
    return list(FactRecord.objects.filter(Q(agency__in=agencies) | Q(unit__in=[one.pk for one in units])))


def _agency_lines(then: Then, agency: Agency) -> Iterator[Line]:
    for column in ("name", "kind", "sector", "parent"):
        yield then.line(("agency", agency.pk, f"agency.{column}"), written(getattr(agency, column)))


def _children_on(then: Then, agency: Agency, below: Iterable[Agency]) -> list[Agency]:
    def was_below(one: Agency) -> bool:
        now = written(one.parent) if one.parent_id else None
        found = then.ledger.value(("agency", one.pk, "agency.parent"), now, then.on, then.known_at)
        return found.text == agency.code

    return [one for one in below if was_below(one)]


def _parts(then: Then, rows: Iterable[Unit | Agency], level: str) -> Iterator[PastPart]:
    """Those that counted on the day, by the name they had."""
    for row in rows:
        key, closed_now = (level, row.pk, f"{level}.closed_on"), written(row.closed_on)
        closed = then.ledger.value(key, closed_now, then.on, then.known_at).text
        name = then.line((level, row.pk, f"{level}.name"), row.name)
        if not name.unknown and (closed is None or date.fromisoformat(closed) > then.on):
            yield PastPart(row, name.value, name.now, name.undated)


def past_table(standing: Standing, agency: Agency, on: date, known_at: datetime) -> PeopleTable:
    """The positions of the agency as they stood on the day, to take away."""
    found = positions_on(agency, on, known_at).select_related("agency", "unit").order_by(*ORDER)

    def told(part: Sequence[Position]) -> Iterator[tuple[Cell, ...]]:
        for row in past_positions(standing, part, on, known_at)[0]:
            figures = (_number(row.needed), _number(row.filled))
            yield (row.name, row.position.code, row.unit.value, *figures, row.holders.words, row.now)

    table = ExportTable(
        title=_("Positions as they stood on a day"),
        institution=standing.institution,
        on=on,
        filters=((_("Agency"), agency.name),),
        fingerprint=None,
        columns=(
            Column(_("Position"), width=36),
            Column(_("Code"), width=18),
            Column(_("Unit"), width=32),
            Column(_("Needed (ABK)"), "number", 12),
            Column(_("Filled"), "number", 10),
            Column(_("Holders"), width=44),
            Column(_("Called today"), width=36),
        ),
        rows=told_in_parts(found, told),
        known_at=known_at,
    )
    return PeopleTable(table, _named(standing, found, on, known_at))


def _named(standing: Standing, found: PositionQuerySet, on: date, known_at: datetime) -> int:
    """How many people the table names."""
    return holders_on(standing, found.order_by().values("pk"), on, known_at)[1]


def _number(line: Line) -> int | None:
    return int(line.value) if line.value.isdigit() else None
