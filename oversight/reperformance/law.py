"""Compares the rulebook that was decided by with what the law rows give for that day and that knowledge."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from agencies.models import Institution
from eligibility.loading import NoLawInForce, rulebook
from eligibility.models import InstitutionSetting, Instrument, InstrumentPeriod, RuleRepeal, RuleVersion, StoredRulebook
from eligibility.rulebook import Rulebook, plain
from eligibility.stored_rulebooks import stored_layout
from oversight.reperformance.differences import LawChange
from oversight.stored_texts import UNREADABLE


class UnreadableRulebook(ValueError):
    """A stored rulebook whose text is not what its fingerprint says."""


@dataclass
class Law:
    """The law of one institution, each rulebook read once in a run."""

    institution: Institution
    _stored: dict[str, Rulebook] = field(default_factory=dict)
    _given: dict[tuple[date, datetime], Rulebook | None] = field(default_factory=dict)

    def stored(self, fingerprint: str) -> Rulebook:
        """The rulebook as it was stored; the very same object each time, so that answers are remembered.

        Raises UnreadableRulebook.
        """
        if fingerprint not in self._stored:
            try:
                found = stored_layout(StoredRulebook.objects.get(pk=fingerprint)).rulebook
            except UNREADABLE as fault:
                raise UnreadableRulebook(fingerprint) from fault
            if found.fingerprint != fingerprint:
                raise UnreadableRulebook(fingerprint)
            self._stored[fingerprint] = found
        return self._stored[fingerprint]

    def change(
        self, stored: Rulebook, on: date, known_at: datetime, decided_at: datetime, given: Rulebook | None = None
    ) -> LawChange | None:
        """What the law rows give otherwise for the day, as known at the moment; None where they give the same.

        `given` is what they give, where it is known already.
        """
        now = given or self._in_force(on, known_at)
        if now is not None and stored.fingerprint in now.fingerprints:
            return None
        return self._judged(_compared(stored, now), _rewritten(stored, now), known_at, decided_at)

    def instrument_recorded_later(self, at: datetime) -> bool:
        """Whether an implementing instrument, or its end, was recorded after the moment with an earlier date."""
        return any(known_from <= at < recorded_at for known_from, recorded_at in self._implementing)

    @cached_property
    def _implementing(self) -> list[tuple[datetime, datetime]]:
        """From when each row of implementing instruments and their periods could be known, and when it was recorded."""
        instruments = Instrument.objects.filter(implementing=True).order_by()
        periods = InstrumentPeriod.objects.filter(instrument__implementing=True).order_by()
        columns = ("known_from", "recorded_at")
        return [*instruments.values_list(*columns), *periods.values_list(*columns)]

    def _in_force(self, on: date, known_at: datetime) -> Rulebook | None:
        if (on, known_at) not in self._given:
            try:
                self._given[on, known_at] = rulebook(self.institution, on, known_at)
            except NoLawInForce:
                self._given[on, known_at] = None
        return self._given[on, known_at]

    def _judged(
        self, change: LawChange, rewritten: frozenset[str], known_at: datetime, decided_at: datetime
    ) -> LawChange:
        """The change, marked where rows that were recorded only after the decision account for all of it.

        A version whose words are others than they were is accounted for by settings alone: versions never change.
        """
        by_settings = InstitutionSetting.objects.filter(
            institution=self.institution, known_from__lte=known_at, recorded_at__gt=decided_at
        ).exists()
        left = set(change.codes) - (_recorded_later(change.codes, known_at, decided_at) - rewritten)
        left -= rewritten if by_settings else set()
        return replace(change, later=not left and (by_settings or not change.settings))


def _rewritten(stored: Rulebook, now: Rulebook | None) -> frozenset[str]:
    """The rules that say something else in the same version."""
    before = {(rule.code, rule.version): plain(rule) for rule in stored.rules}
    rules = now.rules if now else ()
    return frozenset(r.code for r in rules if before.get((r.code, r.version), plain(r)) != plain(r))


def _compared(stored: Rulebook, now: Rulebook | None) -> LawChange:
    before = {rule.code: plain(rule) for rule in stored.rules}
    after = {rule.code: plain(rule) for rule in now.rules} if now else {}
    same_settings = now is not None and (stored.working_days, stored.settings) == (now.working_days, now.settings)
    return LawChange(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(code for code in after.keys() & before.keys() if after[code] != before[code])),
        gone=tuple(sorted(before.keys() - after.keys())),
        settings=not same_settings,
    )


def _recorded_later(codes: Collection[str], known_at: datetime, decided_at: datetime) -> set[str]:
    """Of the rules, those of which a version, a repeal or a period was recorded only after the decision."""
    late = {"known_from__lte": known_at, "recorded_at__gt": decided_at}
    versions = RuleVersion.objects.filter(rule__code__in=codes)
    periods = {f"provision__instrument__periods__{name}": value for name, value in late.items()}
    rows = (
        versions.filter(**late).values_list("rule__code", flat=True),
        versions.filter(**periods).values_list("rule__code", flat=True),
        RuleRepeal.objects.filter(rule__code__in=codes, **late).values_list("rule__code", flat=True),
    )
    return {code for found in rows for code in found}
