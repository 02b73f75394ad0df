"""The kinds of import: what columns each has, how its rows are read, compared, written and given out again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import BooleanField, Model
from django.utils.translation import gettext as _

from agencies.fact_records import FactAct
from agencies.grades import GRADES
from agencies.importing import (
    employee_differences,
    employee_export,
    employee_plans,
    employee_rows,
    employee_writing,
    need_differences,
    need_export,
    need_plans,
    need_rows,
    need_writing,
    position_differences,
    position_export,
    position_plans,
    position_rows,
    position_writing,
    service_differences,
    service_export,
    service_plans,
    service_rows,
    service_writing,
)
from agencies.importing.differences import Count, Difference
from agencies.importing.journal import Written
from agencies.importing.tables import Column, Record, Told
from agencies.models import (
    Agency,
    Employee,
    Employment,
    ImportKind,
    Institution,
    Position,
    Posting,
    Predicate,
    PublicService,
    ServiceNeed,
    Task,
    TaskProfile,
    Unit,
)

_MODELS: Final[Mapping[str, type[Model]]] = {
    "agency": Agency,
    "unit": Unit,
    "position": Position,
    "task": Task,
    "facts": TaskProfile,
    "employee": Employee,
    "employment": Employment,
    "posting": Posting,
    "predicate": Predicate,
    "service": PublicService,
    "need": ServiceNeed,
}
"""What the parts of a row belong to."""


@dataclass(frozen=True)
class Kind:
    """One kind of import. `dated`: what is imported holds from a day that the officer names.

    `for_new` are the columns for which the officer may say one value for everything new, where a file has none.
    `people` are the numbers of the employees of whom a file tells; of a kind that tells of none it is empty.
    """

    code: ImportKind
    action: str
    columns: Mapping[str, Column]
    needed: str
    dated: bool
    read: Callable[[Iterable[Record], Sequence[Column | None]], Any]
    planned: Callable[[Institution, Any], Any]
    counts: Callable[[Any], dict[str, Count]]
    differences: Callable[[Any], Iterator[Difference]]
    write: Callable[[Any, FactAct], Iterable[Written]]
    recorded: Callable[[Institution, date], Iterator[dict[str, str]]]
    for_new: tuple[str, ...] = ()
    people: Callable[[Any], Collection[str]] = lambda _plan: ()


def _people_of(plan: employee_plans.Plan) -> Collection[str]:
    return plan.people.employees.keys()


def _write_employees(plan: employee_plans.Plan, act: FactAct) -> Iterable[Written]:
    return employee_writing.write(act.institution, plan, act.at)


KINDS: Final[Mapping[str, Kind]] = {
    ImportKind.POSITIONS.value: Kind(
        ImportKind.POSITIONS,
        "positions_imported",
        position_rows.COLUMNS,
        position_rows.NEEDED,
        True,
        position_rows.table_of,
        position_plans.planned,
        position_differences.counts,
        position_differences.differences,
        position_writing.write,
        position_export.recorded,
        ("agency_kind",),
    ),
    ImportKind.EMPLOYEES.value: Kind(
        ImportKind.EMPLOYEES,
        "employees_imported",
        employee_rows.COLUMNS,
        employee_rows.NEEDED,
        False,
        employee_rows.people_of,
        employee_plans.planned,
        employee_differences.counts,
        employee_differences.differences,
        _write_employees,
        employee_export.recorded,
        ("kind", "standing", "capacity", "posting_reason"),
        _people_of,
    ),
    ImportKind.SERVICES.value: Kind(
        ImportKind.SERVICES,
        "services_imported",
        service_rows.COLUMNS,
        service_rows.NEEDED,
        True,
        service_rows.services_of,
        service_plans.planned,
        service_differences.counts,
        service_differences.differences,
        service_writing.write,
        service_export.recorded,
    ),
    ImportKind.SERVICE_NEEDS.value: Kind(
        ImportKind.SERVICE_NEEDS,
        "service_needs_imported",
        need_rows.COLUMNS,
        need_rows.NEEDED,
        True,
        need_rows.needs_of,
        need_plans.planned,
        need_differences.counts,
        need_differences.differences,
        need_writing.write,
        need_export.recorded,
    ),
}


def column_field(column: Column) -> Any:
    """The field of the model that a column fills; None for a reason, which fills none."""
    return None if column.name == "exposure_reason" else _MODELS[column.of]._meta.get_field(column.field)


def column_label(column: Column) -> str:
    """What a column is called: its part and its field."""
    field = column_field(column)
    if field is None:
        return _("Reason for another exposure")
    return f"{_MODELS[column.of]._meta.verbose_name}: {getattr(field, 'verbose_name', column.field)}"


def valid_values(column: Column) -> tuple[tuple[str, str], ...]:
    """The codes that a column takes with their words; empty for one that takes free text, a number or a day."""
    field = column_field(column)
    if column.name == "grade":
        return tuple((grade, "") for grade in dict.fromkeys((*GRADES["pns"], *GRADES["pppk"])))
    if isinstance(field, BooleanField):
        return (("ya", _("Yes")), ("tidak", _("No")))
    choices = field.flatchoices if field is not None else ()
    return tuple((str(code), str(label)) for code, label in choices if code not in (None, ""))


def told_for_new(kind: Kind, values: Mapping[str, str]) -> dict[str, Told]:
    """What was said of everything new, by the part and the field that each column fills."""
    found: dict[str, Told] = {}
    for name in kind.for_new:
        if values.get(name):
            column = kind.columns[name]
            found.setdefault(column.of, {})[column.field] = column.read(values[name])
    return found
