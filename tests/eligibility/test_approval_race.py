"""Of approvals that race for the last places just as many win as there are places; each other is told why not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

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
from tests.arranged_city import ArrangedCity, arranged_city
from tests.base import assemble_cast
from tests.eligibility.approving import NOW, serviced, waiting
from tests.eligibility.test_gathering import circular, share
from tests.judged_city import judged_city

RACING, PLACES = 20, 3
PERCENT = 15
"""Of the staff of the unit: three of the twenty and their head."""

at_once = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


NEAREST = "Permohonan terdekat yang memenuhi: Senin."


def of_the_service(city: ArrangedCity) -> str:
    """A service of the unit leaves three places; what the others are told."""
    needed = RACING - PLACES
    serviced(city, needed)
    left = f"pada Selasa akan tersisa {needed - 1} (Ketentuan internal)."
    return f"Bantuan TIK memerlukan {needed} orang di tempat; {left} {NEAREST}"


def of_the_share(city: ArrangedCity) -> str:
    """The share of the unit leaves three places; what the others are told."""
    norm = "Ketentuan kehadiran SE Kota Contoh (data sintetis)"
    asked = f"{PLACES + 1} dari paling banyak {PLACES} orang pada Selasa"
    return f"{asked}, {city.programmer.unit} ({norm}). {NEAREST}"


def published_share(tmp_path: Path) -> None:
    """A circular by which so many in a hundred of a unit may be away; the Penetapan is signed with it in force."""
    rule = share("UNIT", "unit")
    rule["versions"][0]["limit"]["value"] = PERCENT
    circular(tmp_path, rule)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("told", [of_the_service, of_the_share])
@at_once
def test_twenty_approvals_race_for_three_places_and_three_win(
    settings: Settings, tmp_path: Path, told: Callable[[ArrangedCity], str]
) -> None:
    settings.DEMO = True
    mapped = judged_city(assemble_cast())
    if told is of_the_share:
        published_share(tmp_path)
    city = arranged_city(mapped, colleagues=RACING - 1)
    sentence = told(city)
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
    assert refusals == [sentence] * (RACING - PLACES)
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
