"""The pages of settings, places and instruments in a real browser; a city opens its gate with a plain form."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.acts.institution import in_register, recorded, set_setting
from tests.base import Cast
from tests.browser.test_pages import PHONE, WIDE, sign_in, violations
from tests.judged_city import JudgedCity, judged_city

PATHS = (
    "pengaturan/",
    "pengaturan/new_employee_months/",
    "pengaturan/determination_steps/catat/",
    "tahap-kebijakan/",
    "tahap-kebijakan/catat/",
    "tempat-kerja/",
    "tempat-kerja/tambah/",
    "kriteria-lokal/",
    "kriteria-lokal/1/",
    "opd/Diskominfo/kajian/",
    "opd/Diskominfo/kajian/catat/",
    "dokumen/",
    "dokumen/unggah/",
    "dasar-pelaksanaan/",
    "dasar-pelaksanaan/catat/",
    "dasar-pelaksanaan/se-1/",
    "dasar-pelaksanaan/se-1/akhiri/",
)


@pytest.fixture
def city_of_browser(transactional_db: None, cast: Cast, live_server: LiveServer, page: Page) -> JudgedCity:
    """The judged city, served; the browser is signed in as its HR officer."""
    city = judged_city(cast)
    page.goto(live_server.url + "/masuk/")
    sign_in(page)
    return city


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_pages_are_accessible_and_as_wide_as_the_screen(
    city_of_browser: JudgedCity, live_server: LiveServer, page: Page, size: dict[str, int]
) -> None:
    for write in (recorded, in_register, set_setting):
        write(city_of_browser.cast)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    problems: dict[str, object] = {}
    for path in PATHS:
        page.goto(live_server.url + city_of_browser.url(path))
        found = violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append("wider than the screen")
        if found or page.locator("h1").count() != 1:
            problems[path] = found
    assert problems == {}


def test_an_instrument_recorded_by_a_form_opens_the_gate_and_says_so_before(
    city_of_browser: JudgedCity, live_server: LiveServer, page: Page
) -> None:
    page.goto(live_server.url + city_of_browser.url("dasar-pelaksanaan/"))
    page.get_by_text("Belum boleh disetujui.").wait_for()
    page.get_by_role("link", name="Catat dasar pelaksanaan").click()
    for field, typed in (
        ("title", "Surat Edaran Wali Kota Contoh Nomor 5 Tahun 2025"),
        ("number", "5/2025"),
        ("issued_on", "2025-06-25"),
        ("subject", "Pelaksanaan Fleksibilitas Kerja"),
        ("first_day_1", "2025-07-01"),
    ):
        page.locator(f"#id_{field}").fill(typed)
    page.get_by_label("Seluruh instansi").check()
    page.get_by_role("button", name="Tampilkan akibatnya").click()
    page.get_by_text("Belum ada yang disimpan.").wait_for()
    assert page.get_by_text("tidak lagi menghalangi persetujuan di 3 perangkat daerah").is_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Catat dasar pelaksanaan").click()
    page.get_by_text("hanya dapat diperpanjang atau diakhiri").wait_for()
    page.goto(live_server.url + city_of_browser.url("dasar-pelaksanaan/"))
    assert page.get_by_text("Dasar pelaksanaan tercatat per 1 Juli 2025.").is_visible()
