"""The rulebook that drafts would make on a day, were they published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from agencies.models import Institution
from eligibility.loading import rule_of, rulebook, scope_for, settings_in_force
from eligibility.models import RuleVersion
from eligibility.periods import spans
from eligibility.rulebook import Rulebook


def rulebook_with(institution: Institution, on: date, known_at: datetime, drafts: Sequence[RuleVersion]) -> Rulebook:
    """The rules in force with those drafts in the place of their rules that would speak on the day.

    Raises NoLawInForce when no rule is in force without them.
    """
    base = rulebook(institution, on, known_at)
    settings = settings_in_force(institution, on, known_at)
    rules = dict(base.by_code)
    for draft in drafts:
        instrument = draft.provision.instrument
        scope = scope_for(list(instrument.scopes.all()), institution)
        in_force = any(span.holds(on) for span in spans(instrument.periods.all()))
        if scope is not None and in_force and draft.effective_from <= on:
            rules[draft.rule.code] = rule_of(draft, scope, settings, set())
    return replace(base, rules=tuple(rules.values()))
