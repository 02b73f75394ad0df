"""What eligibility does when an act is recorded: it looks again at the granted arrangements that the act touches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.db.models import Model, Q, QuerySet

from agencies import clock
from agencies.events import Event, record
from agencies.models import (
    Agency,
    AgencyReview,
    Assessment,
    ImportedRow,
    Institution,
    Position,
    PublicService,
    Sheet,
    Task,
)
from eligibility.arrangements.reexamination import ask, living
from eligibility.arrangements.reexamination import reexamine as look_again
from eligibility.loading import NoLawInForce
from eligibility.models import Arrangement, Reexamination

Cause = Reexamination.Cause


def reexamine(event: Event) -> None:
    """Suspend at once what the act ends; what it may change for many waits for the watcher.

    What gates read (study, policy stage, implementing instrument, imported postings) is looked at again at once while
    few are touched; more wait for the watcher too, and the trail says so.

    A suspension is an act of its own, recorded before the act that caused it. Outcomes are computed whenever they
    are read, and whether a Penetapan is stale is worked out on reading: nothing else is written again.
    """
    touched = _TOUCHED.get(event.action)
    if touched is not None:
        _look_again(event, touched(event))
    gates = _GATES.get(event.action)
    if gates is not None:
        _look_at_few(event, gates(event))
    changes = _changes_staff(event) or _agrees_for_many(event)
    cause = _QUEUED.get(event.action) or (Cause.STRUCTURE if changes else None)
    if cause is not None:
        _ask(event, cause)


def _ask(event: Event, cause: Reexamination.Cause) -> None:
    for institution in _institutions(event):
        ask(institution, cause, event.at)


def _look_again(event: Event, touched: Q | None) -> None:
    """Examine the arrangements touched as they are known once the act is done; one query where there are none."""
    if touched is None:
        return
    on = clock.today(event.institution)
    _examine(event, list(_living(event, touched, on)), on)


def _look_at_few(event: Event, touched: Q) -> None:
    """The same up to `FEW` of them; more are left to the watcher, which an entry of its own tells before the act's."""
    if event.institution.kind == "nasional":
        _ask(event, Cause.RULES)
        return
    on = clock.today(event.institution)
    rows = list(_living(event, touched, on)[: FEW + 1])
    if len(rows) <= FEW:
        _examine(event, rows, on)
        return
    ask(event.institution, Cause.RULES, event.at)
    count = _living(event, touched, on).count()
    record(
        actor=None,
        action="reexamination_queued",
        subject=event.institution,
        at=event.at,
        cause=event.action,
        arrangements=count,
    )


def _living(event: Event, touched: Q, on: date) -> QuerySet[Arrangement]:
    # An inner query: a position may serve a service by several tasks.
    keys = Arrangement.objects.filter(touched, institution=event.institution, state__in=("approved", "suspended"))
    return living(event.institution, on).filter(pk__in=keys.values("pk"))


def _examine(event: Event, rows: list[Arrangement], on: date) -> None:
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


def _of_corrected(event: Event) -> Q | None:
    """Her own where her residence is another now: somebody may work there."""
    told = [row.get("residence") for row in map(event.private.get, ("before", "after")) if isinstance(row, Mapping)]
    return Q(employee=event.subject.pk) if len(set(told)) > 1 else None


def _of_imported(event: Event) -> Q:
    """Those of the people whose identity or versions an import of employees wrote."""
    rows = ImportedRow.objects.filter(data_import=event.subject.pk)
    versions = rows.filter(part__in=("employment", "posting", "predicate"), of__isnull=False)
    changed = rows.filter(part="employee", what=ImportedRow.What.CHANGED)
    return Q(employee__in=versions.values("of")) | Q(employee__in=changed.values("key"))


def _of_studied(event: Event) -> Q:
    assert isinstance(event.subject, AgencyReview)
    return _below(event.institution, event.subject.agency_id)


def _of_institution(event: Event) -> Q:
    return Q(institution=event.institution)


def _of_workplace(event: Event) -> Q:
    return Q(workplace=event.subject.pk)


def _of_position(event: Event) -> Q:
    return Q(position=event.subject.pk)


def _of_task(event: Event) -> Q:
    return Q(position=_task(event.subject).position_id)


def _of_agency(event: Event) -> Q:
    return _below(event.institution, event.subject.pk)


def _below(institution: Institution, agency: int) -> Q:
    return Q(agency__in=Agency.objects.filter(institution=institution).subtree([agency]))


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
    "employee_corrected": _of_corrected,
    "workplace_corrected": _of_workplace,
    "workplace_closed": _of_workplace,
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
"""Which arrangements an act may end at once: those of a person, a position, a service, a place, a unit or an agency."""

FEW: Final = 100
"""Up to so many arrangements are examined again within the act that changes what their gates read: a few seconds."""

_GATES: Final[Mapping[str, Callable[[Event], Q]]] = {
    "study_signed": _of_studied,
    **dict.fromkeys(
        (
            "policy_stage_recorded",
            "instrument_recorded",
            "instrument_extended",
            "instrument_ended",
            "instrument_annulled",
        ),
        _of_institution,
    ),
    **dict.fromkeys(("employees_imported", "import_undone"), _of_imported),
}
"""Which arrangements have gates that read what the act changes; national instruments concern too many."""

_QUEUED: Final[Mapping[str, Reexamination.Cause]] = {
    "rules_loaded": Cause.RULES,
    "rules_published": Cause.RULES,
    "rule_repealed": Cause.RULES,
    "instrument_published": Cause.RULES,
    "setting_recorded": Cause.RULES,
    "determination_recorded": Cause.DETERMINATION,
    "determination_revoked": Cause.DETERMINATION,
    "positions_imported": Cause.IMPORT,
    "employees_imported": Cause.IMPORT,
    "services_imported": Cause.IMPORT,
    "service_needs_imported": Cause.IMPORT,
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
