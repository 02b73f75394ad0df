"""A real Chromium for the tests of this folder, all of which are marked `browser`."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from tests.arranged_city import ArrangedCity
from tests.base import Cast
from tests.foundation import ground_asked
from tests.judged_city import JudgedCity
from tests.kept import KEPT

HERE = Path(__file__).parent
MACHINE = {"localhost", "127.0.0.1"}
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
"""Without a sandbox: continuous integration runs as root, where Chromium has none."""
PATIENCE = 60_000
"""Milliseconds: how quick a page is, is measured elsewhere; here a busy machine must not make a fault of it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder: a forgotten mark would run a browser on every database."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def demonstration_day(settings: Settings) -> None:
    """The demonstration calls a day in July 2025 today."""
    settings.DEMO, settings.DEMO_TODAY = True, date(2025, 7, 1)


@pytest.fixture
def _ground(request: pytest.FixtureRequest, transactional_db: None) -> Any:
    """What the test stands on, as the live server sees it too: a database brought back, not written anew."""
    return KEPT.ground(ground_asked(request.node))


@pytest.fixture
def _founded_arranged(_ground: ArrangedCity) -> ArrangedCity:
    """The arranged city."""
    return _ground


@pytest.fixture
def _founded_judged(_ground: ArrangedCity | JudgedCity) -> JudgedCity:
    """The judged city, be it that of the arranged one."""
    return _ground.city if isinstance(_ground, ArrangedCity) else _ground


@pytest.fixture
def _founded_cast(_ground: ArrangedCity | JudgedCity | Cast) -> Cast:
    """The cast, be it that of a city."""
    city = _ground.city if isinstance(_ground, ArrangedCity) else _ground
    return city.cast if isinstance(city, JudgedCity) else city


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    # Playwright's sync API keeps an event loop running in this thread, so Django would refuse
    # every query of a test. Nothing here queries from inside the loop.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        expect.set_options(timeout=PATIENCE)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def watch(context: BrowserContext, problems: list[str]) -> None:
    """Note every message on the console, every script that fails, and every request that leaves this machine."""

    def heard(message: ConsoleMessage) -> None:
        # A page that answers 403 or 404 is no problem in itself; tests ask for such pages.
        if "Failed to load resource" not in message.text:
            problems.append(f"{message.page and message.page.url}: {message.text}")

    def asked(url: str) -> None:
        place = urlsplit(url)
        if place.scheme not in {"data", "blob"} and place.hostname not in MACHINE:
            problems.append(f"asks {url}")

    context.on("console", heard)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("request", lambda request: asked(request.url))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in Indonesian; the test fails if a script fails, the console speaks, or a request leaves the machine."""
    # Reduced motion: a colour that is still on its way from light to dark is no colour of the page.
    context = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta", reduced_motion="reduce")
    problems: list[str] = []
    watch(context, problems)
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    yield opened
    # What the server still answers would reach into the next test: all threads share one connection to SQLite.
    opened.wait_for_function("!document.querySelector('.htmx-request')")
    context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def sign_in(page: Page, live_server: LiveServer) -> Callable[[User], None]:
    """Sign a user in to the browser, without the form, which takes its time."""

    def sign(user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign
