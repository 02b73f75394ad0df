"""Arrangements as tables to take away: those in one's charge, what waits for a decision, and who is where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.clock import zone
from agencies.exporting.choices import Choices, choices_of
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.masking import masked_nip
from agencies.models import Institution
from eligibility.arrangements.stands import stands
from eligibility.arrangements.stations import is_last, station_of
from eligibility.models import Arrangement, ArrangementState
from eligibility.pages.arrangements import arrangements_to_export, place_words, weekdays_of
from eligibility.pages.presence import PersonRow, PresencePage
from eligibility.pages.waiting import OLDEST
from eligibility.querysets import ArrangementQuerySet


def arrangement_table(standing: Standing, query: QueryDict, on: date) -> PeopleTable:
    """Everything that the address narrows the list to, the newest first."""
    found, chosen = arrangements_to_export(standing, query, on)
    return table_of(standing.institution, found, choices_of(chosen), on, _("Flexible work (Fleksibilitas Kerja)"))


def table_of(
    institution: Institution, found: ArrangementQuerySet, filters: Choices, on: date, title: str
) -> PeopleTable:
    """Arrangements row by row; numbers of people are masked, and nobody's residence is told."""
    table = ExportTable(
        title=title,
        institution=institution,
        on=on,
        filters=filters,
        fingerprint=None,
        columns=(
            Column(_("Number"), "number", 10),
            Column(_("Name"), width=28),
            Column(_("NIP or NI PPPK"), width=22),
            Column(_("Position"), width=32),
            Column(_("Agency"), width=32),
            Column(_("Unit"), width=28),
            Column(_("Form"), width=18),
            Column(_("Place"), width=28),
            Column(_("Days"), width=20),
            Column(_("First day"), "date", 14),
            Column(_("Last day"), "date", 14),
            Column(_("State"), width=18),
            Column(_("Approved"), "date", 14),
            Column(_("Implementing basis"), width=32),
        ),
        rows=told_in_parts(found, lambda part: (_cells(institution, row, on) for row in part)),
    )
    return PeopleTable(table, found.order_by().count())


def _cells(institution: Institution, row: Arrangement, on: date) -> tuple[Cell, ...]:
    return (
        row.pk,
        row.employee.name,
        masked_nip(row.employee.nip),
        str(row.position),
        row.agency.name,
        row.unit.name if row.unit else None,
        row.get_mode_display(),
        place_words(row),
        weekdays_of(row.days),
        row.starts_on,
        row.ends_on,
        str(stands(row, on).label),
        row.approved_at.astimezone(zone(institution)).date() if row.approved_at else None,
        row.norm.title if row.norm else None,
    )


def waiting_table(standing: Standing, found: ArrangementQuerySet, on: date) -> PeopleTable:
    """What waits for the user's offices, the longest first; each is examined on its page, not here."""
    related = ("employee", "position", "agency", "unit", "institution")
    table = ExportTable(
        title=_("Waiting for a decision"),
        institution=standing.institution,
        on=on,
        filters=(),
        fingerprint=None,
        columns=(
            Column(_("Name"), width=28),
            Column(_("Position"), width=36),
            Column(_("Form"), width=18),
            Column(_("Days"), width=24),
            Column(_("First day"), "date", 14),
            Column(_("Last day"), "date", 14),
            Column(_("Submitted"), "date", 14),
            Column(_("Waits for"), width=36),
            Column(_("What is asked"), width=18),
        ),
        rows=told_in_parts(found.select_related(*related).order_by(*OLDEST), lambda part: map(_waiting_cells, part)),
    )
    return PeopleTable(table, found.order_by().count())


def _waiting_cells(row: Arrangement) -> tuple[Cell, ...]:
    station = station_of(row)
    objection = row.state == ArrangementState.REFUSED
    return (
        row.employee.name,
        str(row.position),
        row.get_mode_display(),
        weekdays_of(row.days),
        row.starts_on,
        row.ends_on,
        row.submitted_at.astimezone(zone(row.institution)).date() if row.submitted_at else None,
        station.title if station else None,
        _("Objection") if objection else _("To decide") if is_last(row) else _("To endorse"),
    )


def presence_table(standing: Standing, page: PresencePage) -> PeopleTable:
    """Where each of the people that the address asks for is on each day; the kind of a leave is not told."""
    people: Sequence[PersonRow] = page.part.paginator.object_list  # type: ignore[assignment]  # a list, never a query
    table = ExportTable(
        title=_("Who is where"),
        institution=standing.institution,
        on=page.today,
        filters=choices_of(page.filter),
        fingerprint=None,
        columns=(
            Column(_("Name"), width=28),
            Column(_("Position"), width=32),
            Column(_("Unit"), width=28),
            *(Column(date_format(one.day), width=16) for one in page.columns),
        ),
        rows=lambda: ((one.name, one.position, one.unit, *(cell.word for cell in one.days)) for one in people),
    )
    return PeopleTable(table, len(people))
