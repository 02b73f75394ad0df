"""PostgreSQL keeps a query that a connection runs again; what comes back is what the query itself would give."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Case, CharField, QuerySet, Value, When
from django.test.utils import CaptureQueriesContext

from agencies import server_statements
from agencies.models import Employee, Institution, Posting
from agencies.prepared import Prepared, prepared
from agencies.row_versions import row_versions
from tests.factories import EmployeeFactory, InstitutionFactory, PostingFactory

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps statements by itself")
AT = datetime(2025, 7, 1, 5, tzinfo=UTC)
ON = date(2025, 7, 1)


@prepared
def _postings(employees: Collection[int], on: date, at: datetime) -> QuerySet[Posting]:
    return Posting.objects.in_force(on, at).filter(employee__in=employees).order_by("pk")


@prepared
def _told(name: str) -> QuerySet[Any, tuple[str, str]]:
    """Fixed values of its own, a per cent sign among them, and one argument that stands in two places."""
    told = Case(When(name=name, then=Value("100% 'she'")), default=Value("another"), output_field=CharField())
    rows = Employee.objects.filter(name__gte=name).annotate(told=told)
    return rows.order_by("name").values_list("name", "told")


def _sent(query: Any, *given: Any) -> str:
    with CaptureQueriesContext(connection) as captured:
        query(*given)
    (statement,) = captured.captured_queries
    return str(statement["sql"])


@pytest.mark.django_db
def test_from_the_second_time_on_the_server_keeps_it_and_each_argument_stands_in_its_place() -> None:
    made = [PostingFactory.create(effective_from=ON - timedelta(days=day)) for day in range(3)]
    keys = [one.employee_id for one in made]
    assert _sent(_postings, keys[:2], ON, AT).startswith("SELECT")
    assert _sent(_postings, keys[:2], ON, AT).startswith('EXECUTE "_postings ')
    assert _postings(keys[1:], ON, AT) == made[1:]
    assert _postings(keys[:2], ON - timedelta(days=1), AT) == made[1:2]
    assert _postings(keys[:2], ON, datetime(2020, 1, 1, tzinfo=UTC)) == []


@pytest.mark.django_db
def test_values_of_the_query_itself_and_texts_come_through() -> None:
    for name in ("Ani 100%s", "Budi $1 'x'"):
        EmployeeFactory.create(name=name)
    for _time in range(3):
        assert _told("Ani 100%s") == [("Ani 100%s", "100% 'she'"), ("Budi $1 'x'", "another")]
        assert _told("Budi $1 'x'") == [("Budi $1 'x'", "100% 'she'")]
        assert _told("Z") == []


@pytest.mark.django_db
def test_nothing_is_kept_behind_a_pooler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    rows = Prepared(lambda key: Institution.objects.filter(pk=key))
    made = InstitutionFactory.create()
    assert all(_sent(rows, made.pk).startswith("SELECT") for _time in range(3))
    assert rows(made.pk) == [made]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_begins_anew() -> None:
    made = InstitutionFactory.create()
    rows = Prepared(lambda key: Institution.objects.filter(pk=key))
    assert [rows(made.pk) for _time in range(2)] == [[made]] * 2
    before = row_versions((Institution,)), row_versions((Institution,))
    connection.close()
    assert _sent(rows, made.pk).startswith("SELECT")
    assert _sent(rows, made.pk).startswith("EXECUTE")
    assert rows(made.pk + 1) == []
    assert (row_versions((Institution,)), row_versions((Institution,))) == before


@pytest.mark.django_db
def test_the_server_keeps_so_many_and_then_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_statements, "MOST_ON_SERVER", 2)
    made = InstitutionFactory.create()
    queries = [Prepared(lambda key: Institution.objects.filter(pk=key)) for _one in range(5)]
    assert [query(made.pk) for query in queries] == [[made]] * 5
    for _time in range(2):
        assert [query(made.pk) for query in queries] == [[made]] * 5
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchone()[0] <= 2
    assert [query(made.pk + 1) for query in queries] == [[]] * 5
