"""An agency: its positions with their outcome in every mode, the agencies below it, its services, its study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict

from agencies.exporting.parts import PART
from agencies.models import Agency, AgencyReview, Position, PublicService
from agencies.paging import Page
from agencies.prepared import prepared
from agencies.querysets import PositionQuerySet, open_on
from eligibility import screening
from eligibility.filters import PositionFilter
from eligibility.pages.gates import GateNotice, gate_notice
from eligibility.pages.in_force import InForce, in_force_for, narrowed
from eligibility.pages.matrix import Matrix, build_matrix
from eligibility.pages.paging import ORDERS, keyset_page
from eligibility.pages.reading import Reading
from eligibility.rulebook import Bounds, Mode, Outcome


@dataclass(frozen=True, slots=True)
class ModeOutcome:
    """The outcome of a position in one mode."""

    mode: Mode
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position of the list with its outcome in every mode; `holds` is what is determined of it, if anything."""

    position: Position
    outcomes: tuple[ModeOutcome, ...]
    holds: InForce | None = None


@dataclass(frozen=True)
class PositionList:
    """One page of positions, how many there are in all, and what they are narrowed by."""

    rows: tuple[PositionRow, ...]
    page: Page[Position]
    total: int
    filter: PositionFilter
    narrowed: bool
    has_below: bool


@dataclass(frozen=True)
class AgencyPage:
    """Everything of an agency's page but its list of positions."""

    agency: Agency
    ancestors: tuple[Agency, ...]
    matrix: Matrix
    gate: GateNotice
    services: tuple[PublicService, ...]
    review: AgencyReview | None

    @property
    def total(self) -> int:
        """All positions of the agency and of those below it."""
        return self.matrix.total


def agency_page(reading: Reading, agency: Agency, agencies: list[Agency]) -> AgencyPage:
    """Put the page together; the reading is within the agency, and `agencies` hold those in sight above and below."""
    below = [one for one in agencies if one.pk in (reading.agencies or ())]
    return AgencyPage(
        agency=agency,
        ancestors=_ancestors(agency, agencies),
        matrix=build_matrix(below, reading.counts(below), opened=(agency.code,)),
        gate=gate_notice(reading, [one.pk for one in below]),
        services=tuple(_services(agency.pk, reading.on)),
        review=next(reversed(_studies(agency.pk, reading.on)), None),
    )


@prepared
def _services(agency: int, on: date) -> QuerySet[PublicService]:
    return PublicService.objects.filter(open_on(on), agency=agency).select_related("unit")


@prepared
def _studies(agency: int, on: date) -> QuerySet[AgencyReview]:
    """Those begun by a day, of which the last is in force."""
    return AgencyReview.objects.filter(agency=agency).begun(on)


def _ancestors(agency: Agency, agencies: list[Agency]) -> tuple[Agency, ...]:
    """The agencies in sight above this one, the highest first."""
    in_sight = {one.pk: one for one in agencies}
    found: list[Agency] = []
    parent = agency.parent_id
    while parent in in_sight:
        found.insert(0, in_sight[parent])
        parent = in_sight[parent].parent_id
    return tuple(found)


@dataclass(frozen=True)
class ListedPositions:
    """The positions that an address asks for; `kept` are the keys with the outcome asked for (None: all)."""

    rows: PositionQuerySet
    filter: PositionFilter
    kept: set[int] | None
    has_below: bool

    @property
    def total(self) -> int:
        """How many there are."""
        return self.rows.count() if self.kept is None else len(self.kept)

    def all(self) -> Iterator[Position]:
        """Every one of them in the order asked for, read in parts."""
        ordered = self.rows.select_related("agency", "unit").order_by(*ORDERS[self.filter.order])
        found = ordered.iterator(chunk_size=PART)
        return (one for one in found if self.kept is None or one.pk in self.kept)


def listed_positions(reading: Reading, agency: Agency, query: QueryDict) -> ListedPositions:
    """The positions of the agency and of those below it that the address asks for.

    The reading is of the whole institution, or within the agency.
    """
    below = reading.agencies or Agency.objects.filter(institution=reading.institution).subtree([agency.pk])
    everything = Position.objects.filter(open_on(reading.on), institution=reading.institution, agency__in=below)
    chosen = PositionFilter(query, everything, agency_key=agency.pk)
    rows = narrowed(chosen.qs, reading, chosen.determined)
    return ListedPositions(rows, chosen, _kept(reading, chosen, rows), len(below) > 1)


def position_list(reading: Reading, agency: Agency, query: QueryDict) -> PositionList:
    """The page of positions that the address asks for."""
    found = listed_positions(reading, agency, query)
    page = keyset_page(found.rows, query, found.filter.order, found.kept)
    shown = {key for key, value in query.items() if value} & {"cari", "cara", "hasil", "sendiri", "penetapan"}
    return PositionList(
        rows=tuple(position_rows(reading, page.rows)),
        page=page,
        total=found.total,
        filter=found.filter,
        narrowed=bool(shown),
        has_below=found.has_below,
    )


def position_rows(reading: Reading, positions: Sequence[Position]) -> Iterator[PositionRow]:
    """The positions with their outcomes and with what is determined of them, read for all of them at once."""
    keys = [position.pk for position in positions]
    outcomes, holds = _bounds(reading, keys), in_force_for(reading, keys)
    return (_row(one, outcomes[one.pk], holds.get(one.pk)) for one in positions)


def _kept(reading: Reading, chosen: PositionFilter, rows: PositionQuerySet) -> set[int] | None:
    """The keys of the positions with the outcome asked for; None where none is asked for."""
    if chosen.outcome is None:
        return None
    found = _bounds(reading, list(rows.values_list("pk", flat=True)))
    return {key for key, bounds in found.items() if chosen.keeps(bounds)}


def _bounds(reading: Reading, keys: list[int]) -> dict[int, dict[Mode, Bounds]]:
    if not keys:
        return {}
    return screening.position_bounds(reading.rulebook, reading.grounds, institution=reading.institution, positions=keys)


def _row(position: Position, bounds: dict[Mode, Bounds], holds: InForce | None) -> PositionRow:
    return PositionRow(position, tuple(ModeOutcome(mode, bounds[mode].outcome) for mode in Mode), holds)
