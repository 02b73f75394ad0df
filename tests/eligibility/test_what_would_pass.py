"""Wherever a request is stopped the page says what would pass: the nearest schedule, and what opens a requirement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from agencies.models import Employee
from eligibility.actions.instruments import end_instrument
from eligibility.arrangements.group_requests import approve_many
from tests.arranged_city import AT, TODAY, ArrangedCity
from tests.eligibility.test_decision_pages import asked, endorsed
from tests.eligibility.test_request_pages import read, send, text, typed
from tests.factories import DisciplineGateFactory

NEAREST = "Nearest request that would pass: Tuesday, Wednesday."
OPENED = "The requirement is met if “Implementing instrument in force” becomes yes (now: no) (Pasal 8 Perpres 21/2023)."
NOBODY = "Nobody can change what this requirement reads"
HIDDEN = "Nobody can change what the employee requirements read. Details are with BKPSDM."
THREE = ("tuesday", "wednesday", "thursday")


@pytest.fixture(autouse=True)
def _language_is_put_back() -> Iterator[None]:
    """The pages are read in English, which would stay for the tests that follow."""
    with translation.override("en"):
        yield


@pytest.fixture
def city(arranged: ArrangedCity) -> ArrangedCity:
    """Everybody's residence is recorded."""
    Employee.objects.update(residence="Jalan Sintetis 1")
    return arranged


def without_instrument(city: ArrangedCity) -> None:
    """The implementing instrument ends before the period of the request."""
    end_instrument(
        actor=city.city.cast.hr_officer,
        instrument=city.instrument,
        ends_from_day=date(2025, 10, 2),
        basis="Dicabut",
        at=AT,
    )


def test_the_form_says_what_opens_the_requirement_and_a_request_that_passes_is_told_nothing(
    client: Client, city: ArrangedCity
) -> None:
    client.force_login(city.asker_account)
    assert "The requirement is met if" not in text(send(client, city, "fleksibilitas/ajukan/", typed(do="check")))
    without_instrument(city)
    assert OPENED in text(send(client, city, "fleksibilitas/ajukan/", typed(do="check")))


def test_who_decides_reads_it_on_the_page_of_the_request_and_in_the_refusal(client: Client, city: ArrangedCity) -> None:
    row = endorsed(city)
    client.force_login(city.head_account)
    assert OPENED not in read(client, city, f"fleksibilitas/{row.pk}/")
    without_instrument(city)
    assert OPENED in read(client, city, f"fleksibilitas/{row.pk}/")
    assert OPENED in text(send(client, city, f"fleksibilitas/{row.pk}/setujui/", {"confirm": "1"}))


def test_a_requirement_on_the_person_is_one_nobody_can_open_and_only_bkpsdm_and_she_read_which(
    client: Client, city: ArrangedCity
) -> None:
    row = asked(city)
    DisciplineGateFactory.create(employee=city.asker, starts_on=TODAY)
    page = f"fleksibilitas/{row.pk}/"
    for user, whole in ((city.asker_account, True), (city.city.cast.hr_officer, True), (city.head_account, False)):
        client.force_login(user)
        said = read(client, city, page)
        assert (NOBODY in said, HIDDEN in said) == (whole, not whole), user.username


def test_a_limit_that_refuses_is_shown_with_the_nearest_schedule_to_each_who_meets_it(
    client: Client, city: ArrangedCity
) -> None:
    row, fits = endorsed(city, None, *THREE), endorsed(city, city.colleagues[0])
    client.force_login(city.head_account)
    waiting = read(client, city, "fleksibilitas/menunggu/")
    assert waiting.count("Nearest request that would pass") == waiting.count(NEAREST) == 1
    assert NEAREST in read(client, city, f"fleksibilitas/{row.pk}/")
    assert NEAREST not in read(client, city, f"fleksibilitas/{fits.pk}/")
    first, second = approve_many(actor=city.head_account, arrangements=[row, fits], on=TODAY, at=AT)
    assert NEAREST in first.refusal
    assert second.done


def test_each_row_of_a_group_says_what_stands_against_it_and_what_would_pass(
    client: Client, city: ArrangedCity
) -> None:
    client.force_login(city.head_account)
    people = [one.pk for one in city.colleagues[:2]]
    DisciplineGateFactory.create(employee=city.colleagues[0], starts_on=TODAY)
    sent = typed(*THREE, do="send", agency="Diskominfo", employees=people)
    said = text(send(client, city, "fleksibilitas/ajukan-bersama/", sent))
    assert "2 of 2 requests were sent" in said
    assert said.count("It may not be approved as it stands.") == 2
    assert said.count("3 days a week are asked for; at most 2") == 2
    assert said.count(NEAREST) == 1, "no days would pass for the other"
    assert said.count(HIDDEN) == 1
    fitting = typed(do="send", agency="Diskominfo", employees=[city.colleagues[2].pk])
    assert "It may not be approved" not in text(send(client, city, "fleksibilitas/ajukan-bersama/", fitting))
