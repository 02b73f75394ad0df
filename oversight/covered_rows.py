"""Compares every covered row with the digest that the last act on it left in the trail."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import BigIntegerField, Model, Q, QuerySet, Value

from agencies.digests import GONE, Covered, Leaf, covered_tables, leaves_by, leaves_read
from agencies.models import Institution
from agencies.prepared import prepared
from oversight.faults import Change, RowFault
from oversight.models import TrailEntry, TrailLeaf

logger = logging.getLogger(__name__)

Row = tuple[str, str]
"""Table and key."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What acts sealed of rows: the last digest of each, the rows asked for, and the acts on them.

    An act is the table, its institution and its number there.
    """

    digests: Mapping[Row, str]
    rows: frozenset[Row]
    acts: frozenset[tuple[str, int, int]]


_KEYS_AT_ONCE: Final = 900
"""Rows compared together: SQLite takes fewer than a thousand values in one statement of old versions."""


def row_faults(institution: Institution | None, innocent: Collection[Row] = ()) -> Iterator[RowFault]:
    """Covered rows that were changed, added or removed behind the portal; those of one institution, or all.

    `innocent` are rows whose leaf, not the row itself, is known to be forged.
    """
    for covered in covered_tables():
        rows = covered.queryset()
        if institution is not None and covered.institution:
            rows = rows.filter(**{covered.institution: institution})
        for fault in (*_present_faults(covered, rows), *_removed(covered, institution)):
            if (fault.table, fault.key) not in innocent:
                yield fault


def faults_of(rows: Mapping[type[Model], Sequence[Model]]) -> tuple[list[RowFault], Sealed]:
    """What is wrong with rows of covered tables, read just now, and with their children; and what sealed them.

    Rows that are gone are not seen here.
    """
    tables = [one for one in covered_tables() if one.model in rows]
    present = [(one, leaf) for one in tables for leaf in leaves_read(one, rows)]
    sealed = sealed_among([(leaf.table, leaf.key) for _covered, leaf in present])
    return list(_differing(present, sealed)), sealed


def sealed_among(rows: Collection[Row]) -> Sealed:
    """What acts sealed of these rows."""
    asked = frozenset(rows)
    tables, keys = sorted({table for table, _key in asked}), sorted({key for _table, key in asked})
    chains: dict[Row, dict[int, tuple[int, str]]] = {row: {} for row in asked}
    acts: set[tuple[str, int, int]] = set()
    for leaf, table, key, digest, chain, number in sorted(_seals_about(tables, keys), key=_in_order):
        if (table, key) not in asked:
            continue
        acts.add((table, chain, number))
        # An entry without a digest of its subject sealed nothing; a leaf always did.
        if (digest or leaf) and number >= chains[table, key].get(chain, (0, ""))[0]:
            chains[table, key][chain] = (number, digest)
    return Sealed({row: _latest(found) for row, found in chains.items() if found}, asked, frozenset(acts))


_Seal = tuple[int, str, str, str, int, int]
"""The key of a leaf (0: an entry itself), table and key of the row, its digest, institution and number of the act."""


_NO_LEAF: Final = Value(0, BigIntegerField())


def _in_order(seal: _Seal) -> tuple[bool, int]:
    """Leaves in the order in which they were written, then the entries."""
    return not seal[0], seal[0]


@prepared
def _seals_about(tables: Collection[str], keys: Collection[str]) -> QuerySet[Any, _Seal]:
    """Leaves and entries in one statement: a page asks about one case."""
    leaves = TrailLeaf.objects.filter(table__in=tables, key__in=keys).order_by()
    entries = TrailEntry.objects.filter(subject_type__in=tables, subject_id__in=keys).order_by()
    return leaves.values_list("pk", "table", "key", "digest", "entry__institution_id", "entry__number").union(
        entries.values_list(_NO_LEAF, "subject_type", "subject_id", "subject_digest", "institution_id", "number"),
        all=True,
    )


def _differing(present: Sequence[tuple[Covered, Leaf]], sealed: Sealed) -> Iterator[RowFault]:
    for covered, (table, key, digest) in present:
        last = sealed.digests.get((table, key))
        if last is None:
            yield RowFault(table, key, Change.ADDED)
        elif last != digest and not _by_older_recipe(covered, table, key, last):
            yield RowFault(table, key, Change.CHANGED)


def gone(table: str, keys: list[str]) -> list[RowFault]:
    """Which of these sealed rows of a covered table, or of a child's, are no longer there."""
    found: list[RowFault] = []
    for covered in covered_tables():
        if table in _tables(covered):
            model, path = _place(covered, table)
            found += _gone(covered, model, path, table, keys)
    return found


def row_faults_of(model: type[Model], institution: Institution, *, at_most: int) -> Iterator[RowFault]:
    """Faults of one covered table of an institution: its newest rows; removed ones only where those are all."""
    covered = next(one for one in covered_tables() if one.model is model)
    rows = covered.queryset().filter(**{covered.institution: institution})
    cut = rows.order_by("-pk").values_list("pk", flat=True)[at_most : at_most + 1].first()
    if cut is None:
        yield from (*_present_faults(covered, rows), *_removed(covered, institution))
    else:
        yield from _present_faults(covered, rows.filter(pk__gt=cut))


def count_rows(institution: Institution | None) -> int:
    """How many rows `row_faults` compares, their children not counted."""
    return sum(
        covered.queryset()
        .filter(**({covered.institution: institution} if institution and covered.institution else {}))
        .count()
        for covered in covered_tables()
    )


def current_digests(table: str, keys: Sequence[str]) -> dict[str, list[str]]:
    """The digests that these rows of a covered table, or of its children, have now, by each recipe in their order."""
    found: dict[str, list[str]] = {}
    for covered in covered_tables():
        if table not in _tables(covered):
            continue
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            rows = _owners(covered, table, keys[start : start + _KEYS_AT_ONCE])
            for leaf in (leaf for recipe in covered.recipes for leaf in leaves_by(recipe, rows)):
                if leaf.table == table:
                    found.setdefault(leaf.key, []).append(leaf.digest)
    return found


def sealed_digests(table: str, keys: Sequence[str]) -> dict[str, str]:
    """The digest that the last act on each of these rows left: the highest number of a chain, and of several
    chains the latest."""
    of_leaf = ("key", "digest", "entry__institution_id", "entry__number")
    of_subject = ("subject_id", "subject_digest", "institution_id", "number")
    entries = TrailEntry.objects.filter(subject_type=table, subject_id__in=keys).exclude(subject_digest="").order_by()
    leaves = TrailLeaf.objects.filter(table=table, key__in=keys).order_by("pk")
    by_key: dict[str, dict[int, tuple[int, str]]] = {}
    for found in (leaves.values_list(*of_leaf), entries.values_list(*of_subject)):
        for key, digest, chain, number in found:
            chains = by_key.setdefault(key, {})
            if chain not in chains or number >= chains[chain][0]:
                chains[chain] = (number, digest)
    return {key: _latest(chains) for key, chains in by_key.items()}


def _latest(chains: dict[int, tuple[int, str]]) -> str:
    """Of the last digest that each chain left, the one of the latest act."""
    if len(chains) == 1:
        ((_number, digest),) = chains.values()
        return digest
    last = reduce(or_, (Q(institution=chain, number=number) for chain, (number, _digest) in chains.items()))
    rows = TrailEntry.objects.filter(last).order_by("-at", "-institution_id").values_list("institution_id", flat=True)
    return chains[rows[0]][1]


def _present_faults(covered: Covered, rows: QuerySet[Any]) -> Iterator[RowFault]:
    keys = rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_KEYS_AT_ONCE)
    while chunk := list(islice(keys, _KEYS_AT_ONCE)):
        readable, unreadable = _readable(covered, chunk)
        yield from unreadable
        yield from _compared(covered, readable)


def _stored(covered: Covered, keys: Sequence[Any]) -> list[Leaf]:
    return list(leaves_by(covered.recipe, covered.model._base_manager.filter(pk__in=keys)))


def _readable(covered: Covered, keys: list[Any]) -> tuple[list[Leaf], list[RowFault]]:
    """The leaves of these rows by the newest recipe; rows that cannot be read are set apart one by one."""
    try:
        return _stored(covered, keys), []
    except (ValueError, TypeError, AttributeError, ArithmeticError) as problem:
        # SQLite lets any column hold any text.
        logger.debug("Rows of %s cannot be read: %s", covered.model._meta.label, problem)
    except OperationalError as problem:
        if "decode" not in str(problem):
            raise
    if len(keys) == 1:
        return [], [RowFault(covered.model._meta.label_lower, str(keys[0]), Change.UNREADABLE)]
    halves = (keys[: len(keys) // 2], keys[len(keys) // 2 :])
    (left, left_faults), (right, right_faults) = (_readable(covered, half) for half in halves)
    return left + right, left_faults + right_faults


def _compared(covered: Covered, present: list[Leaf]) -> Iterator[RowFault]:
    """Faults of the rows read, and of their children."""
    by_table: dict[str, list[Leaf]] = {}
    for leaf in present:
        by_table.setdefault(leaf.table, []).append(leaf)
    for table, found in by_table.items():
        differing = []
        for chunk in _chunks(found):
            sealed = sealed_digests(table, [leaf.key for leaf in chunk])
            for leaf in chunk:
                if leaf.key not in sealed:
                    yield RowFault(table, leaf.key, Change.ADDED)
                elif sealed[leaf.key] != leaf.digest:
                    differing.append((leaf.key, sealed[leaf.key]))
        for key, digest in differing:
            if not _by_older_recipe(covered, table, key, digest):
                yield RowFault(table, key, Change.CHANGED)


def _by_older_recipe(covered: Covered, table: str, key: str, digest: str) -> bool:
    """Whether the row was sealed by a recipe before the newest one and is as it was then."""
    older = covered.recipes[:-1]
    if not older:
        return False
    rows = _owners(covered, table, [key])
    return any(leaf == (table, key, digest) for recipe in older for leaf in leaves_by(recipe, rows))


def _removed(covered: Covered, institution: Institution | None) -> Iterator[RowFault]:
    """Rows that an act sealed and that are no longer among the covered ones."""
    for table in _tables(covered):
        model, path = _place(covered, table)
        keys = _sealed_keys(table, institution)
        while chunk := list(islice(keys, _KEYS_AT_ONCE)):
            yield from _gone(covered, model, path, table, chunk)


def _gone(covered: Covered, model: type[Model], path: str, table: str, keys: list[str]) -> Iterator[RowFault]:
    possible = [key for key in keys if _may_be_key(model, key)]
    stored = model._base_manager.filter(pk__in=possible)
    # Narrowed to the owners of these rows: without it every chunk would read the whole table.
    owners = covered.queryset().filter(pk__in=possible if path == "pk" else stored.values(path))
    kept = owners if path == "pk" else stored.filter(**{f"{path}__in": owners})
    present = {str(key) for key in kept.values_list("pk", flat=True)}
    absent = [key for key in keys if key not in present]
    if absent:
        # There still, but no longer among the covered rows: its state was changed.
        elsewhere = {str(key) for key in stored.values_list("pk", flat=True)}
        sealed = sealed_digests(table, absent)
        for key in absent:
            if sealed.get(key) == GONE and key not in elsewhere:
                continue  # an act removed it and said so
            yield RowFault(table, key, Change.CHANGED if key in elsewhere else Change.REMOVED)


def _sealed_keys(table: str, institution: Institution | None) -> Iterator[str]:
    """Every key of a table that acts sealed; of the acts of one institution, or of all."""
    leaves = TrailLeaf.objects.filter(table=table)
    subjects = TrailEntry.objects.filter(subject_type=table).exclude(subject_digest="")
    if institution is not None:
        leaves, subjects = leaves.filter(entry__institution=institution), subjects.filter(institution=institution)
    yield from leaves.order_by("key").values_list("key", flat=True).distinct().iterator()
    leaf_keys = TrailLeaf.objects.filter(table=table).values("key")
    only = subjects.exclude(subject_id__in=leaf_keys).order_by("subject_id")
    yield from only.values_list("subject_id", flat=True).distinct().iterator()


def _tables(covered: Covered) -> list[str]:
    """The table of the declaration and those of its children."""
    children = [child.table for recipe in covered.recipes for child in recipe.children]
    return list(dict.fromkeys((covered.model._meta.label_lower, *children)))


def _owners(covered: Covered, table: str, keys: Sequence[str]) -> QuerySet[Any]:
    """The covered rows that are these rows, or have them as children."""
    model, path = _place(covered, table)
    possible = [key for key in keys if _may_be_key(model, key)]
    return covered.queryset().filter(pk__in=model._base_manager.filter(pk__in=possible).values(path))


def _place(covered: Covered, table: str) -> tuple[type[Model], str]:
    """The model of a table of the declaration, and the path from its row to the covered row."""
    for recipe in reversed(covered.recipes):
        for child in recipe.children:
            if child.table == table:
                return covered.model._meta.apps.get_model(table), child.of
    return covered.model, "pk"


def _may_be_key(model: type[Model], key: str) -> bool:
    try:
        model._meta.pk.to_python(key)
    except ValidationError:
        return False
    return True


def _chunks(found: list[Leaf]) -> Iterator[list[Leaf]]:
    for start in range(0, len(found), _KEYS_AT_ONCE):
        yield found[start : start + _KEYS_AT_ONCE]
