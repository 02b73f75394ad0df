"""Instruments, provisions and rules; what was judged by them, sent and determined."""

from eligibility.models.determinations import (
    Determination,
    DeterminationRevocation,
    DeterminedGround,
    DeterminedPosition,
    DeterminedSource,
    DeterminedTask,
)
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
from eligibility.models.verifications import (
    Capacity,
    State,
    Step,
    StoredRulebook,
    Verification,
    VerificationStep,
)

__all__ = [
    "AgencyGround",
    "Capacity",
    "Criterion",
    "Determination",
    "DeterminationRevocation",
    "DeterminedGround",
    "DeterminedPosition",
    "DeterminedSource",
    "DeterminedTask",
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
    "State",
    "Step",
    "StoredRulebook",
    "UnitGround",
    "Verification",
    "VerificationStep",
]
