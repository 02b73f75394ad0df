"""The facts of a task, and what was recorded of one of them, as tables to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.clock import zone
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import FactRecord, Institution, Task
from agencies.task_pages import FactRow, FactVersion, TaskPage


def facts_table(institution: Institution, page: TaskPage, on: date) -> ExportTable:
    """Every fact of a task as it is now, known or not, with where it comes from."""
    columns = (
        Column(_("Group of facts"), width=32),
        Column(_("Fact"), width=44),
        Column(pgettext("fact", "Now"), width=32),
        Column(_("Source"), width=44),
        Column(_("Valid from"), "date", 14),
        Column(_("Basis"), width=16),
        Column(_("Recorded"), "date", 14),
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for group in page.groups:
            for row in group.rows:
                yield (group.title, row.label, row.value, *_origin(row, institution))

    return ExportTable(_("Facts of the task"), institution, on, _named(page.task), None, columns, rows)


def _origin(row: FactRow, institution: Institution) -> tuple[Cell, ...]:
    return _recorded(row.record, institution) if row.record else (None, None, None, None)


def _recorded(record: FactRecord, institution: Institution) -> tuple[Cell, ...]:
    day = record.recorded_at.astimezone(zone(institution)).date()
    return (record.source, record.valid_from, record.get_basis_display(), day)


def fact_history_table(
    institution: Institution, task: Task, label: str, history: Sequence[FactVersion], on: date
) -> ExportTable:
    """Every value that was ever recorded of a fact of a task, the latest first."""
    columns = (
        Column(pgettext("fact", "Answer"), width=32),
        Column(_("Source"), width=44),
        Column(_("Valid from"), "date", 14),
        Column(_("Basis"), width=16),
        Column(_("Recorded"), "date", 14),
        Column(_("Reason"), width=44),
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for one in history:
            yield (one.value, *_recorded(one.record, institution), one.record.reason or None)

    filters = (*_named(task), (_("Fact"), label))
    return ExportTable(_("History of a fact"), institution, on, filters, None, columns, rows)


def _named(task: Task) -> tuple[tuple[str, str], ...]:
    position = task.position
    return (
        (_("Task"), task.title),
        (_("Position"), f"{position} ({position.code})"),
        (_("Agency"), position.agency.name),
    )
