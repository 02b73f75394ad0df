"""Who is where: for a head in her agencies and for HR, this week and the next, with what services need."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.test import Client

from agencies.models import PersonalDataRead
from tests.arranged_city import AT, ArrangedCity, written
from tests.factories import AbsenceFactory, PublicServiceFactory
from tests.test_query_counts import queries


def grant(city: ArrangedCity, number: int, **values: Any) -> None:
    """A granted arrangement of a colleague, which has begun."""
    row: dict[str, Any] = {"state": "approved", "approved_at": AT, "starts_on": date(2025, 9, 29), **values}
    written(city, city.colleagues[number], **row)


def cells(page: str, name: str) -> list[str]:
    """Where somebody is, day by day."""
    row = page[page.index(f">{name}<") :].split("</tr>", 1)[0]
    return re.findall(r'class="where where-(\w+)', row)


def test_each_day_says_where_somebody_is_and_the_kind_of_leave_stays_with_bkpsdm(
    client: Client, arranged: ArrangedCity
) -> None:
    grant(arranged, 0)
    grant(arranged, 1, mode="other_office", weekdays="thursday", suspended_on=date(2025, 10, 6), state="suspended")
    AbsenceFactory.create(
        employee=arranged.colleagues[0], starts_on=date(2025, 10, 1), ends_on=date(2025, 10, 2), letter_number="CUTI/9"
    )
    AbsenceFactory.create(
        employee=arranged.asker, kind="travel", starts_on=date(2025, 10, 1), ends_on=date(2025, 10, 1)
    )
    client.force_login(arranged.head_account)
    page = client.get(arranged.url("kehadiran/")).content.decode()
    at, home, leave = "office", "home", "leave"
    assert cells(page, "Rekan 1") == [at, home, leave, leave, at, at, home, home, at, at]
    assert cells(page, "Rekan 2") == [at, at, at, "other_office", at, at, at, at, at, at]
    assert cells(page, "Nita Pemohon")[2] == "travel"
    assert "CUTI/9" not in page
    assert PersonalDataRead.objects.filter(page="presence").exists()
    client.force_login(arranged.sekda_account)
    assert "Rekan 1" not in client.get(arranged.url("kehadiran/?opd=Diskominfo")).content.decode()
    for stranger in (arranged.city.cast.inspector, arranged.city.cast.employee):
        client.force_login(stranger)
        assert client.get(arranged.url("kehadiran/")).status_code == 404


def test_a_service_that_is_left_with_fewer_than_it_needs_is_marked_and_an_unknown_need_is_not(
    client: Client, arranged: ArrangedCity
) -> None:
    unit = arranged.programmer.unit
    assert unit is not None
    needs = PublicServiceFactory.create(agency=unit.agency, unit=unit, name="Loket aplikasi", staff_on_site=5)
    unsaid = PublicServiceFactory.create(agency=unit.agency, unit=unit, name="Layanan lain", staff_on_site=None)
    for service in (needs, unsaid):
        arranged.programmer.tasks.get().services.add(service)
    grant(arranged, 0)
    client.force_login(arranged.city.cast.hr_officer)
    page = client.get(arranged.url("kehadiran/?opd=Diskominfo")).content.decode()
    rows = {name: page[page.index(name) :].split("</tr>", 1)[0] for name in ("Loket aplikasi", "Layanan lain")}
    assert rows["Loket aplikasi"].count('class="is-short"') == 4, "on each day at home one of five is missing"
    assert 'class="is-short"' not in rows["Layanan lain"]


def test_the_page_costs_the_same_for_few_and_for_many(client: Client, arranged: ArrangedCity) -> None:
    client.force_login(arranged.head_account)
    grant(arranged, 0)
    before = queries(client, arranged.url("kehadiran/"))
    for number in range(1, 4):
        grant(arranged, number)
        AbsenceFactory.create(employee=arranged.colleagues[number])
    PublicServiceFactory.create(agency=arranged.programmer.agency)
    assert queries(client, arranged.url("kehadiran/")) == before
