"""What an institution calls its own task criteria, read by one prepared query."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from agencies.models import LocalCriterion
from agencies.prepared import prepared


@prepared
def local_criteria_of(institution: int) -> QuerySet[Any, LocalCriterion]:
    """Those of the institution of that key, by their numbers."""
    return LocalCriterion.objects.filter(institution_id=institution).order_by("number")
