"""Watchers that come round at the same time, or while somebody decides: each arrangement is suspended once."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import Settings

from eligibility import receivers
from eligibility.actions.instruments import end_instrument
from eligibility.models import Arrangement, ArrangementStep, Notice, Reexamination
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.arranged_city import AT, TODAY, arranged_city
from tests.base import assemble_cast
from tests.eligibility.approving import approved
from tests.judged_city import judged_city

LAST = date(2025, 11, 10)
"""The first day without an implementing instrument."""

at_once = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


@pytest.mark.django_db(transaction=True)
@at_once
def test_two_watchers_side_by_side_suspend_each_arrangement_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    monkeypatch.setattr(receivers, "FEW", 3)
    city = arranged_city(judged_city(assemble_cast()), colleagues=3)
    people = (city.asker, *city.colleagues)
    rows = [approved(city, one, day) for one, day in zip(people, ("monday", "tuesday") * 2, strict=True)]
    instrument, later = city.instrument, AT + timedelta(hours=1)
    end_instrument(actor=None, instrument=instrument, ends_from_day=LAST, basis="SK 9", at=later)
    assert Reexamination.objects.filter(done_at__isnull=True).count() == 1, "what ends for many waits for the watcher"
    outputs, failures, gate = [StringIO(), StringIO()], [], threading.Barrier(2)

    def watch(out: StringIO) -> None:
        try:
            gate.wait(timeout=30)
            call_command("watch", "kota-contoh", "--all", "--on", TODAY.isoformat(), stdout=out, stderr=out)
        except Exception as failure:  # noqa: BLE001 - of whatever kind: the test tells it
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=watch, args=(out,)) for out in outputs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=120)
    assert failures == []
    suspended = Arrangement.objects.filter(state="suspended", suspended_on=LAST)
    assert set(suspended) == set(rows)
    assert sum(int(out.getvalue().split()[-2]) for out in outputs) == len(rows), "each counted by one of the two"
    for acts in (
        ArrangementStep.objects.filter(what="suspended"),
        TrailEntry.objects.filter(action="arrangement_suspended"),
    ):
        assert acts.count() == len(rows)
    told = Notice.objects.filter(code="suspended").values_list("user", "arrangement")
    assert len(told) == len(set(told)) > 0, "nobody is told twice"
    assert not Reexamination.objects.filter(done_at__isnull=True).exists()
    assert Reexamination.objects.filter(cause="time").count() <= 1, "a day begins once"
    assert verify_all(city.city.cast.institution).is_whole
