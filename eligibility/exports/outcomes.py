"""Outcomes as tables to take away: the map of agencies, the positions of an agency, the answer of a position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.clock import zone
from agencies.exporting.choices import Choices, choices_of
from agencies.exporting.parts import in_parts
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Agency, Position
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS, ReasonWords
from eligibility.pages.agency import PositionRow, listed_positions, position_rows
from eligibility.pages.home import open_questions
from eligibility.pages.matrix import Matrix, Row, build_matrix
from eligibility.pages.position import PositionPage, in_short
from eligibility.pages.reading import Reading
from eligibility.pages.tallies import SHOWN
from eligibility.position_explanations import ModeExplanation
from eligibility.rulebook import Mode


def mode_columns() -> tuple[Column, ...]:
    """A column for the outcome in each form."""
    return tuple(Column(_(MODE_LABELS[mode]), width=20) for mode in Mode)


def known_by(reading: Reading) -> Choices:
    """The day up to which the law is known, where the address chooses one."""
    if not reading.day.known_chosen:
        return ()
    return ((_("Rules known up to"), date_format(reading.known_at.astimezone(zone(reading.institution)))),)


def matrix_table(reading: Reading, matrix: Matrix) -> ExportTable:
    """A row for each agency and form: the positions by outcome; those below are counted in it and follow it."""
    return ExportTable(
        title=_("Map of agencies"),
        institution=reading.institution,
        on=reading.on,
        filters=known_by(reading),
        fingerprint=reading.rulebook.fingerprint,
        columns=(
            Column(_("Agency"), width=44),
            Column(_("Code"), width=18),
            Column(_("Below"), width=30),
            Column(_("Form of flexible work"), width=22),
            Column(_("Positions"), "number", 12),
            *(Column(_(OUTCOME_LABELS[outcome]), "number", 14) for outcome in SHOWN),
        ),
        rows=lambda: _matrix_rows(matrix.rows, None),
    )


def _matrix_rows(rows: Iterable[Row], above: Row | None) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        for cell in row.cells:
            named = (row.agency.name, row.agency.code, above.agency.name if above else None)
            yield (*named, _(MODE_LABELS[cell.mode]), row.total, *cell.tally.numbers)
        yield from _matrix_rows(row.children, row)


def asked_table(reading: Reading, agencies: Sequence[Agency]) -> ExportTable:
    """Every agency with positions that need information, in the form where they are most."""
    found = open_questions(build_matrix(agencies, reading.counts(agencies)))
    return ExportTable(
        title=_("Where answers are missing most"),
        institution=reading.institution,
        on=reading.on,
        filters=known_by(reading),
        fingerprint=reading.rulebook.fingerprint,
        columns=(
            Column(_("Agency"), width=44),
            Column(_("Form of flexible work"), width=22),
            Column(_("Positions that need information"), "number", 14),
            Column(_("Positions"), "number", 12),
        ),
        rows=lambda: ((one.agency.name, _(MODE_LABELS[one.mode]), one.number, one.total) for one in found),
    )


def position_table(reading: Reading, agency: Agency, query: QueryDict) -> ExportTable:
    """Every position that the address asks for, of the agency and of those below it, with its outcomes."""
    chosen = listed_positions(reading, agency, query)
    return ExportTable(
        title=_("Positions with their outcome by form of flexible work"),
        institution=reading.institution,
        on=reading.on,
        filters=((_("Agency"), agency.name), *choices_of(chosen.filter.form), *known_by(reading)),
        fingerprint=reading.rulebook.fingerprint,
        columns=(
            Column(_("Position"), width=36),
            Column(_("Code"), width=18),
            Column(_("Organisational unit"), width=32),
            Column(_("Unit"), width=32),
            Column(_("Needed (ABK)"), "number", 12),
            Column(_("Filled"), "number", 10),
            *mode_columns(),
            Column(_("Determination"), width=24),
            Column(_("No longer fits because"), width=40),
        ),
        rows=lambda: _position_rows(reading, chosen.all()),
    )


def _position_rows(reading: Reading, positions: Iterable[Position]) -> Iterator[tuple[Cell, ...]]:
    for part in in_parts(positions):
        yield from map(_position_cells, position_rows(reading, part))


def _position_cells(row: PositionRow) -> tuple[Cell, ...]:
    one = row.position
    return (
        str(one),
        one.code,
        one.agency.name,
        one.unit.name if one.unit else None,
        one.needed,
        one.filled,
        *(_(OUTCOME_LABELS[answer.outcome]) for answer in row.outcomes),
        row.holds.determination.number if row.holds else None,
        "; ".join(row.holds.changed) if row.holds else None,
    )


def answer_table(reading: Reading, page: PositionPage) -> ExportTable:
    """The answer of a position: a row for each reason in each form."""
    position = page.position
    return ExportTable(
        title=_("Answer for a position, with every reason"),
        institution=reading.institution,
        on=reading.on,
        filters=(
            (_("Position"), f"{position} ({position.code})"),
            (_("Agency"), position.agency.name),
            *known_by(reading),
        ),
        fingerprint=reading.rulebook.fingerprint,
        columns=(
            Column(_("Form of flexible work"), width=22),
            Column(_("Outcome"), width=20),
            Column(_("In short"), width=40),
            Column(_("Reason"), width=60),
            Column(_("Facts read"), width=48),
            Column(_("Legal basis"), width=40),
            Column(_("Compared with the official text"), "yes_no", 14),
        ),
        rows=lambda: (row for mode in page.modes for row in _mode_rows(mode)),
    )


def _mode_rows(mode: ModeExplanation) -> Iterator[Sequence[Cell]]:
    """Reasons first, then the gates; a form without any has one row."""
    head = (mode.label, mode.outcome_label, in_short(mode))
    reasons = (*mode.reasons, *mode.gates)
    if not reasons:
        yield (*head, None, None, None, None)
    for reason in reasons:
        yield (*head, *_reason_cells(reason))


def _reason_cells(reason: ReasonWords) -> tuple[Cell, ...]:
    facts = "; ".join(f"{fact.label}: {fact.value}" for fact in reason.facts)
    tasks = f" ({'; '.join(reason.tasks)})" if reason.tasks else ""
    return (f"{reason.sentence}{tasks}", facts, reason.provision, reason.verified)
