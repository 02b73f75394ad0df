"""A legal officer without a mouse types a circular with its rule; somebody else, without a mouse too, makes it law."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from eligibility.models import InstrumentPeriod, RuleVersion
from tests.acts.drafts import second_administrator
from tests.base import Cast
from tests.browser.hands import KeyboardAlone


class Officer:
    """Fills the forms of the law by keyboard alone, from the top of a page to its end."""

    def __init__(self, page: Page) -> None:
        self.page, self.hand = page, KeyboardAlone(page)

    def field(self, name: str) -> Locator:
        return self.page.locator(f"main [name='{name}']")

    def write(self, name: str, text: str) -> None:
        self.hand.write(self.field(name), text)
        expect(self.field(name)).to_have_value(text)

    def date(self, name: str, day: date) -> None:
        """Type a day into its three segments, of which this browser shows the month first."""
        self.hand.write(self.field(name), day.strftime("%m%d%Y"))
        expect(self.field(name)).to_have_value(day.isoformat())

    def begin(self, name: str, words: str) -> None:
        """Take an entry of a list by typing how it begins."""
        self.hand.write(self.field(name), words)
        expect(self.field(name).locator("option:checked")).to_contain_text(words)

    def pick(self, name: str, value: str) -> None:
        """Take an entry of a list in which several can be taken, by the arrow keys."""
        options = self.field(name).locator("option")
        place = options.evaluate_all("(all, value) => all.findIndex(one => one.value === value)", value)
        self.hand.keyboard.reach(self.field(name))
        for _press in range(place + 1):
            self.page.keyboard.press("ArrowDown")
        expect(self.field(name)).to_have_values([value])

    def tick(self, name: str, value: str) -> None:
        box = self.page.locator(f"main [name='{name}'][value='{value}']")
        self.hand.keyboard.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def press(self, name: str) -> None:
        self.hand.follow(self.field(name))

    def link(self, words: str) -> None:
        self.hand.follow(self.page.locator("main").get_by_role("link", name=words, exact=True).first)


def test_a_circular_is_typed_reviewed_and_published_by_keyboard_alone(
    transactional_db: None, cast: Cast, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    officer = Officer(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(cast.rules_administrator)
    page.goto(f"{live_server.url}/kota-contoh/kelola/")
    officer.link("Penulisan aturan")
    officer.hand.follow(page.locator(".model-instrument .addlink"))
    _type_circular(officer)
    officer.press("_save")
    assert InstrumentPeriod.objects.filter(instrument__code="SE-21-2025").count() == 2
    officer.link("Tambah aturan")
    _type_rule(officer)
    officer.press("_save")

    sign_in(second_administrator(cast))
    page.reload()
    for words in ("Tinjau", "Terbitkan"):
        officer.link(words)
        officer.press("confirm")
    row = RuleVersion.objects.published().get(rule__code="SE21-LOKET")
    assert (row.drafted_by, row.reviewed_by) == (cast.rules_administrator, second_administrator(cast))


def _type_circular(officer: Officer) -> None:
    officer.write("code", "SE-21-2025")
    officer.write("title", "SE Wali Kota 21/2025")
    officer.write("issuer", "Wali Kota Contoh")
    officer.write("subject", "Layanan akhir tahun")
    officer.date("known_from", date(2025, 12, 15))
    officer.date("periods-0-starts_on", date(2025, 12, 24))
    officer.date("periods-0-ends_on", date(2025, 12, 24))
    officer.hand.keyboard.reach(officer.page.locator("#periods-group .add-row a"))
    officer.page.keyboard.press("Enter")
    officer.date("periods-1-starts_on", date(2025, 12, 29))
    officer.date("periods-1-ends_on", date(2025, 12, 31))
    officer.write("provisions-0-reference", "Angka 1")
    officer.write("provisions-0-summary", "Loket tetap di kantor.")


def _type_rule(officer: Officer) -> None:
    officer.write("code", "SE21-LOKET")
    officer.write("title", "Petugas loket tetap di kantor")
    officer.date("effective_from", date(2025, 12, 24))
    officer.date("known_from", date(2025, 12, 15))
    officer.tick("modes", "home")
    officer.begin("applies-0-fact", "Keterlibatan dalam layanan langsung")
    officer.page.locator("#applies-0:not([aria-busy])").wait_for(state="attached")
    officer.begin("applies-0-operator", "adalah")
    officer.pick("applies-0-values", "direct")
    officer.begin("effect", "Melarang")
    sentence = officer.page.locator("#law-words .law-sentence")
    expect(sentence, "the sentence follows what is typed").to_contain_text("Langsung")
    expect(sentence).to_contain_text("tidak dibolehkan")
