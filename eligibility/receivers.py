"""What eligibility does when an act is recorded: it looks again at the granted arrangements that the act touches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Model, Q, QuerySet

from agencies import clock
from agencies.events import Event, record
from agencies.models import (
    Agency,
    AgencyReview,
    Assessment,
    ImportedMove,
    ImportedRow,
    Institution,
    Position,
    Posting,
    PublicService,
    Sheet,
    Task,
)
from eligibility.arrangements.counted_beside import beside_agency, beside_positions, serving
from eligibility.arrangements.departures import departure
from eligibility.arrangements.reexamination import living
from eligibility.arrangements.reexamination import reexamine as look_again
from eligibility.arrangements.watching import ask
from eligibility.loading import NoLawInForce
from eligibility.models import Arrangement, Reexamination

Cause = Reexamination.Cause


def reexamine(event: Event) -> None:
    """Suspend at once what the act ends; what it may change for many is examined in the background, right after it.

    Of those whose gates read what the act changes, and of those counted among people whom it takes away, all are
    looked at at once while they are few; more wait, and the trail says so.

    A suspension is an act of its own, recorded before the act that caused it. Outcomes are computed whenever they
    are read, and whether a Penetapan is stale is worked out on reading: nothing else is written again.
    """
    own, others = _touched(_TOUCHED, event), _others(event)
    if others is not None:
        _look_at_few(event, own, others)
    elif own is not None:
        _look_again(event, own)
    cause = _QUEUED.get(event.action) or (Cause.STRUCTURE if _agrees_for_many(event) else None)
    if cause is not None:
        _ask(event, cause)


@dataclass(frozen=True, slots=True)
class Others:
    """Which arrangements of others are looked at again, from which days, and as what they wait if they are many."""

    touched: Q
    days: Sequence[date]
    cause: Reexamination.Cause


def _others(event: Event) -> Others | None:
    if event.action in _COUNTED:
        return _COUNTED[event.action](event)
    gates = _touched(_GATES, event)
    return Others(gates, (clock.today(event.institution),), Cause.RULES) if gates is not None else None


def _touched(by_action: Mapping[str, Callable[[Event], Q | None]], event: Event) -> Q | None:
    touched = by_action.get(event.action)
    return touched(event) if touched is not None else None


def _ask(event: Event, cause: Reexamination.Cause) -> None:
    for institution in _institutions(event):
        ask(institution, cause, event.at)


def _look_again(event: Event, touched: Q) -> None:
    """Examine the arrangements touched as they are known once the act is done; one query where there are none."""
    on = clock.today(event.institution)
    _examine(event, list(_living(event, touched, on)), on)


def _look_at_few(event: Event, own: Q | None, others: Others) -> None:
    """The same together with others, up to `FEW` of them; if there are more, `own` alone while those are few.

    Others are looked at from each of their days, of which some may be later than today.
    """
    if event.institution.kind == "nasional":
        _ask(event, Cause.RULES)
        return
    on = clock.today(event.institution)
    touched = others.touched if own is None else own | others.touched
    rows = _few(event, touched, on)
    if own is not None and (rows is None or on not in others.days):
        _examine(event, _few(event, own, on), on)
    if rows is None:
        _leave(event, others.cause, _living(event, touched, on).count())
        return
    for day in others.days:
        _examine(event, rows if day == on else _few(event, touched, day), day)


def _few(event: Event, touched: Q, on: date) -> list[Arrangement] | None:
    rows = list(_living(event, touched, on)[: FEW + 1])
    return rows if len(rows) <= FEW else None


def _leave(event: Event, cause: Reexamination.Cause, count: int) -> None:
    """Leave so many to the watcher, which an entry of its own tells before the act's."""
    ask(event.institution, cause, event.at)
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


def _examine(event: Event, rows: list[Arrangement] | None, on: date) -> None:
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


def _of_imported_and_beside(event: Event) -> Q:
    """Also those counted among the people from whom, or to whom, the import moved somebody."""
    moves = ImportedMove.objects.filter(data_import=event.subject.pk).order_by()
    standing = Posting.objects.current().filter(employee__in=moves.filter(what="standing").values("employee"))
    places = (moves.values("was_position"), moves.values("now_position"), standing.values("position"))
    moved = Q(pk__in=places[0]) | Q(pk__in=places[1]) | Q(pk__in=places[2])
    beside = beside_positions(event.institution, Position.objects.filter(moved))
    return _of_imported(event) if beside is None else _of_imported(event) | beside


def _beside_person(event: Event) -> Others | None:
    """Those counted among the same people as her, from the days on which the act takes her away from them."""
    if event.private.get("table", "posting") not in ("posting", "employment"):
        return None
    left = departure(event.subject.pk, event.at, clock.today(event.institution))
    if left is None:
        return None
    beside = beside_positions(event.institution, Position.objects.filter(pk__in=left.positions))
    return None if beside is None else Others(beside, left.days, Cause.STRUCTURE)


def _beside_task(event: Event) -> Others:
    """Those who serve, at whatever position, what the task serves that ends or is somebody else's now."""
    task, on = _task(event.subject), clock.today(event.institution)
    beside = serving(PublicService.objects.filter(tasks=task))
    return Others(beside, (max(on, task.closed_on or on),), Cause.STRUCTURE)


def _beside_agency(event: Event) -> Others:
    assert isinstance(event.subject, Agency)
    return Others(beside_agency(event.subject), (clock.today(event.institution),), Cause.STRUCTURE)


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
    return serving(PublicService.objects.filter(pk=event.subject.pk))


def _of_task_and_its_services(event: Event) -> Q:
    """Also those at other positions that serve what the task serves now, or did: fewer may be left on site."""
    told = {str(one) for name in ("before", "after") for one in _listed(event.details.get(name))}
    services = PublicService.objects.filter(
        agency__institution=event.institution, code__in={_code(one) for one in told}
    )
    keys = [one.pk for one in services.select_related("agency") if f"{one.agency.code}/{one.code}" in told]
    return _of_task(event) | serving(PublicService.objects.filter(pk__in=keys))


def _listed(told: object) -> list[object]:
    return list(told) if isinstance(told, list | tuple) else []


def _code(told: str) -> str:
    return told.rpartition("/")[2]


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
    **dict.fromkeys(("employees_imported", "import_undone"), _of_imported),
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
"""Up to so many arrangements are examined again within an act that touches others than its own: a few seconds."""

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
    **dict.fromkeys(("employees_imported", "import_undone"), _of_imported_and_beside),
}
"""Which arrangements have gates that read what the act changes; national instruments concern too many."""

_COUNTED: Final[Mapping[str, Callable[[Event], Others | None]]] = {
    **dict.fromkeys(
        (
            "employee_record_added",
            "employee_record_corrected",
            "employee_record_withdrawn",
            "posting_ended",
            "employee_left",
        ),
        _beside_person,
    ),
    "non_asn_staff_counted": _beside_agency,
    "task_holders_set": _beside_task,
    "task_closed": _beside_task,
}
"""Which arrangements are counted among people of whom the act may leave fewer: shares and services."""

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
    "task_shares_set": Cause.STRUCTURE,
    "agency_corrected": Cause.STRUCTURE,
    "agency_closed": Cause.STRUCTURE,
    "unit_corrected": Cause.STRUCTURE,
    "unit_closed": Cause.STRUCTURE,
    "position_closed": Cause.STRUCTURE,
}
"""What may change much for many: law, settings, results, imports, and the structure that shares are counted over."""
