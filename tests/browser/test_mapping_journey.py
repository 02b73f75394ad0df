"""From a workbook of 2,000 positions to the Hasil verifikasi of one agency, by two people who have only the pages."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.mapping.questions import Question, questions_of
from agencies.models import FactRecord, Position, Role, Sheet, TaskProfile, User
from eligibility.models import DeterminedPosition, Verification
from eligibility.rulebook import Verdict
from tests.agencies.importing import workbook
from tests.base import Cast, person
from tests.browser.hands import Hand, KeyboardAlone, Mouse
from tests.browser.looking import faults
from tests.factories import AgencyFactory
from tests.judged_city import JudgedCity
from tests.sheets import HOME_WORK

HEADINGS: Final = (
    "agency_code",
    "agency_name",
    "agency_kind",
    "unit_code",
    "unit_name",
    "position_code",
    "position_title",
    "needed",
)
AGENCIES, IN_EACH = 20, 100
MAPPED: Final = "Badan 07"
"""The agency that is mapped to the end; the others wait."""
TITLES: Final = ("Perencana", "Arsiparis")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def positions() -> list[tuple[object, ...]]:
    """A staff register: two kinds of positions in each agency, of which nothing else is known."""
    rows: list[tuple[object, ...]] = [HEADINGS]
    for number in range(AGENCIES):
        code = f"badan-{number:02}"
        for place in range(IN_EACH):
            title = TITLES[place % len(TITLES)]
            unit = (f"bidang-{place % 4}", f"Bidang {place % 4 + 1}")
            rows.append((code, f"Badan {number:02}", "badan", *unit, f"{code}-{place:03}", title, 1))
    return rows


class Journey:
    """The browser that both sign in with in turn; every page that is come to must be accessible."""

    def __init__(self, page: Page, address: str, hand: Hand) -> None:
        self.page, self.address, self.hand = page, address, hand
        self.looked_at: set[str] = set()

    def signs_in(self, username: str) -> None:
        self.page.context.clear_cookies()
        self.page.goto(self.address + "/masuk/")
        expect(self.page.locator("#id_username")).to_be_focused()
        self.page.keyboard.type(username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type("rahasia")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, wanted: Locator) -> None:
        self.hand.follow(wanted)
        heading = self.page.locator("h1").inner_text()
        assert heading in self.looked_at or faults(self.page) == [], self.page.url
        self.looked_at.add(heading)

    def menu(self, name: str) -> None:
        self.follow(self.page.get_by_role("link", name=name, exact=True).first)

    def link(self, name: str) -> None:
        self.follow(self.page.locator("main").get_by_role("link", name=name).first)

    def press(self, name: str) -> None:
        self.follow(self.page.locator("main").get_by_role("button", name=name, exact=True))

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()


@pytest.fixture
def office(demonstration_day: None, city: JudgedCity) -> Cast:
    """The law is in force; two people are new: an officer of BKPSDM, and the clerk of an agency without positions."""
    cast = city.cast
    agency = AgencyFactory.create(institution=cast.institution, code="badan-07", name=MAPPED)
    person("petugas_baru", Role.HR_OFFICER, cast.institution)
    person("penilai_opd", Role.HR_OFFICER, cast.institution, agency)
    return cast


def imported(journey: Journey) -> None:
    """The officer finds the import, hands the workbook in, looks at what would be done, and carries it out."""
    journey.signs_in("petugas_baru")
    journey.menu("Pengelolaan")
    journey.link("Impor berkas")
    journey.link("Perangkat daerah, unit kerja, jabatan")
    file: FilePayload = {"name": "bezetting.xlsx", "mimeType": XLSX, "buffer": workbook(positions())}
    journey.hand.hand_in(journey.page.locator("#id_file"), file)
    journey.press("Unggah dan lihat")
    journey.press("Lihat apa yang akan dilakukan")
    journey.sees("2.000")
    journey.press("Laksanakan impor")
    assert Position.objects.filter(code__startswith="badan-").count() == AGENCIES * IN_EACH


def opened(journey: Journey) -> None:
    """She opens the sheets of one agency for its clerk and for herself."""
    journey.menu("Pengelolaan")
    journey.link("Lembar pemetaan")
    journey.link("Kemajuan")
    journey.link(MAPPED)
    journey.link("Buka lembar")
    for side, username in (("agency", "penilai_opd"), ("bkpsdm", "petugas_baru")):
        listed = journey.page.locator(f"[name={side}]")
        account = str(User.objects.get(username=username).pk)
        values = listed.locator("option").evaluate_all("all => all.map(one => one.value)")
        journey.hand.choose(listed, values.index(account))
    journey.press("Buka")
    journey.sees("Lembar sudah dibuka.")
    assert Sheet.objects.live().count() == IN_EACH


def answered(journey: Journey, office: Cast, differing: dict[str, str]) -> None:
    """Every kind of task that waits: all questions of the first sheet, whose alike take the same answers."""
    for title in TITLES:
        journey.menu("Pengelolaan")
        journey.link("Lembar pemetaan")
        journey.link(title)
        said = HOME_WORK | (differing if title == TITLES[0] else {})
        for question in questions_of(office.institution):
            answer(journey, question, said[question.fact.name])
        number = len(questions_of(office.institution))
        journey.sees(f"{number} dari {number} terjawab")  # each answer was saved on its own
        journey.press("Simpan dan lanjut mengirim")
        journey.press("Ajukan")
        journey.sees("Jawaban terkirim.")
    journey.sees("Tidak ada lembar yang menunggu jawaban Anda.")


def answer(journey: Journey, question: Question, said: str | None) -> None:
    """Answer one question in its own way."""
    field = journey.page.locator(f"[name='{question.column}-value']")
    if not question.choices:
        journey.hand.write(field.first, str(said))
        return
    place = [code for code, _label in question.choices].index(str(said))
    journey.hand.choose(field, place if question.is_short else place + 1)


def settled(journey: Journey) -> None:
    """The officer reads both answers and settles the difference with a reason, for all alike sheets at once."""
    journey.signs_in("petugas_baru")
    journey.menu("Pengelolaan")
    journey.link("Lembar pemetaan")
    journey.link("perlu diselesaikan")
    journey.link(TITLES[0])
    journey.sees("Rutin")
    journey.hand.choose(journey.page.locator("[name='task.face_to_face']"), 1)
    journey.hand.write(journey.page.locator("[name='task.face_to_face:reason']"), "Rapat cukup sekali sebulan.")
    journey.press("Sepakati jawaban ini")
    journey.sees("Lembar disepakati.")


def verified(journey: Journey) -> None:
    """All tasks are agreed; the officer opens the agency on the map, reads the results and sends them."""
    journey.menu("Pengelolaan")
    journey.link("Lembar pemetaan")
    journey.link("Kemajuan")
    journey.link(MAPPED)
    journey.sees(f"{IN_EACH} dari {IN_EACH}")
    journey.menu("Peta perangkat daerah")
    journey.link(MAPPED)
    journey.link("Periksa dan ajukan hasilnya")
    journey.press("Ajukan hasil verifikasi")
    journey.sees("Hasil verifikasi")


@pytest.mark.parametrize("hand", [Mouse, KeyboardAlone])
def test_an_officer_and_a_clerk_get_from_a_workbook_to_the_results_of_one_agency(
    office: Cast, live_server: LiveServer, page: Page, hand: type[Mouse | KeyboardAlone]
) -> None:
    journey = Journey(page, live_server.url, hand(page))
    imported(journey)
    opened(journey)
    answered(journey, office, {})
    journey.signs_in("penilai_opd")
    answered(journey, office, {"task.face_to_face": "regular"})
    settled(journey)
    verified(journey)
    agreed = TaskProfile.objects.filter(task__position__agency__name=MAPPED)
    assert set(agreed.values_list("face_to_face", "with_tik", "work_place")) == {("minimal", True, "free")}
    written = FactRecord.objects.filter(task__position__agency__name=MAPPED, basis="agreed")
    assert written.count() == IN_EACH * len(HOME_WORK)
    results = Verification.objects.get()
    at_home = DeterminedPosition.objects.filter(verification=results, mode="home")
    assert (at_home.count(), set(at_home.values_list("worst", "best"))) == (
        IN_EACH,
        {(Verdict.ELIGIBLE, Verdict.ELIGIBLE)},
    )
