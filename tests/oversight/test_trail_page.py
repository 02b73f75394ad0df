"""The page about the trail says how far it reaches, what it proves and what not; the officer erases beside it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from agencies.events import record
from agencies.models import User
from agencies.signing import public_key_of
from oversight.actions.trail import restore_trail
from oversight.chain import verify
from oversight.checkpoints import make_checkpoint
from oversight.models import TrailEntry, TrailSide
from tests.base import Cast
from tests.oversight.chains import NOON, act, chain

pytestmark = pytest.mark.django_db

PAGE = "/kota-contoh/jejak/"
ERASE = "/kota-contoh/jejak/hapus/"


def opened(user: User, address: str = PAGE) -> str:
    return visitor(user).get(address).content.decode()


def visitor(user: User) -> Client:
    """A browser of the user, in English."""
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def test_an_empty_trail_says_what_will_stand_there(cast: Cast) -> None:
    page = opened(cast.employee)
    assert "No act of Kota Contoh is recorded yet." in page
    assert "No checkpoint is signed yet." in page


def test_the_page_tells_number_digest_and_the_last_checkpoint(cast: Cast, settings: Settings) -> None:
    settings.CHECKPOINT_KEY = bytes(range(32))
    chain(cast.institution, cast.hr_officer, 2)
    make_checkpoint(NOON)
    last = act(cast.institution)
    page = opened(cast.employee)
    assert "3 acts of Kota Contoh stand in the trail" in page
    assert last.digest in page
    assert TrailEntry.objects.get(number=2).digest in page
    assert public_key_of(bytes(range(32))) in page
    assert "1 entry is newer" in page
    assert "12:00" in page
    assert "WIB" in page
    restore_trail(actor=None, institution=cast.institution, reason="Disk rusak.", at=NOON)
    assert "says that a backup was put back" in opened(cast.employee)


def test_a_checkpoint_of_other_institutions_says_so(cast: Cast, settings: Settings) -> None:
    settings.CHECKPOINT_KEY = bytes(range(32))
    make_checkpoint(NOON)
    act(cast.institution)
    assert "when this institution had no entry yet" in opened(cast.employee)


def test_what_no_trail_can_prove_stands_there_in_full(cast: Cast) -> None:
    page = opened(cast.inspector)
    limits = ("between two checkpoints", "does not record it", "properly entered", "does not answer for")
    for words in (*limits, "on the same server", "set back"):
        assert words in page, words


def test_the_page_costs_the_same_queries_for_a_long_trail(
    cast: Cast,
) -> None:
    chain(cast.institution, None, 1)
    client = Client()
    client.force_login(cast.employee)
    client.get(PAGE)
    counts = []
    for more in (1, 50):
        chain(cast.institution, None, more)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_officer_erases_after_seeing_what_follows_and_nobody_else_can(cast: Cast) -> None:
    with transaction.atomic():
        record(actor=None, action="noted", subject=cast.institution, at=NOON, private={"name": "Siti"})
    side = TrailSide.objects.get()
    client = visitor(cast.data_protection_officer)
    typed = {"number": "1", "reason": "Pasal 8 UU 27/2022"}
    shown = client.post(ERASE, {**typed, "preview": "1"})
    assert "What follows from this" in shown.content.decode()
    side.refresh_from_db()
    assert side.body
    previewed = shown.context["form"].data["previewed"]
    done = client.post(ERASE, {**typed, "previewed": previewed, "confirm": "1"}, follow=True)
    assert "the erasure is an entry of its own" in done.content.decode()
    side.refresh_from_db()
    assert side.body is None
    erasure = TrailEntry.objects.get(number=2)
    assert (erasure.actor, erasure.actor_label) == (
        cast.data_protection_officer,
        "data_protection_officer · kota-contoh",
    )
    assert verify(cast.institution).count == 2
    client.force_login(cast.hr_officer)
    assert client.get(ERASE).status_code == 404
    assert ERASE not in opened(cast.hr_officer)
    assert ERASE in opened(cast.data_protection_officer)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"number": "9", "reason": "Pasal 8"}, "The trail has no entry 9"),
        ({"number": "1", "reason": "Pasal 8"}, "Entry 1 holds no personal data"),
        ({"number": "x", "reason": "Pasal 8"}, "whole number"),
        ({"number": "99999999999999999999", "reason": "Pasal 8"}, "less than or equal"),
        ({"number": "1", "reason": " "}, "is-invalid"),
    ],
)
def test_what_cannot_be_erased_is_answered_in_the_form(cast: Cast, typed: dict[str, str], answer: str) -> None:
    act(cast.institution)
    client = visitor(cast.data_protection_officer)
    page = client.post(ERASE, {**typed, "preview": "1"}).content.decode()
    assert answer in page
    assert TrailEntry.objects.count() == 1


def test_the_page_speaks_indonesian(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.employee)
    with translation.override("id"):
        assert "Apa yang tidak dapat dibuktikan jejak" in client.get(PAGE).content.decode()
