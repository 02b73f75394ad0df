"""Of approvals that race for the last places just as many win as there are places; each other is told why not."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections
from pytest_django import Settings

from eligibility.actions.approvals import approve_request
from eligibility.arrangements.approving import ApprovalRefused
from eligibility.models import Approval, Arrangement
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.arranged_city import arranged_city
from tests.base import assemble_cast
from tests.eligibility.approving import NOW, serviced, waiting
from tests.judged_city import judged_city

RACING, PLACES = 20, 3

at_once = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


@pytest.mark.django_db(transaction=True)
@at_once
def test_twenty_approvals_race_for_three_places_and_three_win(settings: Settings) -> None:
    settings.DEMO = True
    city = arranged_city(judged_city(assemble_cast()), colleagues=RACING - 1)
    serviced(city, RACING - PLACES)
    rows = [waiting(city, one, "tuesday") for one in (city.asker, *city.colleagues)]
    refusals: list[str] = []
    gate = threading.Barrier(RACING)

    def approve(row: Arrangement) -> None:
        try:
            gate.wait(timeout=30)
            approve_request(actor=city.head_account, arrangement=row, **NOW)
        except ApprovalRefused as refusal:
            refusals.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=(row,)) for row in rows]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=120)
    assert Approval.objects.count() == PLACES
    assert Arrangement.objects.filter(state="approved").count() == PLACES
    assert len(refusals) == RACING - PLACES
    assert all("Bantuan TIK" in refusal and str(RACING - PLACES) in refusal for refusal in refusals)
    assert TrailEntry.objects.filter(action="arrangement_approved").count() == PLACES
    assert verify_all(city.city.cast.institution).is_whole
