"""Which tasks of an agency may get a sheet: all without a live one, those never agreed on, those with unknown facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.mapping.questions import questions_of
from agencies.models import Agency, Position, Sheet, Task
from agencies.querysets import open_on


def unmapped(agency: Agency, on: date) -> Mapping[str, list[Task]]:
    """The open tasks of an agency and those below it that have no live sheet, by why one may be opened."""
    below = Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk])
    counting = Position.objects.filter(open_on(on), agency__in=below).values("pk")
    free = Task.objects.filter(open_on(on), ~_sheet("open", "settling"), position__in=counting).order_by("pk")
    columns = [question.column for question in questions_of(agency.institution)]
    unknown = reduce(or_, (Q(**{f"profile__{column}__isnull": True}) for column in columns))
    return {"unknown": _rows(free.filter(unknown)), "never": _rows(free.filter(~_sheet("agreed"))), "all": _rows(free)}


def _sheet(*states: str) -> Exists:
    return Exists(Sheet.objects.filter(task=OuterRef("pk"), state__in=states))


def _rows(tasks: QuerySet[Task]) -> list[Task]:
    return list(tasks.only("pk"))
