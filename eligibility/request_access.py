"""Who asks for flexible work for whom: everybody for herself, a head or HR officer for employees in her charge."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404

from agencies.access import Standing, acting_as, get_employee, visible_employees
from agencies.models import Employee, Posting, User
from agencies.prepared import prepared
from agencies.querysets import EmployeeQuerySet
from eligibility.arrangement_access import IN_CHARGE, get_arrangement
from eligibility.models import Arrangement


def employee_here(standing: Standing, user: User) -> Employee | None:
    """The employee of the institution whose account it is; None where the account is of nobody there."""
    if user.employee_id is None:
        return None
    if not User._meta.get_field("employee").is_cached(user):
        user.employee = _employee(user.employee_id)[0]
    found = user.employee
    if found is None or found.institution_id != standing.institution.pk:
        return None
    found.institution = standing.institution
    return found


@prepared
def _employee(pk: int) -> QuerySet[Employee]:
    return Employee.objects.filter(pk=pk)


def own_employee(standing: Standing, user: User) -> Employee:
    """The employee of the institution whose account it is; Http404 where the account is of nobody there."""
    found = employee_here(standing, user)
    if found is None:
        raise Http404
    return found


def asks_for_others(standing: Standing) -> bool:
    """Whether the user may ask for employees in her charge."""
    return standing.holds(*IN_CHARGE)


def charge(standing: Standing) -> Standing:
    """The standing as one who asks for others; Http404 for who does not."""
    return acting_as(standing, *IN_CHARGE)


def employees_in_charge(standing: Standing) -> EmployeeQuerySet:
    """The employees for whom the user may ask."""
    return visible_employees(charge(standing))


def get_employee_in_charge(standing: Standing, pk: int) -> Employee:
    """The employee of that key for whom the user may ask; Http404 where she is unknown or out of her charge."""
    return get_employee(charge(standing), pk)


def get_request_to_write(standing: Standing, user: User, pk: int, known_at: datetime) -> Arrangement:
    """The request of that key that the user wrote or that is her own; Http404 for any other."""
    found = get_arrangement(standing, user, pk, known_at)
    if not is_own(user, found) and found.asked_by_id != user.pk:
        raise Http404
    return found


def get_own_request(standing: Standing, user: User, pk: int, known_at: datetime) -> Arrangement:
    """The user's own request of that key; Http404 for any other."""
    found = get_arrangement(standing, user, pk, known_at)
    if not is_own(user, found):
        raise Http404
    return found


def get_arrangement_to_amend(standing: Standing, user: User, pk: int, known_at: datetime) -> Arrangement:
    """An arrangement that is one's own, or of an employee in one's charge; Http404 for any other."""
    found = get_arrangement(standing, user, pk, known_at)
    if not is_own(user, found):
        get_employee_in_charge(standing, found.employee_id)
    return found


def is_own(user: User, arrangement: Arrangement) -> bool:
    """Whether the arrangement is the user's own."""
    return user.employee_id is not None and user.employee_id == arrangement.employee_id


def definitive_position(employee: Employee, on: date, known_at: datetime) -> Posting | None:
    """Her definitive posting on the day, on which a request rests; None where none is recorded."""
    found = next(iter(_definitive(employee.pk, on, known_at)), None)
    if found is not None and found.position.institution_id == employee.institution_id:
        found.position.institution = employee.institution
    return found


@prepared
def _definitive(employee: int, on: date, known_at: datetime) -> QuerySet[Posting]:
    rows = Posting.objects.in_force(on, known_at).filter(employee_id=employee, capacity=Posting.Capacity.DEFINITIVE)
    placed = rows.select_related("position__agency", "position__unit")
    return placed.order_by(*Posting._meta.ordering or ("pk",))[:1]
