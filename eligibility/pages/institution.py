"""The pages of an institution's settings and of its implementing instruments, put together for a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agencies.models import Institution
from eligibility.loading import scope_for
from eligibility.local_settings import SETTINGS, LocalSetting, setting_words
from eligibility.models import InstitutionSetting, Instrument, InstrumentPeriod
from eligibility.periods import Span, known_spans
from eligibility.place_words import PlaceNames, place_names, reach_words
from eligibility.texts import typed


@dataclass(frozen=True)
class SettingState:
    """One open point: what holds on the day and on what basis (`row` None: the portal's default); what comes later."""

    setting: LocalSetting
    value: str
    default: str
    row: InstitutionSetting | None
    later: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class SettingsPage:
    """The open points that the engine reads, and those that the portal's processes read."""

    judging: tuple[SettingState, ...]
    processes: tuple[SettingState, ...]

    @property
    def own(self) -> int:
        """How many the institution has set itself."""
        return sum(state.row is not None for state in (*self.judging, *self.processes))

    @property
    def total(self) -> int:
        """All open points."""
        return len(self.judging) + len(self.processes)


def settings_page(institution: Institution, on: date, known_at: datetime) -> SettingsPage:
    """Every open point as it holds on the day, known at a moment."""
    rows = list(_rows(institution))
    states = [_state(setting, rows, institution, on, known_at) for setting in SETTINGS.values()]
    return SettingsPage(
        tuple(state for state in states if state.setting.judges),
        tuple(state for state in states if not state.setting.judges),
    )


def setting_state(institution: Institution, name: str, on: date, known_at: datetime) -> SettingState:
    """One open point as it holds on the day."""
    return _state(SETTINGS[name], list(_rows(institution)), institution, on, known_at)


@dataclass(frozen=True)
class SettingRecord:
    """One recorded value of a setting, in words."""

    row: InstitutionSetting
    value: str


def setting_history(institution: Institution, name: str) -> tuple[SettingRecord, ...]:
    """Every value the institution recorded, the latest valid first; of one day the latest recorded first."""
    rows = [row for row in _rows(institution) if row.name == name]
    return tuple(SettingRecord(row, _words(row)) for row in reversed(rows))


def _rows(institution: Institution) -> Iterable[InstitutionSetting]:
    return institution.settings.select_related("document").order_by("valid_from", "recorded_at", "pk")


def _words(row: InstitutionSetting) -> str:
    setting = SETTINGS[row.name]
    return setting_words(setting, typed(setting.kind, row.value), _)


def _state(
    setting: LocalSetting, rows: list[InstitutionSetting], institution: Institution, on: date, known_at: datetime
) -> SettingState:
    known = [row for row in rows if row.name == setting.name and row.known_from <= known_at]
    held = [row for row in known if row.valid_from <= on]
    default = setting_words(setting, setting.default_for(institution.kind), _)
    return SettingState(
        setting,
        _words(held[-1]) if held else default,
        default,
        held[-1] if held else None,
        tuple((_words(row), row.valid_from) for row in known if row.valid_from > on),
    )


IN_FORCE: Final = gettext_noop("in force")
TO_COME: Final = gettext_noop("not yet in force")
PAST: Final = gettext_noop("no longer in force")
ANNULLED: Final = gettext_noop("recorded in error, never in force")


@dataclass(frozen=True)
class InstrumentState:
    """An implementing instrument on a day: whether it is in force, its days, whom it reaches.

    `own`: the institution recorded it, so its officer may extend and end it.
    """

    instrument: Instrument
    state: str
    days: tuple[Span, ...]
    reaches: tuple[str, ...]
    own: bool

    @property
    def can_end(self) -> bool:
        """Whether something of it is left to end, and by whom it was recorded."""
        return self.own and bool(self.days)

    @property
    def days_words(self) -> tuple[str, ...]:
        """Its days in force as words."""
        return tuple(span_words(span) for span in self.days)

    @property
    def periods(self) -> list[InstrumentPeriod]:
        """Everything recorded of its days, as it was recorded."""
        return sorted(self.instrument.periods.all(), key=lambda row: (row.known_from, row.starts_on, row.pk))


def instrument_states(institution: Institution, on: date, known_at: datetime) -> list[InstrumentState]:
    """The implementing instruments that reach the institution, the latest issued first."""
    names = place_names(institution)
    known = (row for row in implementing(institution) if row.known_from <= known_at)
    states = (_instrument_state(row, institution, on, known_at, names) for row in known)
    return sorted(states, key=lambda one: max((s.first for s in one.days), default=date.min), reverse=True)


def instrument_state(instrument: Instrument, institution: Institution, on: date, known_at: datetime) -> InstrumentState:
    """One of them."""
    return _instrument_state(instrument, institution, on, known_at, place_names(institution))


def implementing(institution: Institution) -> list[Instrument]:
    """The implementing instruments that reach the institution or a part of it."""
    rows = Instrument.objects.valid().filter(implementing=True).select_related("document", "owner")
    found = rows.prefetch_related("scopes", "periods")
    return [row for row in found if scope_for(list(row.scopes.all()), institution) is not None]


def _instrument_state(
    row: Instrument, institution: Institution, on: date, known_at: datetime, names: PlaceNames
) -> InstrumentState:
    days = known_spans(row.periods.all(), known_at)
    lines = [line for line in row.scopes.all() if line.institution_code in ("", institution.code)]
    own = row.owner_id == institution.pk and row.published_at is not None and row.drafted_by_id is None
    return InstrumentState(row, _word_of(days, on), tuple(days), reach_words(lines, names), own)


def _word_of(days: list[Span], on: date) -> str:
    if not days:
        return _(ANNULLED)
    if any(span.holds(on) for span in days):
        return _(IN_FORCE)
    return _(TO_COME) if any(span.first > on for span in days) else _(PAST)


def span_words(span: Span) -> str:
    """A period as words of its own."""
    if span.last is None:
        return _("%(first)s until further notice") % {"first": date_format(span.first)}
    return _("%(first)s to %(last)s") % {"first": date_format(span.first), "last": date_format(span.last)}
