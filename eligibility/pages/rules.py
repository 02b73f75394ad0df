"""The rules in force on a day as plain sentences under the instrument they come from, and the local settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.answers import naming_local_criteria
from eligibility.explanations import RuleWords, word_rule
from eligibility.local_settings import SETTINGS, LocalSetting, setting_words
from eligibility.models import Instrument, InstrumentPeriod, Provision
from eligibility.models.instruments import Layer
from eligibility.pages.reading import Reading
from eligibility.periods import Span, spans
from eligibility.place_words import PlaceNames, place_names, reach_words
from eligibility.rulebook import Lift, Rule
from eligibility.texts import typed


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule and what its provision says, in the portal's own words."""

    words: RuleWords
    summary: str
    open_note: str


@dataclass(frozen=True)
class InstrumentRules:
    """An instrument in force with its rules and the period that the day lies in (`reaches` empty: everyone)."""

    instrument: Instrument
    period: str
    period_note: str
    reaches: tuple[str, ...]
    rules: tuple[RuleLine, ...]

    @property
    def verified(self) -> int:
        """The rules whose provision was compared with the official text."""
        return sum(rule.words.verified for rule in self.rules)

    @property
    def internal(self) -> bool:
        """Whether these are the portal's own rules, which no official text holds."""
        return self.instrument.layer == Layer.INTERNAL


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One open point of the law: what holds here, since when and on what basis (None: the portal's default)."""

    setting: LocalSetting
    value: str
    default: str
    source: str
    valid_from: date | None


@dataclass(frozen=True)
class RulesPage:
    """The whole page."""

    groups: tuple[InstrumentRules, ...]
    settings: tuple[SettingLine, ...]

    @property
    def total(self) -> int:
        """All rules in force."""
        return sum(len(group.rules) for group in self.groups)

    @property
    def verified(self) -> int:
        """Those whose provision was compared with the official text."""
        return sum(group.verified for group in self.groups)

    @property
    def unset(self) -> int:
        """The open points for which the institution has recorded nothing."""
        return sum(line.valid_from is None for line in self.settings)


def rules_page(reading: Reading) -> RulesPage:
    """The rules that reach the institution on the day."""
    words = naming_local_criteria(reading.institution, _)
    titles = {rule.code: rule.title for rule in reading.rulebook.rules}
    by_instrument: dict[str, list[RuleWords]] = {}
    for rule in reading.rulebook.rules:
        by_instrument.setdefault(rule.citation.instrument, []).append(word_rule(naming_rules(rule, titles), words))
    instruments = Instrument.objects.filter(code__in=by_instrument).prefetch_related("periods", "scopes")
    found = {instrument.code: instrument for instrument in instruments}
    summaries = _summaries(by_instrument.values())
    names = place_names(reading.institution)
    groups = (_group(found[code], rules, summaries, names, reading) for code, rules in by_instrument.items())
    return RulesPage(tuple(groups), tuple(_settings(reading)))


def naming_rules(rule: Rule, titles: Mapping[str, str]) -> Rule:
    """A lift that names the rules it sets aside by their titles instead of their codes; any other rule as it is."""
    if not isinstance(rule.effect, Lift):
        return rule
    named = frozenset(f"“{titles[code]}”" if code in titles else code for code in rule.effect.rules)
    return replace(rule, effect=replace(rule.effect, rules=named))


def _summaries(groups: Iterable[list[RuleWords]]) -> dict[int, str]:
    keys = {rule.provision_id for rules in groups for rule in rules}
    return dict(Provision.objects.filter(pk__in=keys).values_list("pk", "summary"))


def _group(
    instrument: Instrument, rules: list[RuleWords], summaries: dict[int, str], names: PlaceNames, reading: Reading
) -> InstrumentRules:
    running = _running(instrument, reading)
    return InstrumentRules(
        instrument,
        period_words(running[0]) if running else "",
        running[1].open_note if running else "",
        _reaches(instrument, reading.institution, names),
        tuple(_line(rule, summaries, instrument) for rule in rules),
    )


def _line(rule: RuleWords, summaries: dict[int, str], instrument: Instrument) -> RuleLine:
    # What is not known of the instrument as a whole is said once, under its title.
    own_note = rule.open_note.removesuffix(instrument.open_note).strip()
    return RuleLine(rule, summaries.get(rule.provision_id, ""), own_note)


def _running(instrument: Instrument, reading: Reading) -> tuple[Span, InstrumentPeriod] | None:
    """The days around the day as far as no end known has stopped them, and their period; the latest begun of several.

    Nothing counts that was not known by the moment.
    """
    known = [row for row in instrument.periods.all() if row.known_from <= reading.known_at]
    ends = [row for row in known if row.kind == InstrumentPeriod.Kind.ENDS]
    begun = [row for row in known if row.kind == InstrumentPeriod.Kind.IN_FORCE]
    held = [(span, row) for row in begun for span in spans([row, *ends]) if span.holds(reading.on)]
    return max(held, key=lambda one: one[0].first, default=None)


def _reaches(instrument: Instrument, institution: Institution, names: PlaceNames) -> tuple[str, ...]:
    """The agencies, kinds of them and units that the instrument names in the institution; none: all."""
    lines = [
        line
        for line in instrument.scopes.all()
        if line.institution_code in ("", institution.code) and line.institution_kind in ("", institution.kind)
    ]
    return reach_words(lines, names)


def _settings(reading: Reading) -> Iterable[SettingLine]:
    """The open points that the engine reads; those of the portal's processes stand on the page of settings."""
    rows = reading.institution.settings.in_force(reading.on, reading.known_at)
    for name, setting in SETTINGS.items():
        if setting.judges:
            row = rows.get(name)
            default = setting_words(setting, setting.default_for(reading.institution.kind), _)
            yield SettingLine(
                setting,
                setting_words(setting, typed(setting.kind, row.value), _) if row else default,
                default,
                row.source if row else "",
                row.valid_from if row else None,
            )


def period_words(span: Span) -> str:
    """Days in force from the first to the last."""
    first = date_format(span.first)
    if span.last is None:
        return _("in force since %(first)s") % {"first": first}
    return _("in force %(first)s to %(last)s") % {"first": first, "last": date_format(span.last)}
