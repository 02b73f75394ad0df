"""The facts of a person: in force by their days, known by their record, unknown only where nobody can know."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Employment, Posting, Predicate
from agencies.months import full_months, months_after
from eligibility.arrangements.person_facts import (
    CIRCUMSTANCES,
    DISCIPLINE,
    KIND,
    MONTHS,
    PREDICATE,
    person_facts,
    person_files,
)
from eligibility.loading import settings_in_force
from eligibility.models import InstitutionSetting
from tests.base import Cast
from tests.factories import (
    RECORDED,
    AdditionalTaskFactory,
    DisciplineGateFactory,
    EmployeeFactory,
    EmploymentFactory,
    PostingFactory,
    PredicateFactory,
    SpecialCircumstanceFactory,
)

DAY = date(2025, 7, 1)
NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)


def test_a_person_of_whom_nothing_is_recorded_is_unpunished_and_otherwise_unknown(cast: Cast) -> None:
    nobody = EmployeeFactory.create(institution=cast.institution)
    facts = person_facts(cast.institution, [nobody.pk], DAY, NOON)[nobody.pk]
    assert facts == {KIND: None, DISCIPLINE: False, MONTHS: None, CIRCUMSTANCES: False, PREDICATE: None}


def test_facts_agree_with_the_reads_of_the_rows_on_every_day(cast: Cast) -> None:
    person = EmployeeFactory.create(institution=cast.institution)
    EmploymentFactory.create(employee=person, kind="cpns", effective_from=date(2024, 1, 15))
    EmploymentFactory.create(employee=person, kind="pns", effective_from=date(2025, 6, 30))
    PredicateFactory.create(employee=person)
    PredicateFactory.create(employee=person, period_ends_on=DAY, predicate="kurang")
    PostingFactory.create(employee=person, reason="formation", effective_from=date(2024, 1, 15))
    PostingFactory.create(employee=person, reason="reorganisation", effective_from=date(2025, 6, 1))
    new = settings_in_force(cast.institution, DAY, NOON).members("new_posting_reasons")
    for on in (date(2024, 1, 14), date(2024, 1, 15), date(2025, 1, 14), date(2025, 6, 29), date(2025, 6, 30), DAY):
        facts = person_facts(cast.institution, [person.pk], on, NOON)[person.pk]
        assert facts[KIND] == Employment.objects.in_force(on, NOON).values_list("kind", flat=True).first()
        assert facts[PREDICATE] == Predicate.objects.last_by(on, NOON).values_list("predicate", flat=True).first()
        assert facts[MONTHS] == Posting.objects.months_in_position(on, NOON, new).get(person.pk)
    assert isinstance(facts[MONTHS], Decimal)


def test_a_light_punishment_without_end_lasts_as_the_institution_has_set_and_is_unknown_until_then(cast: Cast) -> None:
    light = DisciplineGateFactory.create(employee__institution=cast.institution, kind="light", starts_on=DAY)
    medium = DisciplineGateFactory.create(employee__institution=cast.institution, starts_on=DAY)
    process = DisciplineGateFactory.create(
        employee__institution=cast.institution, kind="process", starts_on=date(2025, 6, 1), ends_on=date(2025, 6, 30)
    )

    def disciplined(on: date) -> list[object]:
        keys = [gate.employee_id for gate in (light, medium, process)]
        facts = person_facts(cast.institution, keys, on, NOON)
        return [facts[key][DISCIPLINE] for key in keys]

    assert disciplined(date(2025, 6, 30)) == [False, False, True]
    assert disciplined(DAY) == [None, True, False]
    InstitutionSetting.objects.create(
        institution=cast.institution,
        name="light_discipline_days",
        value=30,
        valid_from=date(2025, 1, 1),
        source="Keputusan 1/2025",
        known_from=RECORDED,
    )
    assert disciplined(date(2025, 7, 30)) == [True, True, False]
    assert disciplined(date(2025, 7, 31)) == [False, True, False]


def test_what_was_not_known_yet_is_not_seen(cast: Cast) -> None:
    late = datetime(2025, 7, 2, tzinfo=UTC)
    gate = DisciplineGateFactory.create(employee__institution=cast.institution, recorded_at=late)
    verified = SpecialCircumstanceFactory.create(employee=gate.employee, recorded_at=RECORDED, superseded_at=NOON)
    for known_at, disciplined, special in (
        (datetime(2025, 7, 1, 4, tzinfo=UTC), False, True),
        (NOON, False, False),
        (late, True, False),
    ):
        facts = person_facts(cast.institution, [verified.employee_id], DAY, known_at)[verified.employee_id]
        assert (facts[DISCIPLINE], facts[CIRCUMSTANCES]) == (disciplined, special), known_at


def test_each_change_of_a_person_begins_a_day_of_its_own(cast: Cast) -> None:
    person = EmployeeFactory.create(institution=cast.institution)
    EmploymentFactory.create(employee=person, effective_from=date(2025, 7, 3))
    PostingFactory.create(employee=person, effective_from=date(2024, 7, 10), effective_until=date(2025, 7, 20))
    DisciplineGateFactory.create(employee=person, starts_on=date(2025, 7, 5), ends_on=date(2025, 7, 6))
    SpecialCircumstanceFactory.create(employee=person, starts_on=date(2025, 7, 8), ends_on=date(2025, 9, 1))
    PredicateFactory.create(employee=person, period_ends_on=date(2025, 7, 15))
    AdditionalTaskFactory.create(employee=person, starts_on=date(2025, 7, 25))
    file = person_files([person.pk], NOON)[person.pk]
    settings = settings_in_force(cast.institution, DAY, NOON)
    days = file.days_of_change(DAY, date(2025, 7, 31), settings, months=(12,))
    assert sorted(day.day for day in days) == [3, 5, 7, 8, 10, 15, 21, 25]
    for day in (7, 21):
        before, on = date(2025, 7, day - 1), date(2025, 7, day)
        assert (file.facts(before, settings)[DISCIPLINE], file.facts(on, settings)[DISCIPLINE]) == (day == 7, False)
    assert (file.facts(date(2025, 7, 9), settings)[MONTHS], file.facts(date(2025, 7, 10), settings)[MONTHS]) == (11, 12)


@pytest.mark.parametrize("since", [date(2024, 1, 31), date(2024, 2, 29), date(2024, 12, 15)])
@pytest.mark.parametrize("months", [0, 1, 11, 12, 13])
def test_the_day_on_which_months_are_full_is_the_first(since: date, months: int) -> None:
    day = months_after(since, months)
    assert full_months(since, day) == months
    assert not months or full_months(since, date.fromordinal(day.toordinal() - 1)) == months - 1


def test_many_files_are_read_as_often_as_one(cast: Cast) -> None:
    people = [PostingFactory.create(position=cast.position).employee_id for _number in range(20)]
    with CaptureQueriesContext(connection) as one:
        person_facts(cast.institution, people[:1], DAY, NOON)
    with CaptureQueriesContext(connection) as many:
        found = person_facts(cast.institution, people, DAY, NOON)
    assert len(found) == 20
    assert len(one) == len(many) == 8
