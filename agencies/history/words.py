"""Recorded facts in words: what a column is called, and what a recorded value says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.db.models import Field, Model, QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agencies.facts import FACTS
from agencies.local_criteria import local_criteria_of
from agencies.models import Agency, FactRecord, Institution, Position, PublicService, Task, Unit
from agencies.prepared import prepared
from agencies.task_pages import text_in_words

_MODELS: Final[Mapping[str, type[Model]]] = {
    "task": Task,
    "position": Position,
    "agency": Agency,
    "unit": Unit,
    "service": PublicService,
}


@dataclass(frozen=True)
class Names:
    """What the codes in records stand for in the institution, and what it calls its own criteria."""

    agencies: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    criteria: Mapping[str, str] = field(default_factory=dict)


def names_in(institution: Institution, records: Iterable[FactRecord], near: Iterable[Agency | None] = ()) -> Names:
    """The names of all that the records name by code, and of the agencies `near` with their units.

    The code of a unit is unique in its agency alone: where two of these agencies have one, both names are told.
    """
    codes = {one.code for one in near if one is not None}
    named = {"agency.parent", "position.agency"}
    codes |= {record.value for record in records if record.value and record.fact in named}
    units: dict[str, set[str]] = {}
    for code, name in _unit_names(institution.pk, codes):
        units.setdefault(code, set()).add(name)
    return Names(
        agencies=dict(_agency_names(institution.pk, codes)),
        units={code: " / ".join(sorted(names)) for code, names in units.items()},
        criteria={f"task.local_{one.number}": one.label for one in local_criteria_of(institution.pk)},
    )


@prepared
def _agency_names(institution: int, codes: Collection[str]) -> QuerySet[Any, tuple[str, str]]:
    found = Agency.objects.filter(institution_id=institution, code__in=codes)
    return found.order_by().values_list("code", "name")


@prepared
def _unit_names(institution: int, codes: Collection[str]) -> QuerySet[Any, tuple[str, str]]:
    found = Unit.objects.filter(agency__institution_id=institution, agency__code__in=codes)
    return found.order_by().values_list("code", "name")


def label_of(fact: str, names: Names) -> str:
    """What a fact or a column is called."""
    if fact in names.criteria:
        return names.criteria[fact]
    if fact in FACTS:
        return _(FACTS[fact].label)
    column = _column(fact)
    return capfirst(str(column.verbose_name)) if column is not None else fact


def value_words(fact: str, text: str | None, names: Names) -> str:
    """A recorded value as people read it; an unknown answer is said, a column without a value is a dash."""
    if fact in FACTS:
        return text_in_words(FACTS[fact], text)
    if text is None:
        return "–"
    column = fact.partition(".")[2]
    if column in {"agency", "parent"}:
        return names.agencies.get(text, text)
    if column == "unit":
        return names.units.get(text, text)
    if column == "closed_on":
        return date_format(date.fromisoformat(text))
    choices = dict(getattr(_column(fact), "choices", None) or ())
    return str(choices.get(text, text))


@lru_cache(maxsize=500)
def _column(fact: str) -> Field[object, object] | None:
    level, _dot, name = fact.partition(".")
    fields = {one.name: one for one in _MODELS[level]._meta.get_fields()} if level in _MODELS else {}
    found = fields.get(name)
    return found if isinstance(found, Field) else None
