"""Whether services can be covered: the grid of hours, who serves, who is away by weekday, and what is not known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from agencies.actions.service_needs import set_service_needs
from agencies.coverage.week import NeedSpan
from agencies.exposure import proposing
from agencies.models import Agency, NonAsnStaff, PersonalDataRead, PublicService, Role
from eligibility.pages.coverage import Cover, Coverage
from tests.arranged_city import AT, TODAY, ArrangedCity, written
from tests.eligibility.approving import serviced
from tests.factories import (
    RECORDED,
    GrantFactory,
    PositionFactory,
    PostingFactory,
    PublicServiceFactory,
    TaskFactory,
    UserFactory,
)
from tests.test_query_counts import queries


@pytest.fixture
def agency(arranged: ArrangedCity) -> Agency:
    """The agency of the programmers, five of whom are active holders."""
    found: Agency = arranged.programmer.agency
    return found


def address(arranged: ArrangedCity, agency: Agency) -> str:
    return arranged.url(f"opd/{agency.code}/layanan/")


def shown(client: Client, arranged: ArrangedCity, agency: Agency) -> dict[str, Coverage]:
    """What the page tells of each service, by its name."""
    page = client.get(address(arranged, agency)).context["page"]
    return {one.service.name: one for one in page.services}


def open_on(service: PublicService, *spans: tuple[str, int, int, int | None]) -> Any:
    """The act that records the spans."""
    said: Any = {"source": "SK 1", "valid_from": TODAY, "at": AT}
    return set_service_needs(actor=None, service=service, spans=[NeedSpan(*span) for span in spans], **said)


def test_each_weekday_says_what_is_needed_who_is_away_and_whether_it_is_met(
    client: Client, arranged: ArrangedCity, agency: Agency
) -> None:
    service = serviced(arranged, 2)
    open_on(
        service,
        *(("monday", 480, 720, 2), ("monday", 720, 900, 6), ("tuesday", 480, 900, 5), ("wednesday", 480, 900, 4)),
        *(("thursday", 480, 900, 3), ("friday", 480, 690, None)),
    )
    written(arranged, arranged.colleagues[0], state="approved", approved_at=AT, starts_on=date(2025, 9, 1))
    client.force_login(arranged.head_account)
    found = shown(client, arranged, agency)["Bantuan TIK"]
    days = {day.label: day for day in found.days}
    assert found.staff == 5
    assert found.parts == ("08.00–11.30", "11.30–12.00", "12.00–15.00")
    assert [hour for _part, hour in days["Senin"].hours] == ["2", "2", "6"]
    assert [(day.needed, day.away, day.left, day.cover) for day in found.days] == [
        (6, 0, 5, Cover.CANNOT),
        (5, 1, 4, Cover.SHORT),
        (4, 1, 4, Cover.JUST),
        (3, 0, 5, Cover.ENOUGH),
        (None, 0, 5, Cover.UNKNOWN),
        (None, 0, 5, Cover.CLOSED),
        (None, 0, 5, Cover.CLOSED),
    ]
    page = client.get(address(arranged, agency)).content.decode()
    assert "Petugas tidak mencukupi kebutuhan ini, walau semua hadir." in page
    assert arranged.colleagues[0].name not in page
    assert not PersonalDataRead.objects.exists(), "nobody is named there"


def test_what_is_not_known_is_said_and_never_taken_for_none(
    client: Client, arranged: ArrangedCity, agency: Agency
) -> None:
    unserved = PublicServiceFactory.create(agency=agency, name="A tanpa tugas", staff_on_site=1)
    unheld = PublicServiceFactory.create(agency=agency, name="B tanpa pemegang", staff_on_site=1)
    position = PositionFactory.create(agency=agency, filled=None)
    TaskFactory.create(position=position).services.add(unheld)
    vacant = PublicServiceFactory.create(agency=agency, name="C lowong", staff_on_site=1)
    TaskFactory.create(position=PositionFactory.create(agency=agency, filled=0)).services.add(vacant)
    client.force_login(arranged.city.cast.inspector)
    found = shown(client, arranged, agency)
    told = [(one, found[one.name].staff, found[one.name].worst) for one in (unserved, unheld, vacant)]
    assert told == [(unserved, None, Cover.UNKNOWN), (unheld, None, Cover.UNKNOWN), (vacant, 0, Cover.CANNOT)]
    NonAsnStaff.objects.create(agency=agency, count=2, counted_on=TODAY, source="Hitungan", recorded_at=RECORDED)
    counted = shown(client, arranged, agency)[vacant.name]
    assert (counted.staff, counted.others, counted.worst) == (2, 2, Cover.ENOUGH)


@override_settings(LANGUAGE_CODE="en")
def test_where_nobody_is_named_the_filled_places_count_and_the_page_says_so(
    client: Client, arranged: ArrangedCity, agency: Agency
) -> None:
    lacking = PublicServiceFactory.create(agency=agency, name="Kurang", staff_on_site=5)
    TaskFactory.create(position=PositionFactory.create(agency=agency, filled=1)).services.add(lacking)
    client.force_login(arranged.head_account)
    found = shown(client, arranged, agency)["Kurang"]
    assert (found.staff, found.recorded, found.worst) == (1, 1, Cover.CANNOT)
    told = client.get(address(arranged, agency), headers={"Accept-Language": "en"}).content.decode()
    assert "1 of them are counted by the filled places (bezetting)" in told
    named = serviced(arranged, 2)
    assert shown(client, arranged, agency)[named.name].recorded == 0, "holders are named"


@override_settings(LANGUAGE_CODE="en")
def test_services_that_share_their_people_are_held_against_all_of_them_at_the_same_hours(
    client: Client, arranged: ArrangedCity, agency: Agency
) -> None:
    position = PositionFactory.create(agency=agency, filled=2)
    task = TaskFactory.create(position=position)
    counters = [PublicServiceFactory.create(agency=agency, name=f"Loket {name}", staff_on_site=2) for name in "AB"]
    task.services.add(*counters)
    open_on(counters[0], ("monday", 480, 720, 2), ("tuesday", 480, 720, 2))
    open_on(counters[1], ("monday", 600, 900, 2), ("tuesday", 720, 900, 2))
    client.force_login(arranged.head_account)
    english = {"Accept-Language": "en"}
    page = client.get(address(arranged, agency), headers=english)
    found = {one.service: one.worst for one in page.context["page"].services}
    assert [found[counter] for counter in counters] == [Cover.JUST, Cover.JUST]
    sentence = "Loket A, Loket B: together they need 4, and 2 people serve them (Monday 10.00–12.00)."
    assert sentence in page.content.decode()
    file = client.get(address(arranged, agency), {"unduh": "csv"}, headers=english)
    assert b"".join(file).decode().count(sentence) == 2, "on the Monday of each alone"
    position.filled = 4
    position.save()
    assert client.get(address(arranged, agency)).context["page"].together == ()


def test_what_is_said_of_all_services_counts_those_on_other_pages_too(
    client: Client, arranged: ArrangedCity, agency: Agency
) -> None:
    TaskFactory.create(position=PositionFactory.create(agency=agency, filled=0)).services.add(
        *(
            PublicServiceFactory.create(agency=agency, name=f"Layanan {number:03}", staff_on_site=1)
            for number in range(70)
        )
    )
    client.force_login(arranged.head_account)
    page = client.get(address(arranged, agency)).context["page"]
    assert len(page.services) < 70
    assert len(page.uncovered) == 70


def test_the_exposure_proposed_names_the_service_that_proposes_it(
    client: Client, arranged: ArrangedCity, agency: Agency
) -> None:
    task = TaskFactory.create(position=PositionFactory.create(agency=agency), profile__exposure="none")
    for name, kind in (("Loket A", "counter"), ("Portal B", "online")):
        task.services.add(PublicServiceFactory.create(agency=agency, name=name, kind=kind))
    client.force_login(arranged.head_account)
    (row,) = shown(client, arranged, agency)["Loket A"].tasks
    assert (row.recorded, row.proposed, row.because, row.differs) == ("Tidak ada", "Langsung", ("Loket A",), True)
    assert proposing([("counter", "A"), ("field", "B"), ("online", "C")]) == ["A", "B"]


def test_people_of_another_agency_do_not_open_it_and_the_table_can_be_taken_away(
    client: Client, arranged: ArrangedCity, agency: Agency
) -> None:
    serviced(arranged, 2)
    stranger = UserFactory.create()
    place = arranged.city.cast.institution
    GrantFactory.create(user=stranger, role=Role.AGENCY_HEAD, institution=place, agency=arranged.city.cast.other_agency)
    client.force_login(stranger)
    assert client.get(address(arranged, agency)).status_code == 404
    client.force_login(arranged.city.cast.employee)
    assert client.get(address(arranged, agency)).status_code == 404
    client.force_login(arranged.head_account)
    file = client.get(address(arranged, agency), {"unduh": "csv"})
    lines = b"".join(file).decode()
    assert "Bantuan TIK" in lines
    assert "Setiap hari" in lines


def test_the_page_costs_the_same_for_one_service_and_for_many(
    client: Client, arranged: ArrangedCity, agency: Agency
) -> None:
    open_on(serviced(arranged, 2), ("monday", 480, 900, 2))
    client.force_login(arranged.head_account)
    before = queries(client, address(arranged, agency))
    for number in range(12):
        service = serviced(arranged, 1)
        open_on(service, ("tuesday", 480, 900, 1), ("friday", 480, 690, number))
        position = PositionFactory.create(agency=agency)
        PostingFactory.create(position=position, effective_from=TODAY - timedelta(days=400))
        TaskFactory.create(position=position).services.add(service)
    assert queries(client, address(arranged, agency)) == before
