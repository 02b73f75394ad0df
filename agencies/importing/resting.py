"""What rests on an import, so that it cannot be undone: whatever came later and builds on the rows that it wrote.

Every table that points to a row which was new is looked into, also those of later apps and of parts that do not exist
yet. What points to nothing but was worked out from a changed row is told by the finders that later apps register.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from django.db.models import ForeignObjectRel, Model, Q, QuerySet
from django.utils.translation import gettext as _

from agencies.fact_records import key_of
from agencies.importing.differences import as_cell
from agencies.importing.position_plans import slices
from agencies.models import (
    Agency,
    DataImport,
    Employee,
    Employment,
    FactRecord,
    ImportedMove,
    ImportedRow,
    MissingEmployee,
    PersonalDataRead,
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

Finder = Callable[[DataImport], list[str]]

MODELS: Final[Mapping[str, Any]] = {
    str(model._meta.model_name): model
    for model in (
        *(Agency, Unit, Position, Task, TaskProfile, PublicService),
        *(Employee, Employment, Posting, Predicate, ServiceWeek),
    )
}
"""What an import writes, by the names that its journal uses."""
_VERSIONED: Final[Mapping[Any, tuple[str, type[Model]]]] = {
    **dict.fromkeys((Employment, Posting, Predicate), ("employee", Employee)),
    ServiceWeek: ("service", PublicService),
}
"""What is superseded and never changed, and whose it is."""
_NO_REST: Final = (PersonalDataRead, ImportedMove, MissingEmployee, ServiceNeed)
"""Rows that point to others and build on nothing."""
_NAMED: Final = 3
"""How many things a sentence names before it says that there are more."""

_finders: Final[dict[str, Finder]] = {}
_beside: Final[dict[str, Finder]] = {}


def rest_with(finder: Finder) -> None:
    """Register a finder; registered again, it changes nothing."""
    _finders[f"{finder.__module__}.{finder.__qualname__}"] = finder


def mention_with(finder: Finder) -> None:
    """Register a finder of what was made from an import and stays as it is; it keeps no import from being undone."""
    _beside[f"{finder.__module__}.{finder.__qualname__}"] = finder


def made_from(data_import: DataImport) -> list[str]:
    """A sentence for each kind of thing that was made from what an import wrote and stays though it is undone."""
    return [sentence for finder in _beside.values() for sentence in finder(data_import)]


def resting_on(data_import: DataImport) -> list[str]:
    """A sentence for each kind of thing that rests on an import; none where it can be undone."""
    found = [*_on_new_rows(data_import), *_changed_again(data_import), *_recorded_again(data_import)]
    found += _later_versions(data_import)
    return found + [sentence for finder in _finders.values() for sentence in finder(data_import)]


def undo_source(data_import: DataImport) -> str:
    """What fact records of an undo name as their source: it stands in the data, so it is in the data's language."""
    return f"Pembatalan impor {data_import.pk}: {data_import.file_name}"[:300]


def keys_of(data_import: DataImport, model: type[Model], *what: ImportedRow.What) -> QuerySet[Any, Any]:
    """The keys of the rows of one kind that an import wrote so, as a query inside another."""
    part = str(model._meta.model_name)
    rows = ImportedRow.objects.filter(data_import=data_import, part=part, what__in=what or ImportedRow.What.values)
    return rows.order_by().values("key")


def _on_new_rows(data_import: DataImport) -> Iterator[str]:
    for model in MODELS.values():
        if not keys_of(data_import, model, ImportedRow.What.CREATED).exists():
            continue
        for relation in model._meta.get_fields(include_hidden=True):
            if isinstance(relation, ForeignObjectRel) and (relation.one_to_many or relation.one_to_one):
                yield from _pointing(data_import, model, relation)


def _pointing(data_import: DataImport, model: type[Model], relation: ForeignObjectRel) -> Iterator[str]:
    """What another table has that points to new rows, the import's own rows apart."""
    other, field = relation.related_model, relation.field.name
    if isinstance(other, str) or other in _NO_REST or not other._meta.managed:
        return  # what is not managed is a temporary table of the screening
    new = keys_of(data_import, model, ImportedRow.What.CREATED)
    rows = other._default_manager.filter(**{f"{field}__in": new})
    if other in MODELS.values():
        rows = rows.exclude(pk__in=keys_of(data_import, other, ImportedRow.What.CREATED))
    if other is FactRecord:
        rows = rows.exclude(act=data_import.act)
    if other is Task.services.through:
        rows = rows.exclude(pk__in=_own_links(data_import))
    subjects = model._default_manager.filter(pk__in=rows.order_by().values(field)).order_by("pk")
    yield from _sentence(other, rows, subjects)


def _own_links(data_import: DataImport) -> list[int]:
    """The keys of the links between services and tasks that the import made itself."""
    link: Any = Task.services.through
    linked = data_import.imported_rows.filter(what=ImportedRow.What.LINKED).values_list("key", "of")
    pairs = set(linked)
    found = link.objects.filter(publicservice__in=keys_of(data_import, PublicService, ImportedRow.What.LINKED))
    return [pk for pk, service, task in found.values_list("pk", "publicservice", "task") if (service, task) in pairs]


def _sentence(other: type[Model], rows: QuerySet[Any], subjects: QuerySet[Any]) -> Iterator[str]:
    count = rows.count()
    if count:
        message = _("%(kind)s (%(count)d) rest on what was new: %(names)s.")
        words = {"kind": _begun(other._meta.verbose_name_plural), "count": count, "names": _names(subjects)}
        yield message % words


def _begun(text: object) -> str:
    return f"{str(text)[:1].upper()}{str(text)[1:]}"


def _names(subjects: QuerySet[Any]) -> str:
    """The first few, and a sign that there are more."""
    found = [str(one) for one in subjects[: _NAMED + 1]]
    return ", ".join(found[:_NAMED]) + (", …" if len(found) > _NAMED else "")


def _changed_again(data_import: DataImport) -> Iterator[str]:
    """Rows whose fields no longer hold what the import wrote."""
    for model in MODELS.values():
        if model in _VERSIONED:
            continue
        other = list(islice(_differing(data_import, model), _NAMED + 1))
        if other:
            names = ", ".join(str(one) for one in other[:_NAMED]) + (", …" if len(other) > _NAMED else "")
            message = _("%(kind)s changed again since then: %(names)s.")
            yield message % {"kind": _begun(model._meta.verbose_name_plural), "names": names}


def _differing(data_import: DataImport, model: Any) -> Iterator[Any]:
    rows = data_import.imported_rows.filter(part=model._meta.model_name, what=ImportedRow.What.CHANGED)
    for some in slices(list(rows.order_by("pk").values_list("key", "after"))):
        after = {key: json.loads(text) for key, text in some}
        for one in model._default_manager.filter(pk__in=after):
            if any(_cell(one, name) != as_cell(value) for name, value in after[one.pk].items()):
                yield one


def _cell(one: Model, name: str) -> str:
    """A field as the journal has it: rows by their keys."""
    return as_cell(getattr(one, str(getattr(one._meta.get_field(name), "attname", name))))


def _recorded_again(data_import: DataImport) -> Iterator[str]:
    """Facts that the import changed and that were recorded since, be it with the same value, as by an agreement."""
    for model in MODELS.values():
        if model in _VERSIONED or model is Employee:
            continue
        counts = _records_since(data_import, model)
        if counts:
            named: Any = Task if model is TaskProfile else model
            subjects = named.objects.filter(pk__in=sorted(counts)[: _NAMED + 1]).order_by("pk")
            message = _("%(kind)s (%(count)d) rest on what was changed: %(names)s.")
            kind = _begun(FactRecord._meta.verbose_name_plural)
            yield message % {"kind": kind, "count": sum(counts.values()), "names": _names(subjects)}


def _records_since(data_import: DataImport, model: Any) -> Counter[int]:
    """How many later records there are of the changed facts of each row, by its key; two queries, then one a slice."""
    level = "task" if model is TaskProfile else key_of(model())
    changed = keys_of(data_import, model, ImportedRow.What.CHANGED)
    later = FactRecord.objects.filter(**{f"{level}__in": changed}, recorded_at__gt=data_import.applied_at)
    later = later.exclude(act=str(data_import.act)).exclude(_taken_back(data_import)).order_by()
    facts: dict[int, list[str]] = {}
    for key, fact in later.values_list(level, "fact"):
        facts.setdefault(key, []).append(fact)
    found: Counter[int] = Counter()
    for keys in slices(list(facts)):
        rows = data_import.imported_rows.filter(part=model._meta.model_name, what=ImportedRow.What.CHANGED)
        for key, after in rows.filter(key__in=keys).values_list("key", "after"):
            own = {f"{level}.{name}" for name in json.loads(after)}
            found[key] += sum(fact in own for fact in facts[key])
    return +found  # without those that have none


def _taken_back(data_import: DataImport) -> Q:
    """Records of later imports that were undone, and of their undoing: together they changed nothing."""
    undone = DataImport.objects.filter(
        institution=data_import.institution_id, state=DataImport.State.UNDONE, applied_at__gte=data_import.applied_at
    )
    rows = list(undone.only("file_name", "act", "ended_at"))
    undoing = Q(source__in=[undo_source(one) for one in rows], recorded_at__in=[one.ended_at for one in rows])
    return Q(act__in=[str(one.act) for one in rows]) | undoing


def _later_versions(data_import: DataImport) -> Iterator[str]:
    """Entries of employees, or weeks of services, that were corrected since, or that came on top."""
    for model, (whose, subject) in _VERSIONED.items():
        written = keys_of(data_import, model, ImportedRow.What.CREATED)
        gone = model._default_manager.filter(pk__in=written, superseded_at__isnull=False)
        of = data_import.imported_rows.filter(part=model._meta.model_name).order_by().values("of")
        later = model._default_manager.filter(**{f"{whose}__in": of}, recorded_at__gt=data_import.applied_at)
        later = later.exclude(pk__in=written)
        count = gone.count() + later.count()
        if count:
            either = Q(pk__in=gone.order_by().values(whose)) | Q(pk__in=later.order_by().values(whose))
            named = subject._default_manager.filter(either).order_by("pk")
            message = _("%(kind)s corrected or added since then (%(count)d): %(names)s.")
            words = {"kind": _begun(model._meta.verbose_name_plural), "count": count, "names": _names(named)}
            yield message % words
