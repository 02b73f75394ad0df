"""Requests of the arranged city on their way, by the acts themselves."""

from __future__ import annotations

from typing import Any, Final

from agencies.models import Employee, PublicService, User
from eligibility.actions.approvals import approve_request, endorse_request
from eligibility.actions.arrangements import save_request, submit_request
from eligibility.models import Arrangement
from tests.arranged_city import AT, TODAY, ArrangedCity, holder
from tests.factories import PublicServiceFactory

NOW: Final[dict[str, Any]] = {"on": TODAY, "at": AT}


def waiting(
    city: ArrangedCity, employee: Employee | None = None, *weekdays: str, account: User | None = None, **other: Any
) -> Arrangement:
    """A request that waits for the head of the agency; that of a colleague was asked for by the head of the unit."""
    amends = other.pop("amends", None)
    person = employee or city.asker
    own = person == city.asker
    actor = account or (city.asker_account if own else city.unit_head_account)
    row = save_request(
        actor=actor,
        employee=person,
        plan=city.plan(*weekdays, **other),
        amends=amends,
        asked_by_head=actor.employee_id != person.pk,
        **NOW,
    )
    submit_request(actor=actor, arrangement=row, **NOW)
    return endorse_request(actor=city.unit_head_account, arrangement=row, text="", **NOW)


def approved(city: ArrangedCity, employee: Employee | None = None, *weekdays: str, **other: Any) -> Arrangement:
    """A request that the head of the agency has approved."""
    row = waiting(city, employee, *weekdays, **other)
    return approve_request(actor=city.head_account, arrangement=row, **NOW).arrangement


def serviced(city: ArrangedCity, needed: int, *, more: int = 0) -> PublicService:
    """A service of the programmers, so many of whom must be on site; with more colleagues than the city has."""
    service: PublicService = PublicServiceFactory.create(
        agency=city.programmer.agency, unit=city.programmer.unit, name="Bantuan TIK", staff_on_site=needed
    )
    city.programmer.tasks.get().services.add(service)
    for number in range(more):
        holder(city.programmer, f"Rekan Tambahan {number}")
    return service
