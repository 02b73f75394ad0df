"""Verifies the leaves of bulk acts: their number, their places, and that they give the Merkle root of the entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from agencies.models import Institution
from oversight.covered_rows import Row, current_digests
from oversight.faults import Change, RowFault
from oversight.merkle import MerkleTree
from oversight.models import TrailEntry, TrailLeaf
from oversight.trail import leaf_bytes

_TABLE: Final = TrailLeaf._meta.label_lower
_ROWS_AT_ONCE: Final = 2000


@dataclass
class LeafFaults:
    """What is wrong with leaves, and the rows that are not to blame for a leaf that was forged."""

    faults: list[RowFault] = field(default_factory=list)
    innocent: set[Row] = field(default_factory=set)


def leaf_faults(institution: Institution) -> LeafFaults:
    """The faults of all leaves in the chain of an institution."""
    found = LeafFaults()
    held = Exists(TrailLeaf.objects.filter(entry=OuterRef("pk")))
    entries = TrailEntry.objects.filter(Q(count__isnull=False) | held, institution=institution).order_by("number")
    for key, count, root in entries.values_list("pk", "count", "merkle_root").iterator(_ROWS_AT_ONCE):
        tree, faults = _placed(key, count or 0)
        found.faults += faults
        if not faults and tree.root() != root:
            _name_forged(key, root, found)
    return found


def orphaned_leaves() -> Iterator[RowFault]:
    """Leaves of an entry that does not exist."""
    entry = TrailEntry.objects.filter(pk=OuterRef("entry_id"))
    for key in TrailLeaf.objects.filter(~Exists(entry)).order_by("pk").values_list("pk", flat=True):
        yield RowFault(_TABLE, str(key), Change.ADDED)


def _placed(entry: Any, count: int) -> tuple[MerkleTree, list[RowFault]]:
    """The tree of an entry's leaves, and the leaves that are one too many or missing."""
    tree, faults, expected = MerkleTree(), [], 0
    leaves = TrailLeaf.objects.filter(entry=entry).order_by("position")
    for key, position, *leaf in leaves.values_list("pk", "position", "table", "key", "digest").iterator(_ROWS_AT_ONCE):
        if position >= count:
            faults.append(RowFault(_TABLE, str(key), Change.ADDED))
            continue
        faults += [_missing(entry, one) for one in range(expected, position)]
        expected = position + 1
        tree.add(leaf_bytes(*leaf))
    return tree, faults + [_missing(entry, one) for one in range(expected, count)]


def _missing(entry: Any, position: int) -> RowFault:
    return RowFault(_TABLE, f"{entry}/{position}", Change.REMOVED)


def _name_forged(entry: Any, root: str, found: LeafFaults) -> None:
    """Name the leaves that were changed: those that differ from their row, if the rows' digests give the root.

    All leaves of an entry in one table were made by the same recipe, which is found by trying, the newest first.
    """
    rows = list(TrailLeaf.objects.filter(entry=entry).order_by("position"))
    now = {table: _now(rows, table) for table in sorted({row.table for row in rows})}
    for recipes in product(*(reversed(range(_recipes(digests))) for digests in now.values())):
        forged, tree = _restored(rows, now, dict(zip(now, recipes, strict=True)))
        if tree.root() == root:
            found.faults += [RowFault(_TABLE, str(row.pk), Change.CHANGED) for row in forged]
            found.innocent |= {(row.table, row.key) for row in forged}
            return
    found.faults.append(RowFault(TrailEntry._meta.label_lower, str(entry), Change.LEAVES))


def _restored(
    rows: list[TrailLeaf], now: dict[str, dict[str, list[str]]], recipes: dict[str, int]
) -> tuple[list[TrailLeaf], MerkleTree]:
    """The leaves that no recipe gives, and the tree with the digest by the table's recipe in their place."""
    forged, tree = [], MerkleTree()
    for row in rows:
        digests = now[row.table].get(row.key, [row.digest])
        digest = row.digest
        if digest not in digests:
            digest = digests[min(recipes[row.table], len(digests) - 1)]
            forged.append(row)
        tree.add(leaf_bytes(row.table, row.key, digest))
    return forged, tree


def _recipes(digests: dict[str, list[str]]) -> int:
    """By how many recipes the rows of a table can be sealed; one where no row is left."""
    return max(map(len, digests.values()), default=1)


def _now(rows: list[TrailLeaf], table: str) -> dict[str, list[str]]:
    return current_digests(table, [row.key for row in rows if row.table == table])
