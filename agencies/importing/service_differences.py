"""What an import of public services would do, thing by thing: services, and the tasks that serve them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agencies.importing.differences import (
    Count,
    Difference,
    FieldChange,
    What,
    columns_of,
    field_changes,
    new_fields,
)
from agencies.importing.service_plans import Link, Plan
from agencies.importing.service_rows import COLUMNS

_SERVICE: Final = columns_of(COLUMNS, "service")


def counts(plan: Plan) -> dict[str, Count]:
    """How many rows of each kind are created, changed and left alone."""
    services = plan.services
    return {
        "services": Count(len(services.created), services.changes, services.unchanged),
        "links": Count(len(plan.links), 0, len(plan.same_links)),
    }


def differences(plan: Plan) -> Iterator[Difference]:
    """Every thing that the table tells of, and what becomes of it."""
    for what, service, before in plan.services.each():
        told = plan.table.services[service.agency.code, service.code]
        fields = field_changes(_SERVICE, before, service)
        if what is What.CREATED:
            fields = new_fields(_SERVICE, ((name, getattr(service, name)) for name in _SERVICE))
        yield Difference(what, told.row, "service", f"{service.agency.code}/{service.code} · {service.name}", fields)
    yield from (_link(What.CREATED, link) for link in plan.links)
    yield from (_link(What.UNCHANGED, link) for link in plan.same_links)


def _link(what: What, link: Link) -> Difference:
    task = f"{link.task.position.code}/{link.task.number}"
    fields = (FieldChange("position_code", "", task),) if what is What.CREATED else ()
    return Difference(what, link.row, "link", f"{link.service.code} · {link.service.name} ← {task}", fields)
