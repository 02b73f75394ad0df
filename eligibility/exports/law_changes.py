"""What changed in the law between two days as a table to take away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.clock import end_of
from agencies.exporting.choices import Choices
from agencies.exporting.tables import Cell, Column, ExportTable
from agencies.models import Institution
from eligibility.pages.law_changes import ChangedRule, LawChanges, RuleEntry
from eligibility.pages.rules import period_words


def change_table(institution: Institution, page: LawChanges, known: date | None) -> ExportTable:
    """A row for each rule that came or went, each part that changed, each turn of an instrument, each setting.

    `known` is the day up to which the law is taken as known, where one was chosen.
    """
    days: Choices = ((_("From"), date_format(page.first)), (_("To"), date_format(page.second)))
    if known:
        days += ((_("Rules known up to"), date_format(known)),)
    return ExportTable(
        title=_("What changed in the rules"),
        institution=institution,
        on=page.second,
        filters=days,
        fingerprint=None,
        columns=(
            Column(_("What"), width=26),
            Column(_("Name"), width=44),
            Column(_("Rule code"), width=24),
            Column(_("Part"), width=20),
            Column(_("No longer"), width=40),
            Column(_("New"), width=40),
            Column(_("Because"), width=36),
        ),
        rows=lambda: _rows(page),
        known_at=end_of(known, institution) if known else None,
    )


def _rows(page: LawChanges) -> Iterator[tuple[Cell, ...]]:
    yield from (_entry(_("New rule"), one) for one in page.came)
    yield from (_entry(_("Rule no longer in force"), one) for one in page.went)
    for rule in page.changed:
        yield from _parts(rule)
    for turn in page.instruments:
        yield (turn.event, turn.title, None, date_format(turn.day), None, period_words(turn.days), None)
    for one in page.settings:
        yield (_("Setting"), one.label, None, None, one.before, one.after, None)


def _entry(what: str, one: RuleEntry) -> tuple[Cell, ...]:
    return (what, one.title, one.code, None, None, None, one.provision)


def _parts(rule: ChangedRule) -> Iterator[tuple[Cell, ...]]:
    own = (_("Changed rule"), rule.title, rule.code)
    for part in rule.parts:
        yield (*own, part.label, "\n".join(part.gone), "\n".join(part.new), rule.provision)
    if not rule.parts:
        yield (*own, _("Whom it reaches, or its source"), None, None, rule.provision)
