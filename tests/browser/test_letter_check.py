"""The page behind the QR sign of a letter, as anybody opens it: accessible, without sign-in or cookie."""

from __future__ import annotations

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from eligibility.models import Letter
from tests.addresses.letters import given_file
from tests.browser.looking import faults_by_day_and_night
from tests.judged_city import JudgedCity


def test_anybody_reads_whether_a_letter_holds(city: JudgedCity, live_server: LiveServer, page: Page) -> None:
    given_file(city, city.cast.agency)
    page.set_viewport_size({"width": 390, "height": 800})
    for code, status in ((Letter.objects.get().code, 200), ("unknown", 404)):
        answer = page.goto(f"{live_server.url}/surat/{code}/")
        assert answer is not None
        assert answer.status == status
        assert faults_by_day_and_night(page) == []
    assert page.context.cookies() == []
