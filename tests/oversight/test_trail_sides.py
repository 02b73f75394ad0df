"""What an entry says of people stands beside it: committed to, erasable by an act, and never lost unseen."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from agencies.errors import ActRefused
from agencies.events import record
from oversight.actions.trail import erase_side
from oversight.chain import verify
from oversight.faults import Change, RowFault
from oversight.models import TrailEntry, TrailSide
from oversight.trail import side_digest
from oversight.verification import verify_all
from tests.base import Cast
from tests.oversight.chains import NOON, act, chain, unprotected

pytestmark = pytest.mark.django_db

REASON = "Pasal 8 UU 27/2022"


@pytest.fixture
def entry(cast: Cast) -> TrailEntry:
    """An entry that says something of a person, between others that do not."""
    chain(cast.institution, cast.hr_officer, 2)
    with transaction.atomic():
        record(
            actor=cast.hr_officer,
            action="employee.corrected",
            subject=cast.institution,
            at=NOON,
            private={"name": "Siti", "before": None, "after": {"nip": "199001012015011001"}},
            field="name",
        )
    act(cast.institution)
    return TrailEntry.objects.get(action="employee.corrected")


def sql(statement: str, entry: TrailEntry) -> None:
    key = entry.pk.hex if connection.vendor == "sqlite" else str(entry.pk)
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])


def faults() -> list[RowFault]:
    return list(verify_all().rows)


def fault(entry: TrailEntry, change: Change) -> list[RowFault]:
    return [RowFault("oversight.trailside", str(entry.pk), change)]


def test_the_entry_commits_to_what_it_does_not_say(cast: Cast, entry: TrailEntry) -> None:
    side = entry.side
    assert json.loads(side.body or "") == {"after": {"nip": "199001012015011001"}, "before": None, "name": "Siti"}
    assert "Siti" not in entry.body
    assert "1990" not in entry.body
    assert entry.side_digest == side_digest(side.salt, side.body)
    assert TrailSide.objects.count() == 1
    assert verify_all().is_whole


def test_the_same_words_have_another_digest_each_time(cast: Cast, entry: TrailEntry) -> None:
    with transaction.atomic():
        record(actor=None, action="other", subject=cast.institution, at=NOON, private=json.loads(entry.side.body or ""))
    other = TrailEntry.objects.get(action="other")
    assert other.side.body == entry.side.body
    assert other.side_digest != entry.side_digest


TAMPERINGS = {
    "body": ("UPDATE oversight_trailside SET body = '{}' WHERE entry_id = %s", Change.CHANGED),
    "salt": ("UPDATE oversight_trailside SET salt = '0' WHERE entry_id = %s", Change.CHANGED),
    "emptied without an act": (
        "UPDATE oversight_trailside SET body = NULL, salt = NULL WHERE entry_id = %s",
        Change.CHANGED,
    ),
    "half emptied": ("UPDATE oversight_trailside SET body = NULL WHERE entry_id = %s", Change.CHANGED),
    "emptied in the name of another act": (
        "UPDATE oversight_trailside SET body = NULL, salt = NULL,"
        " erased_by_id = (SELECT id FROM oversight_trailentry WHERE number = 1) WHERE entry_id = %s",
        Change.CHANGED,
    ),
    "removed": ("DELETE FROM oversight_trailside WHERE entry_id = %s", Change.REMOVED),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_database_refuses_to_change_a_side_row_and_verifying_names_it(
    cast: Cast, entry: TrailEntry, name: str
) -> None:
    statement, change = TAMPERINGS[name]
    with pytest.raises(IntegrityError, match=r"oversight_trailside: .* refused"), transaction.atomic():
        sql(statement, entry)
    with unprotected():
        sql(statement, entry)
    assert faults() == fault(entry, change)
    assert verify(cast.institution).broken is None
    with translation.override("en"), pytest.raises(CommandError, match=f"oversight.trailside {entry.pk}: {change}"):
        call_command("verify_trail")


def test_a_side_row_that_no_entry_commits_to_is_refused_and_named(cast: Cast, entry: TrailEntry) -> None:
    first = TrailEntry.objects.get(institution=cast.institution, number=1)
    with pytest.raises(IntegrityError, match="INSERT refused"), transaction.atomic():
        TrailSide.objects.create(entry=first, salt="0", body="{}")
    with unprotected():
        TrailSide.objects.create(entry=first, salt="0", body="{}")
    assert faults() == fault(first, Change.ADDED)


def test_an_erasure_empties_the_row_and_keeps_the_chain_whole(cast: Cast, entry: TrailEntry) -> None:
    officer = cast.data_protection_officer
    receipt = erase_side(actor=officer, entry=entry, reason=REASON, at=NOON)
    assert receipt is not None
    side = TrailSide.objects.get(pk=entry.pk)
    assert (side.salt, side.body) == (None, None)
    assert side.erased_by is not None
    assert side.erased_by.number == receipt.number
    said = json.loads(side.erased_by.body)
    assert said == {"entry": entry.number, "reason": REASON, "side_digest": entry.side_digest}
    assert verify_all().is_whole
    assert erase_side(actor=officer, entry=entry, reason=REASON, at=NOON) is None
    assert verify(cast.institution).count == 5


def test_an_erased_row_cannot_be_filled_or_erased_again(cast: Cast, entry: TrailEntry) -> None:
    erase_side(actor=cast.data_protection_officer, entry=entry, reason=REASON, at=NOON)
    fill = "UPDATE oversight_trailside SET body = '{}', salt = '0' WHERE entry_id = %s"
    with pytest.raises(IntegrityError, match="UPDATE refused"), transaction.atomic():
        sql(fill, entry)
    with unprotected():
        sql(fill, entry)
    assert faults() == fault(entry, Change.CHANGED)


def test_an_erasure_of_one_entry_excuses_no_other(cast: Cast, entry: TrailEntry) -> None:
    with transaction.atomic():
        record(actor=None, action="other", subject=cast.institution, at=NOON, private={"name": "Budi"})
    other = TrailEntry.objects.get(action="other")
    erase_side(actor=cast.data_protection_officer, entry=entry, reason=REASON, at=NOON)
    with unprotected():
        TrailSide.objects.filter(pk=other.pk).update(
            salt=None, body=None, erased_by=TrailSide.objects.get(pk=entry.pk).erased_by
        )
    assert faults() == fault(other, Change.CHANGED)


def test_what_holds_nothing_of_people_cannot_be_erased_and_a_ground_is_asked_for(cast: Cast, entry: TrailEntry) -> None:
    first = TrailEntry.objects.get(institution=cast.institution, number=1)
    with translation.override("en"):
        with pytest.raises(ActRefused, match="Entry 1 holds no personal data"):
            erase_side(actor=None, entry=first, reason=REASON, at=NOON)
        with pytest.raises(ActRefused, match="legal ground"):
            erase_side(actor=None, entry=entry, reason=" ", at=NOON)
    assert TrailSide.objects.get(pk=entry.pk).body
    assert verify(cast.institution).count == 4
