"""One arrangement all the way in a real browser: asked, endorsed, approved, written, audited, suspended."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from eligibility.models import Arrangement, Attestation, Letter, Notice
from oversight.models import Reperformance
from oversight.verification import verify_all
from tests.arranged_city import ArrangedCity
from tests.browser.looking import faults
from tests.browser.test_forms import Keyboard

NUMBER: Final = "800.1.11.1/7/2025"
WHY: Final = "isiplin"
"""What only BKPSDM and the employee herself are told."""


class Journey:
    """The browser that everybody signs in with in turn; every page that is come to must be accessible."""

    def __init__(self, page: Page, address: str, city: ArrangedCity) -> None:
        self.page, self.address, self.city = page, address, city
        self.keyboard = Keyboard(page)

    def signs_in(self, username: str, place: str) -> None:
        """Whoever was there before is signed out; she comes to the place by the keyboard."""
        self.page.context.clear_cookies()
        self.open(f"/masuk/?next={self.city.url(place)}")
        for text in (username, "rahasia"):
            self.page.keyboard.type(text)
            self.page.keyboard.press("Tab")
        self.page.get_by_label("Kata sandi").focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.looked()

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.looked()

    def enter(self, wanted: Locator) -> None:
        """Reach a link or a button by the Tab key, press Enter, and see the page it leads to."""
        self.keyboard.enter(wanted)
        self.looked()

    def button(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        return self.page.locator("main").get_by_role("link", name=name).first

    def tick(self, selector: str) -> None:
        """Reach a box by the Tab key and tick it."""
        self.keyboard.reach(self.page.locator(selector))
        self.page.keyboard.press("Space")

    def type(self, selector: str, text: str) -> None:
        self.keyboard.reach(self.page.locator(selector).first)
        self.page.keyboard.type(text)

    def day(self, selector: str, iso: str) -> None:
        """Type a day into a field of days, whichever part comes first there."""
        field, (year, month, day) = self.page.locator(selector), iso.split("-")
        self.keyboard.reach(field)
        self.page.keyboard.type(day + month + year)
        if field.input_value() != iso:
            for _part in range(3):
                self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.type(month + day + year)
        assert field.input_value() == iso

    def looked(self) -> None:
        assert faults(self.page) == [], self.page.url

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first, f"{text} at {self.page.url}").to_be_visible()

    def words(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def qr(self) -> str:
        """What anybody reads behind the QR sign."""
        self.page.context.clear_cookies()
        self.open(f"/surat/{Letter.objects.get().code}/")
        assert "Nita Pemohon" in self.words()
        assert WHY not in self.words()
        return self.page.locator("main .lead-answer").inner_text()


@pytest.fixture
def journey(arranged: ArrangedCity, live_server: LiveServer, page: Page) -> Journey:
    """Nobody is signed in; it is 1 October 2025 in the city."""
    return Journey(page, live_server.url, arranged)


def asked_for_two_of_three_days(journey: Journey) -> None:
    """The employee, by the keyboard alone."""
    page, keyboard = journey.page, journey.keyboard
    journey.signs_in("employee", "fleksibilitas/saya/")
    journey.enter(page.locator("main a[href*='bentuk=home']").first)
    for day in ("tuesday", "wednesday", "thursday"):
        journey.tick(f"[name=weekdays][value={day}]")
    journey.day("[name=starts_on]", "2025-10-01")
    journey.day("[name=ends_on]", "2025-11-28")
    journey.tick("[name=residence_confirmed]")
    for name, text in (("output", "Modul layanan"), ("target", "2 modul"), ("skp", "Aplikasi layanan tersedia")):
        journey.type(f"#id_{name}_1", text)
    for code in Attestation.values:
        journey.tick(f"[name=attestations][value={code}]")
    answer = page.locator("#jawaban")
    answer.get_by_text("Belum boleh disetujui.").wait_for()
    assert "paling banyak 2 (Pasal 13 ayat (1) PermenPANRB 4/2025)" in " ".join(answer.inner_text().split())
    page.wait_for_load_state("networkidle")
    journey.looked()
    journey.enter(journey.button("Pakai ini"))
    journey.sees("Dapat disetujui menurut data hari ini.")
    ticked = page.locator("[name=weekdays]:checked").evaluate_all("boxes => boxes.map(box => box.value)")
    assert ticked == ["tuesday", "wednesday"]
    journey.enter(journey.button("Simpan dan lanjut mengirim"))
    keyboard.reach(journey.button("Kirim permohonan"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    journey.looked()
    journey.sees("Permohonan terkirim.")


def endorsed_and_approved(journey: Journey) -> None:
    """The head of the unit, then the head of the agency, by the keyboard alone."""
    for username, link, button in (("unit_head", "Dukung", "Dukung"), ("agency_head", "Setujui", "Setujui")):
        journey.signs_in(username, "fleksibilitas/menunggu/")
        journey.enter(journey.link("Nita Pemohon"))
        journey.enter(journey.link(link))
        journey.enter(journey.button(button))
    assert Arrangement.objects.get().state == "approved"


def written(journey: Journey) -> None:
    """The head of the agency issues the letter."""
    journey.enter(journey.link("Terbitkan surat"))
    journey.page.locator("[name=number]").fill(NUMBER)
    journey.enter(journey.button("Terbitkan surat"))
    journey.sees("Surat telah diterbitkan.")
    assert journey.qr().startswith("✓ Berlaku")


def audited(journey: Journey) -> None:
    """The inspector opens the case and has everything decided again."""
    page = journey.page
    journey.signs_in("inspector", "pengawasan/daftar/")
    journey.enter(journey.link("Nita Pemohon"))
    for words in (NUMBER, "Kepala Bidang Aplikasi", "Kepala Dinas Komunikasi", "Modul layanan"):
        journey.sees(words)
    journey.open(journey.city.url("pengawasan/uji-ulang/"))
    journey.enter(page.locator("main a[href$='uji-ulang/mulai/']"))
    journey.enter(page.locator("main .act-buttons .btn-primary"))
    run = Reperformance.objects.get()
    assert (run.determinations, run.approvals, run.differences.count()) == (1, 1, 0)
    journey.enter(page.locator(f"main a[href$='uji-ulang/{run.pk}/']").first)


def gate_closed(journey: Journey) -> None:
    """The HR officer records that a discipline gate has closed for the employee."""
    page, city = journey.page, journey.city
    journey.signs_in("hr_officer", f"pegawai/{city.asker.pk}/disiplin/tambah/")
    page.locator("[name=kind]").select_option("medium")
    page.locator("[name=basis]").select_option("pp_94_2021")
    page.locator("[name=starts_on]").fill("2025-10-01")
    journey.enter(journey.button("Tampilkan akibatnya"))
    assert Arrangement.objects.get().state == "approved", "what is only shown has not happened"
    journey.enter(page.locator("main button[name=confirm]"))


def test_one_arrangement_goes_all_the_way_and_ends_at_once_when_a_gate_closes(journey: Journey) -> None:
    page, city = journey.page, journey.city
    asked_for_two_of_three_days(journey)
    endorsed_and_approved(journey)
    written(journey)
    audited(journey)
    gate_closed(journey)
    row = Arrangement.objects.get()
    assert (row.state, row.suspended_on) == ("suspended", row.starts_on)
    assert "Tidak berlaku sejak 1 Oktober 2025" in journey.qr()
    told = Notice.objects.get(code="suspended")
    assert told.user == city.asker_account
    journey.signs_in("employee", "pemberitahuan/")
    assert "itangguhkan" in page.locator("main .notices .unread").first.inner_text()
    assert WHY not in journey.words()
    for username in ("unit_head", "agency_head"):
        journey.signs_in(username, f"fleksibilitas/{row.pk}/")
        assert "Pasal 25 ayat (1)" in journey.words()
        assert WHY not in journey.words()
    journey.signs_in("inspector", "pengawasan/indikasi/")
    counts = page.locator("main tbody td.num").all_inner_texts()
    assert len(counts) >= 10
    assert {said.split()[0] for said in counts} == {"0"}, "what was not yet known accuses nobody"
    assert verify_all(city.city.cast.institution).is_whole
