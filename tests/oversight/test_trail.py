"""The chain as the portal writes it: numbers, digests, what an entry says, and what two writers do at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.utils import translation

from agencies.errors import EventError
from agencies.events import Detail, record
from agencies.models import Institution
from agencies.protection import missing_triggers
from oversight import trail
from oversight.chain import Verification, verify
from oversight.entries import GENESIS, canonical, entry_digest
from oversight.models import TrailEntry, TrailHead
from tests.base import Cast, assemble_cast
from tests.factories import InstitutionFactory
from tests.oversight.chains import NOON, act, chain, unprotected

postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time, so nothing can be shown"
)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble_cast()


def test_each_institution_counts_its_own_entries_and_links_them(cast: Cast) -> None:
    other = cast.outsider.grants.get().institution
    ours, theirs = chain(cast.institution, cast.hr_officer, 3), chain(other, cast.outsider, 2)
    assert [receipt.number for receipt in ours + theirs] == [1, 2, 3, 1, 2]
    entries = list(TrailEntry.objects.filter(institution=cast.institution))
    assert [entry.previous_digest for entry in entries] == [GENESIS, entries[0].digest, entries[1].digest]
    assert TrailHead.objects.get(pk=cast.institution.pk).digest == ours[-1].digest
    assert verify(cast.institution) == Verification(3)
    assert verify(other) == Verification(2)


def test_an_institution_without_acts_has_an_empty_whole_chain(cast: Cast) -> None:
    assert verify(cast.institution) == Verification(0)
    assert trail.institutions_with_trail() == []


def test_the_digest_of_a_recipe_never_changes() -> None:
    """An entry written years ago must still verify: this digest may not move with the code."""
    named = ["system", "task.noted", "agencies.task", "7", "", '{"note":"é"}', None, "", GENESIS]
    assert (
        entry_digest(1, [UUID(int=7), 1, 2, 1, NOON, None, *named])
        == "a7eff79a6467901d828c52798d307ca236a9c263bfaa3f24941c0aadbea0b386"
    )


def test_details_are_text_that_is_the_same_for_the_same_content() -> None:
    one: dict[str, Detail] = {"b": Decimal("1.50"), "a": [date(2025, 7, 1), None, True], "c": {"y": "é", "x": 1}}
    other: dict[str, Detail] = {"c": {"x": 1, "y": "é"}, "a": (date(2025, 7, 1), None, True), "b": Decimal("1.50")}
    text = '{"a":["2025-07-01",null,true],"b":"1.50","c":{"x":1,"y":"\\u00e9"}}'
    assert canonical(one) == canonical(other) == text


@pytest.mark.parametrize("value", [1.5, NOON.replace(tzinfo=None), object(), {1, 2}, b"x"])
def test_a_detail_without_exact_text_is_refused_by_name(value: object) -> None:
    with translation.override("en"), pytest.raises(EventError, match="“hours”"):
        canonical({"hours": [value]})  # type: ignore[list-item]


def test_the_command_counts_whole_chains_of_one_institution_or_of_all(cast: Cast) -> None:
    chain(cast.institution, cast.hr_officer, 3)
    chain(cast.outsider.grants.get().institution, cast.outsider, 2)
    rows = "0 protected rows are as their last act left them.\n"
    ours, theirs = ("kota-contoh: 3 entries, the chain is whole.\n", "kota-lain: 2 entries, the chain is whole.\n")
    assert said() == ours + theirs + rows
    assert said("kota-lain") == theirs + rows


def test_the_command_refuses_an_institution_that_does_not_exist(cast: Cast) -> None:
    with pytest.raises(CommandError, match="“kota-mana”"):
        said("kota-mana")


def test_the_command_fails_when_a_trigger_is_missing_though_the_chain_is_whole(cast: Cast) -> None:
    chain(cast.institution, cast.hr_officer, 1)
    with unprotected():
        assert "protect_oversight_trailentry_update" in missing_triggers(connection)
        with pytest.raises(CommandError, match="protect_oversight_trailentry_update"):
            said()
    assert missing_triggers(connection) == []
    assert "1 entries" in said()


def said(*arguments: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("verify_trail", *arguments, stdout=out)
    return out.getvalue()


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_chain_get_consecutive_numbers() -> None:
    city = InstitutionFactory.create(code="kota-contoh")
    together(*[lambda: [act(city) for _ in range(20)]] * 2)
    assert list(TrailEntry.objects.values_list("number", flat=True)) == list(range(1, 41))
    assert verify(city) == Verification(40)


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_institutions_do_not_wait_for_each_other_but_acts_of_one_do() -> None:
    busy, free = InstitutionFactory.create(code="kota-a"), InstitutionFactory.create(code="kota-b")
    act(busy)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            record(actor=None, action="institution.noted", subject=busy, at=NOON)
            held.set()
            done.wait(10)

    def others() -> None:
        held.wait(10)
        try:
            assert impatient(free) == 1
            with pytest.raises(OperationalError):
                impatient(busy)
        finally:
            done.set()

    together(hold, others)
    assert (verify(busy).count, verify(free).count) == (2, 1)


def impatient(institution: Institution) -> int:
    """Record an act, or fail when the chain stays locked."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '300ms'")
        return act(institution).number


def together(*works: Callable[[], object]) -> None:
    """Run each in a thread with a connection of its own; fail if one fails."""

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for running in [pool.submit(run, work) for work in works]:
            running.result(30)
