"""Institutions, positions, people and assessments."""

from agencies.models.assessments import Basis, FactRecord, TaskProfile
from agencies.models.employees import (
    Absence,
    AdditionalTask,
    DisciplineGate,
    Employee,
    Employment,
    HolderTask,
    NonAsnStaff,
    Objection,
    PersonalDataRead,
    Posting,
    Predicate,
    SpecialCircumstance,
    Versioned,
)
from agencies.models.imports import (
    DataImport,
    ImportedFile,
    ImportedMove,
    ImportedRow,
    ImportKind,
    LearntColumn,
    MissingEmployee,
    PlannedRow,
)
from agencies.models.institutions import Agency, Institution, LocalCriterion, PolicyStage, PublicService, Unit
from agencies.models.people import Grant, Role, User
from agencies.models.places import Document, Workplace
from agencies.models.positions import Position, Task
from agencies.models.services import ServiceNeed, ServiceWeek
from agencies.models.sheets import Answer, Assessment, Comparison, Settlement, Sheet
from agencies.models.studies import AgencyReview

__all__ = [
    "Absence",
    "AdditionalTask",
    "Agency",
    "AgencyReview",
    "Answer",
    "Assessment",
    "Basis",
    "Comparison",
    "DataImport",
    "DisciplineGate",
    "Document",
    "Employee",
    "Employment",
    "FactRecord",
    "Grant",
    "HolderTask",
    "ImportKind",
    "ImportedFile",
    "ImportedMove",
    "ImportedRow",
    "Institution",
    "LearntColumn",
    "LocalCriterion",
    "MissingEmployee",
    "NonAsnStaff",
    "Objection",
    "PersonalDataRead",
    "PlannedRow",
    "PolicyStage",
    "Position",
    "Posting",
    "Predicate",
    "PublicService",
    "Role",
    "ServiceNeed",
    "ServiceWeek",
    "Settlement",
    "Sheet",
    "SpecialCircumstance",
    "Task",
    "TaskProfile",
    "Unit",
    "User",
    "Versioned",
    "Workplace",
]
