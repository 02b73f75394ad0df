"""Queries whose SQL is built once give what they would give built anew, for all arguments they are asked with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Count, F, Q, QuerySet

from agencies.models import Employee, FactRecord, Position, Posting
from agencies.prepared import MOST_KEYS, Prepared, prepared
from tests.factories import PostingFactory, TaskFactory

AT = datetime(2025, 7, 1, 5, tzinfo=UTC)
ON = date(2025, 7, 1)


@prepared
def _postings(employees: Collection[int], on: date, at: datetime) -> QuerySet[Posting]:
    rows = Posting.objects.in_force(on, at).filter(employee__in=employees)
    return rows.select_related("employee", "position__agency").order_by("pk")


@prepared
def _names(employees: Collection[int], at: datetime) -> QuerySet[Any, tuple[int, datetime]]:
    return (
        Employee.objects.filter(pk__in=employees, recorded_at__lte=at).order_by("pk").values_list("pk", "recorded_at")
    )


@pytest.mark.django_db
def test_rows_values_and_relations_are_those_of_the_query_itself(django_assert_num_queries: Any) -> None:
    made = [PostingFactory.create(effective_from=ON - timedelta(days=day)) for day in range(3)]
    keys = [one.employee_id for one in made]
    for asked in (
        [],
        keys[:1],
        keys[1:2],
        keys[:2],
        [*keys, *keys],
        [0] * 3,
        keys + list(range(10**6, 10**6 + MOST_KEYS)),
    ):
        for on in (ON, ON - timedelta(days=1), ON - timedelta(days=9)):
            built = Posting.objects.in_force(on, AT).filter(employee__in=asked).order_by("pk")
            assert _postings(asked, on, AT) == list(built)
    assert [one.pk for one in _postings(keys, ON, AT)] == [one.pk for one in made]
    with django_assert_num_queries(1):
        assert _postings(keys[:1], ON, AT)[0].position.agency == made[0].position.agency
    assert _names(keys, AT)[0] == (keys[0], made[0].employee.recorded_at)
    assert _names(keys, made[0].employee.recorded_at - timedelta(seconds=1)) == []


@prepared
def _filled(institution: int) -> QuerySet[Any, Position]:
    held = Count("postings", filter=Q(postings__superseded_at__isnull=True))
    return Position.objects.filter(institution_id=institution).annotate(held=held).select_related("unit").order_by("pk")


@prepared
def _told(institution: int) -> QuerySet[Any, Any]:
    return Position.objects.filter(institution_id=institution).order_by("pk").values("pk", there=F("agency__name"))


@prepared
def _titles(institution: int) -> QuerySet[Any, str]:
    return Position.objects.filter(institution_id=institution).order_by("title").values_list("title", flat=True)


@prepared
def _with_tasks(institution: int) -> QuerySet[Any, Position]:
    return Position.objects.filter(institution_id=institution).order_by("pk").prefetch_related("tasks")


@pytest.mark.django_db
def test_each_kind_of_rows_is_that_of_the_query_itself(django_assert_num_queries: Any) -> None:
    posting = PostingFactory.create()
    position = posting.position
    for _time in range(3):
        found: Any = _filled(position.institution_id)[0]
        assert (found, found.held, found._state.adding, found._state.db) == (position, 1, False, "default")
        with django_assert_num_queries(0):
            assert found.unit == position.unit
        assert _told(position.institution_id) == [{"pk": position.pk, "there": position.agency.name}]
        assert _titles(position.institution_id) == [position.title]
        with django_assert_num_queries(2):
            assert list(_with_tasks(position.institution_id)[0].tasks.all()) == []
        assert not any(query(0) for query in (_filled, _told, _titles, _with_tasks))


@pytest.mark.django_db
def test_what_is_asked_without_an_argument_is_another_query() -> None:
    begun = Prepared(lambda on: Posting.objects.filter(effective_from=on) if on else Posting.objects.all())
    made = [PostingFactory.create(effective_from=ON - timedelta(days=day)) for day in range(2)]
    for _time in range(2):
        assert begun(ON) == made[:1]
        assert set(begun(None)) == set(made)


@pytest.mark.django_db
def test_keys_may_be_uuids() -> None:
    of_acts = Prepared(lambda acts: FactRecord.objects.filter(act__in=acts).order_by("pk"))
    task = TaskFactory.create()
    told: dict[str, Any] = {"institution": task.position.institution, "task": task, "fact": "task.public_facing"}
    dated: dict[str, Any] = {"basis": "imported", "valid_from": ON, "recorded_at": AT}
    first, second = (FactRecord.objects.create(value=value, **told, **dated) for value in (True, False))
    assert of_acts([uuid4()]) == of_acts([uuid4(), uuid4()]) == []
    assert of_acts([first.act]) == [first]
    assert of_acts([second.act, first.act]) == [first, second]


@pytest.mark.django_db
def test_a_builder_that_changes_an_argument_or_leaves_it_out_is_not_kept_wrongly() -> None:
    employee = PostingFactory.create(effective_from=ON).employee
    later = Prepared(lambda on: Posting.objects.filter(effective_from=on - timedelta(days=1)))
    with pytest.raises(AssertionError):
        later(ON + timedelta(days=1))
    forgetful = Prepared(lambda key, on: Posting.objects.filter(employee=key))
    assert [one.employee for one in forgetful(employee.pk, ON)] == [employee]
    assert forgetful(employee.pk + 1, ON) == []
