"""The trail: acts recorded, each in a transaction of its own, beside a bare insert; entries verified; bulk acts
that seal many rows, and the rows compared with them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Final

from django.db import connection, transaction

from agencies import events
from agencies.bulk_rows import insert_rows, refresh_statistics
from agencies.digests import leaves
from agencies.models import Institution
from benchmarks.report import Line
from benchmarks.timing import seconds
from eligibility.models import Rule, RuleRepeal
from oversight.chain import verify
from oversight.covered_rows import row_faults
from oversight.leaf_rows import leaf_faults
from oversight.models import TrailEntry

ACTS: Final = 400
"""Acts in one timed round."""

ENTRIES: Final = 20_000
"""Entries that are verified."""

LEAVES: Final = 100_000
"""Rows that one bulk act seals."""

_COLUMNS: Final = ("rule", "effective_from", "basis", "known_from", "recorded_at")
_NOW: Final = datetime(2025, 7, 1, 5, tzinfo=UTC)


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
    yield from measure_leaves(city, name)


def measure_leaves(city: Institution, name: str) -> Iterator[Line]:
    """Rows written and sealed by one act beside the same rows alone; digests made; rows and leaves verified."""
    expected = name == "PostgreSQL"
    alone = LEAVES / _once(lambda: _write_rows(city, "alone"))
    with transaction.atomic():
        sealed = LEAVES / _once(lambda: _seal_rows(city))
    yield Line(f"{name}: rows a second, written and sealed by one act", "the rows alone", sealed, alone)
    refresh_statistics()
    rows = RuleRepeal.objects.filter(basis="sealed")
    rate = LEAVES / seconds(lambda: sum(1 for _ in leaves(rows)))
    yield Line(f"{name}: digests of plain rows a second", "", rate, at_least=50_000 if expected else None)
    rate = LEAVES / _once(lambda: _expect(leaf_faults(city).faults))
    yield Line(f"{name}: leaves verified against their root a second", "", rate)
    with transaction.atomic():
        events.record(actor=None, action="benchmark", subject=city, leaves=leaves(RuleRepeal.objects.all()))
    refresh_statistics()
    rate = RuleRepeal.objects.count() / _once(lambda: _expect(list(row_faults(None))))
    yield Line(f"{name}: protected rows verified a second", "", rate)


def _once(work: Callable[[], object]) -> float:
    """Seconds of a single run, for work that is long or cannot be done twice."""
    start = perf_counter()
    work()
    return perf_counter() - start


def _write_rows(city: Institution, basis: str) -> None:
    """So many rows of a plain protected table, by the hundred."""
    day = date(2025, 7, 1)
    rule, _new = Rule.objects.get_or_create(code="benchmark", owner=city)
    rows = ((rule.pk, day, basis, _NOW, _NOW) for _number in range(LEAVES))
    with transaction.atomic():
        insert_rows(RuleRepeal, _COLUMNS, rows)


def _seal_rows(city: Institution) -> None:
    _write_rows(city, "sealed")
    sealed = leaves(RuleRepeal.objects.filter(basis="sealed"))
    events.record(actor=None, action="benchmark", subject=city, leaves=sealed)


def _expect(faults: Sequence[object]) -> None:
    if faults:
        raise SystemExit(f"The rows of the benchmark do not verify: {faults[:3]}")


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
