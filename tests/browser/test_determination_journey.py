"""From a corrected fact to a Keputusan and beyond, in a real browser, by one HR officer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from eligibility.models import Determination, State, Step, Verification
from tests.browser.looking import faults
from tests.judged_city import DAY, JudgedCity

NUMBER: Final = "188.45/5/2025"


class Journey:
    """The officer's browser; every page that she comes to must be accessible."""

    def __init__(self, page: Page, address: str, city: JudgedCity) -> None:
        self.page, self.address, self.city = page, address, city

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.looked()

    def press(self, name: str) -> None:
        """Press a button and see the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        self.looked()

    def follow(self, name: str) -> None:
        """Follow a link and see the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()
        self.looked()

    def looked(self) -> None:
        assert faults(self.page) == [], self.page.url

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first, f"{text} at {self.page.url}").to_be_visible()

    def answer(self, fact: str, value: str) -> None:
        """Correct a fact of the suited task: type it, see what follows, confirm."""
        self.open(f"/kota-contoh/uraian-tugas/{self.city.eligible.tasks.get().pk}/fakta/{fact}/")
        page = self.page
        page.locator(f"[name=value][value={value}]").check()
        page.locator("[name=basis]").select_option("agreed")
        page.locator("[name=source]").fill("Lembar pemetaan 3/2025")
        page.locator("[name=valid_from]").fill("2025-06-01")
        self.press("Tampilkan akibatnya")

    def paper(self, number: str, title: str) -> None:
        """Type what a paper says."""
        for name, value in (("number", number), ("signed_on", DAY), ("signatory_title", title)):
            self.page.locator(f"[name={name}]").fill(value)


@pytest.fixture
def journey(demonstration_day: None, city: JudgedCity, live_server: LiveServer, page: Page) -> Journey:
    """Signed in as the HR officer, on the day that the demonstration calls today."""
    page.goto(live_server.url + "/masuk/?next=/kota-contoh/penetapan/")
    page.get_by_label("Nama pengguna").fill("hr_officer")
    page.get_by_label("Kata sandi").fill("rahasia")
    with page.expect_navigation():
        page.get_by_role("button", name="Masuk", exact=True).click()
    return Journey(page, live_server.url, city)


def returned_and_sent_again(journey: Journey) -> Verification:
    """The officer corrects a fact wrongly, sends, gets the results back with a reason, mends and sends again."""
    journey.answer("with_tik", "no")
    journey.sees("Belum ada yang disimpan")
    follows = journey.page.locator("section.consequences")
    assert "Tidak ada hasil yang berubah" not in follows.inner_text(), "what is suited at home changes"
    assert "Pranata Komputer" in follows.inner_text()
    journey.press("Simpan jawaban")
    journey.open("/kota-contoh/opd/Diskominfo/verifikasi/")
    journey.press("Ajukan hasil verifikasi")
    results = Verification.objects.get()
    journey.follow("Catat pengembalian")
    journey.paper("800/1/2025", "Kepala Dinas Komunikasi")
    journey.page.locator("[name=reason]").fill("Pranata Komputer memakai TIK; perbaiki faktanya.")
    journey.press("Kembalikan dengan alasan")
    journey.sees("Pranata Komputer memakai TIK; perbaiki faktanya.")
    journey.answer("with_tik", "yes")
    journey.press("Simpan jawaban")
    journey.open(f"/kota-contoh/verifikasi/{results.pk}/")
    journey.follow("Periksa dan ajukan lagi")
    journey.press("Ajukan hasil verifikasi")
    return results


def passed_and_recorded(journey: Journey) -> Determination:
    """Every step is recorded, then the Keputusan."""
    for number, title in enumerate(("Kepala Dinas", "Kepala BKPSDM", "Kepala Bagian Hukum", "Sekretaris Daerah"), 2):
        journey.follow("Catat bahwa tahap ini disetujui")
        journey.paper(f"800/{number}/2025", title)
        journey.press("Teruskan")
    journey.follow("Catat Keputusan")
    journey.paper(NUMBER, "Wali Kota Contoh")
    scan: FilePayload = {"name": "keputusan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    journey.page.get_by_label("Naskah Keputusan yang ditandatangani").set_input_files(scan)
    journey.press("Catat Keputusan")
    return Determination.objects.get()


def test_a_corrected_fact_leads_to_a_keputusan_and_a_later_one_marks_its_row(journey: Journey) -> None:
    page = journey.page
    returned_and_sent_again(journey)
    found = passed_and_recorded(journey)
    assert (found.number, found.verification.state) == (NUMBER, State.DETERMINED)
    passed = found.verification.passed_steps.order_by("round", "pk").values_list("round", "step", "outcome")
    assert list(passed) == [(1, Step.HEAD_PROPOSAL, "returned"), *((2, step, "passed") for step in Step)]
    journey.sees("Semua baris masih sesuai.")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Lampiran (PDF)").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF")
    row = f"/kota-contoh/penetapan/{found.pk}/jabatan/{journey.city.eligible.pk}/"
    journey.open(row)
    signed = page.locator("section.answer").all_text_contents()
    words = " ".join(" ".join(signed).split())
    assert words.startswith("Di kantor lain, Di rumah: Dapat")
    assert "Pasal 13 ayat (1) PermenPANRB 4/2025" in words

    journey.answer("outside_office", "no")
    journey.sees("Penetapannya tidak lagi sesuai keadaan")
    journey.press("Simpan jawaban")
    journey.open(f"/kota-contoh/penetapan/{found.pk}/")
    expect(page.locator("tbody th[scope=row]"), "one row for each position of the agency").to_have_count(4)
    expect(page.locator("p.stale"), "exactly the touched row").to_have_count(1)
    assert "Pranata Komputer" in page.locator("th:has(p.stale)").inner_text()
    journey.open(row)
    assert page.locator("section.answer").all_text_contents() == signed, "the signed reasons"
    journey.sees("Bila dinilai lagi hari ini, hasilnya lain.")
