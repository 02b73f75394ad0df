"""Reads where the work of requests is to be done: the residence as recorded, or the place of the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from agencies.models import Employee, Workplace
from agencies.prepared import prepared
from eligibility.arrangements.matters import Site
from eligibility.arrangements.requests import RESIDENCE
from eligibility.models import Arrangement
from eligibility.rulebook import Mode

_OFFICES: Final = {
    Workplace.Kind.MAIN_OFFICE.value: "main_office",
    Workplace.Kind.UPTD.value: "uptd",
    Workplace.Kind.LIAISON_OFFICE.value: "liaison_office",
}
"""The code of the fact arrangement.place by kind of office; any other is another place."""


@dataclass(frozen=True, slots=True)
class AskedSite:
    """What a request says of its place: the key of the place of the register, or what it is needed for."""

    mode: Mode
    employee: int
    workplace: int | None = None
    purpose: str = ""


def site_asked(row: Arrangement) -> AskedSite:
    """What stands in the row."""
    return AskedSite(Mode(row.mode), row.employee_id, row.workplace_id, row.purpose)


def code_of(kind: str, mode: Mode) -> str | None:
    """The code of the fact arrangement.place for a place of the register; None where the mode is not done there."""
    is_office = kind != Workplace.Kind.OTHER_PLACE
    if is_office != (mode is Mode.OTHER_OFFICE):
        return None
    return _OFFICES.get(kind, "other")


@dataclass(frozen=True)
class Sites:
    """The places and residences that some requests name."""

    workplaces: Mapping[int, Workplace]
    residents: frozenset[int]
    """Keys of the employees whose residence is recorded."""

    @classmethod
    def of(cls, asked: Iterable[AskedSite | None]) -> Sites:
        """Read them: one read for residences and one for places, where any is named."""
        named = [one for one in asked if one is not None]
        places = sorted({one.workplace for one in named if one.workplace})
        homes = sorted({one.employee for one in named if one.mode is Mode.HOME})
        return cls(
            workplaces={row.pk: row for row in _workplaces(places)} if places else {},
            residents=frozenset(_residents(homes) if homes else ()),
        )

    def site(self, asked: AskedSite | None) -> Site | None:
        """Where the work of one request is to be done, as it is recorded now."""
        if asked is None:
            return None
        if asked.mode is Mode.HOME:
            return Site(RESIDENCE, is_named=asked.employee in self.residents)
        place = self.workplaces.get(asked.workplace or 0)
        if place is None:
            free = asked.mode is Mode.OTHER_PLACE and bool(asked.purpose.strip())
            return Site("other", asked.purpose.strip(), is_named=free)
        code = code_of(place.kind, asked.mode)
        return Site(code, place.name, opens_on=place.valid_from, closes_on=place.closed_on)


@prepared
def _workplaces(keys: Collection[int]) -> QuerySet[Workplace]:
    return Workplace.objects.filter(pk__in=keys).order_by("pk")


@prepared
def _residents(employees: Collection[int]) -> QuerySet[Any, int]:
    """Those whose residence is recorded; an empty one is not."""
    return Employee.objects.filter(pk__in=employees).exclude(residence="").order_by().values_list("pk", flat=True)
