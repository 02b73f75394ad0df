"""The imports, and the dry run of one of them, as tables to take away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.models import DataImport, Institution, PlannedRow
from agencies.pages.import_faults import fault_line, faults_of, kind_asked, kinds_of, of_kind
from agencies.pages.imports import DryLine, FieldLine, dry_line, fate_of, imports_of, planned, result_lines
from agencies.templatetags.portal import moment

What = PlannedRow.What


def imports_table(institution: Institution, on: date) -> ExportTable:
    """Every import, the latest first."""
    columns = (
        Column(_("File"), width=40),
        Column(_("What"), width=36),
        Column(_("Uploaded"), width=30),
        Column(_("By"), width=24),
        Column(_("Rows"), "number", 12),
        Column(pgettext("import", "State"), width=28),
        Column(_("Carried out"), width=30),
        Column("SHA-256", width=66),
    )

    def told(part: Iterable[DataImport]) -> Iterable[Sequence[Cell]]:
        for row in part:
            applied = moment(row.applied_at, institution) if row.applied_at else None
            uploaded, state = moment(row.uploaded_at, institution), row.get_state_display()
            by = row.uploader
            yield (row.file_name, row.get_kind_display(), uploaded, by, row.rows, state, applied, row.sha256)

    rows = told_in_parts(imports_of(institution), told)
    return ExportTable(_("Imports of files"), institution, on, (), None, columns, rows)


def dry_run_table(row: DataImport, asked: str, asked_kind: str, on: date) -> PeopleTable:
    """What would become of each thing of one fate; an import of employees tells of as many people as it has lines.

    Faults may be of one kind alone.
    """
    what = fate_of(row, asked)
    refused = what is What.REFUSED
    kind = kind_asked(kinds_of(row), asked_kind) if refused and asked_kind else None
    listed = of_kind(planned(row, what), kind)
    left = faults_of(row).unlisted if refused else None
    filters = (
        (_("File"), row.file_name),
        ("SHA-256", row.sha256),
        (_("What is listed"), str(what.label)),
        *([(_("Kind of fault"), f"{kind.of}: {kind.sentence}" if kind.of else kind.sentence)] if kind else []),
        *([(_("Not listed"), str(left))] if left else []),
    )
    table = ExportTable(
        _("What would be done"),
        row.institution,
        on,
        filters,
        None,
        _columns(what),
        told_in_parts(listed, lambda part: (_fault(one) if refused else _fate(what, dry_line(one)) for one in part)),
    )
    return PeopleTable(table, listed.order_by().count())


def result_table(row: DataImport, on: date) -> ExportTable:
    """What an import that was carried out did, by kind of row."""
    columns = (
        Column(_("Kind"), width=30),
        Column(_("Created"), "number", 14),
        Column(_("Changed"), "number", 14),
        Column(_("Unchanged"), "number", 14),
    )
    filters = ((_("File"), row.file_name), ("SHA-256", row.sha256), (pgettext("import", "State"), _state_words(row)))

    def rows() -> Iterable[Sequence[Cell]]:
        return ((line.name, line.created, line.changed, line.unchanged) for line in result_lines(row))

    return ExportTable(_("What was done"), row.institution, on, filters, None, columns, rows)


def _state_words(row: DataImport) -> str:
    when = row.ended_at or row.applied_at
    return f"{row.get_state_display()}, {moment(when, row.institution)}" if when else row.get_state_display()


def _columns(what: What) -> tuple[Column, ...]:
    first = Column(_("Row"), "number", 10)
    if what is What.REFUSED:
        return (
            first,
            Column(_("Heading and cell"), width=36),
            Column(_("What stands there"), width=40),
            Column(_("What to do"), width=70),
        )
    named = (first, Column(_("Kind"), width=20), Column(_("What it is about"), width=60))
    if what is What.UNCHANGED:
        return named
    return (*named, Column(_("Before → after") if what is What.CHANGED else _("What is recorded"), width=90))


def _fault(row: PlannedRow) -> tuple[Cell, ...]:
    line = fault_line(row)
    return (line.row, line.at or None, line.value or None, line.sentence)


def _fate(what: What, line: DryLine) -> tuple[Cell, ...]:
    named = (line.row or None, line.part, line.label)
    if what is What.UNCHANGED:
        return named
    return (*named, "; ".join(_field(what, field) for field in line.fields))


def _field(what: What, field: FieldLine) -> str:
    agreed = f" ({field.agreement})" if field.agreed else ""
    before = f"{field.before or '–'}{agreed} → " if what is What.CHANGED else ""
    return f"{field.column}: {before}{field.after or '–'}"
