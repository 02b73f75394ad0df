"""A page of stored rows: positions with their outcome in every form, the basis of their facts, and what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict

from agencies.models import Basis
from agencies.paging import Page, keyset_page
from eligibility.determination_filters import DeterminedFilter
from eligibility.determinations.holding import FIRST
from eligibility.models import DeterminedPosition, DeterminedSource, DeterminedTask, Verification
from eligibility.pages.agency import ModeOutcome
from eligibility.rulebook import Mode

ORDER: Final = ("title", "jenjang", "pk")


@dataclass(frozen=True, slots=True)
class DeterminedRow:
    """A position as it was judged: `bases` count its facts by their basis, `changed` says why it no longer fits."""

    row: DeterminedPosition
    outcomes: tuple[ModeOutcome, ...]
    bases: tuple[tuple[str, int], ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class DeterminedList:
    """One page of rows, how many there are, and what they are narrowed by."""

    rows: tuple[DeterminedRow, ...]
    page: Page[DeterminedPosition]
    total: int
    filter: DeterminedFilter
    narrowed: bool


def determined_list(
    verification: Verification,
    rows: QuerySet[DeterminedPosition],
    query: QueryDict,
    changed: Mapping[int, tuple[str, ...]],
) -> DeterminedList:
    """The page of rows that the address asks for, of the rows in sight; `changed` is what no longer fits."""
    chosen = determined_filter(rows, query, changed)
    listed = keyset_page(chosen.qs.select_related("agency"), query, ORDER)
    return DeterminedList(
        rows=tuple(determined_rows(verification, listed.rows, changed)),
        page=listed,
        total=chosen.qs.count(),
        filter=chosen,
        narrowed=any(query.get(key) for key in ("cari", "cara", "hasil", "berubah")),
    )


def determined_filter(
    rows: QuerySet[DeterminedPosition], query: QueryDict, changed: Mapping[int, tuple[str, ...]]
) -> DeterminedFilter:
    """What the address narrows the rows in sight to."""
    return DeterminedFilter(query, rows.filter(mode=FIRST), every_form=rows, stale=frozenset(changed))


def determined_rows(
    verification: Verification, rows: Sequence[DeterminedPosition], changed: Mapping[int, tuple[str, ...]]
) -> Iterator[DeterminedRow]:
    """The rows with their outcomes and the basis of their facts, read for all of them at once."""
    keys = [row.position_id for row in rows]
    outcomes, bases = outcomes_of(verification, keys), bases_of(verification, keys)
    for row in rows:
        key = row.position_id
        yield DeterminedRow(row, outcomes[key], bases.get(key, ()), changed.get(key, ()))


def outcomes_of(verification: Verification, positions: Collection[int]) -> dict[int, tuple[ModeOutcome, ...]]:
    """The outcomes of positions by key, in the order of the forms."""
    rows = DeterminedPosition.objects.filter(verification=verification, position__in=positions)
    found = {(row.position_id, Mode(row.mode)): row.outcome for row in rows}
    return {key: tuple(ModeOutcome(mode, found[key, mode]) for mode in Mode) for key in positions}


def bases_of(verification: Verification, positions: Collection[int]) -> dict[int, tuple[tuple[str, int], ...]]:
    """How many facts of each position rest on which basis, by its label, as they were printed."""
    basis = dict(DeterminedSource.objects.filter(verification=verification).values_list("number", "basis"))
    tasks = DeterminedTask.objects.filter(verification=verification, position__in=positions)
    counted: dict[int, Counter[str]] = {}
    for position, origins in tasks.values_list("position", "origins"):
        numbers = origin_numbers(origins).values()
        counted.setdefault(position, Counter()).update(basis[number] for number in numbers if number in basis)
    return {
        key: tuple((str(one.label), count[one.value]) for one in Basis if count[one.value])
        for key, count in counted.items()
    }


def origin_numbers(origins: str) -> dict[str, int]:
    """The number of the origin of each fact, as a determined task names them."""
    pairs: Iterable[tuple[str, str, str]] = (pair.partition("=") for pair in origins.split())
    return {fact: int(number) for fact, _sign, number in pairs}
