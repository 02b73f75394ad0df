"""Which rows of the law the database keeps as they were published."""

from __future__ import annotations

from typing import Final

from agencies.protection import Frozen, FrozenWith, Protection
from eligibility.models import (
    Criterion,
    InstitutionSetting,
    InstrumentPeriod,
    LimitTerm,
    ProvisionVerification,
    RuleLift,
    RuleRepeal,
    RuleVersion,
)

PUBLISHED: Final = "{row}.published_at IS NOT NULL"

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Frozen(RuleVersion, when=PUBLISHED),
    FrozenWith(Criterion, of="version", when=PUBLISHED),
    FrozenWith(LimitTerm, of="version", when=PUBLISHED),
    FrozenWith(RuleLift, of="version", when=PUBLISHED),
    # Append-only: a further period, verification, repeal or setting is a new row.
    Frozen(InstrumentPeriod),
    Frozen(ProvisionVerification),
    Frozen(RuleRepeal),
    Frozen(InstitutionSetting),
)
