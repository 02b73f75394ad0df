"""The tables of studies as files: all agencies side by side, the studies of one agency, and one study in full."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Agency, AgencyReview, Institution
from agencies.pages.studies import StudyPage
from agencies.studies.figures import THEMES, Figure, Theme
from agencies.studies.measures import MEASURES, Measure, Unit, costs_of, readiness_of
from agencies.studies.side_by_side import SideBySide
from agencies.studies.wording import answer_label

_CENT: Final = Decimal("0.01")

Told = tuple[Column, Callable[[AgencyReview], Cell]]
"""A column, and what a study has in it; what is not known is an empty cell, never zero and never no."""


def compared_export(
    table: SideBySide,
    institution: Institution,
    on: date,
    filters: tuple[tuple[str, str], ...],
    known_at: datetime,
) -> ExportTable:
    """All rows of the page in its order, each with everything that its study says."""
    told = [*_heads(), *_measures(), *_everything()]
    return ExportTable(
        title=_("Agencies side by side"),
        institution=institution,
        on=on,
        filters=filters,
        fingerprint=None,
        columns=(Column(_("Agency"), width=40), *(column for column, _read in told)),
        rows=lambda: ([row.agency.name, *_cells(told, row.study)] for row in table.rows),
        known_at=known_at,
    )


def signed_export(studies: Iterable[AgencyReview], speaking: Collection[int], agency: Agency, on: date) -> ExportTable:
    """Every signed study of an agency in full; `speaking` are the keys of those that speak for their period."""

    def speaks(study: AgencyReview) -> Cell:
        return study.pk in speaking if study.period_ends_on else None

    for_period: Told = (Column(_("Speaks for its period"), "yes_no", 14), speaks)
    told = [*_heads(), for_period, *_measures(), *_everything()]
    return ExportTable(
        title=_("Studies of the agency"),
        institution=agency.institution,
        on=on,
        filters=((_("Agency"), agency.name),),
        fingerprint=None,
        columns=tuple(column for column, _read in told),
        rows=lambda: (_cells(told, study) for study in studies),
    )


def study_export(page: StudyPage, on: date) -> ExportTable:
    """One study in full: a row for what was concluded and for each thing that it says."""
    study = page.study
    return ExportTable(
        title=_("Study of the agency"),
        institution=study.agency.institution,
        on=on,
        filters=((_("Agency"), study.agency.name), (pgettext("study", "Period"), page.period)),
        fingerprint=None,
        columns=(
            Column(pgettext("study", "Theme"), width=32),
            Column(pgettext("study", "What"), width=40),
            Column(pgettext("study", "Found"), width=30),
            Column(_("Unit of the number"), width=20),
            Column(_("Recorded in the portal"), "number", 14),
            Column(_("Source"), width=40),
        ),
        rows=lambda: _lines(page),
    )


def _lines(page: StudyPage) -> Iterator[list[Cell]]:
    study, concluded = page.study, _("What BKPSDM concludes")
    for column, read in _heads():
        value = read(study)
        words = date_format(value) if isinstance(value, date) else value
        yield [concluded, column.label, words, None, None, None]
    for part in page.parts:
        for line in part.lines:
            yield [part.label, line.label, line.words, line.unit or None, line.recorded, part.source or None]
    for remark in page.remarks:
        yield [_("To check"), remark, None, None, None, None]


def _cells(told: Iterable[Told], study: AgencyReview | None) -> list[Cell]:
    """What a study says; of an agency without one it is said once, in the place of the conclusion."""
    if study is None:
        return [_("no study") if place == _CONCLUSION else None for place, _told in enumerate(told)]
    return [read(study) for _column, read in told]


_CONCLUSION: Final = 3


def _heads() -> list[Told]:
    """When it holds, of which period it speaks, what is concluded and why."""
    return [
        (Column(_("Valid from"), "date", 14), attrgetter("valid_from")),
        (Column(_("First day of the period"), "date", 14), attrgetter("period_starts_on")),
        (Column(_("Last day of the period"), "date", 14), attrgetter("period_ends_on")),
        (Column(_("Conclusion"), width=18), lambda study: study.get_conclusion_display() or None),
        (Column(_("Reasons"), width=60), lambda study: study.reasons or None),
        (Column(_("Document of the study"), width=40), lambda study: study.source or None),
    ]


def _measures() -> list[Told]:
    """What studies are compared by, and beside the parts of readiness how many are missing or unknown."""
    units = {
        Unit.POINTS: _("points"),
        Unit.PERCENT: _("percent"),
        Unit.RUPIAH: _("rupiah"),
        Unit.PARTS: _("parts"),
        Unit.COUNT: _("complaints"),
    }
    compared: list[Told] = [
        (Column(f"{_(one.short)} ({units[one.unit]})", "number", 14), partial(_rounded, one))
        for one in MEASURES
        if one.unit in units  # answers follow by their theme, as yes and no
    ]
    return [
        *compared,
        (Column(_("Parts of readiness that are missing"), "number", 14), lambda study: readiness_of(study).missing),
        (Column(_("Parts of readiness not known"), "number", 14), lambda study: readiness_of(study).unknown),
        (Column(_("All costs of the period (rupiah)"), "number", 16), costs_of),
    ]


def _rounded(measure: Measure, study: AgencyReview) -> Cell:
    value = measure.read(study)
    if value is None:
        return None
    whole = measure.unit in (Unit.RUPIAH, Unit.PARTS)
    return round(value) if whole else Decimal(value).quantize(_CENT)


def _everything() -> Iterator[Told]:
    """Every figure and answer by its theme, with the source of the theme."""
    for theme in THEMES:
        yield from (_figure(figure) for figure in theme.figures)
        if theme.name == "sakip":
            yield Column(_("SAKIP grade"), width=14), lambda study: study.sakip_grade or None
        yield from (_answer(name) for name in theme.answers)
        yield _source(theme)


def _figure(figure: Figure) -> Told:
    return Column(f"{_(figure.label)} ({_(figure.unit)})", "number", 16), attrgetter(figure.name)


def _answer(name: str) -> Told:
    return Column(answer_label(name), "yes_no", 14), attrgetter(name)


def _source(theme: Theme) -> Told:
    column = Column(_("Source: %(theme)s") % {"theme": _(theme.label)}, width=30)
    return column, lambda study: getattr(study, theme.source) or None
