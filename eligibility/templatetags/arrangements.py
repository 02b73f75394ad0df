"""Where an arrangement stands and how a check stands: symbol, word and shape; what waits, for the navigation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies import clock
from agencies.access import Standing
from agencies.markup import markup, markup_of_rows
from agencies.models import Role
from eligibility.arrangements.checks import CheckState
from eligibility.arrangements.stands import Stands
from eligibility.pages.checklist import CheckLine
from eligibility.pages.presence import DayCell
from eligibility.pages.waiting import waiting_count

register = template.Library()

_SIGNS: Final = {
    Stands.DRAFT: "✎",
    Stands.WAITING: "…",
    Stands.CONSULTATION: "⇄",
    Stands.RETURNED: "↩",
    Stands.AHEAD: "◔",
    Stands.ACTIVE: "●",
    Stands.EXPIRED: "◌",
    Stands.SUSPENDED: "‖",
    Stands.ENDED: "■",
    Stands.REFUSED: "○",
    Stands.WITHDRAWN: "×",
}
_KINDS: Final = {
    Stands.ACTIVE: "eligible",
    Stands.AHEAD: "eligible",
    Stands.SUSPENDED: "not-eligible",
    Stands.REFUSED: "not-eligible",
    Stands.WAITING: "conditional",
    Stands.CONSULTATION: "conditional",
    Stands.RETURNED: "conditional",
}
_CHECK_SIGNS: Final = {CheckState.PASSED: "✓", CheckState.FAILED: "✗", CheckState.UNKNOWN: "?"}
_CHECK_KINDS: Final = {
    CheckState.PASSED: "eligible",
    CheckState.FAILED: "not-eligible",
    CheckState.UNKNOWN: "needs-information",
}


@register.simple_tag
def stands_badge(stands: Stands) -> SafeString:
    """Symbol and word."""
    kind = _KINDS.get(stands, "needs-information")
    shape = '<span class="outcome outcome-{}"><span aria-hidden="true">{}</span> {}</span>'
    return markup(shape, kind, _SIGNS[stands], stands.label)


@register.simple_tag(takes_context=True)
def week_cells(context: Context, days: tuple[DayCell, ...]) -> SafeString:
    """The cells of somebody's days; most people's are the same, so each kind of row is written once a page."""
    remembered = cast("dict[str, dict[tuple[DayCell, ...], SafeString]]", context.render_context)
    known = remembered.setdefault("week_cells", {})
    if days not in known:
        known[days] = render_to_string("eligibility/_presence_days.html", {"days": days})
    return known[days]


@register.simple_tag
def check_sign(state: CheckState) -> SafeString:
    """The symbol of a check; its word stands beside it for who does not see it."""
    shape = '<span class="check-sign outcome-{}" aria-hidden="true">{}</span>'
    return markup(shape, _CHECK_KINDS[state], _CHECK_SIGNS[state])


@register.simple_tag
def check_sentence(line: CheckLine) -> SafeString:
    """A check with its symbol and the norms that were beaten; written in one go, because a page has dozens."""
    period = markup(' <span class="soft small">({})</span>', line.period) if line.period else ""
    shape = '{}<span><span class="visually-hidden">{}: </span>{}{}{}</span>'
    return markup(shape, check_sign(line.state), line.word, line.sentence, period, stricter_than(line.beaten))


@register.simple_tag
def stricter_than(beaten: Sequence[str]) -> SafeString:
    """The norms that a limit beat, with what each would have left; nothing where it beat none."""
    if not beaten:
        return SafeString()
    return markup('<span class="one-line small soft">{} {}</span>', _("Stricter than:"), "; ".join(beaten))


@register.simple_tag
def check_items(lines: Iterable[CheckLine]) -> SafeString:
    """The checks of a kind as items of a list."""
    return markup_of_rows("", '<li><p class="reason-sentence">{}</p></li>', ((check_sentence(one),) for one in lines))


@register.simple_tag(takes_context=True)
def decisions_waiting_count(context: Context, standing: Standing | None, known_at: datetime) -> int:
    """How many requests wait for the user's offices in the institution of the page, by what is known then."""
    if standing is None or not standing.holds(Role.AGENCY_HEAD):
        return 0
    user = context["request"].user
    return waiting_count(standing, user, clock.today(standing.institution), known_at)
