"""Approvals read what a service needs on each weekday; a change of need re-examines, and the past stays as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actions.service_needs import set_service_needs
from agencies.coverage.week import NeedSpan, WeekNeed
from agencies.models import Position, PublicService
from eligibility.arrangements.checks import CheckKind, CheckState
from eligibility.arrangements.examination import examine
from eligibility.arrangements.records import decide_again, read_checks, span_records, write_checks
from eligibility.arrangements.span_texts import read_again
from eligibility.pages.coverage import CoverageRead, coverage_of
from oversight.indications.definitions import Ground
from oversight.indications.services import service_under_need
from oversight.reperformance.run import decide_all_again
from tests.arranged_city import AT, TODAY, ArrangedCity, holder, written
from tests.eligibility.approving import approved, serviced
from tests.eligibility.matters import ground, matter, request, service, usage
from tests.eligibility.test_examination import words
from tests.eligibility.test_gathering import matter as gathered
from tests.factories import PositionFactory, TaskFactory

LATER = AT + timedelta(hours=1)


def week(service: PublicService, /, valid_from: date = TODAY, **staff: int | None) -> Any:
    """The act by which the service is open from 8 to 15 on the weekdays named, with so many people."""
    spans = [NeedSpan(day, 480, 900, number) for day, number in staff.items()]
    said: Any = {"source": "SK 7", "valid_from": valid_from, "at": LATER}
    return set_service_needs(actor=None, service=service, spans=spans, **said)


def counter(staff: int, *usages: Any, **needs: int | None) -> Any:
    """A service with a week; weekdays not named are closed."""
    return replace(service(staff, None, *usages), week=WeekNeed(tuple(needs.items())))


def test_each_weekday_is_held_to_its_own_need_and_a_closed_one_to_none() -> None:
    span = ground(services=(counter(4, usage(2, "friday"), monday=3, friday=3, tuesday=None),))
    assert examine(matter(span), request("monday")).may_be_approved
    friday = examine(matter(span), request("monday", "friday"))
    assert [words(check) for check in friday.failed] == [
        "Loket needs 3 people on site; on Friday 2 would be left (Internal provision)."
    ]
    (unknown,) = examine(matter(span), request("tuesday")).unknown
    assert (unknown.state, unknown.weekday) == (CheckState.UNKNOWN, "tuesday")
    assert "on Tuesday" in words(unknown)
    assert examine(matter(span), request("wednesday")).may_be_approved, "closed on Wednesday"


def test_filled_places_of_positions_without_a_holder_count_and_what_nobody_counted_is_not_known() -> None:
    def judged(unnamed: int | None) -> Any:
        return examine(matter(ground(services=(replace(service(2, 3), unnamed=unnamed),))), request("monday"))

    assert [words(check) for check in judged(0).failed] == [
        "Loket needs 3 people on site; on Monday 1 would be left (Internal provision)."
    ]
    assert judged(2).may_be_approved
    (named,) = (check for check in judged(2).checks if check.kind is CheckKind.SERVICE)
    assert "on Monday 3 would be left, counting 2 filled places of positions in which nobody is named" in words(named)
    assert "counting 1 filled" in words(*judged(1).failed)
    (open_still,) = judged(None).unknown
    assert "it is not known whether more are there; record one of the two" in words(open_still)
    enough = replace(service(4, 3), unnamed=None)
    assert examine(matter(ground(services=(enough,))), request("monday")).may_be_approved, "more could only help"


def test_what_was_counted_by_filled_places_is_kept_and_decided_again_the_same() -> None:
    for unnamed in (2, None):
        span = ground(services=(replace(service(4, 3), unnamed=unnamed),))
        examination = examine(matter(span), request("monday"))
        (record,) = span_records(matter(span), request("monday"))
        assert decide_again(record.facts, record.rulebook, request("monday")) == record.outcome
        (read,) = read_again(record.facts, record.rulebook, request("monday")).ground.services
        assert read.unnamed == unnamed
        assert [one.unnamed for one in read_checks(write_checks(examination.checks))] == [
            one.unnamed for one in examination.checks
        ]


def test_the_gate_counts_whom_the_page_of_coverage_counts(arranged: ArrangedCity) -> None:
    counted = serviced(arranged, 6)
    place, today = arranged.city.cast.institution, AT

    def gate() -> tuple[int, int | None]:
        (group,) = gathered(arranged, known_at=today).spans[0].services
        return group.staff, group.unnamed

    def page() -> tuple[int | None, int]:
        found = coverage_of(counted, CoverageRead.of(place, [counted], TODAY, today))
        return found.staff, found.recorded

    assert (gate(), page()) == ((5, 0), (5, 0))
    beside = PositionFactory.create(agency=arranged.programmer.agency, filled=3)
    TaskFactory.create(position=beside).services.add(counted)
    assert (gate(), page()) == ((5, 3), (8, 3))
    Position.objects.filter(pk=beside.pk).update(filled=None)
    assert (gate(), page()) == ((5, None), (None, 0)), "not counted is not nobody"
    holder(beside, "Petugas")
    assert (gate(), page()) == ((6, 0), (6, 0))


def test_an_approval_keeps_the_week_and_decides_again_the_same() -> None:
    span = ground(services=(counter(4, usage(2, "friday"), monday=3, friday=2),))
    (record,) = span_records(matter(span), request("monday", "friday"))
    assert [1, "Loket", 4, {"friday": 2, "monday": 3}, True] in json.loads(record.facts)["services"]
    asked = request("monday", "friday")
    assert decide_again(record.facts, record.rulebook, asked) == record.outcome
    (read,) = read_again(record.facts, record.rulebook, asked).ground.services
    assert (read.needed_on("monday"), read.is_open("sunday")) == (3, False)


def test_the_week_is_read_as_it_was_known_and_cuts_the_period_where_it_changes(arranged: ArrangedCity) -> None:
    counted = serviced(arranged, 2)
    before = gathered(arranged).spans
    assert {span.services[0].needed for span in before} == {2}
    week(counted, monday=1)
    week(counted, date(2025, 10, 20), monday=4, tuesday=1)
    assert gathered(arranged, known_at=AT).spans == before, "not known then"
    spans = gathered(arranged, known_at=LATER).spans
    assert len(spans) == len(before) + 1
    needs = [span.services[0].week for span in spans]
    assert [need.on("monday") for need in needs if need] == [1, 4]
    assert spans[-1].starts_on == date(2025, 10, 20)


def test_the_reads_do_not_grow_with_services_that_have_a_week(arranged: ArrangedCity) -> None:
    week(serviced(arranged, 1), monday=1)
    with CaptureQueriesContext(connection) as few:
        gathered(arranged, known_at=LATER)
    for _number in range(5):
        week(serviced(arranged, 1), monday=1, sunday=None)
    with CaptureQueriesContext(connection) as many:
        gathered(arranged, known_at=LATER)
    assert len(many) <= len(few)


def test_a_change_of_need_suspends_at_once_what_no_longer_fits_and_nobody_else(arranged: ArrangedCity) -> None:
    counted = serviced(arranged, 2)  # of five programmers
    tuesday, monday = approved(arranged, None, "tuesday"), approved(arranged, arranged.colleagues[0], "monday")
    week(counted, monday=4, tuesday=5)
    for row in (tuesday, monday):
        row.refresh_from_db()
    assert (tuesday.state, monday.state) == ("suspended", "approved")
    assert tuesday.steps.latest("pk").ground == "service"
    redone = decide_all_again(arranged.city.cast.institution, None)
    assert not redone.found, "what was approved before is held to the need as it was known then"


def test_the_inspector_counts_each_date_against_the_need_of_that_date(arranged: ArrangedCity) -> None:
    counted = serviced(arranged, 1)
    row = written(
        arranged,
        arranged.colleagues[0],
        state="approved",
        approved_at=AT,
        starts_on=date(2025, 9, 1),
    )
    institution = arranged.city.cast.institution
    assert not list(service_under_need(Ground(institution, date(2025, 10, 10), LATER)))
    week(counted, date(2025, 9, 1), wednesday=5)
    (flag,) = service_under_need(Ground(institution, date(2025, 10, 10), LATER))
    assert flag.arrangement == row.pk
    assert dict(flag.words)["day"] == date(2025, 9, 3)
    assert dict(flag.words)["needed"] == 5
    beside = PositionFactory.create(agency=arranged.programmer.agency, filled=None)
    TaskFactory.create(position=beside).services.add(counted)
    for filled, flags in ((None, 0), (0, 1), (1, 0)):
        Position.objects.filter(pk=beside.pk).update(filled=filled)
        found = list(service_under_need(Ground(institution, date(2025, 10, 10), LATER)))
        assert len(found) == flags, "whom nobody named or counted may have been there"
