"""The pages of the law on a sheet of paper and on a small screen: nothing is cut, and only what is read is printed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from tests.judged_city import JudgedCity

SHEET, PHONE = 688, 390
"""Widths of A4 without its margins, and of a phone, in CSS pixels."""

PAGES = [
    "opd/Diskominfo/norma/",
    "aturan/",
    "aturan/?urut=pertanyaan",
    "aturan/PERMEN4-13-1/",
    "perubahan-aturan/?dari=2024-04-16&sampai=2025-07-01",
    "pengaturan/",
    "pengaturan/new_employee_months/",
    "dasar-pelaksanaan/",
]
ACTS = ".no-print, .btn, .site-nav, .crumbs, .judged details, .exports"
CUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_the_pages_of_the_law_are_printed_as_tables_without_what_is_clicked_and_fit_a_phone(
    city: JudgedCity, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(city.cast.hr_officer)
    for path in PAGES:
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": PHONE, "height": 800})
        page.goto(f"{live_server.url}{city.url(path)}")
        assert page.evaluate(CUT) <= 0, path
        page.emulate_media(media="print")
        page.set_viewport_size({"width": SHEET, "height": 1000})
        assert page.evaluate(CUT) <= 0, path
        assert [one for one in page.locator(ACTS).all() if one.is_visible()] == [], path
        assert page.locator("h1").is_visible()
        for row in page.locator("main table tbody tr").all():
            assert row.evaluate("row => getComputedStyle(row).display") == "table-row", path
