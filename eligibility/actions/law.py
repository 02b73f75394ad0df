"""Acts on the law: loading instruments and rules from files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.digests import Leaf, leaves
from agencies.errors import PortalError
from agencies.institutions_register import ensure_institutions
from agencies.models import Institution, User
from eligibility.case_runs import case_sentence, open_cases, runs_of
from eligibility.checks import check_instruments
from eligibility.frozen_texts import frozen_faults
from eligibility.models import (
    Instrument,
    InstrumentPeriod,
    Provision,
    Rule,
    RuleCase,
    RuleVersion,
)
from eligibility.seeded_cases import case_faults, store_cases
from eligibility.seeds import read_seeds, version_place
from eligibility.stored_texts import (
    instruments_by_code,
    known_law,
    period_text,
)
from eligibility.texts import Fault, InstrumentText, VersionText
from eligibility.written_texts import period_row, provision_row, write_instrument, write_scopes, write_version


class RulesRefused(PortalError):
    """Files that cannot be loaded, with every fault; nothing of them was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class InstrumentChange:
    """What loading did to one instrument: new versions as pairs of rule code and number."""

    title: str
    code: str
    created: bool
    periods: int = 0
    provisions: int = 0
    cases: int = 0
    versions: tuple[tuple[str, int], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was stored."""
        return self.created or bool(self.periods or self.provisions or self.cases or self.versions)


def load_rules(*, actor: User | None, files: Iterable[Path], at: datetime | None = None) -> list[InstrumentChange]:
    """Store and publish what the files hold and the database does not yet; all of it or nothing.

    What is stored already is left alone, so that loading again changes nothing; published text
    that differs is refused, and so is a new version while an open case of its rule fails. Lifts of a
    higher norm are published with their enabling provision as an act of the system. Raises RulesRefused
    with every fault.
    """
    moment = at or timezone.now()
    texts, faults = read_seeds(files)
    with transaction.atomic():
        national = ensure_institutions()["nasional"]
        faults += (*check_instruments(texts, known_law()), *_repealing(texts))
        # What is malformed cannot be compared; what is compared must be sound.
        faults += [] if faults else [*frozen_faults(texts), *chain.from_iterable(map(case_faults, texts))]
        if faults:
            raise RulesRefused(faults)
        known = {model: set(model._base_manager.values_list("pk", flat=True)) for model in _WRITTEN}
        changes = _store(texts, moment)
        if failing := list(_failing_cases(texts, changes, moment)):
            raise RulesRefused(failing)
        if any(change.changed for change in changes):
            events.record(
                actor=actor,
                action="rules_loaded",
                subject=national,
                at=moment,
                leaves=_leaves_of_new(known),
                instruments={change.code: _told(change) for change in changes if change.changed},
            )
    return changes


def _repealing(texts: Iterable[InstrumentText]) -> Iterator[Fault]:
    for text in texts:
        for rule in text.rules:
            if rule.repeals:
                place = version_place(rule.code, rule.versions[-1].number if rule.versions else None)
                yield Fault(text.source, place, _("A repeal is recorded by its own act; leave “repeals” out."))


_WRITTEN: Final[tuple[type[Model], ...]] = (Instrument, InstrumentPeriod, Provision, RuleVersion, RuleCase)
"""What loading writes, as far as the trail answers for it; scopes and criteria come with their parents."""


def _leaves_of_new(known: Mapping[type[Model], Set[int]]) -> Iterator[Leaf]:
    """The leaves of the rows that were not there before."""
    for model, keys in known.items():
        yield from leaves(model._base_manager.exclude(pk__in=keys).order_by("pk"))


def _told(change: InstrumentChange) -> Mapping[str, events.Detail]:
    versions = [f"{code} v{number}" for code, number in change.versions]
    told: dict[str, events.Detail] = {"created": change.created, "periods": change.periods, "versions": versions}
    return told | ({"cases": change.cases} if change.cases else {})


def _store(texts: Sequence[InstrumentText], at: datetime) -> list[InstrumentChange]:
    """Store what is new. All instruments and rules come first, because versions refer across files."""
    owners = {institution.code: institution for institution in Institution.objects.all()}
    existing = instruments_by_code(text.code for text in texts)
    instruments = {text.code: existing.get(text.code) or _new_instrument(text, owners) for text in texts}
    added = {text.code: _add_places(text, instruments[text.code]) for text in texts}
    rules = {rule.code: rule for rule in Rule.objects.all()}
    for text in texts:
        for code in [rule.code for rule in text.rules if rule.code not in rules]:
            rules[code] = Rule.objects.create(code=code, owner=owners[text.owner])
    return [
        InstrumentChange(
            title=text.title,
            code=text.code,
            created=text.code not in existing,
            periods=added[text.code][0],
            provisions=added[text.code][1],
            cases=store_cases(text, owners, at),
            versions=_add_versions(text, instruments[text.code], rules, at),
        )
        for text in texts
    ]


def _failing_cases(
    texts: Sequence[InstrumentText], changes: Iterable[InstrumentChange], at: datetime
) -> Iterator[Fault]:
    """Open cases, of the rules that have a new version, that do not come as expected."""
    sources = {rule.code: text.source for text in texts for rule in text.rules}
    codes = {code for change in changes for code, _number in change.versions}
    rules = Rule.objects.filter(code__in=codes).values_list("pk", flat=True)
    for run in runs_of(open_cases(rules), at):
        if not run.holds:
            code = run.row.rule.code
            yield Fault(sources[code], _("rule %(code)s") % {"code": code}, case_sentence(run))


def _new_instrument(text: InstrumentText, owners: Mapping[str, Institution]) -> Instrument:
    instrument = Instrument(code=text.code, owner=owners[text.owner])
    write_instrument(instrument, text)
    write_scopes(instrument, text.scopes)
    return instrument


def _add_places(text: InstrumentText, instrument: Instrument) -> tuple[int, int]:
    """Store new periods and provisions; how many of each. A stored period missing in the file stays."""
    known_periods = {period_text(row).identity for row in instrument.periods.all()}
    known_places = {row.reference for row in instrument.provisions.all()}
    periods = [period_row(one, instrument) for one in text.periods if one.identity not in known_periods]
    provisions = [provision_row(one, instrument) for one in text.provisions if one.reference not in known_places]
    InstrumentPeriod.objects.bulk_create(periods)
    Provision.objects.bulk_create(provisions)
    return len(periods), len(provisions)


def _add_versions(
    text: InstrumentText, instrument: Instrument, rules: Mapping[str, Rule], at: datetime
) -> tuple[tuple[str, int], ...]:
    places = {row.reference: row for row in Provision.objects.filter(instrument=instrument)}
    stored = set(
        RuleVersion.objects.filter(rule__code__in=[rule.code for rule in text.rules]).values_list(
            "rule__code", "number"
        )
    )
    added = []
    for rule, version in text.versions():
        if (rule.code, version.number) not in stored:
            _publish(version, rules[rule.code], places[version.provision], rules, at)
            added.append((rule.code, version.number))
    return tuple(added)


def _publish(text: VersionText, rule: Rule, provision: Provision, rules: Mapping[str, Rule], at: datetime) -> None:
    """Store a version as a draft with all its parts, then publish it: from then on the database keeps it."""
    version = RuleVersion(rule=rule, number=text.number, provision=provision)
    write_version(version, text, rules)
    version.published_at = at
    version.save(update_fields=["published_at"])
