"""What changed in the law of an institution between two days: rules, days of instruments, settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.answers import naming_local_criteria
from eligibility.explanations import Translate, word_rule
from eligibility.loading import NoLawInForce, rulebook, scope_for, settings_in_force
from eligibility.local_settings import SETTINGS, setting_words
from eligibility.models import Instrument
from eligibility.pages.law_turns import instrument_turns
from eligibility.periods import Span, known_spans
from eligibility.rulebook import Rule
from eligibility.stored_texts import version_text, versions_by_identity
from eligibility.version_differences import Difference, PartWords, differences, part_differences


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule that came or went."""

    code: str
    title: str
    provision: str


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A rule in force on both days that says something else; no parts: only whom it reaches or its source differs."""

    code: str
    title: str
    provision: str
    parts: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class InstrumentEvent:
    """On the day the instrument began, went on by a further period, or was no longer in force."""

    day: date
    title: str
    event: str
    days: Span


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting whose value differs, in words."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LawChanges:
    """Everything that differs between the first day and the second, by what is known at one moment."""

    first: date
    second: date
    came: tuple[RuleEntry, ...]
    went: tuple[RuleEntry, ...]
    changed: tuple[ChangedRule, ...]
    instruments: tuple[InstrumentEvent, ...]
    settings: tuple[SettingChange, ...]

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.came or self.went or self.changed or self.instruments or self.settings)


def law_changes(institution: Institution, first: date, second: date, known_at: datetime) -> LawChanges:
    """What changed from the first day to the second, which is not before it."""
    before, after = (_rules(institution, day, known_at) for day in (first, second))
    both = [code for code in after if code in before and after[code] != before[code]]
    return LawChanges(
        first,
        second,
        came=tuple(_entry(rule) for code, rule in after.items() if code not in before),
        went=tuple(_entry(rule) for code, rule in before.items() if code not in after),
        changed=tuple(_changed([(before[code], after[code]) for code in both], institution, second, known_at)),
        instruments=tuple(sorted(_events(institution, first, second, known_at), key=lambda one: (one.day, one.title))),
        settings=tuple(_settings(institution, first, second, known_at)),
    )


def _rules(institution: Institution, on: date, known_at: datetime) -> dict[str, Rule]:
    """The rules in force by their codes; none where the portal knows no law of the day."""
    try:
        return {rule.code: rule for rule in rulebook(institution, on, known_at).rules}
    except NoLawInForce:
        return {}


def _entry(rule: Rule) -> RuleEntry:
    return RuleEntry(rule.code, rule.title, str(rule.citation))


def _changed(
    pairs: Sequence[tuple[Rule, Rule]], institution: Institution, on: date, known_at: datetime
) -> Iterator[ChangedRule]:
    """The pairs with what differs: between two versions by their texts, of one version by what its settings make it."""
    translate = naming_local_criteria(institution, _)
    settings = settings_in_force(institution, on, known_at)
    stored = versions_by_identity(old.code for old, _new in pairs) if pairs else {}
    for old, new in pairs:
        before, after = (version_text(stored[rule.code, rule.version]) for rule in (old, new))
        parts = differences(before, after, settings, translate, date_format)
        if old.version == new.version:
            parts = part_differences(_sentence(old, translate), _sentence(new, translate))
        yield ChangedRule(new.code, new.title, str(new.citation), parts)


def _sentence(rule: Rule, translate: Translate) -> Iterable[PartWords]:
    words = word_rule(rule, translate)
    yield PartWords("applies", _("If"), words.conditions)
    yield PartWords("effect", _("Then"), (words.consequence,))
    yield PartWords("exceptions", _("Unless"), words.exceptions)


def _events(institution: Institution, first: date, second: date, known_at: datetime) -> Iterator[InstrumentEvent]:
    """What became of the instruments after the first day, up to the second."""
    rows = Instrument.objects.valid().filter(known_from__lte=known_at).prefetch_related("periods", "scopes")
    for row in rows:
        if scope_for(list(row.scopes.all()), institution) is not None:
            days = known_spans(row.periods.all(), known_at)
            for day, event, span in instrument_turns(days):
                if first < day <= second:
                    yield InstrumentEvent(day, row.title, _(event), span)


def _settings(institution: Institution, first: date, second: date, known_at: datetime) -> Iterator[SettingChange]:
    before, after = (settings_in_force(institution, day, known_at) for day in (first, second))
    for name, setting in SETTINGS.items():
        old, new = (setting_words(setting, held[name], _) for held in (before, after))
        if old != new:
            yield SettingChange(name, _(setting.label), old, new)
