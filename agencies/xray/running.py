"""One pass over the data of an institution: a statement for each level counts the rows of all its checks by agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When

from agencies.access import Standing, holds_whole, visible_agencies
from agencies.models import Agency, Role
from agencies.prepared import MOST_KEYS, Prepared
from agencies.xray.checks import Check, Severity
from agencies.xray.levels import LEVELS, Level
from agencies.xray.looking import Looking

Sight = Collection[int] | None
"""Keys of the agencies whose rows are looked at; None: all, and what belongs to none."""


@dataclass(frozen=True)
class Found:
    """How many rows each check found, by its code."""

    checks: Sequence[Check]
    numbers: Mapping[str, int]

    def by_severity(self) -> dict[Severity, int]:
        """How many rows were found of each severity, also where there are none."""
        return {
            severity: sum(self.numbers[check.code] for check in self.checks if check.severity is severity)
            for severity in Severity
        }


def sight_of(standing: Standing, agency: Agency | None) -> Sight:
    """The rows in sight of a standing narrowed to roles that read people, of an agency with all below it or of all.

    What belongs to no agency, for example an employee without a posting, is seen by the HR officer of the whole
    institution alone.
    """
    if agency is not None:
        return Agency.objects.filter(institution=standing.institution).subtree([agency.pk])
    if holds_whole(standing, Role.HR_OFFICER):
        return None
    return set(visible_agencies(standing).order_by().values_list("pk", flat=True))


def look_through(looking: Looking, checks: Sequence[Check], sight: Sight) -> Found:
    """Run the checks: one statement for each of their levels, however many rows there are."""
    numbers: dict[str, int] = defaultdict(int)
    ordered = sorted(checks, key=lambda check: LEVELS.index(check.level))
    with _without_compiling():
        for level, found in groupby(ordered, key=lambda check: check.level):
            numbers |= _counted(looking, level, list(found), sight)
    return Found(checks, numbers)


@contextmanager
def _without_compiling() -> Iterator[None]:
    """Keep PostgreSQL from compiling the statements: for a city that takes several times as long as to run them."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        yield


def _counted(looking: Looking, level: Level, checks: Sequence[Check], sight: Sight) -> dict[str, int]:
    codes = tuple(check.code for check in checks)
    key = (level.code, codes, looking, sight is None)
    if key not in _statements:
        for old in [kept for kept in _statements if kept[2].on != looking.on or len(_statements) >= MOST_KEPT]:
            del _statements[old]
        _statements[key] = _counting(looking, level, checks)
    rows = _statements[key]() if sight is None else _statements[key](_rounded(sight))
    return {code: sum(row[place] or 0 for row in rows) for place, code in enumerate(codes)}


MOST_KEPT: Final = 100
"""Statements kept: Django takes ten times as long to write one as the database to answer it for an agency."""

_statements: Final[dict[tuple[str, tuple[str, ...], Looking, bool], Prepared[tuple[int | None, ...]]]] = {}


def _rounded(sight: Collection[int]) -> list[int]:
    """The keys and, up to the next power of two, some that no agency has: few lengths, few statements."""
    length = min(1 << max(0, len(sight) - 1).bit_length(), MOST_KEYS)
    return [*sorted(sight), *(-number for number in range(1, length - len(sight) + 1))]


def _counting(looking: Looking, level: Level, checks: Sequence[Check]) -> Prepared[tuple[int | None, ...]]:
    """The rows of each check by agency, of all agencies or of those given: for a day, written once."""

    def build(*agencies: Collection[int]) -> QuerySet[Any, tuple[int | None, ...]]:
        sums = {f"sum_{place}": Sum(_flag(check.finds(looking))) for place, check in enumerate(checks)}
        rows = in_sight(level, looking, next(iter(agencies), None)).order_by().values(level.agency)
        found: QuerySet[Any, tuple[int | None, ...]] = rows.annotate(**sums).values_list(*sums)
        return found

    return Prepared(build)


def _flag(condition: Q) -> Case:
    """1 where the condition holds; 0 where it does not or is not known."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def in_sight(level: Level, looking: Looking, sight: Sight) -> QuerySet[Any]:
    """The rows of a level in the agencies."""
    return level.rows(looking) if sight is None else level.within(looking, sight)


def at_fault(check: Check, looking: Looking, sight: Sight) -> QuerySet[Any]:
    """The rows that a check finds."""
    return in_sight(check.level, looking, sight).filter(check.finds(looking))
