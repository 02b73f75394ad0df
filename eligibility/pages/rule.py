"""One rule: the sentence on the day, its versions over time with what each changed, what it lifts and is lifted by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.facts import gettext_noop
from eligibility.answers import naming_local_criteria
from eligibility.explanations import RuleWords, Translate, word_rule
from eligibility.loading import scope_for, settings_in_force
from eligibility.models import RuleLift, RuleRepeal, RuleVersion
from eligibility.models.instruments import Layer
from eligibility.pages.reading import Reading
from eligibility.pages.rules import naming_rules
from eligibility.periods import Span, known_spans
from eligibility.stored_texts import version_text
from eligibility.text_rules import Settings
from eligibility.version_differences import Difference, PartWords, differences, version_parts

_N = gettext_noop

HOLDS: Final = _N("in force")
SUPERSEDED: Final = _N("superseded")
REPEALED: Final = _N("repealed")
TO_COME: Final = _N("not yet in force")
RESTS: Final = _N("not in force: its instrument is not in force on this day")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version: how it stands on the day, from when to when it is the one that counts, what it changed.

    `last` None: until further notice. `days` is what is left of that on days its instrument is in force.
    """

    row: RuleVersion
    state: str
    first: date
    last: date | None
    days: tuple[Span, ...]
    parts: tuple[PartWords, ...]
    changed: tuple[Difference, ...] | None


@dataclass(frozen=True, slots=True)
class LiftedRule:
    """A rule that this one sets aside, or one that sets this one aside; `speaks`: it is in force on the day.

    `shown`: the rule has a page in the institution.
    """

    code: str
    title: str
    enabled_by: str
    speaks: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class RulePage:
    """The whole page; `words` None: the rule is not in force on the day, and `state` says why."""

    code: str
    title: str
    state: str
    words: RuleWords | None
    summary: str
    internal: bool
    versions: tuple[VersionLine, ...]
    repeals: tuple[RuleRepeal, ...]
    lifts: tuple[LiftedRule, ...]
    lifted_by: tuple[LiftedRule, ...]


def rule_page(reading: Reading, rows: Sequence[RuleVersion]) -> RulePage:
    """The rule of the given versions, which are in the order in which they hold; there is at least one."""
    code = rows[0].rule.code
    words = _words(reading, code)
    repeals = tuple(rows[0].rule.repeals.filter(known_from__lte=reading.known_at).order_by("effective_from", "pk"))
    versions = _versions(reading, rows, repeals, words)
    chosen = _chosen(versions, reading.on)
    lifts, lifted_by = _lifts(reading, chosen.row), _lifted_by(reading, code)
    return RulePage(
        code=code,
        title=chosen.row.title,
        state=chosen.state,
        words=words,
        summary=chosen.row.provision.summary,
        internal=chosen.row.provision.instrument.layer == Layer.INTERNAL,
        versions=tuple(reversed(versions)),
        repeals=repeals,
        lifts=lifts,
        lifted_by=lifted_by,
    )


def _words(reading: Reading, code: str) -> RuleWords | None:
    """The sentence that is in force on the day."""
    titles = {rule.code: rule.title for rule in reading.rulebook.rules}
    found = reading.rulebook.by_code.get(code)
    return word_rule(naming_rules(found, titles), naming_local_criteria(reading.institution, _)) if found else None


def _chosen(versions: Sequence[VersionLine], on: date) -> VersionLine:
    """The last version begun by the day, else the first to come."""
    return next((line for line in reversed(versions) if line.first <= on), versions[0])


def _versions(
    reading: Reading, rows: Sequence[RuleVersion], repeals: Sequence[RuleRepeal], words: RuleWords | None
) -> list[VersionLine]:
    settings = settings_in_force(reading.institution, reading.on, reading.known_at)
    translate = naming_local_criteria(reading.institution, _)
    changed = [None, *(_changed(before, after, settings, translate) for before, after in pairwise(rows))]
    repealed = min((repeal.effective_from for repeal in repeals), default=None)
    nexts = [*(row.effective_from for row in rows[1:]), None]
    found = []
    for row, after, differing in zip(rows, nexts, changed, strict=True):
        stop = min((day for day in (after, repealed) if day), default=None)
        last = stop - timedelta(days=1) if stop else None
        state = _state(reading, row, after, repealed, words)
        parts = version_parts(version_text(row), settings, translate, date_format)
        days = _days_in_force(reading, row, last)
        found.append(VersionLine(row, state, row.effective_from, last, days, parts, differing))
    return found


def _changed(
    before: RuleVersion, after: RuleVersion, settings: Settings, translate: Translate
) -> tuple[Difference, ...]:
    return differences(version_text(before), version_text(after), settings, translate, date_format)


def _state(
    reading: Reading, row: RuleVersion, after: date | None, repealed: date | None, words: RuleWords | None
) -> str:
    """How a version stands on the day, in words."""
    if repealed and repealed <= reading.on:
        return _(REPEALED)
    if row.effective_from > reading.on:
        return _(TO_COME)
    if after and after <= reading.on:
        return _(SUPERSEDED)
    return _(HOLDS) if words and words.version == row.number else _(RESTS)


def _days_in_force(reading: Reading, row: RuleVersion, last: date | None) -> tuple[Span, ...]:
    """The days on which the version is the one that counts and its instrument is in force."""
    if last is not None and last < row.effective_from:
        return ()
    own = Span(row.effective_from, last)
    return tuple(
        Span(max(own.first, span.first), min((day for day in (own.last, span.last) if day), default=None))
        for span in known_spans(row.provision.instrument.periods.all(), reading.known_at)
        if span.meets(own)
    )


def _lifts(reading: Reading, row: RuleVersion) -> tuple[LiftedRule, ...]:
    """The rules that a version sets aside."""
    lifts = sorted(row.lifts.all(), key=lambda one: one.lifted.code)
    titles = _titles(reading, [lift.lifted.code for lift in lifts]) if lifts else {}
    return tuple(_lifted(reading, lift, lift.lifted.code, titles) for lift in lifts)


def _lifted_by(reading: Reading, code: str) -> tuple[LiftedRule, ...]:
    """The rules in the institution of which a version sets this one aside, whether or not it is in force."""
    rows = RuleLift.objects.filter(
        lifted__code=code, version__published_at__isnull=False, version__known_from__lte=reading.known_at
    )
    found = {
        lift.version.rule.code: lift
        for lift in rows.select_related("version__rule", "enabling_provision__instrument").order_by(
            "version__rule__code", "version__effective_from", "version__number"
        )
    }
    titles = _titles(reading, found) if found else {}
    return tuple(_lifted(reading, lift, one, titles) for one, lift in found.items() if one in titles)


def _lifted(reading: Reading, lift: RuleLift, code: str, titles: Mapping[str, str]) -> LiftedRule:
    enabled_by = str(lift.enabling_provision) if lift.enabling_provision else ""
    return LiftedRule(code, titles.get(code, code), enabled_by, code in reading.rulebook.by_code, code in titles)


def _titles(reading: Reading, codes: Sequence[str] | Mapping[str, RuleLift]) -> dict[str, str]:
    """The latest known title of each rule that reaches the institution."""
    rows = RuleVersion.objects.published().filter(rule__code__in=list(codes), known_from__lte=reading.known_at)
    found = rows.select_related("rule", "provision__instrument").prefetch_related("provision__instrument__scopes")
    return {
        row.rule.code: row.title
        for row in found.order_by("effective_from", "number")
        if scope_for(list(row.provision.instrument.scopes.all()), reading.institution) is not None
    }
