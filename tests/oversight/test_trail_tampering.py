"""Whoever changes the trail is refused by the database, and found by verify_trail if the triggers were removed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import translation

from agencies.models import Institution
from oversight.chain import verify
from oversight.entries import CURRENT, GENESIS, RECIPES, entry_digest
from oversight.models import TrailEntry, TrailHead
from oversight.trail import institutions_with_trail
from tests.base import Cast, assemble_cast
from tests.oversight.chains import NOON, chain, unprotected

pytestmark = pytest.mark.django_db

CHANGES: dict[str, object] = {
    "id": uuid.UUID(int=7),
    "institution_id": "the other institution",
    "number": 1003,
    "recipe": 1,
    "at": NOON + timedelta(minutes=2, microseconds=1),
    "actor_id": None,
    "actor_label": "hr_officer · kota-contoi",
    "action": "institution.notee",
    "subject_type": "agencies.institutioo",
    "subject_id": "0",
    "subject_digest": "0",
    "body": '{"step":3}',
    "count": 1,
    "merkle_root": "0",
    "previous_digest": "f" * 64,
    "epoch": 2,
    "side_digest": "0",
    "digest": "f" * 64,
}
"""For each column of the third entry, another value that differs by as little as the column allows."""

Tampering = Callable[[Institution], object]


@pytest.fixture
def cast() -> Cast:
    """A chain of five entries in the city, one of two in the other."""
    cast = assemble_cast()
    chain(cast.institution, cast.hr_officer)
    chain(cast.outsider.grants.get().institution, cast.outsider, length=2)
    return cast


def third(institution: Institution) -> TrailEntry:
    return TrailEntry.objects.get(institution=institution, number=3)


def change(column: str) -> Tampering:
    def tamper(institution: Institution) -> None:
        other = Institution.objects.exclude(pk=institution.pk).get()
        value = other.pk if column == "institution_id" else CHANGES[column]
        TrailEntry.objects.filter(pk=third(institution).pk).update(**{column: value})

    return tamper


def delete(institution: Institution) -> None:
    TrailEntry.objects.filter(institution=institution, number=3)._raw_delete("default")


def insert(institution: Institution) -> None:
    """Make room after the third entry and put a copy there."""
    for number in (5, 4):
        TrailEntry.objects.filter(institution=institution, number=number).update(number=F("number") + 1)
    copy = third(institution)
    copy.pk, copy.number = uuid.uuid4(), 4
    copy.save(force_insert=True)


def insert_at_the_end(institution: Institution) -> None:
    """Append an entry whose own digest is right, as if the portal had, without moving the head."""
    last = TrailEntry.objects.get(institution=institution, number=5)
    forged = TrailEntry.objects.get(institution=institution, number=5)
    forged.pk, forged.number, forged.previous_digest = uuid.uuid4(), 7, last.digest
    forged.save(force_insert=True)


def reorder(institution: Institution) -> None:
    for before, after in ((3, 99), (4, 3), (99, 4)):
        TrailEntry.objects.filter(institution=institution, number=before).update(number=after)


def cut_the_tail(institution: Institution) -> None:
    TrailEntry.objects.filter(institution=institution, number__gt=3)._raw_delete("default")


def replace(institution: Institution) -> None:
    """Write the third entry anew under its key with the way each database has for that."""
    columns = [field.column for field in TrailEntry._meta.concrete_fields]
    values = ", ".join("'institution.notee'" if column == "action" else column for column in columns)
    into = f"INTO oversight_trailentry ({', '.join(columns)})"
    rows = f"SELECT {values} FROM oversight_trailentry WHERE institution_id = %s AND number = 3"
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE {into} {rows}"
    else:
        statement = f"INSERT {into} {rows} ON CONFLICT (id) DO UPDATE SET action = EXCLUDED.action"
    with connection.cursor() as cursor:
        cursor.execute(statement, [institution.pk])


def rewrite(institution: Institution) -> None:
    """Change the third entry and give it the digest that belongs to its new content."""
    entry = third(institution)
    entry.action = "institution.notee"
    entry.digest = entry_digest(CURRENT, [getattr(entry, column) for column in RECIPES[CURRENT]])
    entry.save()


def leave_out(institution: Institution) -> None:
    """Remove the third entry and chain the rest to the second, up to the head, with right digests."""
    delete(institution)
    previous = TrailEntry.objects.get(institution=institution, number=2).digest
    for entry in TrailEntry.objects.filter(institution=institution, number__gt=3):
        entry.previous_digest = previous
        entry.digest = previous = entry_digest(CURRENT, [getattr(entry, column) for column in RECIPES[CURRENT]])
        entry.save()
    TrailHead.objects.filter(pk=institution.pk).update(digest=previous)


def move_the_head_back(institution: Institution) -> None:
    TrailHead.objects.filter(pk=institution.pk).update(number=3, digest=third(institution).digest)


def forge_the_head(institution: Institution) -> None:
    TrailHead.objects.filter(pk=institution.pk).update(digest="f" * 64)


def delete_the_head(institution: Institution) -> None:
    TrailHead.objects.filter(pk=institution.pk)._raw_delete("default")


TAMPERINGS: dict[str, tuple[Tampering, int]] = {
    **{f"change {column}": (change(column), 3) for column in CHANGES},
    "delete": (delete, 3),
    "insert": (insert, 4),
    "insert at the end": (insert_at_the_end, 6),
    "reorder": (reorder, 3),
    "cut the tail": (cut_the_tail, 4),
    "replace": (replace, 3),
    "rewrite": (rewrite, 4),
    "leave out": (leave_out, 3),
    "move the head back": (move_the_head_back, 4),
    "forge the head": (forge_the_head, 5),
    "delete the head": (delete_the_head, 5),
}
"""What is done to a chain of five, and the entry that must be named."""


def test_every_column_of_an_entry_is_tampered_with_and_enters_the_digest() -> None:
    columns = {field.attname for field in TrailEntry._meta.concrete_fields}
    assert set(CHANGES) == columns
    assert set(RECIPES[CURRENT]) == columns - {"digest"}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_refused_by_the_database(cast: Cast, name: str) -> None:
    tamper, _entry = TAMPERINGS[name]
    with pytest.raises(IntegrityError, match=r"oversight_trail.* refused"), transaction.atomic():
        tamper(cast.institution)
    assert verify(cast.institution).broken is None


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_without_triggers_is_found_at_the_first_broken_entry(cast: Cast, name: str) -> None:
    tamper, entry = TAMPERINGS[name]
    assert verify(cast.institution).count == 5
    with unprotected():
        tamper(cast.institution)
        result = verify(cast.institution)
    assert result.broken
    assert result.broken.number == entry
    assert result.broken.reason


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_command_fails_and_names_the_broken_entry(cast: Cast, name: str) -> None:
    tamper, entry = TAMPERINGS[name]
    with unprotected():
        tamper(cast.institution)
    with translation.override("en"), pytest.raises(CommandError, match=f"kota-contoh: entry {entry} is broken: .+"):
        call_command("verify_trail")


def test_a_tail_that_is_cut_to_nothing_is_found(cast: Cast) -> None:
    with unprotected():
        TrailEntry.objects.filter(institution=cast.institution)._raw_delete("default")
        result = verify(cast.institution)
    assert (result.count, result.broken and result.broken.number) == (0, 1)


def test_a_chain_whose_head_or_entries_are_gone_is_still_visited(cast: Cast) -> None:
    with unprotected():
        delete_the_head(cast.institution)
        assert cast.institution in institutions_with_trail()
        TrailEntry.objects.exclude(institution=cast.institution)._raw_delete("default")
        assert len(institutions_with_trail()) == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps other text out of such a column")
@pytest.mark.parametrize("column", ["at", "id", "number", "count", "recipe"])
def test_text_that_a_column_cannot_mean_breaks_the_chain_and_not_the_command(cast: Cast, column: str) -> None:
    with unprotected(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(
            f"UPDATE oversight_trailentry SET {column} = 'x' WHERE institution_id = %s AND number = 3",
            [cast.institution.pk],
        )
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        result = verify(cast.institution)
    assert (result.count, result.broken and result.broken.number) == (2, 3)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", ["oversight_trailentry", "oversight_trailhead"])
def test_truncate_is_refused(cast: Cast, table: str) -> None:
    connection.check_constraints()
    with (
        pytest.raises(IntegrityError, match="TRUNCATE refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")
    assert verify(cast.institution).count == 5


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
def test_replace_is_refused_also_when_only_the_number_is_taken(cast: Cast) -> None:
    forged = third(cast.institution)
    columns = [field.column for field in TrailEntry._meta.concrete_fields]
    values = ", ".join("'00000000000000000000000000000007'" if column == "id" else column for column in columns)
    statement = (
        f"REPLACE INTO oversight_trailentry ({', '.join(columns)})"
        f" SELECT {values} FROM oversight_trailentry WHERE id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="INSERT refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [forged.pk.hex])
    assert third(cast.institution).pk == forged.pk


def test_a_head_begins_at_zero_and_moves_only_to_the_entry_just_written(cast: Cast) -> None:
    newcomer = Institution.objects.create(code="kota-baru", name="Kota Baru", kind="city")
    with pytest.raises(IntegrityError, match="INSERT refused"), transaction.atomic():
        TrailHead.objects.create(institution=newcomer, number=1, digest=GENESIS)
    with pytest.raises(IntegrityError, match="UPDATE refused"), transaction.atomic():
        TrailHead.objects.filter(pk=cast.institution.pk).update(number=F("number") + 1)
    chain(newcomer, None, length=2)
    assert verify(newcomer).count == 2
