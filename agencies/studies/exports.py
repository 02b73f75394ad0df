"""The tables of studies as files: all agencies side by side, and one agency over its periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Agency, AgencyReview, Institution
from agencies.studies.measures import MEASURES, Measure, Unit
from agencies.studies.over_time import OverTime
from agencies.studies.side_by_side import Row, SideBySide

_CENT: Final = Decimal("0.01")


def compared_export(
    table: SideBySide, institution: Institution, on: date, filters: tuple[tuple[str, str], ...]
) -> ExportTable:
    """All rows of the page in its order."""
    return ExportTable(
        title=_("Agencies side by side"),
        institution=institution,
        on=on,
        filters=filters,
        fingerprint=None,
        columns=(Column(_("Agency"), width=40), *_study_columns()),
        rows=lambda: ([row.agency.name, *_study_cells(row)] for row in table.rows),
    )


def over_time_export(found: OverTime, agency: Agency, on: date) -> ExportTable:
    """The signed studies of an agency by period, the earliest first."""
    return ExportTable(
        title=_("Studies of the agency"),
        institution=agency.institution,
        on=on,
        filters=((_("Agency"), agency.name),),
        fingerprint=None,
        columns=_study_columns(),
        rows=lambda: (_cells(study) for study in found.studies),
    )


def _study_columns() -> tuple[Column, ...]:
    units = {Unit.POINTS: _("points"), Unit.PERCENT: _("percent"), Unit.RUPIAH: _("rupiah")}
    return (
        Column(_("First day of the period"), "date", 14),
        Column(_("Last day of the period"), "date", 14),
        Column(_("Conclusion"), width=14),
        Column(_("Document of the study"), width=40),
        *(Column(f"{_(measure.short)} ({units[measure.unit]})", "number", 14) for measure in MEASURES),
    )


def _study_cells(row: Row) -> Sequence[Cell]:
    return _cells(row.study) if row.study else [None, None, _("no study"), None, *[None] * len(MEASURES)]


def _cells(study: AgencyReview) -> list[Cell]:
    conclusion = study.get_conclusion_display() if study.conclusion else None
    return [study.period_starts_on, study.period_ends_on, conclusion, study.source, *_values(study)]


def _values(study: AgencyReview) -> Iterator[Cell]:
    """What is not known is an empty cell, never zero."""
    for measure in MEASURES:
        yield _rounded(measure, measure.read(study))


def _rounded(measure: Measure, value: Decimal | None) -> Decimal | int | None:
    if value is None:
        return None
    return round(value) if measure.unit is Unit.RUPIAH else Decimal(value).quantize(_CENT)
