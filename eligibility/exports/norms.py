"""The norms that speak to an agency as a table to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from agencies.exporting.choices import Choices
from agencies.exporting.tables import Cell, Column, ExportTable
from eligibility.exports.outcomes import known_by
from eligibility.pages.norms import InstrumentDays, LiftLine, ModeNorms, NormLine, NormsPage
from eligibility.pages.reading import Reading
from eligibility.pages.rules import period_words


def norm_table(reading: Reading, page: NormsPage) -> ExportTable:
    """A row for each norm and each group of modes it speaks to, with its standing; last the instruments that rest."""
    named: Choices = ((_("Agency"), page.agency.name),)
    if page.unit:
        named += ((_("Unit"), page.unit.name),)
    return ExportTable(
        title=_("Norms that speak to this agency"),
        institution=reading.institution,
        on=reading.on,
        filters=(*named, *known_by(reading)),
        fingerprint=reading.rulebook.fingerprint,
        columns=(
            Column(_("Form of flexible work"), width=24),
            Column(_("What"), width=26),
            Column(_("Standing"), width=30),
            Column(_("Rule"), width=32),
            Column(_("Rule code"), width=22),
            Column(_("Then"), width=36),
            Column(_("If"), width=32),
            Column(_("Unless"), width=28),
            Column(_("Because"), width=32),
            Column(_("Layer"), width=22),
            Column(_("In force"), width=26),
            Column(_("Set aside by"), width=36),
        ),
        rows=lambda: _rows(page),
    )


def _rows(page: NormsPage) -> Iterator[tuple[Cell, ...]]:
    for mode in page.modes:
        yield from _of_mode(mode)
    for one in page.resting:
        yield _resting(one)


def _of_mode(mode: ModeNorms) -> Iterator[tuple[Cell, ...]]:
    lines = mode.lines
    groups: list[tuple[str, Iterable[NormLine]]] = [(_("Closed or open"), lines.prohibitions)]
    groups += [(limit.heading, limit.norms) for limit in lines.limits]
    groups.append((_("Demanded of each job"), lines.demands))
    for what, norms in groups:
        yield from (_cells(mode, what, norm) for norm in norms)


def _cells(mode: ModeNorms, what: str, norm: NormLine) -> tuple[Cell, ...]:
    words = norm.words
    return (
        mode.label,
        what,
        norm.label,
        words.title,
        words.code,
        words.consequence,
        "\n".join(words.conditions),
        "\n".join(words.exceptions),
        words.provision,
        norm.layer,
        period_words(norm.days) if norm.days else None,
        "\n".join(map(_lift, norm.lifts)) or None,
    )


def _lift(lift: LiftLine) -> str:
    days = f", {period_words(lift.days)}" if lift.days else ""
    return f"{lift.words.title} ({lift.words.provision}{days})"


def _resting(one: InstrumentDays) -> tuple[Cell, ...]:
    days = "\n".join(map(period_words, one.days)) or _("never in force")
    layer = one.instrument.get_layer_display()
    return (None, _("Not in force on this day"), None, one.instrument.title, *(None,) * 5, layer, days, None)
