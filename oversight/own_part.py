"""In which cases somebody has a part of her own, so that she does not audit them: hers, by her acts, by her posting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.clock import zone
from agencies.models import Institution, User
from agencies.prepared import prepared
from eligibility.models import Arrangement, ArrangementStep


@dataclass(frozen=True, slots=True)
class Held:
    """A posting in an agency, from its first day to its last."""

    agency: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class _Time:
    """The agencies of a perangkat daerah in which she was posted, with the day and the moment at which that ended."""

    agencies: frozenset[int]
    first: date
    until: datetime

    def has(self, case: Arrangement) -> bool:
        """Whether the case ran, from its writing to its last day, while she was posted there."""
        return case.agency_id in self.agencies and case.ends_on >= self.first and case.recorded_at < self.until

    @property
    def cases(self) -> Q:
        """The same as a condition on arrangements."""
        return Q(agency__in=sorted(self.agencies), ends_on__gte=self.first, recorded_at__lt=self.until)


@dataclass(frozen=True)
class OwnPart:
    """What ties an account, and its employee, to cases."""

    user: int
    employee: int | None
    times: tuple[_Time, ...]

    def has(self, case: Arrangement, *, acted: bool) -> bool:
        """Whether the case is her own, she asked for it or acted in it, or was posted in its agency at its time."""
        hers = case.employee_id == self.employee or case.asked_by_id == self.user or acted
        return hers or any(one.has(case) for one in self.times)

    @cached_property
    def cases(self) -> Q:
        """The same as a condition on arrangements; an empty one where nothing ties her to any."""
        found = Q()
        for one in self.times:
            found |= one.cases
        if self.employee is not None:
            found |= Q(employee=self.employee)
        if _asked(self.user):
            found |= Q(asked_by=self.user)
        if _acts(self.user, self.employee or 0):
            acted = ArrangementStep.objects.filter(_by(self.user, self.employee or 0)).order_by()
            found |= Q(pk__in=acted.values("arrangement_id"))
        return found


def own_part(institution: Institution, user: User, held: Iterable[tuple[Held, frozenset[int]]]) -> OwnPart:
    """What ties the account to cases of the institution; with each posting comes the whole perangkat daerah."""
    times = tuple(_Time(agencies, one.first, _end_of(one.last, institution)) for one, agencies in held)
    return OwnPart(user.pk, user.employee_id, times)


def _end_of(day: date, institution: Institution) -> datetime:
    following = min(day, date(9000, 1, 1)) + timedelta(days=1)
    return datetime.combine(following, time.min, tzinfo=zone(institution))


def _by(user: int, employee: int) -> Q:
    """A condition on steps: done by the account, or by its employee, who has no other account. No key is 0.

    Of columns of the steps alone: joined to accounts, no index of the steps would serve.
    """
    return Q(by=user) | Q(by_employee=employee)


@prepared
def _acts(user: int, employee: int) -> QuerySet[Any, int]:
    return ArrangementStep.objects.filter(_by(user, employee)).order_by().values_list("pk", flat=True)[:1]


def acted(user: int, employee: int) -> Exists:
    """Whether the account, or its employee, did a step of an arrangement: a column beside it."""
    return Exists(ArrangementStep.objects.filter(_by(user, employee), arrangement=OuterRef("pk")).order_by())


@prepared
def _asked(user: int) -> QuerySet[Any, int]:
    return Arrangement.objects.filter(asked_by_id=user).order_by().values_list("pk", flat=True)[:1]
