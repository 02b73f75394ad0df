"""The system check that every fact rules may read has its column where the engine looks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.core.checks import CheckMessage, Error, register
from django.db import models

from agencies.facts import POSITION_FACTS, TASK_FACTS, UNIT_FACTS, Fact, Kind, Level
from agencies.models import AgencyReview, Position, TaskProfile, Unit
from eligibility.facts import FACTS

_COLUMNS: Final[tuple[tuple[type[models.Model], tuple[Fact, ...]], ...]] = (
    (TaskProfile, (*POSITION_FACTS, *TASK_FACTS)),
    (Position, POSITION_FACTS),
    (Unit, UNIT_FACTS),
)
"""The rows that carry each fact: on a task's row those of its position too, so that the screening joins nothing."""

_FIELD_OF_KIND: Final[Mapping[Kind, type[models.Field[object, object]]]] = {
    Kind.YES_NO: models.BooleanField,
    Kind.CHOICE: models.CharField,
    Kind.CODE: models.CharField,
    Kind.NUMBER: models.DecimalField,
}


@register()
def check_fact_columns(**kwargs: object) -> list[CheckMessage]:
    """System check: every stored fact is a plain column, of its kind, of the row that carries it.

    A plain column is a path forward only: a path to many rows would multiply tasks silently.
    """
    review = tuple(fact for fact in FACTS.values() if fact.level is Level.AGENCY and fact.kind is Kind.YES_NO)
    stored = [fact for fact in review if fact.name != "agency.implementing_instrument"]
    places: list[tuple[type[models.Model], tuple[Fact, ...]]] = [*_COLUMNS, (AgencyReview, tuple(stored))]
    return [
        Error(
            f"The fact {fact.name} has no plain column {fact.column} of its kind on {model.__name__}.",
            hint="Add the column with a migration, or take the fact out of agencies/facts.py.",
            id="eligibility.E001",
        )
        for model, facts in places
        for fact in facts
        if not has_column(model, fact)
    ]


def has_column(model: type[models.Model], fact: Fact) -> bool:
    """Whether the model itself has a column of the fact's kind, wide enough for its codes."""
    column = {one.name: one for one in model._meta.concrete_fields}.get(fact.column)
    if not isinstance(column, _FIELD_OF_KIND[fact.kind]):
        return False
    longest = max(map(len, fact.codes), default=0)
    return column.max_length is None or column.max_length >= longest
