"""Undoes an import: what stood there before is recorded again, what was new counts from its first day no more.

What is recorded is never deleted. A new agency, unit, position, task or service is closed from the first day of the
import and gives its code free, so that a corrected file can use it; a changed field gets its former value back, with
a record that names the undo; a version of an employee, or the week of a service, is superseded, and the version before
is written again. What
cannot be taken back is the identity of an employee who was new: she stays without any entry in force.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.db.models import DecimalField, Model
from django.utils.translation import gettext as _

from agencies.errors import ActRefused
from agencies.fact_records import Change, FactAct, changed, key_of
from agencies.importing.position_plans import slices
from agencies.importing.progress import Stage, Teller
from agencies.importing.resting import resting_on, undo_source
from agencies.models import (
    Agency,
    Basis,
    DataImport,
    Employee,
    Employment,
    FactRecord,
    ImportedRow,
    Position,
    Posting,
    Predicate,
    PublicService,
    ServiceNeed,
    ServiceWeek,
    Task,
    TaskProfile,
    Unit,
)
from agencies.structure import written as as_recorded

_VERSIONED: Final = (Employment, Posting, Predicate, ServiceWeek)
_CLOSED: Final = (Task, Position, Unit, PublicService, Agency)
"""What is closed when it was new, the parts before what they belong to."""
_RESTORED: Final = (Agency, Unit, Position, Task, TaskProfile, PublicService, Employee)
_BATCH: Final = 200
_FREED: Final = "#batal-"
"""What stands behind the code of something whose import was undone."""


def undo(data_import: DataImport, at: datetime, teller: Teller) -> int:
    """Undo what was written and return how many rows that are. Raises ActRefused naming what rests on it.

    How far it has come is told after each kind of row.
    """
    resting = resting_on(data_import)
    if resting:
        raise ActRefused(_("This import cannot be undone any more: %(what)s") % {"what": " ".join(resting)})
    day = data_import.valid_from or at.date()
    act = FactAct(data_import.institution, undo_source(data_import), day, at)
    steps: list[Callable[[], int]] = [partial(_unlink, data_import)]
    steps += [partial(_supersede, data_import, model, at) for model in _VERSIONED]
    steps += [partial(_close, data_import, model, act) for model in _CLOSED]
    steps += [partial(_restore, data_import, model, act) for model in _RESTORED]
    count = 0
    for step in steps:
        teller.tell(Stage.WRITING, count, max(count, data_import.rows))
        count += step()
    return count


def journal(data_import: DataImport, model: type[Model], what: ImportedRow.What) -> Iterator[list[ImportedRow]]:
    """The rows of one kind that an import wrote so, some at a time."""
    rows = data_import.imported_rows.filter(part=str(model._meta.model_name), what=what).order_by("pk")
    yield from slices(list(rows))


def _unlink(data_import: DataImport) -> int:
    link: Any = Task.services.through
    count = 0
    for rows in journal(data_import, PublicService, ImportedRow.What.LINKED):
        for row in rows:
            count += link.objects.filter(publicservice=row.key, task=row.of).delete()[0]
    return count


def _supersede(data_import: DataImport, model: Any, at: datetime) -> int:
    """New versions hold no longer; those that they set aside are written again, as known from now on."""
    count = 0
    for rows in journal(data_import, model, ImportedRow.What.CREATED):
        count += model.objects.filter(pk__in=[row.key for row in rows], superseded_at=None).update(superseded_at=at)
    for rows in journal(data_import, model, ImportedRow.What.CHANGED):
        _write_again(model, [row.key for row in rows], at)
    return count


def _write_again(model: Any, keys: Sequence[int], at: datetime) -> None:
    """Write former versions again as known from now on; those of weeks with their spans."""
    former = list(model.objects.filter(pk__in=keys))
    again = {version.pk: version for version in former}
    for version in former:
        version.pk, version.superseded_at, version.recorded_at = None, None, at
    model.objects.bulk_create(former, batch_size=_BATCH)
    if model is ServiceWeek:
        spans = list(ServiceNeed.objects.filter(week__in=again).order_by("pk"))
        for span in spans:
            span.pk, span.week = None, again[span.week_id]
        ServiceNeed.objects.bulk_create(spans, batch_size=_BATCH)


def _close(data_import: DataImport, model: Any, act: FactAct) -> int:
    """What was new counts from its first day no more, and its code is free."""
    count = 0
    for rows in journal(data_import, model, ImportedRow.What.CREATED):
        found = list(model.objects.filter(pk__in=[row.key for row in rows]))
        fields = ["closed_on"]
        for one in found:
            one.closed_on = act.valid_from
            if model is not Task:
                fields = ["closed_on", "code"]
                one.code = _freed(model, one.code, data_import.pk)
        model.objects.bulk_update(found, fields, batch_size=_BATCH)
        if model is Task:
            TaskProfile.objects.filter(pk__in=[one.pk for one in found]).update(closed_on=act.valid_from)
        level = f"{key_of(found[0])}.closed_on" if found else ""
        act.write(changed(one, level, act.valid_from.isoformat(), Basis.IMPORTED) for one in found)
        count += len(found)
    return count


def _freed(model: Any, code: str, key: int) -> str:
    ending = f"{_FREED}{key}"
    return code[: model._meta.get_field("code").max_length - len(ending)] + ending


def _restore(data_import: DataImport, model: Any, act: FactAct) -> int:
    """Give changed fields their former values, and record each as a fact where facts are recorded."""
    count = 0
    for rows in journal(data_import, model, ImportedRow.What.CHANGED):
        former = {row.key: json.loads(row.before) for row in rows}
        found = list(_with_task(model).filter(pk__in=former))
        fields: set[str] = set()
        for one in found:
            for name, value in former[one.pk].items():
                fields.add(name)
                _set(one, name, value)
        model.objects.bulk_update(found, sorted(fields), batch_size=_BATCH)
        bases = _bases(data_import, model, former)
        act.write(change for one in found for change in _facts(one, former[one.pk], bases))
        count += len(found)
    return count


def _with_task(model: Any) -> Any:
    return model.objects.select_related("task") if model is TaskProfile else model.objects


def _set(one: Model, name: str, value: Any) -> None:
    field = one._meta.get_field(name)
    if isinstance(field, DecimalField) and value is not None:
        value = Decimal(value)
    setattr(one, str(getattr(field, "attname", name)), value)


Bases = Mapping[tuple[int, str], str]
"""On what each fact of a row rested before the import, by its key and the fact's name."""


def _bases(data_import: DataImport, model: Any, keys: Collection[int]) -> Bases:
    if model is Employee:
        return {}
    field = "task" if model is TaskProfile else str(key_of(model()))
    before = FactRecord.objects.filter(**{f"{field}__in": list(keys)}, recorded_at__lt=data_import.applied_at)
    rows = before.order_by("recorded_at", "pk").values_list(field, "fact", "basis")
    return {(key, fact): basis for key, fact, basis in rows}  # the latest stays


def _facts(one: Model, former: Mapping[str, Any], bases: Bases) -> Iterator[Change]:
    """The records of what was given back; who somebody is is no fact of a position."""
    if isinstance(one, Employee):
        return
    subject: Any = one.task if isinstance(one, TaskProfile) else one
    for name in former:
        value, fact = getattr(one, name), f"{key_of(subject)}.{name}"
        text: Any = value if isinstance(value, bool | Decimal) else as_recorded(value)
        yield changed(subject, fact, text, Basis(bases.get((subject.pk, fact), Basis.IMPORTED)))
