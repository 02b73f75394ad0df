"""On which days the law of a place changes next, and what changes then: instruments, versions, repeals, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from agencies.facts import gettext_noop
from eligibility.loading import settings_in_force
from eligibility.local_settings import SETTINGS, setting_words
from eligibility.models import Instrument, RuleRepeal, RuleVersion
from eligibility.pages.reading import Reading
from eligibility.periods import Span
from eligibility.texts import typed

_N = gettext_noop

BEGUN: Final = _N("begins to be in force")
EXTENDED: Final = _N("is extended")
ENDED: Final = _N("is no longer in force")

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NextTurn:
    """The next day on which something changes, and what, in words."""

    day: date
    what: tuple[str, ...]


def instrument_turns(days: Sequence[Span]) -> Iterator[tuple[date, str, Span]]:
    """The days on which an instrument begins, goes on or ends, each with the span it is about."""
    for span in days:
        goes_on = any(other.holds(span.first - _DAY) for other in days if other is not span)
        yield span.first, EXTENDED if goes_on else BEGUN, span
        if span.last is not None and not any(other.holds(span.last + _DAY) for other in days):
            yield span.last + _DAY, ENDED, span


def next_turn(reading: Reading, days: Mapping[Instrument, Sequence[Span]]) -> NextTurn | None:
    """The next change after the day by what is known; `days` are the instruments that count, with their days.

    None: no later change is known.
    """
    found = [*_of_instruments(reading.on, days), *_of_versions(reading, days)]
    found += [*_of_repeals(reading), *_of_settings(reading)]
    first = min((day for day, _what in found), default=None)
    if first is None:
        return None
    return NextTurn(first, tuple(dict.fromkeys(what for day, what in found if day == first)))


def _of_instruments(on: date, days: Mapping[Instrument, Sequence[Span]]) -> Iterator[tuple[date, str]]:
    for instrument, spans in days.items():
        for day, event, _span in instrument_turns(spans):
            if day > on:
                yield day, f"{instrument.title} {_(event)}"


def _of_versions(reading: Reading, days: Mapping[Instrument, Sequence[Span]]) -> Iterator[tuple[date, str]]:
    """New versions that speak at once, and those that silence a rule because they rest on an instrument not in force.

    Those that begin with their instrument are part of it.
    """
    held = {instrument.pk: spans for instrument, spans in days.items()}
    known = reading.known_at
    repealed = RuleRepeal.objects.filter(
        rule=OuterRef("rule"), known_from__lte=known, effective_from__lte=OuterRef("effective_from")
    )
    rows = RuleVersion.objects.published().filter(
        ~Exists(repealed), known_from__lte=known, effective_from__gt=reading.on, provision__instrument__in=list(held)
    )
    for row in rows.select_related("rule", "provision"):
        day = row.effective_from
        runs = any(span.holds(day) and span.first < day for span in held[row.provision.instrument_id])
        if runs or row.rule.code in reading.rulebook.by_code:
            yield day, _("a new version of the rule “%(title)s”") % {"title": row.title}


def _of_repeals(reading: Reading) -> Iterator[tuple[date, str]]:
    rows = RuleRepeal.objects.filter(known_from__lte=reading.known_at, effective_from__gt=reading.on)
    for row in rows.select_related("rule"):
        rule = reading.rulebook.by_code.get(row.rule.code)
        if rule:
            yield row.effective_from, _("the rule “%(title)s” is repealed") % {"title": rule.title}


def _of_settings(reading: Reading) -> Iterator[tuple[date, str]]:
    """What the institution has set from a later day on, as far as rules are judged by it."""
    now = settings_in_force(reading.institution, reading.on, reading.known_at)
    rows = reading.institution.settings.filter(valid_from__gt=reading.on, known_from__lte=reading.known_at)
    latest = {(row.name, row.valid_from): row for row in rows.order_by("valid_from", "recorded_at", "pk")}
    for (name, day), row in latest.items():
        setting = SETTINGS.get(name)
        if setting and setting.judges:
            value = setting_words(setting, typed(setting.kind, row.value), _)
            if value != setting_words(setting, now[name], _):
                yield day, _("setting “%(setting)s”: %(value)s") % {"setting": _(setting.label), "value": value}
