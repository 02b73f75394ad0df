"""Pages over a hundred thousand arrangements of one city, beside a signed-in page that shows the frame alone.

Each is asked for through the portal's own handlers in this process, which looks for garbage as a serving one does;
middleware and sign-in included.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from time import perf_counter
from typing import Final

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from agencies.models import Institution, User
from benchmarks.lived_city import ARRANGEMENTS, NOW, TODAY, Lived, live, new_request, suitable
from benchmarks.report import Line
from benchmarks.timing import seconds_beside
from benchmarks.workbench import DASHBOARD, DETAIL, LIST, addresses, map_lived
from eligibility.actions.approvals import approve_request
from eligibility.arrangements.examined import examined
from eligibility.arrangements.reporting_line import Station
from eligibility.arrangements.stations import route_text
from eligibility.models import Arrangement
from wfa_portal.memory import settle

REQUESTS: Final = 40
PAIRS: Final = 25
"""How often each page is opened, each time beside the trivial one."""
_DEEP: Final = ARRANGEMENTS // 2


def measure(city: Institution, name: str) -> Iterator[Line]:
    """Each page a second beside the trivial one; then requests examined and approved a second."""
    with override_settings(DEMO=True, ROOT_URLCONF="benchmarks.trivial_page", ALLOWED_HOSTS=["*"]):
        lived = live(city)
        map_lived(lived)
        settle()
        yield from _measured(lived, name)
        yield from _approvals(lived, name)


def _measured(lived: Lived, name: str) -> Iterator[Line]:
    for work, reader, page, least in _pages(lived):
        client = _client(reader)
        shown, trivial = partial(_open, client, f"/{lived.city.code}/{page}"), partial(_open, client, "/kosong/")
        ours, theirs = seconds_beside(shown, trivial, PAIRS)
        with CaptureQueriesContext(connection) as captured:
            shown()
        what = f"{name}: {work} ({len(captured)} queries), a second"
        yield Line(what, "trivial page", 1 / ours, 1 / theirs, at_least=least)


def _pages(lived: Lived) -> list[tuple[str, User, str, float]]:
    row, hr = lived.arrangement, lived.hr_officer
    deep = Arrangement.objects.order_by("-recorded_at", "-pk")[_DEEP]
    return [
        ("list", hr, "fleksibilitas/", LIST),
        ("list, one mode and state", hr, "fleksibilitas/?cara=home&keadaan=ended", LIST),
        ("list at depth", hr, f"fleksibilitas/?sesudah={deep.pk}", LIST),
        ("one arrangement", hr, f"fleksibilitas/{row.pk}/", DETAIL),
        ("what waits", lived.head, "fleksibilitas/menunggu/", LIST),
        ("who is where", lived.head, "kehadiran/", LIST),
        ("my flexibility", lived.employee, "fleksibilitas/saya/", DETAIL),
        ("oversight", lived.inspector, "pengawasan/", DASHBOARD),
        ("cases", lived.inspector, "pengawasan/daftar/", LIST),
        ("cases at depth", lived.inspector, f"pengawasan/daftar/?sesudah={deep.pk}", LIST),
        ("one case", lived.inspector, f"pengawasan/kasus/{row.pk}/", DETAIL),
        ("trail", lived.inspector, "jejak/telusur/", LIST),
        ("indications", lived.inspector, "pengawasan/indikasi/", LIST),
        ("re-performances", lived.inspector, "pengawasan/uji-ulang/", LIST),
        ("findings", lived.inspector, "pengawasan/temuan/", LIST),
        # One request of one employee; and one for whoever of the agency is chosen.
        ("asking", lived.employee, "fleksibilitas/ajukan/", DETAIL),
        ("asking for many", lived.head, "fleksibilitas/ajukan-bersama/", DASHBOARD),
        *((work, hr, page, least) for work, page, least in addresses(lived)),
    ]


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _open(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")


def _approvals(lived: Lived, name: str) -> Iterator[Line]:
    """Requests before the office that decides: examined, and approved where every check passes."""
    rows = list(_waiting(lived))
    start = perf_counter()
    found = [examined(row, on=TODAY, at=NOW) for row in rows]
    yield Line(f"{name}: requests examined a second", "", len(rows) / (perf_counter() - start))
    passing = [row for row, one in zip(rows, found, strict=True) if one.examination.may_be_approved]
    if passing:
        start = perf_counter()
        for row in passing:
            approve_request(actor=lived.region, arrangement=row, on=TODAY, at=NOW)
        yield Line(f"{name}: approvals a second ({len(passing)})", "", len(passing) / (perf_counter() - start))


def _waiting(lived: Lived) -> Iterator[Arrangement]:
    """Requests of people whose positions suit and who live by no other one then; they wait at the last station."""
    for position in suitable(lived.city)[:REQUESTS]:
        last = date(2025, 10, 5)
        Arrangement.objects.filter(employee=position.pk, ends_on__gt=last).update(ends_on=last)
        row = new_request(lived.city, position)
        row.route = route_text(stations := (Station("decide", None, "Wali Kota"),))
        row.state, row.station, row.waits_for_id = "submitted", len(stations) - 1, None
        row.save()
        yield row
