"""What an agency consists of, for the page on which it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from agencies.models import Agency, NonAsnStaff, Position, PublicService, Unit
from agencies.querysets import open_on


@dataclass(frozen=True, slots=True)
class KeptUnit:
    """A unit with how many positions count in it today."""

    unit: Unit
    positions: int


@dataclass(frozen=True)
class StructurePage:
    """The parts of an agency; what is closed stands among them, with its day.

    `closed_positions` are those that count no more; `open_positions` says how many do.
    """

    units: tuple[KeptUnit, ...]
    services: tuple[PublicService, ...]
    below: tuple[Agency, ...]
    staff: tuple[NonAsnStaff, ...]
    closed_positions: tuple[Position, ...]
    closed_total: int
    open_positions: int


CLOSED_SHOWN = 50
"""So many closed positions are listed, the latest closed first; the page says how many there are."""


def structure_page(agency: Agency, on: date) -> StructurePage:
    """Read the parts of an agency as they stand on a day."""
    positions = Position.objects.filter(agency=agency)
    closed = positions.filter(closed_on__lte=on).order_by("-closed_on", "title", "pk")
    return StructurePage(
        units=tuple(_units(agency, on)),
        services=tuple(PublicService.objects.filter(agency=agency).select_related("unit")),
        below=tuple(Agency.objects.filter(parent=agency)),
        staff=_latest_counts(agency),
        closed_positions=tuple(closed[:CLOSED_SHOWN]),
        closed_total=closed.count(),
        open_positions=positions.filter(open_on(on)).count(),
    )


def _units(agency: Agency, on: date) -> list[KeptUnit]:
    still = Q(positions__closed_on__isnull=True) | Q(positions__closed_on__gt=on)
    rows: QuerySet[Unit] = Unit.objects.filter(agency=agency).annotate(number=Count("positions", filter=still))
    return [KeptUnit(unit, getattr(unit, "number", 0)) for unit in rows]


def _latest_counts(agency: Agency) -> tuple[NonAsnStaff, ...]:
    """The last count of the agency as a whole and of each of its units."""
    rows = NonAsnStaff.objects.current().filter(agency=agency).select_related("unit").order_by("counted_on", "pk")
    latest = {row.unit_id: row for row in rows}
    return tuple(sorted(latest.values(), key=lambda row: row.unit.code if row.unit else ""))
