"""Institutions, positions, people and assessments."""

from agencies.models.assessments import AgencyReview, Basis, FactRecord, TaskProfile
from agencies.models.institutions import (
    Agency,
    Institution,
    LocalCriterion,
    PolicyStage,
    PublicService,
    Unit,
)
from agencies.models.people import Grant, Role, User
from agencies.models.positions import Position, Task

__all__ = [
    "Agency",
    "AgencyReview",
    "Basis",
    "FactRecord",
    "Grant",
    "Institution",
    "LocalCriterion",
    "PolicyStage",
    "Position",
    "PublicService",
    "Role",
    "Task",
    "TaskProfile",
    "Unit",
    "User",
]
