"""Every address of the portal in a real browser: accessible, within its width, from this machine alone."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

import pytest
from playwright.sync_api import Error, Page
from pytest_django.live_server_helper import LiveServer

from agencies.models import Role, User
from tests.addresses import ADDRESSES, Address
from tests.base import Cast
from tests.browser.looking import faults_by_day_and_night
from tests.judged_city import JudgedCity

AREAS: Final = (
    "answers",
    "decisions",
    "determinations",
    "findings",
    "guide",
    "imports",
    "institution",
    "letters",
    "oversight",
    "people",
    "published_maps",
    "reperformance",
    "requests",
    "sheets",
    "structure",
    "studies",
    "trail",
    "users",
    "worked_days",
)
LISTS: Final = {
    "answers": (),
    "decisions": ("fleksibilitas/", "fleksibilitas/menunggu/", "kehadiran/?opd=Diskominfo"),
    "determinations": ("penetapan/",),
    "findings": ("pengawasan/temuan/", "pengawasan/indikasi/"),
    "guide": (),
    "imports": ("impor/",),
    "institution": ("tempat-kerja/", "dokumen/", "dasar-pelaksanaan/"),
    "letters": (),
    "oversight": ("pengawasan/", "pengawasan/daftar/"),
    "published_maps": ("peta-terbit/",),
    "people": ("pegawai/", "keberatan-data/"),
    "reperformance": ("pengawasan/uji-ulang/",),
    "requests": (),
    "studies": ("kajian/", "opd/Diskominfo/kajian/"),
    "sheets": ("pemetaan/", "pemetaan/?tampil=selesaikan", "pemetaan/kesepakatan/"),
    "structure": ("opd/Diskominfo/susunan/",),
    "trail": (),
    "users": ("pengguna/",),
    "worked_days": (),
}
"""Pages that are opened once more when the area's own rows are there."""


PENETAPAN: Final = (
    "determination_document",
    "determination",
    "annex_pdf",
    "annex_xlsx",
    "determination_revoke",
    "determined_position",
)
"""Pages of another agency's Keputusan, while the results of the own one are under way; with its document first."""


LEADS_ON: Final = {"law_desk"}
"""Addresses that only lead on, to the administration of the law, which has a look and a test of its own."""


def of_area(area: str) -> list[Address]:
    """The addresses of an area that some role can read, those of a Penetapan last."""
    found: list[Address] = import_module(f"tests.addresses.{area}").ADDRESSES
    order = {name: place for place, name in enumerate(PENETAPAN)}
    looked_at = (one for one in found if one.reads and one.roles and one.name not in LEADS_ON)
    return sorted(looked_at, key=lambda one: order.get(one.name, -1))


def place(city: JudgedCity, address: Address) -> str:
    """Where the page is."""
    return address.other(city) if address.other and address.name in PENETAPAN else address.own(city)


def reader(cast: Cast, address: Address) -> User:
    """Somebody who may open it: the HR officer if she may."""
    role = Role.HR_OFFICER if Role.HR_OFFICER in address.roles else min(address.roles)
    found: User = getattr(cast, role.value)
    return found


def opened(page: Page, url: str) -> bool:
    """Open an address; whether it is a page and not a file. A refusal or another address is a fault."""
    try:
        answer = page.goto(url)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer is not None, url
    assert (answer.status, answer.url) == (200, url)
    return True


def test_no_area_is_left_out() -> None:
    tested = [address for area in AREAS for address in of_area(area)]
    left = [one for one in ADDRESSES if one.reads and one.roles and one not in tested]
    assert {address.name for address in left} == LEADS_ON


@pytest.mark.parametrize("area", AREAS)
def test_every_page_of_an_area_is_accessible_by_day_and_night(
    city: JudgedCity, live_server: LiveServer, page: Page, sign_in: Callable[[User], None], area: str
) -> None:
    problems: dict[str, list[str]] = {}
    for address in of_area(area):
        url = place(city, address)
        sign_in(reader(city.cast, address))
        if opened(page, live_server.url + url):
            problems[f"{address.name} {url}"] = faults_by_day_and_night(page)
    for path in LISTS[area]:
        page.goto(live_server.url + city.url(path))
        problems[path] = faults_by_day_and_night(page)
    assert {where: found for where, found in problems.items() if found} == {}
