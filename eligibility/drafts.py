"""The rulebook as if drafts were published: what the engine would read, and on which days it would read otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from agencies.models import Institution
from eligibility import rulebook as engine
from eligibility.loading import NoLawInForce, empty_rulebook, rule_of, rulebook, scope_for, settings_in_force
from eligibility.models import InstitutionSetting, InstrumentPeriod, ProvisionVerification, RuleRepeal, RuleVersion
from eligibility.periods import spans


@dataclass(frozen=True, slots=True)
class DraftSpan:
    """Days on which the rulebooks without and with the drafts stay as they are, from the first to the last of them."""

    on: date
    before: engine.Rulebook
    after: engine.Rulebook
    until: date = date.max


def rulebook_with(
    institution: Institution, on: date, known_at: datetime, drafts: Iterable[RuleVersion]
) -> engine.Rulebook:
    """The rules of the institution on a day as if the drafts were published, everything else as known at a moment.

    A draft takes the place of its rule's version from its effective date, also where its instrument is not in
    force on the day: then the rule does not speak. Raises NoLawInForce where nothing is in force with them either.
    """
    return _with_drafts(_rulebook_or_none(institution, on, known_at), institution, on, known_at, drafts)


def _with_drafts(
    before: engine.Rulebook | None,
    institution: Institution,
    on: date,
    known_at: datetime,
    drafts: Iterable[RuleVersion],
) -> engine.Rulebook:
    taking = [draft for draft in drafts if _takes_the_word(draft, on, known_at)]
    if before is None and not taking:
        raise NoLawInForce(on)
    before = before or empty_rulebook(institution, on, known_at)
    if not taking:
        return before
    replaced = {draft.rule.code for draft in taking}
    kept = [rule for rule in before.rules if rule.code not in replaced]
    rules = [*kept, *_rules_of(institution, taking, on, known_at)]
    if not (rules or before.rules):
        raise NoLawInForce(on)
    # The order of `loading`: layer, then instrument; a draft is the newest row of its instrument.
    return replace(before, rules=tuple(sorted(rules, key=lambda r: (r.citation.layer, r.citation.instrument))))


def _rulebook_or_none(institution: Institution, on: date, known_at: datetime) -> engine.Rulebook | None:
    try:
        return rulebook(institution, on, known_at)
    except NoLawInForce:
        return None


def _takes_the_word(draft: RuleVersion, on: date, known_at: datetime) -> bool:
    """Whether the draft would be the version that speaks for its rule: begun, not repealed, none begun later."""
    if draft.effective_from > on:
        return False
    ended = RuleRepeal.objects.filter(rule=draft.rule_id, known_from__lte=known_at, effective_from__lte=on)
    begun = RuleVersion.objects.published().filter(rule=draft.rule_id, known_from__lte=known_at)
    later = begun.filter(effective_from__gt=draft.effective_from, effective_from__lte=on)
    return not ended.exists() and not later.exists()


def _rules_of(
    institution: Institution, drafts: Sequence[RuleVersion], on: date, known_at: datetime
) -> Iterator[engine.Rule]:
    settings = settings_in_force(institution, on, known_at)
    verified = set(ProvisionVerification.objects.order_by().values_list("provision_id", flat=True))
    for draft in sorted(drafts, key=lambda one: one.pk):
        scope = scope_for(list(draft.provision.instrument.scopes.all()), institution)
        if scope is not None and any(span.holds(on) for span in spans(_periods(draft, known_at))):
            yield rule_of(draft, scope, settings, verified)


def _periods(draft: RuleVersion, known_at: datetime) -> list[InstrumentPeriod]:
    """The periods of the draft's instrument: all of a drafted one, those known of a published one."""
    instrument = draft.provision.instrument
    return [row for row in instrument.periods.all() if instrument.is_draft or row.known_from <= known_at]


def draft_spans(institution: Institution, known_at: datetime, drafts: Sequence[RuleVersion]) -> list[DraftSpan]:
    """The spans in which the drafts change the rulebook of the institution, in the order of their days."""
    found: list[DraftSpan] = []
    last = ("", "")
    for day in _days(institution, known_at, drafts):
        before = rulebook(institution, day, known_at)
        span = DraftSpan(day, before, _with_drafts(before, institution, day, known_at, drafts))
        pair = (span.before.fingerprint, span.after.fingerprint)
        if pair != last:
            if found and found[-1].until == date.max:
                found[-1] = replace(found[-1], until=day - timedelta(days=1))
            if pair[0] != pair[1]:
                found.append(span)
        last = pair
    return found


def _days(institution: Institution, known_at: datetime, drafts: Sequence[RuleVersion]) -> list[date]:
    """Every day, from the first on which a draft may speak, on which either rulebook may change."""
    first = min(draft.effective_from for draft in drafts)
    days = {draft.effective_from for draft in drafts}
    for draft in drafts:
        days |= _edges(_periods(draft, known_at))
    known = {"known_from__lte": known_at}
    days |= _edges(InstrumentPeriod.objects.filter(**known))
    for rows, column in (
        (RuleVersion.objects.published(), "effective_from"),
        (RuleRepeal.objects.all(), "effective_from"),
        (InstitutionSetting.objects.filter(institution=institution), "valid_from"),
    ):
        days |= set(rows.filter(**known).order_by().values_list(column, flat=True))
    return sorted(day for day in days if day >= first)


def _edges(rows: Iterable[InstrumentPeriod]) -> set[date]:
    """First days of periods and of ends, and the days after last days."""
    found = set()
    for row in rows:
        found |= {row.starts_on} | ({row.ends_on + timedelta(days=1)} if row.ends_on else set())
    return found
