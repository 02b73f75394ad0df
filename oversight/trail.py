"""The chain of an institution: how entries are appended, with their side row and their leaves.

How a digest is made stands in `entries.py`, how all of it is verified in `verification.py`.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Model

from agencies.bulk_rows import insert_rows
from agencies.digests import Leaf, covers, leaves_of, text_of
from agencies.events import Event
from agencies.models import Institution
from oversight.entries import CURRENT, GENESIS, RECIPES, RESTORED, canonical, entry_digest
from oversight.merkle import MerkleTree
from oversight.models import TrailEntry, TrailHead, TrailLeaf, TrailSide


class Head(NamedTuple):
    """Where a chain stands: how many entries, the digest of the last, and the epoch."""

    number: int
    digest: str
    epoch: int


@dataclass(frozen=True)
class Tables:
    """The models that an entry is written by: the living ones, or those of a migration's state."""

    entry: type[Any]
    head: type[Any]
    leaf: type[Any]

    @property
    def recipe(self) -> int:
        """The newest recipe whose columns the table of entries has."""
        columns = {field.attname for field in self.entry._meta.concrete_fields}
        return max(number for number, names in RECIPES.items() if columns.issuperset(names))


_LIVING: Final = Tables(TrailEntry, TrailHead, TrailLeaf)


def append(event: Event) -> TrailEntry:
    """Add an act to the chain of its institution, whose head stays locked until the transaction ends.

    Runs inside the act's transaction. A covered subject gives its digest, its children and the act's rows
    their leaves. Raises EventError for a detail that has no exact text.
    """
    own = leaves_of(event.subject) if covers(type(event.subject)) else []
    salt, private = secrets.token_hex(32), canonical(event.private) if event.private else ""
    entry: TrailEntry = write_entry(
        _LIVING,
        event.institution.pk,
        {
            "at": event.at,
            "actor_id": event.actor and event.actor.pk,
            "actor_label": event.actor_label,
            "action": event.action,
            "subject_type": event.subject._meta.label_lower,
            "subject_id": str(event.subject.pk),
            "subject_digest": own[0].digest if own else "",
            "body": canonical(event.details),
            "side_digest": side_digest(salt, private) if private else "",
        },
        chain(event.leaves, own[1:]),
    )
    if private:
        TrailSide.objects.create(entry=entry, salt=salt, body=private)
    return entry


def write_entry(tables: Tables, institution: int, columns: Mapping[str, object], leaves: Iterable[Leaf]) -> Any:
    """Write one entry with its leaves and move the head to it; `columns` are those that the act itself says."""
    key = uuid.uuid4()
    # Before the head is locked, which every other act of the institution waits for.
    tree = _store_leaves(tables.leaf, key, leaves)
    head = locked_head(institution, tables.head)
    entry = tables.entry(
        id=key,
        institution_id=institution,
        number=head.number + 1,
        recipe=CURRENT if tables is _LIVING else tables.recipe,
        count=tree.count or None,
        merkle_root=tree.root() if tree.count else "",
        previous_digest=head.digest,
        epoch=head.epoch + 1 if columns["action"] == RESTORED else head.epoch,
        **columns,
    )
    entry.digest = entry_digest(entry.recipe, [getattr(entry, column) for column in RECIPES[entry.recipe]])
    entry.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_HEAD, [entry.number, entry.digest, entry.epoch, institution])
    return entry


def side_digest(salt: str | None, body: str | None) -> str:
    """SHA-256 over the salt and the body of a side row."""
    return sha256(f'["oversight.trailside",{text_of([salt, body])}]'.encode("ascii")).hexdigest()


def leaf_bytes(table: str, key: str, digest: str) -> bytes:
    """What a row contributes to the Merkle tree of its act."""
    return f"[{text_of((table, key, digest))}]".encode("ascii")


# Plain SQL for the one row that every act waits for: to build these two queries anew would take
# longer than to run them.
_READ_HEAD: Final = "SELECT number, digest, epoch FROM oversight_trailhead WHERE institution_id = %s"
_MOVE_HEAD: Final = "UPDATE oversight_trailhead SET number = %s, digest = %s, epoch = %s WHERE institution_id = %s"


def locked_head(institution: int, heads: type[Model] = TrailHead) -> Head:
    """The head of the chain of the institution with this key, created before the first entry, locked until
    the transaction ends.

    SQLite knows no row locks: there the transaction itself is the only writer (IMMEDIATE).
    """
    lock = connection.ops.for_update_sql() if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{_READ_HEAD} {lock}", [institution])
        head = cursor.fetchone()
        if head is None:
            # Two first acts at once: one creates the head, the other waits and then finds it.
            first = heads(institution_id=institution, digest=GENESIS)
            heads._base_manager.bulk_create([first], ignore_conflicts=True)
            cursor.execute(f"{_READ_HEAD} {lock}", [institution])
            head = cursor.fetchone()
    return Head(*head)


def institutions_with_trail() -> list[Institution]:
    """Those that have a head or an entry, by code: the two must go together, so both are asked."""
    keys = set(TrailHead.objects.values_list("pk", flat=True))
    keys |= set(TrailEntry.objects.order_by().values_list("institution_id", flat=True).distinct())
    return list(Institution.objects.filter(pk__in=keys).order_by("code"))


def _store_leaves(table: type[Model], entry: uuid.UUID, leaves: Iterable[Leaf]) -> MerkleTree:
    """Insert the leaves as they come and grow the tree with each: nothing is held in memory."""
    tree = MerkleTree()

    def rows() -> Iterator[tuple[object, ...]]:
        for leaf in leaves:
            tree.add(leaf_bytes(*leaf))
            yield (entry, tree.count - 1, *leaf)

    insert_rows(table, ("entry", "position", "table", "key", "digest"), rows())
    return tree
