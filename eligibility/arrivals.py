"""What the instruments of a file would do here, worked out before anything is stored.

An instrument belongs to the institution that the file names as its owner, here as there. Only new rows arrive, as
drafts; what is here already is never changed by a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.checks import check_instruments, issue_faults, part_place
from eligibility.frozen_texts import instrument_differences, version_differences, version_frozen
from eligibility.law_power import power_faults
from eligibility.models import Instrument, Rule, RuleVersion
from eligibility.seeds import case_place
from eligibility.stored_texts import (
    instruments_by_code,
    known_law,
    period_text,
    repeals_of,
    says_so,
    version_text,
    versions_by_identity,
)
from eligibility.texts import Fault, InstrumentText, PeriodText, ProvisionText, RepealText, VersionText


class Arriving(StrEnum):
    """What becomes of an instrument or a version of a rule."""

    NEW = "new"
    """Nothing of it is here: it comes as a draft."""
    CHANGED = "changed"
    """A rule that is here gets its next version as a draft; an instrument that is here gets further places."""
    UNCHANGED = "unchanged"
    """It is here just so, published or as a draft."""
    WAITING = "waiting"
    """A further version of a rule, which has one draft at a time: it comes once the earlier one is published."""
    REFUSED = "refused"


COMING: Final = frozenset({Arriving.NEW, Arriving.CHANGED})
"""What is stored."""


@dataclass(frozen=True, slots=True)
class VersionArrival:
    """A version of a rule: what becomes of it, why it is refused, and what the rule says here now."""

    rule: str
    text: VersionText
    state: Arriving
    sentence: str = ""
    before: VersionText | None = None


@dataclass(frozen=True, slots=True)
class InstrumentArrival:
    """An instrument with its rules; `places` are those that it gets, `sentences` say why it is refused.

    `repeals`: which of its rules are repealed there and not here, which is told and never stored.
    """

    text: InstrumentText
    state: Arriving
    sentences: tuple[str, ...] = ()
    places: tuple[ProvisionText, ...] = ()
    versions: tuple[VersionArrival, ...] = ()
    repeals: tuple[tuple[str, RepealText], ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """All that a file would do; with faults nothing of it is done, and nothing else is said."""

    instruments: tuple[InstrumentArrival, ...] = ()
    faults: tuple[Fault, ...] = ()

    def states(self) -> Iterator[Arriving]:
        """What becomes of each instrument and of each version."""
        for one in self.instruments:
            yield one.state
            yield from (version.state for version in one.versions)

    @property
    def is_refused(self) -> bool:
        """Whether nothing may be stored."""
        return bool(self.faults) or Arriving.REFUSED in self.states()

    @property
    def changes_something(self) -> bool:
        """Whether anything would be stored."""
        return not COMING.isdisjoint(self.states())

    @property
    def digest(self) -> str:
        """Of what would be done: something else than what was shown is never done."""
        told = [
            (one.text.code, one.state, len(one.places), [(v.rule, v.text.number, v.state) for v in one.versions])
            for one in self.instruments
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def owners_of(texts: Iterable[InstrumentText]) -> list[str]:
    """The codes of the institutions that the instruments belong to."""
    return sorted({text.owner for text in texts})


def arrival(owner: Institution, texts: Sequence[InstrumentText], at: datetime) -> Arrival:
    """What the instruments of one owner would do here at a moment; no more queries for more rules."""
    faults = (*check_instruments(texts, known_law()), *_faults_of_power(owner, texts, at), *_faults_of_cases(texts))
    if faults:
        return Arrival(faults=faults)
    codes = {rule.code for text in texts for rule in text.rules}
    rules = _Rules(owner.pk, dict(Rule.objects.filter(code__in=codes).values_list("code", "owner_id")), _stored(codes))
    versions = rules.arriving(texts)
    instruments, repealed = instruments_by_code(text.code for text in texts), repeals_of(codes)
    return Arrival(
        tuple(
            replace(
                _instrument(owner, text, instruments.get(text.code)),
                versions=tuple(versions[text.code]),
                repeals=tuple(_repeals(text, repealed)),
            )
            for text in texts
        )
    )


def _repeals(text: InstrumentText, repealed: Mapping[str, Sequence[RepealText]]) -> Iterator[tuple[str, RepealText]]:
    """The rules that no longer apply there from a day from which they still would here."""
    for rule in text.rules:
        days = {one.effective_from for one in repealed.get(rule.code, ())}
        yield from ((rule.code, one) for one in rule.repeals if all(day > one.effective_from for day in days))


def _stored(codes: Iterable[str]) -> dict[str, dict[int, RuleVersion]]:
    found: dict[str, dict[int, RuleVersion]] = {}
    for (code, number), row in versions_by_identity(codes).items():
        found.setdefault(code, {})[number] = row
    return found


def _faults_of_power(owner: Institution, texts: Iterable[InstrumentText], at: datetime) -> Iterator[Fault]:
    for text in texts:
        for part, sentence in (*power_faults(owner, text), *issue_faults(text, at)):
            yield Fault(text.source, part_place(part, text), sentence)


def _faults_of_cases(texts: Iterable[InstrumentText]) -> Iterator[Fault]:
    """A case is judged by the rules of an institution, which may be others here: nobody takes it over unseen."""
    for text in texts:
        for rule in text.rules:
            for case in rule.cases:
                sentence = _("Cases do not travel; leave “cases” out and write them here beside the rule.")
                yield Fault(text.source, case_place(rule.code, case.title), sentence)


def _instrument(owner: Institution, text: InstrumentText, stored: Instrument | None) -> InstrumentArrival:
    if stored is None:
        return InstrumentArrival(text, Arriving.NEW)
    if stored.owner_id != owner.pk:
        sentence = _("An instrument of %(owner)s has this code here.") % {"owner": stored.owner.name}
        return InstrumentArrival(text, Arriving.REFUSED, (sentence,))
    if stored.is_draft:
        if says_so(stored, text):
            return InstrumentArrival(text, Arriving.UNCHANGED)
        sentence = _(
            "A draft of this instrument is here and says something else; change that one, or discard it first."
        )
        return InstrumentArrival(text, Arriving.REFUSED, (sentence,))
    sentences = [_placed(fault) for fault in instrument_differences(text, stored)]
    sentences += [_further(period) for period in text.periods if not _has(stored, period)]
    if sentences:
        return InstrumentArrival(text, Arriving.REFUSED, tuple(sentences))
    there = {place.reference for place in stored.provisions.all()}
    places = tuple(place for place in text.provisions if place.reference not in there)
    return InstrumentArrival(text, Arriving.CHANGED if places else Arriving.UNCHANGED, places=places)


def _placed(fault: Fault) -> str:
    return f"{fault.place}: {fault.sentence}" if fault.place else fault.sentence


def _has(stored: Instrument, period: PeriodText) -> bool:
    return period.identity in {period_text(row).identity for row in stored.periods.all()}


def _further(period: PeriodText) -> str:
    place = _("period %(day)s") % {"day": period.starts_on}
    return f"{place}: " + _("A published instrument gets a further period or an end by its own act; record it first.")


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of a file against those that are here."""

    owner: int
    owners: Mapping[str, int]
    stored: Mapping[str, Mapping[int, RuleVersion]]

    def arriving(self, texts: Iterable[InstrumentText]) -> dict[str, list[VersionArrival]]:
        """What becomes of each version, by the code of its instrument; a rule may have versions in several."""
        found: dict[str, list[VersionArrival]] = {text.code: [] for text in texts}
        coming: set[tuple[str, int]] = set()
        listed = [(rule.code, version, text) for text in texts for rule, version in text.versions()]
        for code, version, text in sorted(listed, key=lambda one: (one[0], one[1].number)):
            one = self._version(code, version, text, coming)
            if one.state in COMING | {Arriving.WAITING}:
                coming.add((code, version.number))
            found[text.code].append(one)
        return found

    def _version(
        self, code: str, version: VersionText, text: InstrumentText, coming: set[tuple[str, int]]
    ) -> VersionArrival:
        """`coming`: the earlier versions of rules that come or wait."""

        def refused(sentence: str, before: VersionText | None = None) -> VersionArrival:
            return VersionArrival(code, version, Arriving.REFUSED, sentence, before)

        if self.owners.get(code, self.owner) != self.owner:
            return refused(_("A rule of another institution has this code here."))
        rows = self.stored.get(code, {})
        row = rows.get(version.number)
        if row is not None:
            names = version_differences(text, version, row)
            if not names:
                return VersionArrival(code, version, Arriving.UNCHANGED)
            return refused(version_frozen(names) if row.published_at else _draft_open(row), version_text(row))
        opened = next((one for one in rows.values() if one.published_at is None), None)
        if (code, version.number - 1) in coming:
            return VersionArrival(code, version, Arriving.WAITING)
        if opened is not None and opened.number == version.number - 1:
            return VersionArrival(code, version, Arriving.WAITING)
        if opened is not None:
            return refused(_draft_open(opened))
        last = rows[max(rows)] if rows else None
        if version.number != (last.number + 1 if last else 1):
            return refused(_missing(last.number + 1 if last else 1))
        return VersionArrival(
            code, version, Arriving.CHANGED if last else Arriving.NEW, before=version_text(last) if last else None
        )


def _draft_open(row: RuleVersion) -> str:
    sentence = _("This rule has a draft open (version %(number)d); change that one, or discard it first.")
    return sentence % {"number": row.number}


def _missing(number: int) -> str:
    sentence = _("Version %(number)d of this rule is not here; import the instrument that it comes from first.")
    return sentence % {"number": number}
