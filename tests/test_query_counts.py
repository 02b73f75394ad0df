"""A page costs the same number of queries for one row and for fifty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import AgencyFactory, PositionFactory, PublicServiceFactory, TaskFactory, UnitFactory
from tests.judged_city import SUITS_HOME, JudgedCity


def queries(client: Client, url: str) -> int:
    """How many queries the second call of a page takes: the first may fill caches."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def grow(city: JudgedCity) -> None:
    """Fifty more positions, services, units and agencies."""
    for number in range(50):
        unit = UnitFactory.create(agency=city.cast.agency)
        position = PositionFactory.create(agency=city.cast.agency, unit=unit, title=f"Arsiparis {number}")
        TaskFactory.create(position=position, **SUITS_HOME)
        PublicServiceFactory.create(agency=city.cast.agency)
        AgencyFactory.create(institution=city.cast.institution, parent=city.cast.other_agency)


@pytest.mark.parametrize(
    "page",
    [
        "peta/",
        "peta/?tampilan=tabel&buka=Dinkes",
        "opd/Diskominfo/",
        "opd/Diskominfo/?cara=home&hasil=eligible",
        "opd/Dinkes/",
        "aturan/",
    ],
)
def test_a_page_costs_the_same_for_one_row_and_for_fifty(client: Client, city: JudgedCity, page: str) -> None:
    client.force_login(city.cast.hr_officer)
    before = queries(client, city.url(page))
    grow(city)
    assert queries(client, city.url(page)) == before


def test_home_costs_the_same_for_one_row_and_for_fifty(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    before = queries(client, "/?per=2025-07-01")
    grow(city)
    assert queries(client, "/?per=2025-07-01") == before


def test_a_position_costs_the_same_for_one_task_and_for_ten(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = city.url(f"jabatan/{city.eligible.pk}/")
    before = queries(client, url)
    for number in range(2, 11):
        TaskFactory.create(position=city.eligible, number=number, share=None, **SUITS_HOME)
    assert queries(client, url) == before
