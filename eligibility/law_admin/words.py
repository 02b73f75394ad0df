"""A version in words on the pages of the administration: the sentence it is, and what differs from another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.answers import naming_local_criteria
from eligibility.explanations import RuleWords, word_rule
from eligibility.law_admin.base import today
from eligibility.loading import settings_in_force
from eligibility.models import Provision, RuleVersion
from eligibility.rulebook import Citation, Lift, Rule
from eligibility.stored_texts import instrument_text, known_law, version_text
from eligibility.text_rules import rule_of_text
from eligibility.texts import VersionText
from eligibility.version_checks import version_faults
from eligibility.version_differences import Difference, PartWords, differences, version_parts


@dataclass(frozen=True)
class Wording:
    """The sentence, or why there is none yet."""

    rule: RuleWords | None
    faults: Sequence[str] = ()


def worded(owner: Institution, code: str, text: VersionText, provision: Provision) -> Wording:
    """A text of a rule as the sentence it is."""
    faults = [sentence for _part, sentence in version_faults(text, instrument_text(provision.instrument), known_law())]
    if faults:
        return Wording(None, faults)
    now = settings_in_force(owner, today(owner), timezone.now())
    rule = rule_of_text(code or "…", text, _citation(provision), now)
    return Wording(word_rule(_by_title(rule, text), naming_local_criteria(owner, _)))


def worded_version(version: RuleVersion) -> Wording:
    """A stored version as the sentence it is."""
    return worded(version.rule.owner, version.rule.code, version_text(version), version.provision)


def parts_of(version: RuleVersion) -> tuple[PartWords, ...]:
    """A stored version part by part."""
    owner = version.rule.owner
    now = settings_in_force(owner, today(owner), timezone.now())
    return version_parts(version_text(version), now, naming_local_criteria(owner, _), date_format)


def changed_from(before: RuleVersion, after: RuleVersion) -> tuple[Difference, ...]:
    """What differs between two versions of a rule."""
    owner = after.rule.owner
    now = settings_in_force(owner, today(owner), timezone.now())
    return differences(version_text(before), version_text(after), now, naming_local_criteria(owner, _), date_format)


def _citation(provision: Provision) -> Citation:
    instrument = provision.instrument
    return Citation(
        provision=provision.pk,
        instrument=instrument.code,
        instrument_title=instrument.title,
        reference=provision.reference,
        layer=instrument.layer,
        verified=provision.verifications.exists(),
        open_note=provision.open_note,
        url=provision.url or instrument.url,
    )


def _by_title(rule: Rule, text: VersionText) -> Rule:
    """A lift that names the rules it sets aside by what they say, and its enabling provisions by their titles."""
    if not isinstance(rule.effect, Lift):
        return rule
    rows = RuleVersion.objects.filter(rule__code__in=rule.effect.rules).order_by("number")
    titles = dict(rows.values_list("rule__code", "title"))
    named = frozenset(f"“{titles[code]}”" if code in titles else code for code in rule.effect.rules)
    places = Provision.objects.select_related("instrument")
    enabling = (places.filter(instrument__code=lift.instrument, reference=lift.reference) for lift in text.lifts)
    enabled_by = "; ".join(sorted({str(place) for found in enabling for place in found}))
    return replace(rule, effect=replace(rule.effect, rules=named, enabled_by=enabled_by))
