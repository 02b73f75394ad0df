"""The week of a service: kept as one form, dated and never rewritten, with clear sentences where it cannot be."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from agencies.actions.service_needs import set_service_needs
from agencies.coverage.needs import RecordedNeeds, seen_weeks
from agencies.coverage.week import NeedSpan, WeekHours, in_order, read_time, time_text
from agencies.errors import ActRefused
from agencies.models import PublicService, ServiceNeed, ServiceWeek
from oversight.models import TrailEntry
from tests.agencies.two_steps import confirm, opened, preview, rows
from tests.factories import PublicServiceFactory
from tests.judged_city import JudgedCity

DAY = date(2025, 7, 1)
NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
SAID = {"source": "Standar pelayanan 4/2025", "valid_from": "2025-07-01"}
MORNING = {"monday_1_opens": "08.00", "monday_1_closes": "12.00", "monday_1_staff": "3"}
AFTERNOON = {"monday_2_opens": "13", "monday_2_closes": "15:30", "monday_2_staff": ""}


@pytest.fixture
def counter(city: JudgedCity) -> PublicService:
    """A counter that needs two people every day, as far as is recorded."""
    found: PublicService = PublicServiceFactory.create(agency=city.cast.agency, staff_on_site=2)
    return found


def address(city: JudgedCity, service: PublicService) -> str:
    return city.url(f"layanan/{service.pk}/jam/").partition("?")[0]


def week(*spans: NeedSpan, service: PublicService, valid_from: date = DAY, **said: Any) -> Any:
    told = {"source": "SK 1", "at": NOON, **said}
    return set_service_needs(actor=None, service=service, spans=spans, valid_from=valid_from, **told)


def test_a_week_is_kept_in_one_form_and_the_most_of_a_weekday_is_its_need(
    client: Client, city: JudgedCity, counter: PublicService
) -> None:
    client.force_login(city.cast.hr_officer)
    url = address(city, counter)
    acts = TrailEntry.objects.count()
    shown = preview(client, url, **MORNING, **AFTERNOON, **SAID)
    assert confirm(client, url, shown).status_code == 302
    assert TrailEntry.objects.count() == acts + 1
    entry = TrailEntry.objects.get(action="service_needs_set")
    assert '"after":["monday 08.00-12.00 3","monday 13.00-15.30 ?"]' in entry.body
    needs = RecordedNeeds.of([counter.pk], datetime(2099, 1, 1, tzinfo=UTC))
    found = [needs.needed(counter, date(2025, 7, day)) for day in (7, 8)]
    assert found == [None, 0], "a part of Monday is not known, Tuesday is closed"
    assert needs.needed(counter, date(2025, 6, 30)) == 2, "before it holds the one number counts"
    page = opened(client, url)
    assert 'value="15.30"' in page
    assert "Senin 08.00–12.00" in page


def test_what_cannot_be_is_said_at_the_field_and_nothing_is_stored_or_lost(
    client: Client, city: JudgedCity, counter: PublicService
) -> None:
    client.force_login(city.cast.hr_officer)
    before = rows()
    typed = {
        "monday_1_opens": "08.00",
        "monday_1_closes": "12.00",
        "monday_2_opens": "11.30",
        "monday_2_closes": "15",
        "tuesday_1_opens": "25.00",
        "wednesday_1_closes": "12.00",
        "thursday_1_opens": "15",
        "friday_1_staff": "2",
        "thursday_1_closes": "9",
        "saturday_1_opens": "8",
    }
    answer = client.post(address(city, counter), {**typed, **SAID, "slots": "2", "seen": "-", "preview": "1"})
    form = answer.context["form"]
    assert set(form.errors) == {
        *("monday_2_opens", "tuesday_1_opens", "wednesday_1_opens", "thursday_1_closes"),
        *("friday_1_opens", "saturday_1_closes"),
    }
    assert "08.00–12.00" in str(form.errors["monday_2_opens"])
    page = answer.content.decode()
    assert 'value="25.00"' in page
    assert 'href="#id_tuesday_1_opens"' in page
    assert rows() == before


def test_more_spans_are_offered_without_losing_what_was_typed(
    client: Client, city: JudgedCity, counter: PublicService
) -> None:
    client.force_login(city.cast.hr_officer)
    assert "monday_3_opens" not in opened(client, address(city, counter))
    answer = client.post(address(city, counter), {**MORNING, "monday_2_opens": "sore", "slots": "2", "more": "1"})
    page = answer.content.decode()
    assert 'name="monday_3_opens"' in page
    assert 'value="sore"' in page
    assert 'role="alert"' not in page
    assert not ServiceWeek.objects.exists()


def test_a_correction_supersedes_the_week_of_its_day_and_another_day_adds_one(counter: PublicService) -> None:
    monday = NeedSpan("monday", 480, 900, 3)
    assert week(monday, service=counter) is not None
    assert week(monday, service=counter) is None, "recorded just so"
    assert week(NeedSpan("monday", 480, 900, 4), service=counter, at=datetime(2025, 7, 2, tzinfo=UTC)) is not None
    assert week(monday, service=counter, valid_from=date(2025, 8, 1), at=datetime(2025, 7, 3, tzinfo=UTC)) is not None
    assert ServiceWeek.objects.current().count() == 2
    assert week(service=counter, valid_from=date(2025, 9, 1), at=datetime(2025, 7, 4, tzinfo=UTC)) is not None

    def known(at: datetime) -> list[int | None]:
        needs = RecordedNeeds.of([counter.pk], at)
        return [needs.needed(counter, day) for day in (date(2025, 7, 7), date(2025, 8, 4), date(2025, 9, 1))]

    assert known(NOON) == [3, 3, 3]
    assert known(datetime(2025, 7, 2, 9, tzinfo=UTC)) == [4, 4, 4]
    assert known(datetime(2025, 7, 5, tzinfo=UTC)) == [4, 3, 2], "without a span the one number counts again"


def test_no_spans_overlap_and_no_unseen_change_is_covered(counter: PublicService) -> None:
    with pytest.raises(ActRefused, match=r"10\.00–11\.00"):
        week(NeedSpan("monday", 480, 900, 1), NeedSpan("monday", 600, 660, 1), service=counter)
    seen = seen_weeks(counter)
    week(NeedSpan("monday", 480, 900, 1), service=counter, seen=seen)
    with pytest.raises(ActRefused):
        week(NeedSpan("monday", 480, 900, 2), service=counter, seen=seen)
    assert ServiceNeed.objects.count() == 1


def test_the_database_keeps_a_span_as_it_was_written(counter: PublicService) -> None:
    week(NeedSpan("monday", 480, 900, 1), service=counter)
    for sql in ("UPDATE agencies_serviceneed SET staff = 0", "DELETE FROM agencies_serviceneed"):
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize(("text", "minute"), [("8", 480), ("08.05", 485), ("24.00", 1440), ("0:00", 0)])
def test_a_time_is_read_as_it_is_written_in_offices(text: str, minute: int) -> None:
    assert read_time(text) == minute
    assert read_time(time_text(minute)) == minute


@pytest.mark.parametrize("text", ["", "24.01", "8.60", "pagi", "08-00", "-1", "٠٨.٠٠", "8.5"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(text) + "$"):
        read_time(text)


def test_the_need_of_a_weekday_is_the_highest_of_its_spans() -> None:
    spans = [NeedSpan("monday", 780, 900, 5), NeedSpan("monday", 480, 720, 3), NeedSpan("friday", 480, 690, 2)]
    need = WeekHours(in_order(spans)).need
    assert [need.on(day) for day in ("monday", "friday", "sunday")] == [5, 2, 0]
    assert (need.is_open("friday"), need.is_open("sunday")) == (True, False)
