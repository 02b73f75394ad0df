"""Determinations as tables to take away: agencies with what holds of them, and the rows of one as they were judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.exporting.choices import Choices, choices_of
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Institution
from eligibility.explanations import OUTCOME_LABELS
from eligibility.exports.outcomes import mode_columns
from eligibility.models import DeterminedPosition, Verification
from eligibility.pages.determinations import CHOICES, AgencyLine, DeterminationsPage
from eligibility.pages.determined_rows import ORDER, determined_filter, determined_rows
from eligibility.pages.reading import Reading


def determination_table(reading: Reading, page: DeterminationsPage) -> ExportTable:
    """Every agency that the address asks for, with its latest Keputusan."""
    return ExportTable(
        title=_("Determinations (Keputusan)"),
        institution=reading.institution,
        on=reading.on,
        filters=_narrowed_by(page),
        fingerprint=None,
        columns=(
            Column(_("Agency"), width=44),
            Column(_("Below"), width=32),
            Column(_("Latest Keputusan"), width=28),
            Column(_("Dated"), "date", 14),
            Column(_("State"), width=18),
            Column(_("On the way"), width=28),
            Column(_("Positions"), "number", 12),
            Column(_("Determined"), "number", 12),
            Column(_("No longer fits"), "number", 12),
            Column(_("Not determined"), "number", 12),
        ),
        rows=lambda: map(_line_cells, page.kept),
        known_at=reading.known_at,
    )


def _narrowed_by(page: DeterminationsPage) -> Choices:
    words = ((_("Search by name or code"), page.words),) if page.words else ()
    return (*words, (_("Show"), str(CHOICES[page.chosen]))) if page.chosen else words


def _line_cells(line: AgencyLine) -> tuple[Cell, ...]:
    one = line.determination
    return (
        line.agency.name,
        line.agency.parent.name if line.agency.parent else None,
        one.number if one else None,
        one.signed_on if one else None,
        line.stands_label,
        line.verification.get_state_display() if line.verification else None,
        line.positions,
        line.determined,
        line.stale,
        line.missing,
    )


def determined_table(
    institution: Institution,
    verification: Verification,
    rows: QuerySet[DeterminedPosition],
    query: QueryDict,
    changed: Mapping[int, tuple[str, ...]],
) -> ExportTable:
    """Every row in sight that the address asks for, as it was judged and signed; `changed` is what no longer fits."""
    chosen = determined_filter(rows, query, changed)
    number = getattr(getattr(verification, "determination", None), "number", "")
    named = ((_("Keputusan"), number),) if number else ()
    return ExportTable(
        title=_("Rows as they were signed") if number else _("Results as they were sent"),
        institution=institution,
        on=verification.judged_on,
        filters=(*named, (_("Agency"), verification.agency.name), *choices_of(chosen.form)),
        fingerprint=verification.rulebook_id,
        columns=(
            Column(_("Position"), width=36),
            Column(_("Code"), width=18),
            Column(_("Organisational unit"), width=32),
            Column(_("Unit"), width=32),
            *mode_columns(),
            Column(_("Basis of the facts"), width=32),
            Column(_("No longer fits because"), width=40),
        ),
        rows=told_in_parts(
            chosen.qs.select_related("agency").order_by(*ORDER), lambda part: _cells(verification, part, changed)
        ),
    )


def _cells(
    verification: Verification, part: Sequence[DeterminedPosition], changed: Mapping[int, tuple[str, ...]]
) -> Iterator[tuple[Cell, ...]]:
    for line in determined_rows(verification, part, changed):
        row = line.row
        outcomes = (_(OUTCOME_LABELS[one.outcome]) for one in line.outcomes)
        bases = ", ".join(f"{number} {label.lower()}" for label, number in line.bases)
        yield (str(row), row.code, row.agency.name, row.unit_name, *outcomes, bases, "; ".join(line.changed))
