"""The trail: acts recorded, each in a transaction of its own, beside a bare insert; entries verified."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from django.db import connection, transaction

from agencies import events
from agencies.models import Institution
from benchmarks.report import Line
from benchmarks.timing import seconds
from oversight.models import TrailEntry
from oversight.trail import verify

ACTS: Final = 400
"""Acts in one timed round."""

ENTRIES: Final = 20_000
"""Entries that are verified."""


def measure(city: Institution, name: str) -> Iterator[Line]:
    """Acts a second, the same without waiting for the disk after each, and entries verified a second."""
    expected = name == "PostgreSQL"

    def each() -> None:
        for _ in range(ACTS):
            with transaction.atomic():
                _record(city)

    def together() -> None:
        with transaction.atomic():
            for _ in range(ACTS):
                _record(city)

    bare = ACTS / seconds(_bare_inserts)
    yield Line(f"{name}: acts recorded a second", "bare insert, own transaction", ACTS / seconds(each), bare)
    rate = ACTS / seconds(together)
    yield Line(f"{name}: the same in one transaction", "", rate, at_least=500 if expected else None)
    with transaction.atomic():
        for _ in range(max(0, ENTRIES - TrailEntry.objects.filter(institution=city).count())):
            _record(city)
    count = verify(city).count
    rate = count / seconds(lambda: verify(city))
    yield Line(f"{name}: entries verified a second", "", rate, at_least=50_000 if expected else None)


def _record(city: Institution) -> None:
    events.record(actor=None, action="benchmark", subject=city, number=1)


def _bare_inserts() -> None:
    """As many rows of the same width in a table without chain, triggers or keys, one transaction each."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS benchmark_bare (id varchar(36), body text, digest varchar(64))")
        for _ in range(ACTS):
            with transaction.atomic():
                cursor.execute(
                    "INSERT INTO benchmark_bare VALUES (%s, %s, %s)", [str(uuid.uuid4()), "x" * 400, "0" * 64]
                )
