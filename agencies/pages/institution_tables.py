"""What is kept about an institution as tables to take away: policy stages, places of work, own criteria, documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from agencies.clock import zone
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Document, Institution, LocalCriterion, PolicyStage, Workplace

M = TypeVar("M", bound=Model)


def stage_table(institution: Institution, rows: QuerySet[PolicyStage], on: date) -> ExportTable:
    """Every stance that was recorded."""
    columns = (
        Column(_("Valid from"), "date", 14),
        Column(_("Stage"), width=36),
        Column(_("Source"), width=60),
        Column(_("Recorded"), "date", 14),
    )

    def told(part: Iterable[PolicyStage]) -> Iterable[Sequence[Cell]]:
        for row in part:
            recorded = row.recorded_at.astimezone(zone(institution)).date()
            yield (row.valid_from, row.get_stage_display(), row.source, recorded)

    return _table(institution, _("Policy stage"), on, columns, rows, told)


def workplace_table(institution: Institution, rows: QuerySet[Workplace], on: date) -> ExportTable:
    """The register of offices and other places."""
    columns = (
        Column(_("Name"), width=36),
        Column(_("Code"), width=18),
        Column(_("Kind"), width=20),
        Column(_("Agency"), width=36),
        Column(_("Address"), width=48),
        Column(_("Basis"), width=40),
        Column(_("In the register from"), "date", 14),
        Column(_("Closed from"), "date", 14),
    )

    def told(part: Iterable[Workplace]) -> Iterable[Sequence[Cell]]:
        for row in part:
            agency = row.agency.name if row.agency else None
            kind = row.get_kind_display()
            yield (row.name, row.code, kind, agency, row.address, row.basis, row.valid_from, row.closed_on)

    return _table(institution, _("Places of work"), on, columns, rows, told)


def criterion_table(institution: Institution, rows: QuerySet[LocalCriterion], on: date) -> ExportTable:
    """The criteria that have a name; the others are not in use."""
    columns = (
        Column(_("Number"), "number", 10),
        Column(_("Name of the criterion"), width=40),
        Column(_("Question"), width=80),
    )

    def told(part: Iterable[LocalCriterion]) -> Iterable[Sequence[Cell]]:
        for row in part:
            yield (row.number, row.label, row.question)

    return _table(institution, _("Own task criteria"), on, columns, rows, told)


def document_table(institution: Institution, rows: QuerySet[Document], on: date) -> ExportTable:
    """The register of documents; the files themselves are handed out one by one."""
    columns = (
        Column(_("Name of the document"), width=60),
        Column(_("Added"), "date", 14),
        Column(_("Size in bytes"), "number", 14),
        Column("SHA-256", width=66),
    )

    def told(part: Iterable[Document]) -> Iterable[Sequence[Cell]]:
        for row in part:
            yield (row.name, row.added_at.astimezone(zone(institution)).date(), row.size, row.sha256)

    return _table(institution, _("Documents"), on, columns, rows, told)


def _table(
    institution: Institution,
    title: str,
    on: date,
    columns: tuple[Column, ...],
    rows: QuerySet[M],
    told: Callable[[Iterable[M]], Iterable[Sequence[Cell]]],
) -> ExportTable:
    return ExportTable(title, institution, on, (), None, columns, told_in_parts(rows, told))
