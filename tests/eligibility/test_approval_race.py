"""Of approvals that race for the last places just as many win as there are places; each other is told why not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, connections
from pytest_django import Settings

from agencies.actions.studies import save_study_draft, sign_study
from agencies.errors import PortalError
from eligibility.actions.approvals import answer_objection, approve_request, record_consultation, refuse_request
from eligibility.actions.arrangements import object_to_refusal, save_request
from eligibility.arrangements.approving import ApprovalRefused
from eligibility.models import Approval, Arrangement
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.acts.studies import found, judged
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


@pytest.mark.django_db(transaction=True)
@at_once
def test_a_study_that_closes_a_gate_and_an_approval_never_pass_each_other_by(settings: Settings) -> None:
    settings.DEMO = True
    city = arranged_city(judged_city(assemble_cast()), colleagues=RACING - 1)
    rows = [waiting(city, one, "tuesday") for one in (city.asker, *city.colleagues[:5])]
    agency = city.programmer.agency
    save_study_draft(actor=None, agency=agency, values=found(), at=NOW["at"])
    gate = threading.Barrier(len(rows) + 1)
    failures: list[Exception] = []

    def does(act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=30)
            act()
        except ApprovalRefused:
            pass
        except Exception as failure:  # noqa: BLE001 - of whatever kind: the test tells it
            failures.append(failure)
        finally:
            connections.close_all()

    conclusion = judged(conclusion="cannot", valid_from=NOW["on"])
    acts: list[Callable[[], object]] = [partial(sign_study, actor=None, agency=agency, judgement=conclusion)]
    acts += [partial(approve_request, actor=city.head_account, arrangement=row, on=NOW["on"]) for row in rows]
    threads = [threading.Thread(target=does, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=120)
    assert failures == []
    assert not Arrangement.objects.filter(state="approved").exists(), "approved before it was signed: suspended by it"
    assert verify_all(city.city.cast.institution).is_whole


@pytest.mark.django_db(transaction=True)
@at_once
def test_a_new_request_and_the_grant_of_an_objection_race_and_one_is_told_why_not(settings: Settings) -> None:
    settings.DEMO = True
    city = arranged_city(judged_city(assemble_cast()), colleagues=0)
    row = waiting(city, city.asker)
    record_consultation(actor=city.head_account, arrangement=row, held_on=NOW["on"], text="Dibahas.", **NOW)
    refuse_request(actor=city.head_account, arrangement=row, ground="task", text="Rilis.", **NOW)
    object_to_refusal(actor=city.asker_account, arrangement=row, statement="Rilis selesai.", **NOW)
    gate, refusals = threading.Barrier(2), list[PortalError]()

    def race(act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=30)
            act()
        except PortalError as refusal:
            refusals.append(refusal)
        finally:
            connections.close_all()

    acts = (
        lambda: save_request(actor=city.asker_account, employee=city.asker, plan=city.plan(), **NOW),
        lambda: answer_objection(actor=city.sekda_account, arrangement=row, granted=True, answer="Ya.", **NOW),
    )
    threads = [threading.Thread(target=race, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert len(refusals) == 1
    assert Arrangement.objects.open_requests().count() == 1
    assert verify_all(city.city.cast.institution).is_whole
