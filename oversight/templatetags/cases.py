"""Parts of a case's page that are written in one go, because a case has dozens of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.markup import labelled, markup, markup_of_rows
from agencies.models import Institution
from agencies.templatetags.portal import moment_exact, number, pairs
from eligibility.models import ArrangementStep
from eligibility.pages.decision import StepLine
from oversight.pages.case import FactGroup
from oversight.pages.trail_browser import EntryLine

register = template.Library()

_ENTRY: Final = (
    '<tr><th scope="row">{}</th><td class="num" data-label="{}">{}</td><td data-label="{}">{}</td>'
    '<td class="long" data-label="{}">{}</td><td class="long" data-label="{}">{}</td>'
    '<td class="long" data-label="{}">{}</td></tr>'
)
_DETAILS: Final = (
    '<details><summary>{}</summary><dl class="entry-details">{}<dt>{}</dt><dd><code>{}</code></dd></dl></details>'
)
_STEP: Final = (
    '<tr><th scope="row">{}</th><td data-label="{}">{}</td><td class="long" data-label="{}">{}</td>'
    '<td class="long" data-label="{}">{}</td></tr>'
)


@register.simple_tag
def fact_groups(groups: Iterable[FactGroup]) -> SafeString:
    """The facts that an approval was judged on, those of each task under its title."""
    drawn = ((group.title, _said(group)) for group in groups)
    return markup_of_rows("", '<h4>{}</h4><dl class="entry-details">{}</dl>', drawn)


def _said(group: FactGroup) -> SafeString:
    return pairs(group.pairs) if group.lines else markup("<dd>{}</dd>", _("None of its own"))


@register.simple_tag
def entry_rows(lines: Iterable[EntryLine], institution: Institution) -> SafeString:
    """A row for each entry of the trail."""
    heads = _("Number"), _("When"), _("Actor"), _("Subject"), _("Details")
    rows = ((line.act, *labelled(heads, _entry(line, institution))) for line in lines)
    return markup_of_rows("\n", _ENTRY, rows)


def _entry(line: EntryLine, institution: Institution) -> tuple[str, ...]:
    at, subject = moment_exact(line.at, institution), _subject(line, institution.code)
    return number(line.number), at, line.actor, subject, _details(line)


def _subject(line: EntryLine, code: str) -> SafeString:
    if line.case is None:
        return markup('{} <span class="soft">{}</span>', line.subject, line.key)
    return markup('<a href="{}">{} {}</a>', reverse("case", args=[code, line.case]), line.subject, line.key)


def _details(line: EntryLine) -> SafeString:
    count = len(line.details)
    summary = ngettext("%(number)s detail", "%(number)s details", count) % {"number": count} if count else _("Digest")
    sealed = [(_("Rows sealed with it"), number(line.rows))] if line.rows else []
    return markup(_DETAILS, summary, pairs((*line.details, *sealed)), _("Digest (SHA-256)"), line.digest)


@register.simple_tag
def step_rows(lines: Iterable[StepLine]) -> SafeString:
    """A row for each step that was taken: when, by whom in which office, and on which ground."""
    heads = _("When"), _("Who, in which office"), _("Ground and text")
    rows = ((line.what, *labelled(heads, (_when(line), _who(line.step), _ground(line)))) for line in lines)
    return markup_of_rows("\n", _STEP, rows)


def _when(line: StepLine) -> str | SafeString:
    if line.counts_from is None:
        return line.at
    said = _("counts from %(day)s") % {"day": date_format(line.counts_from)}
    return markup('{}<span class="one-line soft small">{}</span>', line.at, said)


def _who(step: ArrangementStep) -> SafeString:
    name = step.by_employee.name if step.by_employee else "" if step.by_id else _("The system")
    if not step.office_title:
        return markup("{}", name)
    acting = step.capacity and step.capacity != "definitive"
    office = f"{step.office_title} ({step.get_capacity_display()})" if acting else step.office_title
    return markup('{}<span class="one-line soft">{}</span>', name, office)


def _ground(line: StepLine) -> SafeString:
    step = line.step
    held = f" ({_('held on %(day)s') % {'day': date_format(step.held_on)}})" if step.held_on else ""
    ground = markup("<strong>{}.</strong> ", line.ground) if line.ground else ""
    return markup("{}{}{}", ground, step.text or "–", held)
