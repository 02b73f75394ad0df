"""Bulk acts: one entry with the Merkle root of its rows' digests, each kept as a leaf."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model
from hypothesis import given
from hypothesis import strategies as st

from agencies.digests import leaves_of
from oversight.faults import Change, RowFault
from oversight.merkle import inclusion_path, merkle_root
from oversight.models import TrailEntry, TrailLeaf
from oversight.trail import leaf_bytes
from oversight.verification import verify_all
from tests.base import Cast
from tests.oversight.chains import chain, unprotected
from tests.oversight.sealed_law import seal_law

LEAVES = st.lists(st.binary(max_size=8), max_size=70)


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: split at the largest power of two smaller than n."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


@given(LEAVES)
def test_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert merkle_root(leaves) == by_definition(leaves).hex()


def test_the_root_of_the_published_examples() -> None:
    """Known answers of Certificate Transparency's own tests."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [bytes.fromhex(text) for text in inputs]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    assert {size: merkle_root(leaves[:size]) for size in roots} == roots


@given(LEAVES.filter(bool), st.data())
def test_another_leaf_order_or_number_gives_another_root(leaves: list[bytes], data: st.DataObject) -> None:
    root, place = merkle_root(leaves), data.draw(st.integers(0, len(leaves) - 1))
    assert merkle_root([*leaves[:place], leaves[place] + b"x", *leaves[place + 1 :]]) != root
    assert merkle_root(leaves[:place] + leaves[place + 1 :]) != root
    assert merkle_root([*leaves, leaves[-1]]) != root


@given(LEAVES.filter(bool), st.data())
def test_one_row_is_proved_by_its_leaf_and_the_path_alone(leaves: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    node, position, size = sha256(b"\x00" + leaves[place]).digest(), place, len(leaves)
    for beside in map(bytes.fromhex, inclusion_path(leaves, place)):
        # The sibling stands on the left of an odd node, and of the last one that was promoted.
        while position == size - 1 and not position & 1:
            position, size = position >> 1, (size + 1) >> 1
        pair = beside + node if position & 1 else node + beside
        node, position, size = sha256(b"\x01" + pair).digest(), position >> 1, (size + 1) >> 1
    assert node.hex() == merkle_root(leaves)


@pytest.fixture
def bulk(cast: Cast) -> TrailEntry:
    """A bulk act between others that have no leaves."""
    chain(cast.institution, None, 2)
    seal_law(cast.institution, cast.inspector)
    return TrailEntry.objects.get(action="law.noted")


def named() -> set[RowFault]:
    return set(verify_all().rows)


@pytest.mark.django_db
def test_an_act_on_many_rows_carries_their_number_and_root(bulk: TrailEntry) -> None:
    leaves = list(TrailLeaf.objects.filter(entry=bulk).values_list("table", "key", "digest"))
    assert bulk.count == len(leaves) == TrailLeaf.objects.count() == 15
    assert bulk.merkle_root == merkle_root([leaf_bytes(*leaf) for leaf in leaves])
    assert not TrailEntry.objects.exclude(pk=bulk.pk).exclude(count=None, merkle_root="").exists()
    assert verify_all().is_whole


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["eligibility.criterion", "eligibility.instrumentperiod"])
def test_a_changed_leaf_is_refused_and_named_and_its_row_is_not_blamed(bulk: TrailEntry, table: str) -> None:
    leaf = TrailLeaf.objects.get(table=table)
    with pytest.raises(IntegrityError, match="oversight_trailleaf: UPDATE refused"), transaction.atomic():
        TrailLeaf.objects.filter(pk=leaf.pk).update(digest="0" * 64)
    with unprotected():
        TrailLeaf.objects.filter(pk=leaf.pk).update(digest="0" * 64)
    assert named() == {RowFault("oversight.trailleaf", str(leaf.pk), Change.CHANGED)}


@pytest.mark.django_db
def test_a_row_and_its_leaf_changed_together_are_found_by_the_root(bulk: TrailEntry) -> None:
    """Whoever forges the leaf to fit the row still has to forge the chain."""
    leaf = TrailLeaf.objects.get(table="eligibility.instrumentperiod")
    with unprotected():
        row = period()
        type(row)._base_manager.update(basis="SE 9/2025")
        TrailLeaf.objects.filter(pk=leaf.pk).update(digest=leaves_of(row)[0].digest)
    assert named() == {RowFault("oversight.trailentry", str(bulk.pk), Change.LEAVES)}


@pytest.mark.django_db
def test_a_removed_leaf_is_named_by_its_place(bulk: TrailEntry) -> None:
    leaf = TrailLeaf.objects.get(table="eligibility.instrumentperiod")
    with pytest.raises(IntegrityError, match="oversight_trailleaf: DELETE refused"), transaction.atomic():
        TrailLeaf.objects.filter(pk=leaf.pk)._raw_delete("default")
    with unprotected():
        TrailLeaf.objects.filter(pk=leaf.pk)._raw_delete("default")
    assert named() == {
        RowFault("oversight.trailleaf", f"{bulk.pk}/{leaf.position}", Change.REMOVED),
        RowFault("eligibility.instrumentperiod", leaf.key, Change.ADDED),
    }


@pytest.mark.django_db
def test_leaves_exchanged_or_added_are_found(bulk: TrailEntry) -> None:
    first = TrailEntry.objects.get(number=1)
    extra = [
        TrailLeaf.objects.create(entry=entry, position=99, table="x.y", key="1", digest="0" * 64)
        for entry in (bulk, first)
    ]
    assert {fault for fault in named() if fault.table == "oversight.trailleaf"} == {
        RowFault("oversight.trailleaf", str(leaf.pk), Change.ADDED) for leaf in extra
    }
    with unprotected():
        TrailLeaf.objects.filter(position=99)._raw_delete("default")
        for before, after in ((0, 50), (1, 0), (50, 1)):
            TrailLeaf.objects.filter(entry=bulk, position=before).update(position=F("position") + after - before)
    assert named() == {RowFault("oversight.trailentry", str(bulk.pk), Change.LEAVES)}


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", ["oversight_trailleaf", "oversight_trailside", "oversight_checkpoint"])
def test_truncate_is_refused_beside_the_chain_too(bulk: TrailEntry, table: str) -> None:
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="TRUNCATE refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


def period() -> Model:
    from eligibility.models import InstrumentPeriod

    return InstrumentPeriod.objects.get()
