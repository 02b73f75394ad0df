"""What may be said of an agency, unit, position, task or service, and how it is told whether somebody changed it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from django.db.models import Model

from agencies.models import Agency, Unit


def written(value: object) -> str | None:
    """A column's value as fact records and the trail write it; empty text is nothing said, a row is named by code."""
    if value is None or value == "":
        return None
    if isinstance(value, Agency | Unit):
        return value.code
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


@dataclass(frozen=True)
class RowValues:
    """The columns of a row that a form shows and an act may change, by their names."""

    @classmethod
    def of(cls, row: Model) -> Self:
        """What is recorded now."""
        return cls(**{column.name: getattr(row, column.name) for column in fields(cls)})

    def by_name(self) -> dict[str, object]:
        """Every value by its column."""
        return {column.name: getattr(self, column.name) for column in fields(self)}

    @property
    def digest(self) -> str:
        """Of all values: two are equal when nobody changed anything in between."""
        said = {name: written(value) for name, value in self.by_name().items()}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class AgencyValues(RowValues):
    """Of an agency; its code is given once, because rules and import files name it."""

    name: str
    kind: str
    sector: str | None = None
    parent: Agency | None = None
    note: str = ""


@dataclass(frozen=True)
class UnitValues(RowValues):
    """Of a unit; its agency and code are given once, because rules name them."""

    name: str
    kind: str | None = None
    sector: str | None = None


@dataclass(frozen=True)
class PositionValues(RowValues):
    """Of a position; a unit belongs to the agency."""

    agency: Agency
    unit: Unit | None
    title: str
    jenjang: str = ""
    category: str | None = None
    echelon: str | None = None
    job_family: str | None = None
    leads: str | None = None
    needed: int | None = None
    filled: int | None = None


@dataclass(frozen=True)
class TaskValues(RowValues):
    """Of a task; shares are set together for all tasks of a position."""

    title: str


@dataclass(frozen=True)
class ServiceValues(RowValues):
    """Of a public service; without a number it is not known how many people it needs on site."""

    name: str
    kind: str
    unit: Unit | None = None
    hours: str = ""
    staff_on_site: int | None = None
