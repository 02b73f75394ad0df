"""The list of maps, and the comparison of two (groups down, for each side its positions and outcomes), as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.exporting.tables import Cell, ExportTable
from agencies.exporting.tables import Column as ExportColumn
from agencies.models import Institution
from agencies.templatetags.portal import moment
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS
from eligibility.models import PublishedMap
from eligibility.pages.published_maps import Comparison, Content, GroupRow
from eligibility.published_maps.tables import OUTCOMES


def maps_export(institution: Institution, maps: Iterable[PublishedMap], on: date) -> ExportTable:
    """The maps that the reader may see, the newest first."""
    columns = (
        ExportColumn(_("Institution"), width=36),
        ExportColumn(_("Judged as of"), "date", 14),
        ExportColumn(_("Published"), width=30),
        ExportColumn(_("Note"), width=60),
        ExportColumn(_("Withdrawn"), "yes_no", 14),
    )

    def rows() -> Iterator[Sequence[Cell]]:
        for row in maps:
            published = moment(row.published_at, row.institution)
            yield (row.institution.name, row.judged_on, published, row.note or None, row.is_withdrawn)

    return ExportTable(_("Results of other governments"), institution, on, (), None, columns, rows)


def comparison_export(page: Comparison, institution: Institution, on: date) -> ExportTable:
    """As the page shows it; the fingerprints of both sides stand among what it is narrowed by."""
    sides = tuple((column.name, f"{date_format(column.judged_on)}; {column.fingerprint}") for column in page.columns)
    counted = _("Positions") if page.content is Content.POSITIONS else _("Staff, to the nearest ten")
    return ExportTable(
        title=_("Results of other governments"),
        institution=institution,
        on=on,
        filters=((_("Form"), _(MODE_LABELS[page.mode])), (_("Counted"), counted), *sides),
        fingerprint=None,
        columns=(ExportColumn(_("Group"), width=44), *_side_columns(page)),
        rows=lambda: (_cells(row) for row in (*page.rows, page.sums)),
    )


def _side_columns(page: Comparison) -> Iterator[ExportColumn]:
    for column in page.columns:
        yield ExportColumn(f"{column.name}: {_('Positions')}", "number", 14)
        for outcome in OUTCOMES:
            yield ExportColumn(f"{column.name}: {_(OUTCOME_LABELS[outcome])}", "number", 14)


def _cells(row: GroupRow) -> list[Cell]:
    cells: list[Cell] = [row.label]
    for side in row.sides:
        if side is None:
            cells += [None] * (1 + len(OUTCOMES))
            continue
        cells.append(side.positions)
        cells += [cell.unsaid or cell.number for cell in side.cells]
    return cells
