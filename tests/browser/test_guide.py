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
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from agencies.guide.chapters import chapters
from agencies.models import User
from tests.acts.studies import signed
from tests.agencies.importing import JOBS, examined, workbook
from tests.base import Cast
from tests.browser.looking import faults_by_day_and_night
from tests.factories import PublicServiceFactory
from tests.judged_city import JudgedCity, judged_city
from tests.sheets import HOME_WORK, answer, both_submitted, opened

PICTURES: Final = portal.BASE_DIR / "static" / "img" / "panduan"
TEXTS: Final = portal.BASE_DIR / "templates"
WIDTH: Final = 1100
TAKEN_ANEW: Final = os.environ.get("GUIDE_PICTURES") == "1"


@dataclass(frozen=True)
class Told:
    """The city of which the guide tells."""

    city: JudgedCity
    half: int
    differing: int
    examined: int
    service: int

    @property
    def places(self) -> dict[str, tuple[str, str]]:
        """For each picture the page that it shows, and words that stand there."""
        return {
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
def told(transactional_db: None, cast: Cast, settings: Settings) -> Told:
    """One of everything that the guide tells of, on the day that the demonstration calls today."""
    settings.DEMO, settings.DEMO_TODAY = True, date(2025, 7, 1)
    city = judged_city(cast)
    half = opened(cast, city.asked.tasks.get(), date(2025, 7, 31))
    few = dict(list(HOME_WORK.items())[:6])
    answer(half.by_bkpsdm, few)
    differing = opened(cast, city.eligible.tasks.get())
    both_submitted(differing, face_to_face="regular")
    signed(cast)
    file = examined(cast, "positions", workbook(JOBS), "daftar-jabatan.xlsx")
    service = PublicServiceFactory.create(agency=cast.agency, name="Loket pengaduan")
    return Told(city, half.sheet.pk, differing.sheet.pk, file.pk, service.pk)


def test_the_pictures_are_those_of_the_portal(
    told: Told, live_server: LiveServer, page: Page, sign_in: Callable[[User], None]
) -> None:
    sign_in(told.city.cast.hr_officer)
    page.set_viewport_size({"width": WIDTH, "height": 760})
    for name, (path, words) in told.places.items():
        page.goto(f"{live_server.url}/kota-contoh/{path}")
        assert words in page.locator("main").inner_text(), (name, path)
        if TAKEN_ANEW:
            page.screenshot(path=PICTURES / f"{name}.png")
        assert _width(PICTURES / f"{name}.png") == WIDTH, f"{name}: take the pictures anew with GUIDE_PICTURES=1"


def _width(file: Path) -> int:
    """The width that a PNG says it has."""
    head = file.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width: int = struct.unpack(">I", head[16:20])[0]
    return width


def _named(text: str) -> list[str]:
    return re.findall(r"img/panduan/([\w-]+)\.png", text)


def test_both_languages_tell_the_same_with_the_same_pictures(told: Told) -> None:
    shown = set()
    for chapter in chapters():
        texts = [(TEXTS / "agencies" / "guide" / chapter.template(code)).read_text("utf-8") for code in ("id", "en")]
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
        for user in (cast.hr_officer, cast.agency_head, cast.inspector):
            sign_in(user)
            answered = page.goto(f"{live_server.url}/kota-contoh/panduan/{chapter.slug}/")
            assert answered is not None
            may = any(grant.role in chapter.roles for grant in user.grants.all())
            assert answered.status == (200 if may else 404), (chapter.slug, user.username)
        sign_in(cast.hr_officer)
        page.goto(f"{live_server.url}/kota-contoh/panduan/{chapter.slug}/")
        assert faults_by_day_and_night(page) == [], chapter.slug
        assert page.evaluate("[...document.images].every(one => one.getAttribute('alt'))")
