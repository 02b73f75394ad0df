"""The guide: every chapter can be read by who it is for, and its pictures are those of the portal as it is.

With GUIDE_PICTURES=1 in the environment the pictures are taken anew.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings as portal
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from agencies.guide.chapters import Chapter, chapters
from agencies.models import Role, User
from tests.acts.studies import signed
from tests.agencies.importing import JOBS, examined, workbook
from tests.browser.looking import faults_by_day_and_night
from tests.browser.told_law import ToldLaw, told_law
from tests.factories import PublicServiceFactory
from tests.judged_city import JudgedCity
from tests.kept import KEPT
from tests.sheets import HOME_WORK, answer, both_submitted, opened

PICTURES: Final = portal.BASE_DIR / "static" / "img" / "panduan"
TEXTS: Final = portal.BASE_DIR / "templates"
WIDTH: Final = 1100
HEIGHT: Final = 760
TAKEN_ANEW: Final = os.environ.get("GUIDE_PICTURES") == "1"


@dataclass(frozen=True)
class Told:
    """The city of which the guide tells."""

    city: JudgedCity
    half: int
    differing: int
    examined: int
    service: int
    law: ToldLaw

    @property
    def places(self) -> dict[str, tuple[str, str, str]]:
        """For each picture the page that it shows, words that stand there, and what is at its top."""
        own = {name: (f"/kota-contoh/{path}", words, "main") for name, (path, words) in self._mapping.items()}
        return own | self.law.places

    def reader(self, chapter: Chapter) -> User:
        """Somebody for whom a chapter is written."""
        cast = self.city.cast
        readers = {Role.HR_OFFICER: cast.hr_officer, Role.RULES_ADMINISTRATOR: cast.rules_administrator}
        return next(user for role, user in readers.items() if role in chapter.roles)

    @property
    def _mapping(self) -> dict[str, tuple[str, str]]:
        return {
            "pengelolaan": ("kelola/", "Rontgen data"),
            "hasil": (f"opd/{self.city.cast.agency.code}/verifikasi/", "Hasil verifikasi"),
            "impor-daftar": ("impor/", "daftar-jabatan.xlsx"),
            "impor-uji-coba": (f"impor/{self.examined}/", "Bappeda"),
            "rontgen": ("rontgen-data/", "Rontgen"),
            "urai": (f"jabatan/{self.city.asked.pk}/urai/", "Uraian tugas"),
            "antrean": ("pemetaan/", "perlu diisi"),
            "lembar": (f"lembar/{self.half}/", "Arti jawaban Anda"),
            "kemajuan": ("pemetaan/kemajuan/", "Kemajuan pemetaan"),
            "selisih": (f"lembar/{self.differing}/", "Jawaban yang berbeda"),
            "kajian": ("kajian/", "Kajian"),
            "layanan": (f"layanan/{self.service}/jam/", "Loket"),
        }


@pytest.fixture
def told(demonstration_day: None, city: JudgedCity) -> Told:
    """One of everything that the guide tells of, on the day that the demonstration calls today."""
    found: Told = KEPT.brought("told", lambda: _told(city))
    return found


def _told(city: JudgedCity) -> Told:
    cast = city.cast
    half = opened(cast, city.asked.tasks.get(), date(2025, 7, 31))
    few = dict(list(HOME_WORK.items())[:6])
    answer(half.by_bkpsdm, few)
    differing = opened(cast, city.eligible.tasks.get())
    both_submitted(differing, face_to_face="regular")
    signed(cast)
    file = examined(cast, "positions", workbook(JOBS), "daftar-jabatan.xlsx")
    service = PublicServiceFactory.create(agency=cast.agency, name="Loket pengaduan")
    return Told(city, half.sheet.pk, differing.sheet.pk, file.pk, service.pk, told_law(cast))


def test_the_pictures_are_those_of_the_portal(
    told: Told, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    for chapter in chapters():
        sign_in(told.reader(chapter))
        for name in _named(_text(chapter, "id")):
            path, words, top = told.places[name]
            page.goto(f"{live_server.url}{path}")
            assert words.lower() in page.locator("main").inner_text().lower(), (name, path)
            if TAKEN_ANEW:
                _take(page, name, top)
            assert _width(PICTURES / f"{name}.png") == WIDTH, f"{name}: take the pictures anew with GUIDE_PICTURES=1"


def _take(page: Page, name: str, top: str) -> None:
    """Take a picture that begins at the top of the page, or at a part of it, and ends where a short form does."""
    if top != "main":
        page.locator(top).evaluate("part => part.scrollIntoView()")
    form = page.locator("#content-main").bounding_box() if page.locator("#content-main").count() else None
    height = min(HEIGHT, form["y"] + form["height"] + 16) if form else HEIGHT
    page.screenshot(path=PICTURES / f"{name}.png", clip={"x": 0, "y": 0, "width": WIDTH, "height": height})


def _width(file: Path) -> int:
    """The width that a PNG says it has."""
    head = file.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width: int = struct.unpack(">I", head[16:20])[0]
    return width


def _text(chapter: Chapter, language: str) -> str:
    return (TEXTS / "agencies" / "guide" / chapter.template(language)).read_text("utf-8")


def _named(text: str) -> list[str]:
    return re.findall(r"img/panduan/([\w-]+)\.png", text)


def test_both_languages_tell_the_same_with_the_same_pictures(told: Told) -> None:
    shown = set()
    for chapter in chapters():
        texts = [_text(chapter, code) for code in ("id", "en")]
        assert _named(texts[0]) == _named(texts[1]), chapter.slug
        for mark in ("<h2>", "<li>", "<dt>"):
            assert texts[0].count(mark) == texts[1].count(mark), (chapter.slug, mark)
        shown.update(_named(texts[0]))
    taken = {file.stem for file in PICTURES.glob("*.png")}
    assert shown == taken, "no picture is missing and none is left over"
    assert set(told.places) <= taken


def test_every_chapter_is_read_by_who_it_is_for(
    told: Told, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    cast = told.city.cast
    for chapter in chapters():
        for user in (cast.hr_officer, cast.agency_head, cast.rules_administrator, cast.inspector):
            sign_in(user)
            answered = page.goto(f"{live_server.url}/kota-contoh/panduan/{chapter.slug}/")
            assert answered is not None
            may = any(grant.role in chapter.roles for grant in user.grants.all())
            assert answered.status == (200 if may else 404), (chapter.slug, user.username)
        sign_in(told.reader(chapter))
        page.goto(f"{live_server.url}/kota-contoh/kelola/")
        page.locator("main").get_by_role("link", name="Panduan", exact=True).click()
        page.locator("main").get_by_role("link", name=str(chapter.title), exact=True).click()
        page.locator("h1", has_text=str(chapter.title)).wait_for()
        assert faults_by_day_and_night(page) == [], chapter.slug
        assert page.evaluate("[...document.images].every(one => one.getAttribute('alt'))")
