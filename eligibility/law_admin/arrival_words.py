"""What a file of rules would do, in words: each instrument and version with its state and what differs from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Institution
from agencies.signing import key_fingerprint
from eligibility.answers import naming_local_criteria
from eligibility.arrivals import Arrival, Arriving, InstrumentArrival, VersionArrival
from eligibility.exchange import Received
from eligibility.law_admin.base import today
from eligibility.loading import settings_in_force
from eligibility.models import SenderKey
from eligibility.models.instruments import Layer
from eligibility.text_rules import Settings
from eligibility.texts import InstrumentText, PeriodText
from eligibility.version_differences import Difference, PartWords, differences, version_parts

_INSTRUMENT_STATES: Final[Mapping[Arriving, Any]] = {
    Arriving.NEW: gettext_lazy("New: comes as a draft"),
    Arriving.CHANGED: gettext_lazy("Is here; gets further places"),
    Arriving.UNCHANGED: gettext_lazy("Unchanged"),
    Arriving.REFUSED: gettext_lazy("Refused"),
}
_VERSION_STATES: Final[Mapping[Arriving, Any]] = {
    Arriving.NEW: gettext_lazy("New: comes as a draft"),
    Arriving.CHANGED: gettext_lazy("Next version: comes as a draft"),
    Arriving.UNCHANGED: gettext_lazy("Unchanged"),
    Arriving.WAITING: gettext_lazy("Waits: import the file again once the version before it is published"),
    Arriving.REFUSED: gettext_lazy("Refused"),
}


@dataclass(frozen=True)
class VersionWords:
    """A version: what becomes of it, and what it says or in what it differs from what the rule says here."""

    rule: str
    number: int
    title: str
    state: str
    is_refused: bool
    sentence: str
    compared: bool
    differences: tuple[Difference, ...]
    parts: tuple[PartWords, ...]


@dataclass(frozen=True)
class InstrumentWords:
    """An instrument with its rules; those that stay as they are by their names alone."""

    text: InstrumentText
    layer: str
    periods: tuple[str, ...]
    state: str
    is_refused: bool
    sentences: tuple[str, ...]
    places: tuple[str, ...]
    versions: tuple[VersionWords, ...]
    unchanged: tuple[str, ...]
    repeals: tuple[str, ...]


@dataclass(frozen=True)
class SenderWords:
    """What the signature of a file proves: `said` is what is recorded here of its key."""

    public_key: str
    fingerprint: str
    said: SenderKey | None

    @property
    def is_known(self) -> bool:
        """Whether it is known here whose key it is, and that it is in use."""
        return self.said is not None and self.said.trusted


def sender_words(received: Received, owner: Institution) -> SenderWords:
    """By whose key a file is signed, as far as it is known to its institution here."""
    if not received.public_key:
        return SenderWords("", "", None)
    said = SenderKey.objects.said_of(received.public_key, owner)
    return SenderWords(received.public_key, key_fingerprint(received.public_key), said)


def counts_of(found: Arrival) -> list[tuple[str, int]]:
    """How many versions of rules there are in each state, those of none left out."""
    counted = Counter(version.state for one in found.instruments for version in one.versions)
    return [(str(label), counted[state]) for state, label in _VERSION_STATES.items() if counted[state]]


def arrival_words(found: Arrival, owner: Institution, now: datetime) -> list[InstrumentWords]:
    """Every instrument of a file with what becomes of it here."""
    settings = settings_in_force(owner, today(owner), now)
    translate = naming_local_criteria(owner, _)
    return [_instrument(one, lambda version: _version(version, settings, translate)) for one in found.instruments]


def _instrument(one: InstrumentArrival, words: Callable[[VersionArrival], VersionWords]) -> InstrumentWords:
    return InstrumentWords(
        text=one.text,
        layer=str(Layer(one.text.layer).label),
        periods=tuple(map(_period, one.text.periods)),
        state=str(_INSTRUMENT_STATES[one.state]),
        is_refused=one.state is Arriving.REFUSED,
        sentences=one.sentences,
        places=tuple(
            f"{place.reference}: {place.summary}" if place.reference else place.summary for place in one.places
        ),
        versions=tuple(words(version) for version in one.versions if version.state is not Arriving.UNCHANGED),
        unchanged=tuple(f"{v.rule} v{v.text.number}" for v in one.versions if v.state is Arriving.UNCHANGED),
        repeals=tuple(f"{rule}: {date_format(repeal.effective_from)} ({repeal.basis})" for rule, repeal in one.repeals),
    )


def _version(one: VersionArrival, settings: Settings, translate: Callable[[str], str]) -> VersionWords:
    before, text = one.before, one.text
    shown = one.state in (Arriving.NEW, Arriving.WAITING)
    return VersionWords(
        rule=one.rule,
        number=text.number,
        title=text.title,
        state=str(_VERSION_STATES[one.state]),
        is_refused=one.state is Arriving.REFUSED,
        sentence=one.sentence,
        compared=before is not None,
        differences=differences(before, text, settings, translate, date_format) if before else (),
        parts=version_parts(text, settings, translate, date_format) if shown else (),
    )


def _period(one: PeriodText) -> str:
    if one.kind == "ends":
        return _("ends before %(day)s (%(basis)s)") % {"day": date_format(one.starts_on), "basis": one.basis}
    return f"{date_format(one.starts_on)} – {_last(one.ends_on)} ({one.basis})"


def _last(day: date | None) -> str:
    return date_format(day) if day else _("until further notice")
