"""What eligibility does when an act is recorded: it looks again at the granted arrangements that the act touches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.db.models import Model, Q

from agencies import clock
from agencies.events import Event
from agencies.models import Agency, Assessment, Institution, Position, PublicService, Sheet, Task
from eligibility.arrangements.reexamination import ask, living
from eligibility.arrangements.reexamination import reexamine as look_again
from eligibility.loading import NoLawInForce
from eligibility.models import Arrangement, Reexamination

Cause = Reexamination.Cause


def reexamine(event: Event) -> None:
    """Suspend at once what the act ends; what it may change for many waits for the watcher.

    A suspension is an act of its own, recorded before the act that caused it. Outcomes are computed whenever they
    are read, and whether a Penetapan is stale is worked out on reading: nothing else is written again.
    """
    touched = _TOUCHED.get(event.action)
    if touched is not None:
        _look_again(event, touched(event))
    changes = _changes_staff(event) or _agrees_for_many(event)
    cause = _QUEUED.get(event.action) or (Cause.STRUCTURE if changes else None)
    if cause is not None:
        for institution in _institutions(event):
            ask(institution, cause, event.at)


def _look_again(event: Event, touched: Q | None) -> None:
    """Examine the arrangements touched as they are known once the act is done; one query where there are none."""
    if touched is None:
        return
    on = clock.today(event.institution)
    # An inner query: a position may serve a service by several tasks.
    keys = Arrangement.objects.filter(touched, institution=event.institution, state__in=("approved", "suspended"))
    rows = list(living(event.institution, on).filter(pk__in=keys.values("pk")))
    if not rows:
        return
    try:
        look_again(rows, event.institution, on=on, at=event.at, cause=event.action)
    except NoLawInForce:
        ask(event.institution, Cause.RULES, event.at)


def _institutions(event: Event) -> list[Institution]:
    """National rules concern every institution that has granted something."""
    if event.institution.kind != "nasional":
        return [event.institution]
    granted = Arrangement.objects.granted().order_by().values("institution").distinct()
    return list(Institution.objects.filter(pk__in=granted))


_DECIDES_NOTHING: Final = frozenset({"absence"})
"""Rows about an employee by which nothing is decided: leave and travel."""


def _changes_staff(event: Event) -> bool:
    """Whether the act may leave fewer people, among whom the shares of others are counted."""
    return event.action.startswith("employee_record_") and event.private.get("table") in ("posting", "employment")


def _agrees_for_many(event: Event) -> bool:
    """Whether facts of several positions were agreed, or several were split, in one act."""
    return event.action in _MAPPING and isinstance(event.subject, Institution) and event.details.get("agreed") != 0


def _of_employee(event: Event) -> Q | None:
    if event.private.get("table") in _DECIDES_NOTHING:
        return None
    return Q(employee=event.subject.pk)


def _of_position(event: Event) -> Q:
    return Q(position=event.subject.pk)


def _of_task(event: Event) -> Q:
    return Q(position=_task(event.subject).position_id)


def _of_agency(event: Event) -> Q:
    below = Agency.objects.filter(institution=event.institution).subtree([event.subject.pk])
    return Q(agency__in=below)


def _of_unit(event: Event) -> Q:
    return Q(unit=event.subject.pk)


def _of_service(event: Event) -> Q:
    return _serving([event.subject.pk])


def _of_task_and_its_services(event: Event) -> Q:
    """Also those at other positions that serve what the task serves now, or did: fewer may be left on site."""
    told = {str(one) for name in ("before", "after") for one in _listed(event.details.get(name))}
    services = PublicService.objects.filter(
        agency__institution=event.institution, code__in={_code(one) for one in told}
    )
    keys = [one.pk for one in services.select_related("agency") if f"{one.agency.code}/{one.code}" in told]
    return _of_task(event) | _serving(keys)


def _listed(told: object) -> list[object]:
    return list(told) if isinstance(told, list | tuple) else []


def _code(told: str) -> str:
    return told.rpartition("/")[2]


def _serving(services: list[int]) -> Q:
    positions = Position.objects.filter(tasks__services__in=services, tasks__closed_on__isnull=True)
    return Q(position__in=positions.values("pk"))


def _of_mapped(event: Event) -> Q | None:
    """Those of the one position that was mapped; several wait for the watcher."""
    match event.subject:
        case Assessment() as part if event.details.get("agreed"):
            return Q(position=part.sheet.task.position_id)
        case Sheet() as sheet:
            return Q(position=sheet.task.position_id)
        case Position() as position:
            return Q(position=position.pk)
    return None


def _task(subject: Model) -> Task:
    assert isinstance(subject, Task)
    return subject


_MAPPING: Final = ("assessments_submitted", "sheets_settled", "positions_split")
"""Acts of the mapping that change facts, of one position or of many."""

_TOUCHED: Final[Mapping[str, Callable[[Event], Q | None]]] = {
    "employee_record_added": _of_employee,
    "employee_record_corrected": _of_employee,
    "employee_record_withdrawn": _of_employee,
    "posting_ended": _of_employee,
    "employee_left": _of_employee,
    "service_added": _of_service,
    "service_corrected": _of_service,
    "service_closed": _of_service,
    "service_opened_again": _of_service,
    "service_needs_set": _of_service,
    "task_services_set": _of_task_and_its_services,
    "task_holders_set": _of_task,
    "task_added": _of_task,
    "task_closed": _of_task,
    "task_opened_again": _of_task,
    "fact_set": _of_task,
    **dict.fromkeys(_MAPPING, _of_mapped),
    "position_corrected": _of_position,
    "position_closed": _of_position,
    "unit_closed": _of_unit,
    "agency_closed": _of_agency,
}
"""Which arrangements an act may end at once: those of a person, a position, a service, a unit or an agency."""

_QUEUED: Final[Mapping[str, Reexamination.Cause]] = {
    "rules_loaded": Cause.RULES,
    "rules_published": Cause.RULES,
    "rule_repealed": Cause.RULES,
    "instrument_published": Cause.RULES,
    "setting_recorded": Cause.RULES,
    "instrument_recorded": Cause.RULES,
    "instrument_extended": Cause.RULES,
    "instrument_ended": Cause.RULES,
    "instrument_annulled": Cause.RULES,
    "policy_stage_recorded": Cause.RULES,
    "study_signed": Cause.RULES,
    "determination_recorded": Cause.DETERMINATION,
    "determination_revoked": Cause.DETERMINATION,
    "positions_imported": Cause.IMPORT,
    "employees_imported": Cause.IMPORT,
    "services_imported": Cause.IMPORT,
    "import_undone": Cause.IMPORT,
    "posting_ended": Cause.STRUCTURE,
    "employee_left": Cause.STRUCTURE,
    "non_asn_staff_counted": Cause.STRUCTURE,
    "task_shares_set": Cause.STRUCTURE,
    "agency_corrected": Cause.STRUCTURE,
    "agency_closed": Cause.STRUCTURE,
    "unit_corrected": Cause.STRUCTURE,
    "unit_closed": Cause.STRUCTURE,
    "position_closed": Cause.STRUCTURE,
}
"""What may change much for many: shares and services counted anew when somebody leaves, law, results, imports."""
