"""Special states of pages in a real browser, and what the pages do there: filter, print, go by the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from tests.browser.looking import faults_by_day_and_night
from tests.factories import PostingFactory
from tests.judged_city import JudgedCity

SignIn = Callable[[User], None]


@dataclass(frozen=True)
class Site:
    """A served city and a browser's page that is signed in as its HR officer."""

    page: Page
    address: str
    city: JudgedCity

    def open(self, path: str) -> Page:
        """Open a path of the city's server."""
        self.page.goto(self.address + path)
        return self.page


@pytest.fixture
def site(city: JudgedCity, live_server: LiveServer, page: Page, sign_in: SignIn) -> Site:
    """The judged city, served and signed in."""
    sign_in(city.cast.hr_officer)
    return Site(page, live_server.url, city)


def paths(city: JudgedCity) -> list[str]:
    """Pages without an address in the matrix, and what a page looks like when something is missing or wrong."""
    return [
        "/?per=2025-07-01",
        "/kata-sandi/",
        city.url("peta/", "kemarin"),
        city.url("peta/", "1999-01-01"),
        city.url("peta/?tampilan=tabel&urut=home&buka=Dinkes"),
        city.url("opd/Diskominfo/?hasil=eligible&cari=tiada"),
        city.url("pegawai/?cari=tiada"),
        city.url(f"jabatan/{city.conditional.pk}/"),
        city.url(f"jabatan/{city.refused.pk}/"),
        "/kota-contoh/opd/tiada/",
    ]


def test_every_special_state_of_a_page_is_accessible_by_day_and_night(site: Site) -> None:
    problems: dict[str, list[str]] = {}
    for path in paths(site.city):
        problems[path] = faults_by_day_and_night(site.open(path))
    assert {path: found for path, found in problems.items() if found} == {}


def test_the_own_file_and_the_objection_of_an_employee_are_accessible(site: Site, sign_in: SignIn) -> None:
    employee = site.city.cast.employee
    employee.employee = PostingFactory.create(position=site.city.eligible).employee
    employee.save(update_fields=["employee"])
    sign_in(employee)
    for path in ("berkas-saya/", "berkas-saya/keberatan/"):
        assert faults_by_day_and_night(site.open(site.city.url(path))) == [], path


def test_the_sign_in_page_with_its_errors_is_accessible(site: Site) -> None:
    page = site.open("/akun/")
    assert faults_by_day_and_night(page) == []
    page.get_by_role("button", name="Keluar").click()
    assert faults_by_day_and_night(page) == []
    page.get_by_label("Nama pengguna").fill("salah")
    page.get_by_label("Kata sandi").fill("salah")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_text("Nama pengguna dan kata sandi tidak cocok")).to_be_visible()
    assert faults_by_day_and_night(page) == []


def press_until(page: Page, is_there: Callable[[str], bool]) -> None:
    """Press Tab until the text of what has the focus fits."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if is_there(page.evaluate("document.activeElement.textContent.trim()")):
            return
    raise AssertionError("the keyboard never reached it")


def test_the_keyboard_alone_leads_from_sign_in_to_a_position(
    city: JudgedCity, live_server: LiveServer, page: Page
) -> None:
    page.goto(live_server.url + "/masuk/?next=/%3Fper%3D2025-07-01")
    page.keyboard.type("hr_officer")  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("rahasia")
    page.keyboard.press("Enter")
    for name in ("Buka peta perangkat daerah", "Dinas Komunikasi", "Auditor Ahli Muda"):
        page.get_by_role("link", name=name).first.wait_for()
        press_until(page, lambda text, wanted=name: text == wanted)  # type: ignore[misc]
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert ring == "3px", "the focus is always seen"
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Auditor Ahli Muda", level=1).wait_for()
    assert "per=2025-07-01" in page.url, "the day goes along"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(site: Site) -> None:
    page = site.open(site.city.url("peta/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Langsung ke isi"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_filter_changes_the_list_in_place_and_the_address_with_it(site: Site) -> None:
    page = site.open(site.city.url("opd/Diskominfo/"))
    page.evaluate("window.stayed = true")
    page.get_by_label("Bentuk fleksibilitas kerja").select_option("home")
    page.get_by_label("Hasil penilaian").select_option("eligible")
    page.get_by_text("1 jabatan sesuai dengan pilihan.").wait_for()
    assert page.evaluate("window.stayed")
    assert "hasil=eligible" in page.url
    page.reload()
    expect(page.get_by_text("1 jabatan sesuai dengan pilihan.")).to_be_visible()
    page.go_back()
    page.get_by_text("4 jabatan sesuai dengan pilihan.").wait_for()


def test_without_javascript_the_same_form_and_links_work(site: Site, browser: Browser) -> None:
    state = site.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, locale="id-ID", storage_state=state)
    page = context.new_page()
    page.goto(site.address + site.city.url("opd/Diskominfo/"))
    page.get_by_label("Hasil penilaian").select_option("eligible")
    page.get_by_role("button", name="Saring").click()
    expect(page.get_by_text("1 jabatan sesuai dengan pilihan.")).to_be_visible()
    page.get_by_text("Ubah tanggal").click()
    page.get_by_label("Dinilai per").fill("2024-04-16")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.get_by_text("per 16 April 2024", exact=True)).to_be_visible()
    context.close()


def test_the_matrix_prints_on_paper_without_a_frame(site: Site) -> None:
    page = site.open(site.city.url("peta/"))
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Utama")).not_to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll-frame')).overflow") == "visible"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
