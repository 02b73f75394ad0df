"""The law as tables to take away: the rules in force, the settings of the institution, its implementing instruments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from agencies.clock import zone
from agencies.exporting.choices import Choices
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Institution
from eligibility.explanations import RuleWords
from eligibility.exports.outcomes import known_by
from eligibility.models import InstrumentPeriod
from eligibility.pages.institution import InstrumentState, SettingRecord, SettingState
from eligibility.pages.reading import Reading
from eligibility.pages.rule_questions import QuestionRules
from eligibility.pages.rules import RulesPage


def rule_table(reading: Reading, page: RulesPage) -> ExportTable:
    """A row for each rule in force, as the sentence it is."""
    return ExportTable(
        title=_("Rules in force"),
        institution=reading.institution,
        on=reading.on,
        filters=known_by(reading),
        fingerprint=reading.rulebook.fingerprint,
        columns=(Column(_("Instrument"), width=32), Column(_("In force"), width=26), *_sentence_columns()),
        rows=lambda: (
            (group.instrument.title, group.period, *_sentence_cells(rule.words))
            for group in page.groups
            for rule in group.rules
        ),
    )


def question_table(reading: Reading, questions: Sequence[QuestionRules]) -> ExportTable:
    """The same rules under each question whose answer they read; one that reads several stands under each."""
    return ExportTable(
        title=_("Rules by question"),
        institution=reading.institution,
        on=reading.on,
        filters=known_by(reading),
        fingerprint=reading.rulebook.fingerprint,
        columns=(Column(_("Question"), width=40), *_sentence_columns()),
        rows=lambda: ((one.label, *_sentence_cells(rule)) for one in questions for rule in one.rules),
    )


def _sentence_columns() -> tuple[Column, ...]:
    return (
        Column(_("Rule"), width=32),
        Column(_("Rule code"), width=24),
        Column(_("Version"), "number", 8),
        Column(_("For"), width=24),
        Column(_("If"), width=44),
        Column(_("Then"), width=44),
        Column(_("Unless"), width=32),
        Column(_("Because"), width=36),
        Column(_("Compared with the official text"), "yes_no", 14),
    )


def _sentence_cells(words: RuleWords) -> tuple[Cell, ...]:
    return (
        words.title,
        words.code,
        words.version,
        ", ".join(words.modes),
        "\n".join(words.conditions),
        words.consequence,
        "\n".join(words.exceptions),
        words.provision,
        words.verified,
    )


def setting_table(institution: Institution, states: Iterable[SettingState], on: date) -> ExportTable:
    """A row for each open point of the law with what holds on the day."""
    return ExportTable(
        title=_("Settings of the institution"),
        institution=institution,
        on=on,
        filters=(),
        fingerprint=None,
        columns=(
            Column(_("Setting"), width=48),
            Column(_("Holds now"), width=30),
            Column(_("Default of the portal"), width=30),
            Column(_("Valid from"), "date", 14),
            Column(_("Basis"), width=48),
        ),
        rows=lambda: map(_setting_cells, states),
    )


def _setting_cells(state: SettingState) -> tuple[Cell, ...]:
    own = (state.row.valid_from, state.row.source) if state.row else (None, None)
    return (_(state.setting.label), state.value, state.default, *own)


def setting_history_table(
    institution: Institution, state: SettingState, history: Iterable[SettingRecord], on: date
) -> ExportTable:
    """Every value that was recorded of one open point."""

    def rows() -> Iterator[Sequence[Cell]]:
        for record in history:
            row = record.row
            document = row.document.name if row.document else None
            known = row.known_from.astimezone(zone(institution)).date()
            yield (row.valid_from, record.value, row.source, document, known)

    return ExportTable(
        title=_("History of a setting"),
        institution=institution,
        on=on,
        filters=((_("Setting"), _(state.setting.label)),),
        fingerprint=None,
        columns=(
            Column(_("Valid from"), "date", 14),
            Column(_("Value"), width=36),
            Column(_("Source"), width=60),
            Column(_("Document"), width=40),
            Column(_("Recorded"), "date", 14),
        ),
        rows=rows,
    )


def instrument_table(institution: Institution, states: Iterable[InstrumentState], on: date) -> ExportTable:
    """A row for each implementing instrument with its state on the day."""
    return ExportTable(
        title=_("Implementing basis"),
        institution=institution,
        on=on,
        filters=(),
        fingerprint=None,
        columns=(
            Column(_("Instrument"), width=44),
            Column(_("Number"), width=24),
            Column(_("Issued on"), "date", 14),
            Column(_("Subject"), width=44),
            Column(_("State on this day"), width=24),
            Column(_("Days in force"), width=36),
            Column(_("Whom it reaches"), width=44),
        ),
        rows=lambda: map(_instrument_cells, states),
    )


def _instrument_cells(state: InstrumentState) -> tuple[Cell, ...]:
    one = state.instrument
    days, reach = "; ".join(state.days_words), ", ".join(state.reaches) or _("The whole institution")
    return (one.title, one.number, one.issued_on, one.subject, state.state, days, reach)


def period_table(institution: Institution, state: InstrumentState, on: date) -> ExportTable:
    """Everything that was recorded of the days of one instrument."""
    named: Choices = ((_("Instrument"), state.instrument.title),)

    def told(row: InstrumentPeriod) -> tuple[Cell, ...]:
        recorded = row.known_from.astimezone(zone(institution)).date()
        return (recorded, row.get_kind_display(), row.starts_on, row.ends_on, row.basis)

    return ExportTable(
        title=_("Recorded of its days"),
        institution=institution,
        on=on,
        filters=named,
        fingerprint=None,
        columns=(
            Column(_("Recorded"), "date", 14),
            Column(_("What"), width=24),
            Column(_("First day"), "date", 14),
            Column(_("Last day"), "date", 14),
            Column(_("Basis"), width=60),
        ),
        rows=lambda: map(told, state.periods),
    )
