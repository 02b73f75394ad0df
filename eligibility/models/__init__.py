"""Instruments, provisions and rules."""

from eligibility.models.grounds import AgencyGround, UnitGround
from eligibility.models.rules import (
    Criterion,
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    Provision,
    ProvisionVerification,
    Rule,
    RuleLift,
    RuleRepeal,
    RuleVersion,
)

__all__ = [
    "AgencyGround",
    "Criterion",
    "InstitutionSetting",
    "Instrument",
    "InstrumentPeriod",
    "InstrumentScope",
    "LimitTerm",
    "Provision",
    "ProvisionVerification",
    "Rule",
    "RuleLift",
    "RuleRepeal",
    "RuleVersion",
    "UnitGround",
]
