"""Writes what a plan for employees and their versions says; recorded versions are superseded, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from django.db.models import Max

from agencies.bulk_rows import insert_rows
from agencies.importing.employee_plans import Plan
from agencies.importing.employee_versions import Versions
from agencies.importing.journal import What, Written, as_json
from agencies.importing.position_plans import slices
from agencies.models import Employee, Employment, Institution, Posting, Predicate

Version = type[Employment] | type[Posting] | type[Predicate]

DAYS: Final[Mapping[Version, tuple[str, ...]]] = {
    Employment: ("effective_from",),
    Posting: ("effective_from", "effective_until"),
    Predicate: ("period_starts_on", "period_ends_on"),
}
"""The first and last day of each kind of version."""


def write(institution: Institution, plan: Plan, at: datetime) -> Iterator[Written]:
    """Carry the plan out; what was written is told once everything is."""
    lasts = {model: _last(model) for model in DAYS}
    keys = _create_employees(institution, plan, at)
    _change_employees(plan)
    for model, versions in _versions(plan).items():
        _supersede(model, versions, at)
        _insert(model, versions, keys, at)
    return _written(institution, plan, keys, lasts)


def _versions(plan: Plan) -> dict[Version, Versions]:
    return {Employment: plan.employments, Posting: plan.postings, Predicate: plan.predicates}


def _last(model: type[Employee] | Version) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


def _create_employees(institution: Institution, plan: Plan, at: datetime) -> dict[str, int]:
    """The key of each employee told, by number."""
    last = _last(Employee)
    columns = ("institution", "nip", "name", "residence", "recorded_at")
    insert_rows(Employee, columns, ((institution.pk, *row, at) for row in plan.created))
    new = Employee.objects.filter(institution=institution, pk__gt=last).order_by()
    return plan.keys | dict(new.values_list("nip", "pk"))


def _change_employees(plan: Plan) -> None:
    rows = [Employee(pk=key, name=name, residence=residence) for key, name, residence in plan.changed]
    Employee.objects.bulk_update(rows, ["name", "residence"], batch_size=200)


def _supersede(model: Version, versions: Versions, at: datetime) -> None:
    for some in slices(versions.superseded):
        model._default_manager.filter(pk__in=some).update(superseded_at=at)


def _insert(model: Version, versions: Versions, keys: Mapping[str, int], at: datetime) -> None:
    if not versions.created:
        return
    days = DAYS[model]
    names = tuple(versions.created[0][1].values)
    rows = (
        (at, keys[nip], *((one.starts, one.ends)[: len(days)]), *(one.values[name] for name in names))
        for nip, one in versions.created
    )
    insert_rows(model, ("recorded_at", "employee", *days, *(name.removesuffix("_id") for name in names)), rows)


def _written(
    institution: Institution,
    plan: Plan,
    keys: Mapping[str, int],
    lasts: Mapping[Version, int],
) -> Iterator[Written]:
    """What was written. New versions are those above the last key there was: the institution is held meanwhile."""
    yield from (Written(What.CREATED, "employee", keys[nip]) for nip, _name, _residence in plan.created)
    for key, name, residence in plan.changed:
        before = dict(zip(("name", "residence"), plan.before[key], strict=True))
        yield Written(
            What.CHANGED, "employee", key, key, as_json(before), as_json({"name": name, "residence": residence})
        )
    for model, versions in _versions(plan).items():
        part = str(model._meta.model_name)
        gone = model._default_manager.filter(employee__institution=institution)
        for some in slices(versions.superseded):
            for key, employee in gone.filter(pk__in=some).values_list("pk", "employee"):
                yield Written(What.CHANGED, part, key, employee)
        new = gone.filter(pk__gt=lasts[model]) if versions.created else gone.none()
        yield from (
            Written(What.CREATED, part, key, of) for key, of in new.order_by("pk").values_list("pk", "employee")
        )
