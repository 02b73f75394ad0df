"""Which rows of the law the database keeps as they were published."""

from __future__ import annotations

from typing import Final

from agencies.protection import Frozen, FrozenWith, Protection
from eligibility.models import (
    Criterion,
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    Provision,
    ProvisionVerification,
    RuleLift,
    RuleRepeal,
    RuleVersion,
)

PUBLISHED: Final = "{row}.published_at IS NOT NULL"

CITED: Final = (
    "EXISTS (SELECT 1 FROM eligibility_ruleversion v WHERE v.provision_id = {row}.id AND v.published_at IS NOT NULL)"
)
"""A provision that a published version rests on."""

SPEAKING: Final = (
    "EXISTS (SELECT 1 FROM eligibility_ruleversion v JOIN eligibility_provision p ON p.id = v.provision_id "
    "WHERE p.instrument_id = {row}.id AND v.published_at IS NOT NULL)"
)
"""An instrument that some published version comes from."""

_VERSIONS: Final = ("eligibility_ruleversion",)
_PROVISIONS: Final = (*_VERSIONS, "eligibility_provision")

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Frozen(RuleVersion, when=PUBLISHED),
    FrozenWith(Criterion, of="version", when=PUBLISHED),
    FrozenWith(LimitTerm, of="version", when=PUBLISHED),
    FrozenWith(RuleLift, of="version", when=PUBLISHED),
    Frozen(Provision, when=CITED, reads=_VERSIONS),
    Frozen(Instrument, when=SPEAKING, reads=_PROVISIONS),
    FrozenWith(InstrumentScope, of="instrument", when=SPEAKING, reads=_PROVISIONS),
    # Append-only: a further period, verification, repeal or setting is a new row.
    Frozen(InstrumentPeriod),
    Frozen(ProvisionVerification),
    Frozen(RuleRepeal),
    Frozen(InstitutionSetting),
)
