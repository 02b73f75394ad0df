"""What an agency consists of, for the page on which it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from agencies.exporting.parts import PART
from agencies.exporting.tables import Cell, Column, ExportTable
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
"""So many closed positions are listed, the latest closed first; the page says how many there are, and leads to all."""


LATEST_CLOSED = ("-closed_on", "-pk")
"""The order of closed positions."""


def closed_positions(agency: Agency, on: date) -> QuerySet[Position]:
    """Every position of the agency that counts no more on the day."""
    return Position.objects.filter(agency=agency, closed_on__lte=on).order_by(*LATEST_CLOSED)


def closed_table(agency: Agency, on: date) -> ExportTable:
    """The same as a table to take away."""
    columns = (
        Column(_("Position"), width=48),
        Column(_("Code"), width=20),
        Column(_("Category"), width=24),
        Column(_("Unit"), width=36),
        Column(_("Closed from"), "date", 14),
    )

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in closed_positions(agency, on).select_related("unit").iterator(chunk_size=PART):
            unit = row.unit.name if row.unit else None
            yield (str(row), row.code, row.get_category_display(), unit, row.closed_on)

    return ExportTable(
        _("Closed positions"), agency.institution, on, ((_("Agency"), agency.name),), None, columns, rows
    )


def structure_page(agency: Agency, on: date) -> StructurePage:
    """Read the parts of an agency as they stand on a day."""
    closed = closed_positions(agency, on)
    return StructurePage(
        units=tuple(_units(agency, on)),
        services=tuple(PublicService.objects.filter(agency=agency).select_related("unit")),
        below=tuple(Agency.objects.filter(parent=agency)),
        staff=_latest_counts(agency),
        closed_positions=tuple(closed[:CLOSED_SHOWN]),
        closed_total=closed.count(),
        open_positions=Position.objects.filter(open_on(on), agency=agency).count(),
    )


def structure_table(agency: Agency, page: StructurePage, on: date) -> ExportTable:
    """The parts of an agency but its open positions, which have a table of their own."""
    return ExportTable(
        title=_("Structure"),
        institution=agency.institution,
        on=on,
        filters=((_("Agency"), agency.name),),
        fingerprint=None,
        columns=(
            Column(_("Part"), width=24),
            Column(_("Name"), width=48),
            Column(_("Code"), width=20),
            Column(_("Kind"), width=24),
            Column(_("Unit"), width=36),
            Column(_("Hours"), width=24),
            Column(_("Number"), "number", 10),
            Column(_("Closed from"), "date", 14),
        ),
        rows=lambda: _cells(agency, page),
    )


def _cells(agency: Agency, page: StructurePage) -> Iterator[tuple[Cell, ...]]:
    for row in page.units:
        one = row.unit
        yield (_("Unit"), one.name, one.code, one.get_kind_display(), None, None, row.positions, one.closed_on)
    for service in page.services:
        unit = service.unit.name if service.unit else None
        named = (_("Public service"), service.name, service.code, service.get_kind_display())
        yield (*named, unit, service.hours, service.staff_on_site, service.closed_on)
    for below in page.below:
        kind = below.get_kind_display()
        yield (_("Organisational unit"), below.name, below.code, kind, None, None, None, below.closed_on)
    for count in page.staff:
        unit = count.unit.name if count.unit else None
        yield (_("Non-ASN staff"), count.source, None, None, unit, None, count.count, None)
    closed = Position.objects.filter(agency=agency, closed_on__isnull=False).select_related("unit")
    for position in closed.order_by("-closed_on", "title", "pk").iterator(chunk_size=PART):
        unit = position.unit.name if position.unit else None
        named = (_("Closed position"), str(position), position.code, position.get_category_display())
        yield (*named, unit, None, position.filled, position.closed_on)


def _units(agency: Agency, on: date) -> list[KeptUnit]:
    still = Q(positions__closed_on__isnull=True) | Q(positions__closed_on__gt=on)
    rows: QuerySet[Unit] = Unit.objects.filter(agency=agency).annotate(number=Count("positions", filter=still))
    return [KeptUnit(unit, getattr(unit, "number", 0)) for unit in rows]


def _latest_counts(agency: Agency) -> tuple[NonAsnStaff, ...]:
    """The last count of the agency as a whole and of each of its units."""
    rows = NonAsnStaff.objects.current().filter(agency=agency).select_related("unit").order_by("counted_on", "pk")
    latest = {row.unit_id: row for row in rows}
    return tuple(sorted(latest.values(), key=lambda row: row.unit.code if row.unit else ""))
