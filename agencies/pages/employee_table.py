"""The file of an employee as a table to take away: as much of it as its reader sees on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.pages.employee_file import EmployeeFile, Section


def file_table(file: EmployeeFile) -> PeopleTable:
    """A row for each thing that is said in each entry of the sections, the number masked as on the page."""
    columns = (
        Column(_("Section of the file"), width=32),
        Column(_("Entry"), "number", 8),
        Column(_("What is recorded"), width=32),
        Column(_("Value"), width=48),
        *([Column(_("Superseded"), width=18)] if file.all_versions else []),
    )
    shown = _("All entries, superseded ones too") if file.all_versions else _("What is valid now")
    table = ExportTable(
        title=_("File of an employee"),
        institution=file.employee.institution,
        on=file.on,
        filters=((_("Name"), file.employee.name), (_("NIP or NI PPPK"), file.nip), (_("Shown"), shown)),
        fingerprint=None,
        columns=columns,
        rows=lambda: (row[: len(columns)] for section in file.sections for row in _cells(section)),
    )
    return PeopleTable(table, 1, file.employee)


def _cells(section: Section) -> Iterator[Sequence[Cell]]:
    """Where the reader may see no rows, the sentence that she is told instead; an empty section is told too."""
    if section.sentence or not section.lines:
        yield (section.title, None, None, section.sentence or str(section.noun.empty), None)
        return
    for number, line in enumerate(section.lines, 1):
        for cell in line.cells:
            yield (section.title, number, cell.label, cell.text, line.superseded or None)
