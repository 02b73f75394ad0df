"""Public services as recorded now, in the rows that the import reads: importing them is idle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.db.models import Q

from agencies.importing.differences import as_cell, columns_of
from agencies.importing.service_rows import COLUMNS
from agencies.models import Institution, PublicService
from agencies.querysets import open_on

Row = dict[str, str]
_SERVICE: Final = columns_of(COLUMNS, "service")


def recorded(institution: Institution, on: date) -> Iterator[Row]:
    """A row for each service and task that serves it; one for a service that no task serves."""
    agency = Q(agency__closed_on__isnull=True) | Q(agency__closed_on__gt=on)
    services = PublicService.objects.filter(open_on(on), agency, agency__institution=institution)
    shown = services.select_related("agency", "unit").prefetch_related("tasks__position")
    for service in shown.order_by("agency__code", "code"):
        row = {"agency_code": service.agency.code}
        row |= {name: as_cell(getattr(service, field)) for field, name in _SERVICE.items()}
        tasks = sorted(service.tasks.all(), key=lambda task: (task.position.code, task.number))
        for task in tasks:
            yield row | {"position_code": task.position.code, "task_number": str(task.number)}
        if not tasks:
            yield row
