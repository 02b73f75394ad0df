"""Reads of agencies, stages, positions, facts and grants; dates and users are arguments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from agencies.models import (  # noqa: F401
        Agency,
        AgencyReview,
        Employee,
        FactRecord,
        Grant,
        Institution,
        PersonalDataRead,
        PolicyStage,
        Position,
        TaskProfile,
    )


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """Institutions."""

    def governing(self) -> Self:
        """Those that have agencies of their own to judge: all but `nasional`."""
        return self.exclude(kind="nasional")


class PolicyStageQuerySet(models.QuerySet["PolicyStage"]):
    """Policy stages."""

    def in_force(self, on: date) -> PolicyStage | None:
        """The stage of the institution on a day: the latest begun by then, None before the first."""
        return self.filter(valid_from__lte=on).order_by("valid_from", "recorded_at", "pk").last()


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Agencies."""

    def lineages(self) -> dict[int, tuple[str, ...]]:
        """For each agency, by key, its own code followed by those of the agencies above it."""
        rows = {pk: (code, parent) for pk, code, parent in self.values_list("pk", "code", "parent_id")}

        def lineage(pk: int | None) -> tuple[str, ...]:
            if pk is None or pk not in rows:
                return ()
            code, parent = rows[pk]
            return (code, *lineage(parent))

        return {pk: lineage(pk) for pk in rows}

    def subtree(self, keys: Iterable[int]) -> set[int]:
        """The keys given and those of all agencies below them, at any depth."""
        below: dict[int | None, list[int]] = {}
        for pk, parent in self.values_list("pk", "parent_id"):
            below.setdefault(parent, []).append(pk)
        found: set[int] = set()
        waiting = list(keys)
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting += below.get(pk, [])
        return found


class AgencyReviewQuerySet(models.QuerySet["AgencyReview"]):
    """Agency reviews."""

    def in_force(self, on: date) -> dict[int, AgencyReview]:
        """The review in force on a day for each agency that has one, by the agency's key."""
        rows = self.filter(valid_from__lte=on).order_by("valid_from", "recorded_at", "pk")
        return {review.agency_id: review for review in rows}


class PositionQuerySet(models.QuerySet["Position"]):
    """Positions."""

    def of_agency(self, agency: Agency) -> Self:
        """The agency's own positions, without those of the agencies below it."""
        return self.filter(agency=agency)


class TaskProfileQuerySet(models.QuerySet["TaskProfile"]):
    """Task profiles."""


class FactRecordQuerySet(models.QuerySet["FactRecord"]):
    """Fact records."""

    def latest_by_fact(self) -> dict[tuple[int | None, str], FactRecord]:
        """The last record of each fact of each task, by task key and fact name."""
        return {(row.task_id, row.fact): row for row in self.order_by("recorded_at", "pk")}


class VersionedQuerySet(models.QuerySet[Any]):
    """Rows that are superseded, never changed."""

    def known(self, at: datetime) -> Self:
        """What the portal held to be true at a moment; a null end is no end."""
        return self.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=at), recorded_at__lte=at)

    def current(self) -> Self:
        """What the portal holds to be true now."""
        return self.filter(superseded_at__isnull=True)


class EmployeeQuerySet(models.QuerySet["Employee"]):
    """Employees."""


class PersonalDataReadQuerySet(models.QuerySet["PersonalDataRead"]):
    """Reads of personal data."""


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants."""

    def in_force(self, on: date) -> Self:
        """Those whose days include the given one; a null end is no end."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), valid_from__lte=on)
