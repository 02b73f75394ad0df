"""The rules of a case's approval by task, written in one go: what does not simply pass first, with its provision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agencies.markup import markup, markup_of_rows
from eligibility.decisions import State
from eligibility.explanations import FactWords
from eligibility.rulebook import Outcome
from eligibility.templatetags.outcomes import outcome_badge
from oversight.pages.case_rules import JudgedSpans, Known, LimitLine, RuleLine, Source, SpanRules, TaskRules

register = template.Library()

_SIGNS: Final = {
    State.FAILED: ("not-eligible", "✗"),
    State.UNKNOWN: ("needs-information", "?"),
    State.CONDITION: ("conditional", "◐"),
    State.PASSED: ("eligible", "✓"),
}
_KnownRows = tuple[tuple[tuple[str, str], tuple[bool, str]], ...]


@register.simple_tag
def judged_rules(judged: Sequence[JudgedSpans], known: Known, institution: str) -> SafeString:
    """What the rules said of each task, with the days for which they said it."""
    rows, language = tuple(known.items()), get_language()
    drawn = (
        (_days(one.periods), _drawn(one.rules, rows, institution, language) if one.rules else _unreadable())
        for one in judged
    )
    return markup_of_rows("", '<p class="soft small">{}</p>{}', drawn) if judged else _unreadable()


def _days(periods: Iterable[tuple[date, date]]) -> str:
    told = "; ".join(f"{date_format(first)} – {date_format(last)}" for first, last in periods)
    return _("Judged for %(periods)s") % {"periods": told}


def _unreadable() -> SafeString:
    said = _(
        "What is stored of the facts or of the rulebook cannot be read, so the rules cannot be told. The trail below "
        "says whether it was changed behind the portal."
    )
    return markup("<p><strong>{}</strong></p>", said)


@lru_cache(maxsize=128)
def _drawn(rules: SpanRules, known: _KnownRows, institution: str, _language: str | None) -> SafeString:
    """Written once for each language: most cases of a job read the same."""
    draw = _Drawing(dict(known), institution)
    parts = [*_notes(rules), *map(draw.task, rules.tasks), *draw.limits(rules.limits)]
    return markup_of_rows("", "{}", ((part,) for part in parts))


def _notes(rules: SpanRules) -> Iterable[SafeString]:
    """Which tasks are open and which are not; that the portal reads it otherwise today, where it does."""
    if not rules.agrees:
        said = _("Read again today, the stored facts and rulebook give another outcome than the one stored with them.")
        yield markup('<p class="outcome-not-eligible"><strong>{}</strong></p>', said)
    if not rules.tasks:
        yield markup("<p>{}</p>", _("No task of this position was recorded then, so nothing could be judged."))
    labels = (
        (_("May not be done this way:"), (Outcome.NOT_ELIGIBLE,)),
        (_("Cannot be judged yet:"), (Outcome.NEEDS_INFORMATION,)),
        (_("May be done this way:"), (Outcome.CONDITIONAL, Outcome.ELIGIBLE)),
    )
    for label, outcomes in labels:
        titles = [title for task in rules.tasks if task.outcome in outcomes for title in task.titles]
        if titles:
            yield markup("<p><strong>{}</strong> {}.</p>", label, "; ".join(titles))


class _Drawing:
    """Writes rules with their provisions and what is known of these."""

    def __init__(self, known: Known, institution: str) -> None:
        self._known, self._institution = known, institution

    def task(self, task: TaskRules) -> SafeString:
        """The tasks of which the same was decided: how many rules passed, and the others first."""
        return markup(
            '<h4 class="check-kind">{} {}</h4>{}{}',
            "; ".join(task.titles),
            outcome_badge(task.outcome),
            self._list(task.first) if task.first else "",
            self._passed(task),
        )

    def _passed(self, task: TaskRules) -> SafeString:
        """The rules that passed; unfolded where no rule stands against the tasks, which is said then."""
        against = any(not line.set_aside for line in task.first)
        nothing = "" if against else markup("<p>{}</p>", _nothing_against())
        lines = task.passed
        if not lines:
            return markup("{}", nothing)
        said = ngettext(
            "Checked and not in the way: %(number)s rule", "Checked and not in the way: %(number)s rules", len(lines)
        )
        return markup(
            '{}<details class="passed"{}><summary>{}</summary>{}</details>',
            nothing,
            "" if against else " open",
            said % {"number": len(lines)},
            self._list(lines),
        )

    def _list(self, lines: Iterable[RuleLine]) -> SafeString:
        items = markup_of_rows("", "<li>{}</li>", ((self._rule(line),) for line in lines))
        return markup('<ul class="reasons plain">{}</ul>', items)

    def _rule(self, line: RuleLine) -> SafeString:
        css, sign = ("eligible", "⊘") if line.set_aside else _SIGNS[State(line.words.state)]
        return markup(
            '<p class="reason-sentence"><span class="check-sign outcome-{}" aria-hidden="true">{}</span>'
            '<span><span class="visually-hidden">{}: </span>{}{}</span></p><div class="reason-more">{}{}{}</div>',
            css,
            sign,
            _state_word(line),
            markup("<strong>{}</strong> ", _("On condition:")) if line.words.state == State.CONDITION else "",
            line.words.sentence,
            _aside(line),
            _facts(line.words.facts),
            self._source(line.source, line.words.code),
        )

    def _source(self, source: Source, code: str = "") -> SafeString:
        """The provision, with the way to its rule, and whether it was compared with the official text."""
        verified, note = self._known.get((source.instrument, source.reference), (False, ""))
        address = reverse("rule", args=(self._institution, code)) if code else ""
        cited = markup('<a class="provision" href="{}">{}</a>', address, source.words) if code else source.words
        open_note = markup("<details><summary>{}</summary>{}</details>", _("What is not certain"), note) if note else ""
        shape = '<div class="reason-source">{} <span class="verification">{}</span>{}</div>'
        return markup(shape, cited, _standing(source, verified=verified), open_note)

    def limits(self, limits: Iterable[LimitLine]) -> Iterable[SafeString]:
        """What is left of each quantity, whose norm won and whom it beat."""
        items = markup_of_rows("", "<li>{}</li>", ((self._limit(one),) for one in limits))
        if items:
            yield markup('<h4 class="check-kind">{}</h4><ul class="reasons plain">{}</ul>', _("Limits"), items)

    def _limit(self, one: LimitLine) -> SafeString:
        told = ((_("Stricter than:"), one.beaten), (_("May become stricter by:"), one.possible))
        others = ((label, "; ".join(found)) for label, found in told if found)
        return markup(
            '<p class="reason-sentence">{}</p><div class="reason-more">{}{}</div>',
            one.sentence,
            markup_of_rows("", "{}", ((self._source(source),) for source in one.sources)),
            markup_of_rows("", '<p class="soft">{} {}</p>', others),
        )


def _nothing_against() -> str:
    return _("No rule stands against it, and no condition is attached.")


def _state_word(line: RuleLine) -> str:
    """How it stands, for who does not see the symbol."""
    if line.set_aside:
        return _("Set aside by a norm or by an exception")
    words = {
        State.FAILED: _("Check not passed"),
        State.UNKNOWN: _("Not known yet"),
        State.CONDITION: _("Conditionally eligible"),
    }
    return words.get(State(line.words.state), _("Check passed"))


def _aside(line: RuleLine) -> SafeString:
    """What keeps the rule from speaking: norms that lift it, and an exception of its own that is met."""
    told = ((_("Set aside by:"), "; ".join(line.words.lifted_by)), (_("Its own exception is met:"), line.excepted))
    return markup_of_rows("", "<p>{} {}</p>", ((label, said) for label, said in told if said))


def _facts(facts: Iterable[FactWords]) -> SafeString:
    said = markup_of_rows("; ", "{}: <strong>{}</strong>", ((fact.label, fact.value) for fact in facts))
    return markup("<p>{} {}</p>", _("Facts read:"), said) if said else said


def _standing(source: Source, *, verified: bool) -> str:
    if source.internal:
        return _("internal provision, not legislation")
    return _("compared with the official text") if verified else _("not yet compared with the official text")
