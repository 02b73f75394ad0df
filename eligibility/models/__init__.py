"""Instruments, provisions and rules; what was judged by them, sent and determined."""

from eligibility.models.approvals import (
    Approval,
    ApprovalSpan,
    ArrangementObjection,
    Letter,
    Notice,
    Reexamination,
    WorkedDay,
)
from eligibility.models.arrangements import (
    Arrangement,
    ArrangementOutput,
    ArrangementState,
    ArrangementStep,
    Attestation,
    RefusalGround,
)
from eligibility.models.cases import RuleCase
from eligibility.models.determinations import (
    Determination,
    DeterminationRevocation,
    DeterminedGround,
    DeterminedPosition,
    DeterminedSource,
    DeterminedTask,
)
from eligibility.models.grounds import AgencyGround, UnitGround
from eligibility.models.instruments import (
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    Provision,
    ProvisionVerification,
)
from eligibility.models.published_maps import MapWithdrawal, PublishedMap
from eligibility.models.rules import Criterion, InstitutionSetting, LimitTerm, Rule, RuleLift, RuleRepeal, RuleVersion
from eligibility.models.senders import SenderKey
from eligibility.models.verifications import Capacity, State, Step, StoredRulebook, Verification, VerificationStep

__all__ = [
    "AgencyGround",
    "Approval",
    "ApprovalSpan",
    "Arrangement",
    "ArrangementObjection",
    "ArrangementOutput",
    "ArrangementState",
    "ArrangementStep",
    "Attestation",
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
    "Letter",
    "LimitTerm",
    "MapWithdrawal",
    "Notice",
    "Provision",
    "ProvisionVerification",
    "PublishedMap",
    "Reexamination",
    "RefusalGround",
    "Rule",
    "RuleCase",
    "RuleLift",
    "RuleRepeal",
    "RuleVersion",
    "SenderKey",
    "State",
    "Step",
    "StoredRulebook",
    "UnitGround",
    "Verification",
    "VerificationStep",
    "WorkedDay",
]
