"""Digests of rows: one exact text for each value, the same on every database, another for every other value."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.digests import Children, Leaf, Recipe, canonical_json, leaves_by, text_of
from agencies.models import Agency, Institution, Position
from tests.base import Cast

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.uuids(),
    JSON.filter(lambda value: isinstance(value, dict | list)),
)


LONG_AGO, FAR_OFF = datetime(1000, 1, 2), datetime(9998, 1, 1)  # noqa: DTZ001 - limits of times without a zone


class Word(StrEnum):
    ONE = "satu"


def test_each_type_has_its_exact_text() -> None:
    """These texts may not move: digests written years ago are made from them."""
    values = [
        "é",
        True,
        False,
        0,
        None,
        datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC),
        date(2025, 7, 1),
        time(7, 30),
        timedelta(minutes=1),
        Decimal("2.50"),
        UUID(int=7),
        {"b": [1, None], "a": "é"},
        ["x"],
        Word.ONE,
    ]
    assert text_of(values) == (
        '"\\u00e9",true,false,0,null,1000005,"2025-07-01","07:30:00",60000000,"2.50",'
        '"00000000000000000000000000000007",{"a":"\\u00e9","b":[1,null]},["x"],"satu"'
    )


@given(VALUES, VALUES)
def test_different_values_of_one_type_have_different_texts(one: object, other: object) -> None:
    if type(one) is type(other):
        # As canonical JSON for what JSON itself tells apart and Python does not: 1 and True.
        same = canonical_json(one) == canonical_json(other) if isinstance(one, dict | list) else one == other
        assert (text_of([one]) == text_of([other])) == same


@given(st.datetimes(timezones=st.just(UTC), min_value=LONG_AGO, max_value=FAR_OFF))
def test_a_time_is_the_same_in_every_zone(at: datetime) -> None:
    assert text_of([at]) == text_of([at.astimezone(timezone(timedelta(hours=7)))])


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_no_value_can_pass_for_two(one: list[str], other: list[str]) -> None:
    assert (text_of(one) == text_of(other)) == (one == other)


@given(JSON)
def test_json_is_the_same_for_the_same_content(value: object) -> None:
    backwards = dict(reversed(value.items())) if isinstance(value, dict) else value
    assert canonical_json(value) == canonical_json(backwards)
    assert canonical_json(value).isascii()


@pytest.mark.django_db
def test_a_recipe_covers_table_number_key_columns_and_children(cast: Cast) -> None:
    positions = Children("agencies.position", "agency", ("id", "code"))
    recipe = Recipe(3, ("id", "code", "institution__code"), (positions,))
    agency, position = cast.agency, cast.position
    row = f'{agency.pk},"Diskominfo","kota-contoh"'
    child = f'{position.pk},"DISKOMINFO-01"'
    texts = [
        f'["agencies.agency",3,{row},["agencies.position",[{child}]]]',
        f'["agencies.position",3,{child}]',
        f'["agencies.agency",3,{cast.other_agency.pk},"Dinkes","kota-contoh",["agencies.position"]]',
    ]
    keys = [
        ("agencies.agency", agency.pk),
        ("agencies.position", position.pk),
        ("agencies.agency", cast.other_agency.pk),
    ]
    assert list(leaves_by(recipe, Agency.objects.filter(institution=cast.institution).order_by("pk"))) == [
        Leaf(table, str(key), sha256(text.encode()).hexdigest()) for (table, key), text in zip(keys, texts, strict=True)
    ]


@pytest.mark.django_db
def test_leaves_come_in_the_order_asked_for_and_cost_the_same_queries_for_many(
    cast: Cast, django_assert_num_queries: object
) -> None:
    recipe = Recipe(1, ("id", "title"))
    Position.objects.bulk_create(
        Position(agency=cast.agency, institution=cast.institution, code=f"X{n}", title="X", needed=1, filled=1)
        for n in range(50)
    )
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = list(leaves_by(recipe, Position.objects.order_by("-pk")))
    assert [int(leaf.key) for leaf in found] == sorted((int(leaf.key) for leaf in found), reverse=True)
    assert len({leaf.digest for leaf in found}) == 51
    with django_assert_num_queries(2):  # type: ignore[operator]
        list(
            leaves_by(
                Recipe(1, ("id",), (Children("agencies.agency", "institution", ("id",)),)), Institution.objects.all()
            )
        )
