"""Reads a table of public services and the tasks that serve them, and finds every error in it.

One row tells of one service and of one task that serves it; a service that several tasks serve stands in several
rows. What stands in no row is not touched: no task stops serving. Agencies, units, positions and tasks are recorded
already. Nothing here reads the database; `service_plans` compares with what is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from agencies import facts
from agencies.importing.cell_readers import read_choice, read_number, read_text
from agencies.importing.tables import Column, Record, Sheet, Telling, Told, differs, told_rows

NEEDED: Final = "agency_code"
"""The column without which no row can be understood."""

COLUMNS: Final = {
    column.name: column
    for column in (
        Column("agency_code", "agency", "code", read_text(40)),
        Column("service_code", "service", "code", read_text(60)),
        Column("service_name", "service", "name", read_text(200)),
        Column(
            "service_kind",
            "service",
            "kind",
            read_choice(tuple(choice.code for choice in facts.SERVICE_KINDS if choice.code != "none")),
        ),
        Column("unit_code", "service", "unit", read_text(60), may_be_none=True),
        Column("hours", "service", "hours", read_text(100), may_be_none=True),
        Column("staff_on_site", "service", "staff_on_site", read_number(0, 10_000), may_be_unknown=True),
        Column("position_code", "task", "position", read_text(80)),
        Column("task_number", "task", "number", read_number(1, 99)),
    )
}
"""Every column that is understood, in the order of a complete table."""

COLUMN_OF: Final = {one.field: one.name for one in COLUMNS.values() if one.of == "service"}
"""The column that fills a field of a service."""


@dataclass(slots=True)
class ToldService(Telling):
    """What the rows tell of a service; `tasks` are code of position and number, with the row that names them first."""

    agency: str
    tasks: dict[tuple[str, int], int] = field(default_factory=dict)


@dataclass(slots=True)
class Services(Sheet):
    """Everything that a table tells, by the codes of agency and service, and what is wrong with it."""

    services: dict[tuple[str, str], ToldService] = field(default_factory=dict)


def services_of(records: Iterable[Record], columns: Sequence[Column | None]) -> Services:
    """What records tell whose columns are known. Errors are all in `errors`; with any, the rest is not complete."""
    services = Services()
    for row, told in told_rows(services, records, columns):
        _tell(services, row, told)
    return services


def _tell(table: Services, row: int, told: Told) -> None:
    """Add what a row tells to what the rows before it told."""
    for needed in ("agency_code", "service_code"):
        if told.get(needed) is None:
            if not table.is_wrong(row, needed):
                table.wrong(row, needed, "", _("Fill this cell: codes of agency and service find a service."))
            return
    key = told["agency_code"], told["service_code"]
    values = {COLUMNS[name].field: value for name, value in told.items() if COLUMNS[name].of == "service"}
    del values["code"]
    service = table.services.get(key)
    if service is None:
        service = table.services[key] = ToldService(row, values, key[0])
    for name, value in values.items():
        if not service.agrees(name, value, row):
            table.wrong(row, COLUMN_OF[name], value, *differs(service.row_of(name), service.values[name]))
    _tell_task(table, row, service, told)


def _tell_task(table: Services, row: int, service: ToldService, told: Told) -> None:
    position, number = told.get("position_code"), told.get("task_number")
    if position is None:
        if number is not None and not table.is_wrong(row, "position_code"):
            table.wrong(row, "position_code", "", _("Write %(position_code)s too, or leave this empty."))
        return
    service.tasks.setdefault((position, number or 1), row)
