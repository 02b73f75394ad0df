"""Writes a demonstration city to the database, in one transaction with one trail entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from agencies import events
from agencies.bulk_rows import refresh_statistics
from agencies.demonstration.catalogue import ServicePlan, UnitPlan, services
from agencies.demonstration.cities import AgencyPlan, agencies_of, stages_of
from agencies.demonstration.gaps import WITH_GAPS, leave_gaps
from agencies.demonstration.jobs import PositionPlan, TaskPlan, positions_of
from agencies.demonstration.lots import falls
from agencies.demonstration.past import write_past
from agencies.demonstration.people import ensure_sign_ins, link_employees
from agencies.demonstration.service_weeks import write_weeks
from agencies.demonstration.staff_loading import RECORDED_AT, SOURCE, ensure_people
from agencies.fact_records import Change, FactAct, changed, new_profile
from agencies.facts import POSITION_FACTS
from agencies.models import (
    Agency,
    Basis,
    FactRecord,
    Institution,
    PolicyStage,
    Position,
    PublicService,
    Task,
    TaskProfile,
    Unit,
)

FACTS_VALID_FROM: Final = date(2024, 1, 1)
STAFF_UNKNOWN: Final = 10
"""For so many of a hundred services nobody has said how many people they need on site."""


@dataclass(frozen=True)
class Loaded:
    """What a city holds once its demonstration is there; `created` is false where it stood there before.

    `added` is how many people were added now, to a new city or to one that stood there without them.
    """

    created: bool
    added: int
    agencies: int
    positions: int
    tasks: int
    facts: int
    employees: int


@dataclass(frozen=True)
class _Job:
    """A planned position at its agency, with the row that stands for it."""

    plan: PositionPlan
    position: Position


def load_city(institution: Institution) -> Loaded:
    """Fill a city that has no agencies yet, and one that has no people with people; the rest is left as it is."""
    with transaction.atomic():
        created = not institution.agencies.exists()
        if created:
            _fill(institution)
        accounts = ensure_sign_ins(institution)
        added = ensure_people(institution)
        link_employees(institution)
        loaded = _counted(institution, created=created, added=added)
        if created or accounts or added:
            events.record(
                actor=None,
                action="demonstration_loaded",
                subject=institution,
                source=SOURCE,
                agencies=loaded.agencies,
                positions=loaded.positions,
                tasks=loaded.tasks,
                facts=loaded.facts,
                accounts=accounts,
                employees=added,
            )
    if created or added:
        refresh_statistics()
    return loaded


def load_national_sign_ins(nation: Institution) -> int:
    """Create the accounts of those who write national law, and return how many were missing."""
    with transaction.atomic():
        accounts = ensure_sign_ins(nation)
        if accounts:
            events.record(actor=None, action="demonstration_loaded", subject=nation, source=SOURCE, accounts=accounts)
    return accounts


def _counted(institution: Institution, *, created: bool, added: int) -> Loaded:
    return Loaded(
        created=created,
        added=added,
        agencies=institution.agencies.count(),
        positions=institution.positions.count(),
        tasks=Task.objects.filter(position__institution=institution).count(),
        facts=FactRecord.objects.filter(institution=institution).count(),
        employees=institution.employees.count(),
    )


def _fill(institution: Institution) -> None:
    plans = agencies_of(institution.code)
    agencies = _agencies(institution, plans)
    jobs = _jobs(institution, plans, agencies)
    tasks = [
        (Task(position=job.position, number=task.number, title=task.title, share=task.share), task)
        for job in jobs
        for task in job.plan.tasks
    ]
    Task.objects.bulk_create(task for task, _plan in tasks)
    TaskProfile.objects.bulk_create(new_profile(task, plan.values) for task, plan in tasks)
    _serve(tasks)
    if institution.code == WITH_GAPS:
        leave_gaps(agencies)
    act = FactAct(institution, SOURCE, FACTS_VALID_FROM, RECORDED_AT)
    act.write(_changes(jobs, tasks))
    write_past(institution, [job.position for job in jobs])
    PolicyStage.objects.bulk_create(
        PolicyStage(institution=institution, stage=plan.stage, valid_from=plan.valid_from, source=plan.source)
        for plan in stages_of(institution.code)
    )


def _agencies(institution: Institution, plans: list[AgencyPlan]) -> Mapping[str, Agency]:
    """Level by level, because a child needs the key of its parent."""
    rows: dict[str, Agency] = {}
    for below in (False, True):
        level = [plan for plan in plans if bool(plan.parent) is below]
        created = Agency.objects.bulk_create(
            Agency(
                institution=institution,
                parent=rows[plan.parent] if plan.parent else None,
                code=plan.code,
                name=plan.name,
                kind=plan.kind,
                sector=plan.sector,
                note=plan.note,
            )
            for plan in level
        )
        rows |= {agency.code: agency for agency in created}
    return rows


def _jobs(institution: Institution, plans: list[AgencyPlan], agencies: Mapping[str, Agency]) -> list[_Job]:
    units = _units(plans, agencies)
    jobs = []
    for agency in plans:
        for plan in positions_of(institution.code, agency):
            unit = units[agency.code, plan.unit.key] if plan.unit else None
            jobs.append(_Job(plan, _position(institution, agencies[agency.code], unit, plan)))
    Position.objects.bulk_create(job.position for job in jobs)
    return jobs


def _units(plans: list[AgencyPlan], agencies: Mapping[str, Agency]) -> Mapping[tuple[str, str], Unit]:
    rows = [_unit(agencies[agency.code], agency.sector, unit) for agency in plans for unit in agency.units]
    return {(unit.agency.code, unit.code): unit for unit in Unit.objects.bulk_create(rows)}


def _unit(agency: Agency, sector: str, plan: UnitPlan) -> Unit:
    return Unit(agency=agency, code=plan.key, name=plan.name, kind=plan.kind, sector=plan.sector or sector)


def _position(institution: Institution, agency: Agency, unit: Unit | None, plan: PositionPlan) -> Position:
    title = plan.job.title
    return Position(
        institution=institution,
        agency=agency,
        unit=unit,
        code=plan.code,
        title=plan.title,
        jenjang=plan.job.jenjang,
        category=title.category,
        echelon=title.echelon,
        job_family=title.job_family,
        leads=title.leads,
        needed=plan.needed,
        filled=plan.filled,
    )


def _serve(tasks: list[tuple[Task, TaskPlan]]) -> None:
    """Create the services that tasks serve, each at the first unit that serves it, and link the tasks."""
    rows: dict[tuple[int, str], PublicService] = {}
    serving = [(task, plan) for task, plan in tasks if plan.service]
    for task, plan in serving:
        position = task.position
        key = (position.agency_id, plan.service)
        rows.setdefault(key, _service(position.agency, position.unit, services()[plan.service]))
    write_weeks(PublicService.objects.bulk_create(rows.values()))
    link = Task.services.through
    link.objects.bulk_create(
        link(task=task, publicservice=rows[task.position.agency_id, plan.service]) for task, plan in serving
    )


def _service(agency: Agency, unit: Unit | None, plan: ServicePlan) -> PublicService:
    unknown = falls(STAFF_UNKNOWN, agency.code, plan.key, "staff")
    return PublicService(
        agency=agency,
        unit=unit,
        code=plan.key,
        name=plan.name,
        kind=plan.kind,
        hours=plan.hours,
        staff_on_site=None if unknown else plan.staff_on_site,
    )


def _changes(jobs: list[_Job], tasks: list[tuple[Task, TaskPlan]]) -> Iterator[Change]:
    """A change for each known fact; what nobody has answered has none."""
    for job in jobs:
        for fact in POSITION_FACTS:
            value = getattr(job.position, fact.column)
            yield changed(job.position, fact.name, value, Basis.IMPORTED)
    for task, plan in tasks:
        for column, known in plan.values.items():
            if known is not None:
                basis = Basis.PROPOSED if column == "exposure" else Basis.IMPORTED
                yield changed(task, f"task.{column}", known, basis)
