"""Forms in a real browser: refused, with what follows from them, and carried out, also by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Role, User
from tests.acts.trail import note
from tests.addresses import ADDRESSES
from tests.browser.looking import faults, faults_by_day_and_night
from tests.judged_city import JudgedCity

pytestmark = pytest.mark.usefixtures("demonstration_day")

SOURCE: Final = {"source": "Keputusan 1/2025", "valid_from": "2025-07-01"}
PAPER: Final = {"number": "800/1/2025", "signed_on": "2025-07-01", "signatory_title": "Kepala Dinas"}
FORMS: Final[tuple[tuple[str, Role, str, dict[str, str]], ...]] = (
    ("setting_record", Role.HR_OFFICER, "valid_from", SOURCE),
    ("results_pass", Role.HR_OFFICER, "number", PAPER),
    ("employee_correct", Role.HR_OFFICER, "name", {"name": "Nama Betul"}),
    ("employee_leave", Role.HR_OFFICER, "last_day", {"last_day": "2025-07-31"}),
    ("position_correct", Role.HR_OFFICER, "title", {"title": "Jabatan Lain"} | SOURCE),
    ("trail_erase", Role.DATA_PROTECTION_OFFICER, "number", {"number": "1", "reason": "Permintaan yang bersangkutan"}),
    ("user_role", Role.SYSTEM_ADMINISTRATOR, "role", {"role": "inspector", "valid_from": "2099-01-01"}),
)
"""An address of each area, who sends, the field that is left empty at first, and what is then typed."""
CARRIED_OUT_AT_ONCE: Final = {"results_pass", "employee_correct", "user_role"}
"""Nothing but the act itself follows from these; the page after it says that it is done."""


def fill(page: Page, name: str, value: str) -> None:
    """Choose or type a value."""
    field = page.locator(f"main [name={name}]")
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def send(page: Page) -> None:
    """Press the first button of the act's form."""
    with page.expect_navigation():
        page.locator("main .btn-primary").last.click()


def test_a_form_of_every_area_says_what_is_wrong_and_then_what_follows(
    city: JudgedCity, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    note(city.cast)
    problems: dict[str, list[str]] = {}
    for name, role, needed, typed in FORMS:
        where = next(address for address in ADDRESSES if address.name == name).own(city)
        sign_in(getattr(city.cast, role.value))
        page.goto(live_server.url + where)
        fill(page, needed, "")
        send(page)
        expect(page.locator("main .alert-danger a").first, name).to_be_visible()
        problems[f"{name}, refused"] = faults_by_day_and_night(page)
        for field, value in typed.items():
            fill(page, field, value)
        send(page)
        after = ".notice[role=status]" if name in CARRIED_OUT_AT_ONCE else "section.consequences"
        expect(page.locator(f"main {after}").first, name).to_be_visible()
        problems[f"{name}, sent"] = faults_by_day_and_night(page)
    assert {where: found for where, found in problems.items() if found} == {}


def test_an_instrument_recorded_by_a_form_opens_the_gate_and_says_so_before(
    city: JudgedCity, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(city.cast.hr_officer)
    page.goto(live_server.url + city.url("dasar-pelaksanaan/"))
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
    expect(page.get_by_text("tidak lagi menghalangi persetujuan di 3 perangkat daerah")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Catat dasar pelaksanaan").click()
    page.get_by_text("hanya dapat diperpanjang atau diakhiri").wait_for()
    page.goto(live_server.url + city.url("dasar-pelaksanaan/"))
    expect(page.get_by_text("Dasar pelaksanaan tercatat per 1 Juli 2025.")).to_be_visible()


_REACHED: Final = """one => one === document.activeElement
    ? getComputedStyle(one).outlineWidth
    : one.isConnected ? "" : "gone"
"""
"""How broad the ring around a part with the focus is; nothing without the focus, or that the part has been replaced."""


class Keyboard:
    """A person without a mouse: the Tab key leads to everything, and where she is can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: Locator) -> None:
        """Press Tab until it has the focus."""
        # Found once: to look for a name among all that the page holds takes longer than the key.
        found = wanted.element_handle()
        for _press in range(150):
            self.page.keyboard.press("Tab")
            reached = found.evaluate(_REACHED)
            if reached == "gone":
                found = wanted.element_handle()
                reached = found.evaluate(_REACHED)
            if reached:
                assert reached == "3px", f"the focus is always seen: {wanted}"
                return
        raise AssertionError(f"the keyboard never reached {wanted}")

    def enter(self, wanted: Locator) -> None:
        """Reach it, press Enter, and see the page it leads to."""
        self.reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def link(self, name: str) -> Locator:
        """A link of the page's content."""
        return self.page.locator("main").get_by_role("link", name=name).first

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, exact=True)


def test_the_keyboard_alone_answers_a_fact_from_the_agency_to_the_confirmation(
    city: JudgedCity, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(city.cast.hr_officer)
    page.goto(live_server.url + city.url("opd/Diskominfo/"))
    keyboard, task = Keyboard(page), city.asked.tasks.get()
    keyboard.enter(keyboard.link("Statistisi"))
    keyboard.enter(keyboard.link(task.title))
    keyboard.enter(page.locator("main a[href*='fakta/with_tik/']"))
    keyboard.reach(page.locator("[name=value][value=unknown]"))
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=value][value=no]"), "the arrow keys choose within a question").to_be_checked()
    page.keyboard.press("ArrowUp")
    keyboard.enter(keyboard.button("Tampilkan akibatnya"))

    keyboard.reach(page.locator(".alert-danger a").first)
    page.keyboard.press("Enter")
    source = page.locator("#id_source")
    assert source.evaluate("one => one === document.activeElement"), "the summary leads to the field"
    expect(page.locator("[name=value][value=yes]"), "what was chosen is still there").to_be_checked()
    page.keyboard.type("Lembar pemetaan 3/2025")
    keyboard.enter(keyboard.button("Tampilkan akibatnya"))
    expect(page.get_by_text("Belum ada yang disimpan.")).to_be_visible()
    keyboard.enter(keyboard.button("Simpan jawaban"))
    task.profile.refresh_from_db()
    assert task.profile.with_tik is True
