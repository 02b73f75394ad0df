"""The acts on agencies, units, positions, tasks and services."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from agencies.actions import agencies, positions, service_needs, services, staff_counts, tasks, units
from agencies.coverage.week import NeedSpan
from agencies.models import Agency, PublicService, Unit
from agencies.structure import AgencyValues, PositionValues, ServiceValues, TaskValues, UnitValues
from tests.base import Cast
from tests.factories import PostingFactory, PublicServiceFactory, TaskFactory

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
DAY = date(2025, 7, 1)
SAID: Any = {"source": "SK 1/2025", "valid_from": DAY, "at": NOON}
CLOSED: Any = {"closed_on": date(2025, 8, 1), "source": "SK 2/2025", "at": NOON}


def add_agency(cast: Cast) -> object:
    values = AgencyValues("Dinas Baru", "dinas", "general", None, "")
    return agencies.add_agency(actor=cast.hr_officer, institution=cast.institution, code="DBaru", values=values, **SAID)


def correct_agency(cast: Cast) -> object:
    values = AgencyValues("Dinas Kesehatan", "badan", "health", None, "")
    return agencies.correct_agency(actor=cast.hr_officer, agency=cast.other_agency, values=values, **SAID)


def close_agency(cast: Cast) -> object:
    return agencies.close_agency(actor=cast.hr_officer, agency=cast.other_agency, **CLOSED)


def add_unit(cast: Cast) -> object:
    values = UnitValues("Bidang Baru", "division", None)
    return units.add_unit(actor=cast.hr_officer, agency=cast.agency, code="baru", values=values, **SAID)


def _unit(cast: Cast) -> Unit:
    return Unit.objects.get_or_create(agency=cast.agency, code="kosong", defaults={"name": "Bidang Kosong"})[0]


def correct_unit(cast: Cast) -> object:
    values = UnitValues("Loket", "service_point", None)
    return units.correct_unit(actor=cast.hr_officer, unit=_unit(cast), values=values, **SAID)


def close_unit(cast: Cast) -> object:
    return units.close_unit(actor=cast.hr_officer, unit=_unit(cast), **CLOSED)


def add_service(cast: Cast) -> object:
    values = ServiceValues("Loket baru", "counter", None, "Senin-Jumat 08.00-15.00", 2)
    return services.add_service(actor=cast.hr_officer, agency=cast.agency, code="loket-baru", values=values, **SAID)


def _service(cast: Cast) -> PublicService:
    return PublicService.objects.filter(code="loket").first() or PublicServiceFactory.create(
        agency=cast.agency, code="loket"
    )


def correct_service(cast: Cast) -> object:
    values = ServiceValues("Loket", "online", None, "24 jam", None)
    return services.correct_service(actor=cast.hr_officer, service=_service(cast), values=values, **SAID)


def close_service(cast: Cast) -> object:
    return services.close_service(actor=cast.hr_officer, service=_service(cast), **CLOSED)


def set_service_needs(cast: Cast) -> object:
    spans = [NeedSpan("monday", 480, 720, 3), NeedSpan("monday", 780, 900, None)]
    return service_needs.set_service_needs(actor=cast.hr_officer, service=_service(cast), spans=spans, **SAID)


def add_position(cast: Cast) -> object:
    values = PositionValues(
        cast.agency, None, "Arsiparis", "Ahli Muda", "fungsional", "none", "arsiparis", "none", 2, 1
    )
    return positions.add_position(
        actor=cast.hr_officer, institution=cast.institution, code="P-BARU", values=values, **SAID
    )


def correct_position(cast: Cast) -> object:
    values = PositionValues(cast.agency, cast.position.unit, "Arsiparis", "Ahli Muda", "pelaksana", None, None, None, 3)
    return positions.correct_position(actor=cast.hr_officer, position=cast.position, values=values, **SAID)


def close_position(cast: Cast) -> object:
    return positions.close_position(actor=cast.hr_officer, position=cast.position, **CLOSED)


def add_task(cast: Cast) -> object:
    cast.task.share = 60
    cast.task.save(update_fields=["share"])
    values = TaskValues("Menulis laporan")
    return tasks.add_task(actor=cast.hr_officer, position=cast.position, values=values, share=40, **SAID)


def correct_task(cast: Cast) -> object:
    return tasks.correct_task(actor=cast.hr_officer, task=cast.task, values=TaskValues("Menata arsip"), **SAID)


def set_task_shares(cast: Cast) -> object:
    return tasks.set_task_shares(actor=cast.hr_officer, position=cast.position, shares={cast.task.pk: 70}, **SAID)


def set_task_services(cast: Cast) -> object:
    return tasks.set_task_services(actor=cast.hr_officer, task=cast.task, services=[_service(cast)], at=NOON)


def set_task_holders(cast: Cast) -> object:
    held = cast.position.postings.first() or PostingFactory.create(position=cast.position)
    return tasks.set_task_holders(actor=cast.hr_officer, task=cast.task, holders=[held.employee], on=DAY, at=NOON)


def close_task(cast: Cast) -> object:
    if cast.position.tasks.count() == 1:
        TaskFactory.create(position=cast.position, number=2, share=None)
    return tasks.close_task(actor=cast.hr_officer, task=cast.task, **CLOSED)


def count_non_asn_staff(cast: Cast) -> object:
    agency = Agency.objects.get(pk=cast.agency.pk)
    return staff_counts.count_non_asn_staff(
        actor=cast.hr_officer, agency=agency, unit=None, count=12, counted_on=DAY, source="Rekap 2025", at=NOON
    )


ACTS = {
    "agencies.actions.agencies.add_agency": add_agency,
    "agencies.actions.agencies.correct_agency": correct_agency,
    "agencies.actions.agencies.close_agency": close_agency,
    "agencies.actions.units.add_unit": add_unit,
    "agencies.actions.units.correct_unit": correct_unit,
    "agencies.actions.units.close_unit": close_unit,
    "agencies.actions.services.add_service": add_service,
    "agencies.actions.services.correct_service": correct_service,
    "agencies.actions.service_needs.set_service_needs": set_service_needs,
    "agencies.actions.services.close_service": close_service,
    "agencies.actions.positions.add_position": add_position,
    "agencies.actions.positions.correct_position": correct_position,
    "agencies.actions.positions.close_position": close_position,
    "agencies.actions.tasks.add_task": add_task,
    "agencies.actions.tasks.correct_task": correct_task,
    "agencies.actions.tasks.set_task_shares": set_task_shares,
    "agencies.actions.tasks.set_task_services": set_task_services,
    "agencies.actions.tasks.set_task_holders": set_task_holders,
    "agencies.actions.tasks.close_task": close_task,
    "agencies.actions.staff_counts.count_non_asn_staff": count_non_asn_staff,
}
