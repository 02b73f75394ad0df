"""A compared sheet as a table to take away: both answers to each question, and how a difference was settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.mapping.sheet_lines import ComparedLine, ComparedPage


def compared_table(page: ComparedPage, lines: Iterable[ComparedLine], on: date) -> ExportTable:
    """These questions of a sheet that both reviewers have submitted; of another there is no page, and so no table."""
    task, position = page.sheet.task, page.sheet.task.position
    return ExportTable(
        title=_("Answers of both reviewers"),
        institution=page.sheet.institution,
        on=on,
        filters=((_("Task"), task.title), (_("Position"), str(position)), (_("Agency"), position.agency.name)),
        fingerprint=None,
        columns=(
            Column(_("Question"), width=40),
            Column(_("By the agency"), width=24),
            Column(_("Note of the agency"), width=36),
            Column(_("By BKPSDM"), width=24),
            Column(_("Note of BKPSDM"), width=36),
            Column(_("Alike"), "yes_no", 10),
            Column(_("Settled"), width=24),
            Column(_("Reason"), width=40),
        ),
        rows=lambda: map(_cells, lines),
    )


def _cells(line: ComparedLine) -> Sequence[Cell]:
    notes = [said.note or None if said else None for said in (line.by_agency, line.by_bkpsdm)]
    settled = (line.settled_words, line.settlement.reason) if line.settlement else (None, None)
    return (line.question.label, line.agency_words, notes[0], line.bkpsdm_words, notes[1], line.same, *settled)
