"""The versions recorded of employees, in the form in which an import compares them, and those it will write."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from agencies.importing.position_plans import slices
from agencies.importing.tables import Told
from agencies.models import Employee, Employment, Institution, Position, Posting, Predicate

_WHOLE: Final = 5_000
"""From so many employees on, reading the whole institution is quicker than asking for each."""


@dataclass(frozen=True, slots=True)
class Version:
    """One employment, posting or predicate: its days and other values; `key` is None while it is not stored.

    `replaces` is the stored version that it corrects, `row` the row of the file that tells it (0: none does).
    """

    key: int | None
    starts: date
    ends: date | None
    values: Mapping[str, Any]
    replaces: Version | None = None
    row: int = 0


@dataclass(slots=True)
class Versions:
    """The versions of one kind that an import writes, with the number of their employee, and what they supersede."""

    created: list[tuple[str, Version]] = field(default_factory=list)
    superseded: list[int] = field(default_factory=list)
    same: list[tuple[str, int, Version]] = field(default_factory=list)
    """Number, row of the file and version of what is recorded just so already."""

    @property
    def unchanged(self) -> int:
        """How many are recorded just so already."""
        return len(self.same)

    def put(
        self, nip: str, before: Version | None, values: Told, *, row: int, starts: date, ends: date | None = None
    ) -> Version:
        """Add a version in place of the one before; one that says the same stays."""
        if before is not None and before.ends == ends and before.values == values:
            if before.key is not None:
                self.same.append((nip, row, before))
            return before
        stored = before if before is None or before.key is not None else before.replaces
        after = Version(None, starts, ends, values, stored, row)
        self.created.append((nip, after))
        if before is not None and before.key is not None:
            self.superseded.append(before.key)
        elif before is not None:
            self._withdraw(before)
        return after

    def _withdraw(self, version: Version) -> None:
        """Take back what was added just now; it stands near the end."""
        for place in range(len(self.created) - 1, -1, -1):
            if self.created[place][1] is version:
                del self.created[place]
                return


@dataclass(frozen=True, slots=True)
class Place:
    """A position that a row names."""

    key: int
    closed_on: date | None


Places = Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of the employees that a table names, by number and by key."""

    employees: Mapping[str, tuple[int, str, str]]
    versions: Mapping[str, Mapping[int, list[Version]]]

    def of(self, part: str, key: int | None) -> list[Version]:
        """The versions of an employee that hold now, the earliest first; none of one who is new."""
        return self.versions[part].get(key, []) if key is not None else []


def recorded(institution: Institution, nips: Collection[str]) -> Recorded:
    """Read the employees of these numbers with their current versions."""
    people = Employee.objects.filter(institution=institution)
    rows: dict[str, tuple[int, str, str]] = {}
    for some in _some(people, "nip", nips):
        for key, nip, name, residence in some.values_list("pk", "nip", "name", "residence"):
            if nip in nips:
                rows[nip] = (key, name, residence)
    return Recorded(rows, recorded_of(institution, [row[0] for row in rows.values()]))


def recorded_of(institution: Institution, keys: list[int] | None = None) -> Mapping[str, dict[int, list[Version]]]:
    """The current versions of each kind of these employees by key, or of all, the earliest first."""
    return {
        "employments": _versions(institution, keys, Employment.objects.current(), _EMPLOYMENT),
        "postings": _versions(institution, keys, Posting.objects.current(), _POSTING),
        "predicates": _versions(institution, keys, Predicate.objects.current(), _PREDICATE),
    }


def places_of(institution: Institution, codes: Collection[str]) -> Places:
    """The positions of these codes; a code without one is missing."""
    found: dict[str, Place] = {}
    for some in slices(list(codes)):
        rows = Position.objects.filter(institution=institution, code__in=some)
        found |= {code: Place(pk, closed) for code, pk, closed in rows.values_list("code", "pk", "closed_on")}
    return found


@dataclass(frozen=True, slots=True)
class _Fields:
    """The first and last day of a kind of version and its other fields."""

    starts: str
    ends: str | None
    values: tuple[str, ...]


_EMPLOYMENT: Final = _Fields("effective_from", None, ("kind", "grade", "standing", "sk_number"))
_POSTING: Final = _Fields("effective_from", "effective_until", ("position_id", "capacity", "reason", "sk_number"))
_PREDICATE: Final = _Fields("period_starts_on", "period_ends_on", ("predicate",))


def _versions(
    institution: Institution, keys: list[int] | None, rows: QuerySet[Any], fields: _Fields
) -> dict[int, list[Version]]:
    found: dict[int, list[Version]] = {}
    days = [fields.starts, fields.ends] if fields.ends else [fields.starts]
    whole = rows.filter(employee__institution=institution).order_by(fields.starts, "pk")
    for some in _some(whole, "employee", keys):
        for key, employee, starts, *rest in some.values_list("pk", "employee_id", *days, *fields.values):
            ends = rest.pop(0) if fields.ends else None
            version = Version(key, starts, ends, dict(zip(fields.values, rest, strict=True)))
            found.setdefault(employee, []).append(version)
    return found


def _some(rows: QuerySet[Any], field: str, values: Collection[Any] | None) -> Iterator[QuerySet[Any]]:
    if values is None or len(values) >= _WHOLE:
        yield rows
    else:
        for some in slices(list(values)):
            yield rows.filter(**{f"{field}__in": some})
