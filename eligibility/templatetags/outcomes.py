"""Outcomes as symbol, word and shape, and tallies as bars: inline SVG, so that they print and need no script."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.markup import markup, markup_of_rows
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS
from eligibility.pages.agency import ModeOutcome
from eligibility.pages.tallies import SHOWN, Part, Tally
from eligibility.rulebook import Mode, Outcome

register = template.Library()

_SHAPES: Final = {
    # ● full, ◐ half, ○ empty, a question in a broken ring, and ▣ for a closed gate
    Outcome.ELIGIBLE.value: '<circle cx="8" cy="8" r="6" class="filled"/>',
    Outcome.CONDITIONAL.value: (
        '<circle cx="8" cy="8" r="6" class="ring"/><path d="M8 2a6 6 0 0 0 0 12z" class="filled"/>'
    ),
    Outcome.NOT_ELIGIBLE.value: '<circle cx="8" cy="8" r="6" class="ring"/>',
    Outcome.NEEDS_INFORMATION.value: (
        '<circle cx="8" cy="8" r="6" class="ring broken"/>'
        '<text x="8" y="11.5" text-anchor="middle" class="sign">?</text>'
    ),
    "gate": (
        '<rect x="2" y="2" width="12" height="12" class="ring"/><rect x="5" y="5" width="6" height="6" class="filled"/>'
    ),
}

_FILLS: Final = {Outcome.CONDITIONAL: "url(#hatched)"}
"""The half-open outcome is hatched, so that bars can be told apart without colour."""


@register.simple_tag
def outcome_icon(outcome: str) -> SafeString:
    """The symbol alone, for beside its word."""
    # Safe: the shapes are constants of this module.
    shape = mark_safe(_SHAPES[str(outcome)])  # nosec B308 B703
    return markup(
        '<svg class="outcome-icon outcome-{}" viewBox="0 0 16 16" width="16" height="16" '
        'aria-hidden="true" focusable="false">{}</svg>',
        str(outcome).replace("_", "-"),
        shape,
    )


@register.filter
def outcome_label(outcome: Outcome) -> str:
    """The outcome's word."""
    return _(OUTCOME_LABELS[outcome])


@register.filter
def mode_label(mode: Mode) -> str:
    """The mode's word."""
    return _(MODE_LABELS[mode])


@register.simple_tag
def outcome_badge(outcome: Outcome) -> SafeString:
    """Symbol and word."""
    return _badge(outcome, get_language())


@cache
def _badge(outcome: Outcome, _language: str | None) -> SafeString:
    """Written once for each language; a list of positions has hundreds."""
    return markup(
        '<span class="outcome outcome-{}">{} {}</span>',
        outcome.value.replace("_", "-"),
        outcome_icon(outcome.value),
        outcome_label(outcome),
    )


@register.simple_tag
def outcome_cells(outcomes: Iterable[ModeOutcome]) -> SafeString:
    """The cells of a position, one for each form of flexible work; in one go, because a list has hundreds."""
    return _cells(tuple((one.mode, one.outcome) for one in outcomes), get_language())


@lru_cache(maxsize=1_000)
def _cells(outcomes: tuple[tuple[Mode, Outcome], ...], _language: str | None) -> SafeString:
    """Written once for each language: most positions of a list have one of a few."""
    cells = ((_(MODE_LABELS[mode]), outcome_badge(outcome)) for mode, outcome in outcomes)
    return markup_of_rows("", '<td data-label="{}">{}</td>', cells)


@register.simple_tag
def tally_bar(tally: Tally) -> SafeString:
    """The stacked bar of a tally. Its words stand beside it, so the drawing itself is hidden."""
    parts = markup_of_rows("", "{}", ((_rectangle(part),) for part in tally.parts if part.number))
    return markup(
        '<svg class="tally-bar" width="100%" height="14" aria-hidden="true" focusable="false">{}</svg>',
        parts,
    )


@register.simple_tag
def outcome_swatch(outcome: Outcome) -> SafeString:
    """How the outcome's part of a bar looks."""
    return markup(
        '<svg class="swatch" width="28" height="14" aria-hidden="true" focusable="false">{}</svg>',
        _rectangle(Part(outcome, 1, 2, 96)),
    )


def _rectangle(part: Part) -> SafeString:
    css = f"part-{part.outcome.value.replace('_', '-')}"
    return markup(
        '<rect x="{}%" y="0.5" width="{}%" height="12" class="{}"{}/>',
        f"{part.start:.3f}",
        f"{part.width:.3f}",
        css,
        markup(' fill="{}"', _FILLS[part.outcome]) if part.outcome in _FILLS else "",
    )


@register.filter
def tally_words(tally: Tally) -> str:
    """The tally in words: "12 eligible, 3 needs information of 15 positions"."""
    if not tally.total:
        return _("No positions")
    said = [f"{part.number} {_(OUTCOME_LABELS[part.outcome]).lower()}" for part in tally.parts if part.number]
    return _("%(said)s of %(total)s positions") % {"said": ", ".join(said), "total": tally.total}


@register.simple_tag
def outcomes_shown() -> tuple[Outcome, ...]:
    """The outcomes in the order of the bars."""
    return SHOWN


@register.simple_tag
def modes_shown() -> tuple[Mode, ...]:
    """The modes in their order."""
    return tuple(Mode)
