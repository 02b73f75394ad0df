"""Compares what a table tells of public services with what is recorded: what to create, change and link.

Reads the database and writes nothing; `service_writing` carries a plan out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from agencies.importing.position_plans import Part, differing, slices
from agencies.importing.service_rows import COLUMN_OF, Services, ToldService
from agencies.importing.tables import Told
from agencies.models import Agency, Institution, PublicService, Task, Unit

_NAMED_BY: Final[Mapping[type, str]] = {Agency: "agency_code", Unit: "unit_code", Task: "position_code"}
"""The column that names each."""


@dataclass(frozen=True, slots=True)
class Link:
    """A task that serves a service, and the row that says so."""

    row: int
    service: PublicService
    task: Task


@dataclass(slots=True)
class Plan:
    """What an import would do. Errors are in the table."""

    table: Services
    services: Part[PublicService] = field(default_factory=Part)
    links: list[Link] = field(default_factory=list)
    same_links: list[Link] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether everything told is recorded already."""
        return not (self.services.created or self.services.changed or self.links)


def planned(institution: Institution, table: Services) -> Plan:
    """The plan for what a table tells; further errors are added to the table."""
    planner = _Planner(institution, table)
    for (agency, code), told in table.services.items():
        planner.plan_service(agency, code, told)
    return planner.plan


class _Planner:
    """Holds the rows that exist while the plan is made."""

    def __init__(self, institution: Institution, table: Services) -> None:
        self.table = table
        self.plan = Plan(table)
        self.agencies = {agency.code: agency for agency in Agency.objects.filter(institution=institution)}
        by_key = {agency.pk: agency for agency in self.agencies.values()}
        units = Unit.objects.filter(agency__institution=institution)
        self.units = {(by_key[unit.agency_id].code, unit.code): unit for unit in units}
        self.services: dict[tuple[str, str], PublicService] = {}
        for service in PublicService.objects.filter(agency__institution=institution).select_related("unit"):
            service.agency = by_key[service.agency_id]
            self.services[service.agency.code, service.code] = service
        self.tasks = _tasks(institution, {code for told in table.services.values() for code, _number in told.tasks})
        self.served = _served(self.services.values())

    def plan_service(self, agency: str, code: str, told: ToldService) -> None:
        """One service with the tasks told of it."""
        if agency not in self.agencies:
            message = _("There is no such agency; import agencies and positions first, or correct the code.")
            self.table.wrong(told.row, "agency_code", agency, message)
            return
        values = self._values(agency, told)
        service = self.services.get((agency, code))
        if service is None:
            service = self._new_service(agency, code, told, values)
        else:
            before = differing(service, values)
            if "unit" in before and service.closed_on is None:
                self._refuse_closed(told.row_of("unit"), service.unit)
            self.plan.services.note(service, before)
        for (position, number), row in told.tasks.items():
            self._link(service, position, number, row)

    def _values(self, agency: str, told: ToldService) -> Told:
        values = dict(told.values)
        if values.get("unit"):
            unit = self.units.get((agency, values["unit"]))
            if unit is None:
                message = _("This agency has no such unit; import units first, or correct the code.")
                self.table.wrong(told.row_of("unit"), "unit_code", values["unit"], message)
            values["unit"] = unit
        elif "unit" in values:
            values["unit"] = None
        return values

    def _new_service(self, agency: str, code: str, told: ToldService, values: Told) -> PublicService:
        for name in ("name", "kind"):
            if values.get(name) is None and not self.table.is_wrong(told.row, COLUMN_OF[name]):
                message = _("The service %(code)s is new; fill this cell.")
                self.table.wrong(told.row, COLUMN_OF[name], "", message, {"code": code})
        service = PublicService(agency=self.agencies[agency], code=code, **values)
        self._refuse_closed(told.row, service.agency)
        self._refuse_closed(told.row_of("unit"), service.unit)
        self.plan.services.created.append(service)
        return service

    def _link(self, service: PublicService, position: str, number: int, row: int) -> None:
        task = self.tasks.get((position, number))
        if task is None:
            message = _("There is no task %(number)d of this position; import positions first, or correct the code.")
            self.table.wrong(row, "position_code", position, message, {"number": number})
        elif service.pk and (service.pk, task.pk) in self.served:
            self.plan.same_links.append(Link(row, service, task))
        else:
            self._refuse_closed(row, task)
            self.plan.links.append(Link(row, service, task))

    def _refuse_closed(self, row: int, above: Agency | Unit | Task | None) -> None:
        """Nothing is put into what is closed, as by the forms; the cell at fault is the one that names it."""
        if above is not None and above.closed_on is not None:
            message = _("“%(above)s” is closed from %(day)s on; open it again first, or name another.")
            self.table.wrong(row, _NAMED_BY[type(above)], "", message, {"above": above, "day": above.closed_on})


def _tasks(institution: Institution, codes: set[str]) -> dict[tuple[str, int], Task]:
    found: dict[tuple[str, int], Task] = {}
    for some in slices(sorted(codes)):
        tasks = Task.objects.filter(position__institution=institution, position__code__in=some)
        found |= {(task.position.code, task.number): task for task in tasks.select_related("position")}
    return found


def _served(services: Any) -> set[tuple[int, int]]:
    """Service and task of every link there is."""
    link: Any = Task.services.through
    found: set[tuple[int, int]] = set()
    for some in slices([service.pk for service in services]):
        found.update(link.objects.filter(publicservice__in=some).values_list("publicservice_id", "task_id"))
    return found
