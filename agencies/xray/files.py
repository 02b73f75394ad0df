"""The look through the data as tables to take away: all checks, or the rows of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Agency, Institution
from agencies.xray.checks import Severity
from agencies.xray.page import RowsPage, XrayPage

AT_ONCE: Final = 1000
"""Rows read from the database together."""


def severity_word(severity: Severity) -> str:
    """A severity as people read it."""
    words = {
        Severity.HIGH: pgettext("severity", "High"),
        Severity.MEDIUM: pgettext("severity", "Medium"),
        Severity.LOW: pgettext("severity", "Low"),
    }
    return words[severity]


def checks_table(institution: Institution, page: XrayPage, known_at: datetime) -> ExportTable:
    """Every check with its number, those that found nothing among them."""
    columns = (
        Column(pgettext("check", "Check"), width=40),
        Column(_("Severity"), width=10),
        Column(pgettext("check", "Rows of"), width=18),
        Column(pgettext("check", "Found"), "number", 10),
        Column(_("Why it matters"), width=50),
        Column(_("What to do"), width=50),
    )
    lines = [line for part in page.parts for line in part.lines]

    def rows() -> Iterator[list[Cell]]:
        for check, number in [*((line.check, line.number) for line in lines), *((check, 0) for check in page.clean)]:
            words = (check.title, severity_word(check.severity), check.level.label)
            yield [*map(str, words), number, str(check.why), str(check.remedy)]

    return ExportTable(_("Data X-ray"), institution, page.on, _narrowed(page.agency), None, columns, rows, known_at)


def rows_table(institution: Institution, page: RowsPage, known_at: datetime) -> ExportTable:
    """Every row that a check found."""
    columns = (
        Column(str(page.check.level.label), width=40),
        Column(_("Details"), width=60),
        Column(page.agency_label, width=40),
    )

    def rows() -> Iterator[list[Cell]]:
        for row in page.all_rows(AT_ONCE):
            yield [row.title, row.detail, row.agency]

    title = str(page.check.title)
    return ExportTable(title, institution, page.on, _narrowed(page.agency), None, columns, rows, known_at)


def _narrowed(agency: Agency | None) -> tuple[tuple[str, str], ...]:
    return ((_("Agency"), agency.name),) if agency else ()
