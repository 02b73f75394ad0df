"""Writes what a plan for public services says, with a fact record for each value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agencies.fact_records import FactAct, changed
from agencies.importing.journal import What, Written, written_part
from agencies.importing.position_writing import update
from agencies.importing.service_plans import Plan
from agencies.models import Basis, PublicService, Task
from agencies.structure import written as as_recorded

_FIELDS: Final = ("name", "kind", "unit", "hours", "staff_on_site")


def write(plan: Plan, act: FactAct) -> Iterator[Written]:
    """Carry the plan out; what was written is told once everything is."""
    PublicService.objects.bulk_create(plan.services.created)
    update(plan.services)
    link: Any = Task.services.through
    link.objects.bulk_create(
        [link(publicservice_id=one.service.pk, task_id=one.task.pk) for one in plan.links], ignore_conflicts=True
    )
    act.write(
        changed(service, f"service.{name}", as_recorded(getattr(service, name)), Basis.IMPORTED)
        for service, names in _changes(plan)
        for name in names
    )
    links = (Written(What.LINKED, "publicservice", one.service.pk, one.task.pk) for one in plan.links)
    return (written for part in (written_part(plan.services), links) for written in part)


def _changes(plan: Plan) -> Iterator[tuple[PublicService, tuple[str, ...]]]:
    """Each service with the fields of which something is recorded now; of a new one what is known."""
    for service in plan.services.created:
        known = (name for name in _FIELDS if as_recorded(getattr(service, name)) is not None)
        yield service, tuple(known)
    for names, services in plan.services.changed.items():
        yield from ((service, names) for service in services)
