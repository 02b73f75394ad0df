"""Reads of agencies, stages, positions, facts and grants; dates and users are arguments."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Case, Count, Max, OuterRef, Q, Subquery, When
from django.db.models.expressions import RawSQL

from agencies.agency_tree import AgencyTree
from agencies.months import full_months

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
        Posting,
        TaskProfile,
    )

_Keys = Iterable[int] | models.QuerySet[Any]
"""Primary keys, or a queryset of the rows themselves."""


def open_on(day: date | None) -> Q:
    """A condition on agencies, units, positions, tasks, profiles and services: it counts on the day.

    A null `closed_on` is no day of closing. Without a day, what was ever closed is left out.
    """
    still = Q(closed_on__isnull=True)
    return still if day is None else still | Q(closed_on__gt=day)


def keys_in(keys: Iterable[int]) -> RawSQL:
    """Keys for an `__in` lookup as one parameter, however many they are: a statement holds only so many values."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(CAST(%s AS bigint[]))", ["{" + ",".join(map(str, keys)) + "}"])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])


def lineages_of(agencies: Iterable[tuple[int, str, int | None]]) -> dict[int, tuple[str, ...]]:
    """For each agency, given by key, code and the key above it, its own code followed by those above it."""
    rows = {pk: (code, parent) for pk, code, parent in agencies}

    def lineage(pk: int | None) -> tuple[str, ...]:
        if pk is None or pk not in rows:
            return ()
        code, parent = rows[pk]
        return (code, *lineage(parent))

    return {pk: lineage(pk) for pk in rows}


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """Institutions."""

    def held(self, key: int) -> Institution:
        """The institution of that key, held until the act ends.

        Acts on its structure and its people begin here, and so wait for one another: what one of them has
        checked nobody changes before it is done. Who only reads, or names the institution, does not wait.
        """
        return self.select_for_update(no_key=True).get(pk=key)

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
        return lineages_of(self.values_list("pk", "code", "parent_id"))

    def subtree(self, keys: Iterable[int]) -> set[int]:
        """The keys given and those of all agencies below them, at any depth."""
        return self._tree().at_and_below(keys)

    def beside(self, keys: Iterable[int]) -> set[int]:
        """The keys of all that lie, at any depth, under the perangkat daerah in which the agencies given lie."""
        lineages = self.lineages()
        tops = {lineages[key][-1] for key in keys if key in lineages}
        return {key for key, lineage in lineages.items() if lineage[-1] in tops}

    def above(self, key: int) -> list[int]:
        """The keys of the agencies above one, at any height, the nearest first."""
        return self._tree().above(key)

    def _tree(self) -> AgencyTree:
        return AgencyTree(dict(self.order_by().values_list("pk", "parent_id")))


class AgencyReviewQuerySet(models.QuerySet["AgencyReview"]):
    """Studies of agencies."""

    def signed(self) -> Self:
        """Those that BKPSDM has signed: rules and other readers know no others."""
        return self.filter(signed_at__isnull=False)

    def drafts(self) -> Self:
        """Those that are not signed yet."""
        return self.filter(signed_at__isnull=True)

    def begun(self, on: date) -> Self:
        """The signed ones valid from a day or earlier, in the order in which each takes the place of the former."""
        return self.signed().filter(valid_from__lte=on).order_by("valid_from", "signed_at", "pk")

    def in_force(self, on: date) -> dict[int, AgencyReview]:
        """The signed one in force on a day for each agency that has one, by the agency's key."""
        return {review.agency_id: review for review in self.begun(on)}


class PositionQuerySet(models.QuerySet["Position"]):
    """Positions."""


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


class SpanQuerySet(VersionedQuerySet):
    """Versioned rows that hold from `starts_on` to `ends_on`, the last day; a null end is no end."""

    def in_force(self, on: date, known_at: datetime) -> Self:
        """Those whose days include the given one, as known at a moment."""
        rows = self.known(known_at)
        return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class ServiceWeekQuerySet(VersionedQuerySet):
    """The weeks of public services."""

    def in_force(self, on: date, known_at: datetime) -> Self:
        """The one of each service that holds on a day, as known at a moment: the latest begun by then."""
        begun = self.model._default_manager.known(known_at).filter(valid_from__lte=on)
        latest = begun.filter(service=OuterRef("service")).order_by("-valid_from", "-recorded_at", "-pk")
        return self.filter(pk=Subquery(latest.values("pk")[:1]))


class EmploymentQuerySet(VersionedQuerySet):
    """Employments: the kind, golongan and kedudukan hukum of employees."""

    def in_force(self, on: date, known_at: datetime) -> Self:
        """The one of each employee that holds on a day, as known at a moment: the latest begun by then."""
        begun = self.model._default_manager.known(known_at).filter(effective_from__lte=on)
        latest = begun.filter(employee=OuterRef("employee")).order_by("-effective_from", "-recorded_at", "-pk")
        return self.filter(pk=Subquery(latest.values("pk")[:1]))


class PostingQuerySet(VersionedQuerySet):
    """Postings; of one position or one employee several may be in force at a time (definitif, Plt, Plh)."""

    def in_force(self, on: date, known_at: datetime) -> Self:
        """Those whose days include the given one, as known at a moment; a null end is no end."""
        rows = self.known(known_at)
        return rows.filter(
            Q(effective_until__isnull=True) | Q(effective_until__gte=on),
            effective_from__lte=on,
        )

    def running(self, on: date) -> Self:
        """Those whose days include the given one, as recorded now; a null end is no end."""
        open_then = Q(effective_until__isnull=True) | Q(effective_until__gte=on)
        return self.current().filter(open_then, effective_from__lte=on)

    def number_in(self, position: OuterRef, on: date) -> models.QuerySet[Posting, Any]:
        """How many hold a position definitively on a day, as recorded now: to be counted beside it; no row for none."""
        rows = self.filter(superseded_at__isnull=True, effective_from__lte=on, capacity="definitive", position=position)
        open_then = rows.filter(Q(effective_until__isnull=True) | Q(effective_until__gte=on))
        of_position = open_then.order_by().values("position")
        counted: models.QuerySet[Posting, Any] = of_position.annotate(number=Count("*")).values("number")
        return counted

    def acting_first(self) -> Self:
        """Plh before Plt before definitif: who stands in for a head is named for just the days it is needed."""
        rank = Case(When(capacity="plh", then=0), When(capacity="plt", then=1), default=2)
        return self.order_by(rank, "-effective_from", "-pk")

    def leading(self, agency: int, on: date, known_at: datetime) -> Posting | None:
        """Who leads an agency, by its key, on a day; None while nobody is known to."""
        rows = self.in_force(on, known_at).filter(position__agency=agency, position__leads="agency")
        first: Posting | None = rows.select_related("employee", "position").acting_first().first()
        return first

    def months_in_position(self, on: date, known_at: datetime, new: Iterable[str]) -> dict[int, int]:
        """Full months on a day since the newest definitive posting whose reason is one of `new`, by employee's key.

        An employee of whom no such posting is known is missing: the months are unknown, not zero. A posting
        for another reason (pengukuhan SOTK) goes on with the months of the one before.
        """
        rows = self.known(known_at).filter(effective_from__lte=on, capacity="definitive", reason__in=list(new))
        since = rows.order_by().values_list("employee").annotate(since=Max("effective_from"))
        return {employee: full_months(day, on) for employee, day in since}


class PredicateQuerySet(VersionedQuerySet):
    """Performance predicates."""

    def last_by(self, on: date, known_at: datetime) -> Self:
        """The one of each employee for the last period that ended by a day, as known at a moment."""
        ended = self.model._default_manager.known(known_at).filter(period_ends_on__lte=on)
        latest = ended.filter(employee=OuterRef("employee")).order_by("-period_ends_on", "-recorded_at", "-pk")
        return self.filter(pk=Subquery(latest.values("pk")[:1]))


class EmployeeQuerySet(models.QuerySet["Employee"]):
    """Employees."""

    def holding(self, positions: _Keys, on: date, known_at: datetime) -> Self:
        """Those who hold one of the positions on a day, as known at a moment, each once."""
        postings = _postings_in_force(on, known_at).filter(position__in=positions)
        return self.filter(pk__in=postings.values("employee"))

    def seen_from(self, agencies: _Keys, on: date, known_at: datetime) -> Self:
        """Those who hold a position in one of the agencies on a day, as known at a moment, each once."""
        postings = _postings_in_force(on, known_at).filter(position__agency__in=agencies)
        return self.filter(pk__in=postings.values("employee"))


def _postings_in_force(on: date, known_at: datetime) -> PostingQuerySet:
    from agencies.models import Posting  # the models are made of these querysets

    return Posting.objects.in_force(on, known_at)


class PersonalDataReadQuerySet(models.QuerySet["PersonalDataRead"]):
    """Reads of personal data."""


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants."""

    def in_force(self, on: date) -> Self:
        """Those whose days include the given one; a null end is no end."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), valid_from__lte=on)
