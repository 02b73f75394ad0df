"""The trail of one case: its entries, each verified beside the one before it, and its rows as acts left them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from agencies.prepared import prepared
from eligibility.arrangement_parts import Parts
from eligibility.models import Approval, Arrangement, Letter
from oversight.chain import faults_among
from oversight.covered_rows import Sealed, faults_of, gone
from oversight.faults import RowFault
from oversight.models import TrailEntry, TrailLeaf

_PARTS: Final[tuple[type[Model], ...]] = (Arrangement, Approval, Letter)

ENTRIES_SHOWN: Final = 100
"""Entries of a case that are verified on its page; a case has a dozen."""


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One entry and what is wrong with it; empty where it is as it was written."""

    entry: TrailEntry
    fault: str


@dataclass(frozen=True)
class CaseTrail:
    """What the trail says of a case."""

    entries: tuple[CaseEntry, ...]
    rows: tuple[RowFault, ...]
    counted: int

    @property
    def broken(self) -> tuple[CaseEntry, ...]:
        """The entries that are not as they were written."""
        return tuple(one for one in self.entries if one.fault)

    @property
    def is_whole(self) -> bool:
        """Whether entries and rows are as they were written, and there is an entry at all."""
        return bool(self.entries) and not self.rows and not self.broken


def case_trail(parts: Parts) -> CaseTrail:
    """The entries about the case, its approvals and letters, verified now; the latest, should there be very many."""
    arrangement, read = parts.arrangement, parts.rows
    present, sealed = faults_of(read)
    numbers = _numbers(arrangement, sealed)
    read_entries = _numbered(arrangement.institution_id, sorted({*numbers, *(number - 1 for number in numbers)}))
    entries = [one for one in read_entries if one.number in numbers]
    faults = faults_among(arrangement.institution, entries, read_entries)
    shown = tuple(CaseEntry(one, faults[one.number]) for one in entries)
    rows = (*dict.fromkeys((*present, *_missing(arrangement, entries, sealed))),)
    return CaseTrail(shown, rows, sum(len(read[part]) for part in _PARTS))


def _numbers(arrangement: Arrangement, sealed: Sealed) -> frozenset[int]:
    """Numbers of the entries of acts on one of the rows, and of acts on many that sealed one of them."""
    tables, place = {part._meta.label_lower for part in _PARTS}, arrangement.institution_id
    numbers = sorted({number for table, chain, number in sealed.acts if chain == place and table in tables})
    return frozenset(numbers[-ENTRIES_SHOWN:])


@prepared
def _numbered(institution: int, numbers: Collection[int]) -> QuerySet[Any, TrailEntry]:
    return TrailEntry.objects.filter(institution_id=institution, number__in=numbers).order_by("number")


def _missing(arrangement: Arrangement, entries: Iterable[TrailEntry], sealed: Sealed) -> list[RowFault]:
    """Rows that acts on this case sealed and that are gone: a step, an output, an approval."""
    own = [one.pk for one in entries if (one.subject_type, one.subject_id) == _subject(arrangement)]
    keys: dict[str, list[str]] = {}
    for _pk, table, key in sorted(_sealed_by(own)):
        if (table, key) not in sealed.rows:  # those were read just now
            keys.setdefault(table, []).append(key)
    return [fault for table, absent in keys.items() for fault in gone(table, list(dict.fromkeys(absent)))]


@prepared
def _sealed_by(entries: Collection[UUID]) -> QuerySet[Any, tuple[int, str, str]]:
    """By the keys of entries, which leaves are found by; unordered: in the order of keys SQLite would read all."""
    return TrailLeaf.objects.filter(entry__in=entries).order_by().values_list("pk", "table", "key")


def _subject(arrangement: Arrangement) -> tuple[str, str]:
    return Arrangement._meta.label_lower, str(arrangement.pk)


def state_words(trail: CaseTrail) -> str:
    """The verification in one sentence."""
    if not trail.entries:
        return _("No entry of the trail tells of this case: no act of the portal wrote it.")
    if trail.is_whole:
        return _("Entries and rows of this case are as their acts left them.")
    return _("This case is not as its acts left it.")
