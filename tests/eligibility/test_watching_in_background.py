"""What an act leaves to the watcher is examined by the worker right after it; a command by hand finds nothing left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from agencies.consequences import Touch, foresee
from eligibility import receivers
from eligibility.actions.instruments import end_instrument
from eligibility.arrangements.watching import make_round
from eligibility.models import Arrangement, ArrangementStep, Reexamination
from oversight.verification import verify_all
from tests.arranged_city import AT, TODAY, ArrangedCity, arranged_city
from tests.base import assemble_cast
from tests.eligibility.approving import approved
from tests.judged_city import judged_city

LAST = date(2025, 11, 10)
"""The first day without an implementing instrument."""

at_once = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    """One is many."""
    monkeypatch.setattr(receivers, "FEW", 0)


def ends_the_basis(city: ArrangedCity, day: date = LAST) -> object:
    """An act that touches everything granted."""
    later = AT + timedelta(hours=1)
    return end_instrument(actor=None, instrument=city.instrument, ends_from_day=day, basis="SK 9", at=later)


def watched(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("watch", "kota-contoh", "--on", TODAY.isoformat(), *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_worker_suspends_what_an_act_left_and_the_command_finds_nothing(settings: Settings) -> None:
    settings.DEMO = True
    city = arranged_city(judged_city(assemble_cast()), colleagues=1)
    watched()  # the day is looked at before anything is granted
    row, other = approved(city), approved(city, city.colleagues[0], "monday")
    assert not DBTaskResult.objects.exists(), "what a decision changes is looked at when it is made"
    ends_the_basis(city, LAST + timedelta(days=1))
    ends_the_basis(city)
    assert DBTaskResult.objects.ready().count() == 1, "one round finds what both acts have changed"
    assert Arrangement.objects.filter(state="approved").count() == 2
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False)
    assert set(Arrangement.objects.filter(state="suspended", suspended_on=LAST)) == {row, other}
    done = Reexamination.objects.get(cause="rules")
    assert (done.examined, done.suspended, done.done_at is None) == (2, 2, False)
    assert DBTaskResult.objects.successful().count() == DBTaskResult.objects.count() == 1
    watched("--all")
    make_round.call(city.city.cast.institution.pk)
    assert ArrangementStep.objects.filter(what="suspended").count() == 2, "each is suspended once"
    assert verify_all(city.city.cast.institution).is_whole


def test_a_round_is_asked_for_once_until_it_has_begun_and_never_by_what_is_only_tried(
    arranged: ArrangedCity, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as without:
        ends_the_basis(arranged, LAST + timedelta(days=3))
    assert not without, "nothing is granted"
    approved(arranged)
    touch = Touch(arranged.city.cast.institution, TODAY, everything=True)
    with django_capture_on_commit_callbacks(execute=True) as tried:
        foresee(lambda: ends_the_basis(arranged), touch)
    assert not tried
    for number in (2, 1):
        with django_capture_on_commit_callbacks(execute=True):
            ends_the_basis(arranged, LAST + timedelta(days=number))
    begun = DBTaskResult.objects.get()
    begun.claim("somebody")
    with django_capture_on_commit_callbacks(execute=True):
        ends_the_basis(arranged)
    (waits,) = DBTaskResult.objects.ready()
    assert waits.pk != begun.pk, "a round that has begun may not see what was stored after it"


def test_where_no_rule_is_in_force_what_waits_goes_on_waiting(
    arranged: ArrangedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = approved(arranged)
    ends_the_basis(arranged)
    key = arranged.city.cast.institution.pk
    with monkeypatch.context() as long_ago:
        long_ago.setattr(timezone, "now", lambda: datetime(1990, 1, 1, tzinfo=UTC))
        make_round.call(key)
    assert Reexamination.objects.get().done_at is None
    make_round.call(key)
    row.refresh_from_db()
    assert (row.state, Reexamination.objects.get().done_at is None) == ("suspended", False)


@pytest.mark.django_db(transaction=True)
@at_once
def test_a_round_in_the_background_and_one_by_hand_suspend_each_arrangement_once(settings: Settings) -> None:
    settings.DEMO = True
    city = arranged_city(judged_city(assemble_cast()), colleagues=2)
    rows = [
        approved(city, one, day)
        for one, day in zip((city.asker, *city.colleagues), ("monday", "tuesday", "friday"), strict=True)
    ]
    ends_the_basis(city)
    failures: list[BaseException] = []
    gate = threading.Barrier(2)

    def make(round_: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=30)
            round_()
        except Exception as failure:  # noqa: BLE001 - of whatever kind: the test tells it
            failures.append(failure)
        finally:
            connections.close_all()

    key = city.city.cast.institution.pk
    threads = [threading.Thread(target=make, args=(one,)) for one in (watched, lambda: make_round.call(key))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=120)
    assert failures == []
    assert set(Arrangement.objects.filter(state="suspended", suspended_on=LAST)) == set(rows)
    assert ArrangementStep.objects.filter(what="suspended").count() == len(rows)
    assert not Reexamination.objects.filter(done_at__isnull=True).exists()
    assert verify_all(city.city.cast.institution).is_whole
