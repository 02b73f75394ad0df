"""A sheet whose answers cannot be saved: it says so at the question, keeps what was typed, and saves it later."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from tests.browser.looking import faults
from tests.judged_city import JudgedCity
from tests.sheets import Desk, opened

SAVING = re.compile(r"/jawaban/[a-z_]+/$")


@pytest.fixture
def desk(demonstration_day: None, city: JudgedCity) -> Desk:
    """A sheet that nobody has answered."""
    return opened(city.cast, city.asked.tasks.get())


def refusing(status: int) -> Callable[[Route], None]:
    """Answers each request in the server's place; a status of 0 is no answer at all."""
    return lambda route: route.fulfill(status=status) if status else route.abort()


def kept(desk: Desk) -> dict[str, str | None]:
    return dict(desk.by_agency.answers.values_list("fact", "value"))


def test_what_cannot_be_saved_is_told_kept_and_saved_at_another_try(
    desk: Desk, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(desk.clerk)
    page.goto(f"{live_server.url}/kota-contoh/lembar/{desk.sheet.pk}/")
    page.evaluate("console.error = () => null")  # htmx speaks of every failed request there
    hours, status = page.locator("[name=hours_per_day-value]").first, page.locator("#status-hours_per_day")
    failures = ((500, "tidak dapat menyimpannya"), (403, "Sesi Anda telah berakhir"), (0, "tidak dapat terhubung"))
    for number, (answered, sentence) in enumerate(failures, 1):
        page.route(SAVING, refusing(answered))
        hours.fill(f"7,{number}")
        hours.press("Tab")
        expect(status).to_contain_text("Belum tersimpan.")
        expect(status).to_contain_text(sentence)
        assert hours.input_value() == f"7,{number}"
        page.unroute(SAVING)
    assert faults(page) == []
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("location.assign('/')")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert f"/lembar/{desk.sheet.pk}/" in page.url
    status.get_by_role("button", name="Coba lagi").click()
    expect(status).to_contain_text("Tersimpan pukul")
    assert kept(desk) == {"task.hours_per_day": "7.3"}


def test_what_was_typed_is_saved_also_when_the_reviewer_goes_away_at_once(
    desk: Desk, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(desk.clerk)
    page.goto(f"{live_server.url}/kota-contoh/lembar/{desk.sheet.pk}/")
    page.locator("[name=days_per_week-value]").first.fill("4")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("nav.crumbs a").first.click()
    page.wait_for_url(lambda url: "/lembar/" not in url)
    for _wait in range(50):
        if kept(desk):
            break
        page.wait_for_timeout(100)
    assert kept(desk) == {"task.days_per_week": "4"}


def test_who_was_signed_out_is_told_and_saves_once_she_is_back(
    desk: Desk, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(desk.clerk)
    page.goto(f"{live_server.url}/kota-contoh/lembar/{desk.sheet.pk}/")
    page.evaluate("console.error = () => null")
    page.context.clear_cookies(name="wfa_session")
    status = page.locator("#status-with_tik")
    page.locator("[name=with_tik-value][value=yes]").check()
    expect(status).to_contain_text("Sesi Anda telah berakhir")
    assert kept(desk) == {}
    sign_in(desk.clerk)
    status.get_by_role("button", name="Coba lagi").click()
    expect(status).to_contain_text("Tersimpan pukul")
    assert kept(desk) == {"task.with_tik": "yes"}


def test_a_reason_that_was_unfolded_stays_so_while_further_answers_are_given(
    desk: Desk, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(desk.clerk)
    page.goto(f"{live_server.url}/kota-contoh/lembar/{desk.sheet.pk}/")
    unfolded = page.locator("#akibat details").nth(1)
    unfolded.locator("summary").click()
    page.locator("[name=with_tik-value][value=no]").check()
    expect(page.locator("#status-with_tik")).to_contain_text("Tersimpan pukul")
    expect(unfolded).to_have_attribute("open", "")
    expect(page.locator("#akibat details").first).not_to_have_attribute("open", "")
