"""Signing: results judged and stored for ever, beside a bare INSERT … SELECT of the same rows; then sealed, then
compared with what would be decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from statistics import median
from time import perf_counter
from typing import Final

from django.db import connection, transaction

from agencies import triggers
from agencies.models import Agency, Institution
from agencies.protection import install_triggers
from benchmarks.jobs import make_agencies
from benchmarks.law import KNOWN_AT, ON
from benchmarks.report import Line
from benchmarks.rows import fill, record_facts
from eligibility.actions.determinations import record_determination
from eligibility.determinations.reading import notes_for
from eligibility.determinations.signing import Signature
from eligibility.determinations.stale import stale_keys
from eligibility.determinations.storing import remove_results, store_results
from eligibility.footing import Footing
from eligibility.models import DeterminedPosition, DeterminedTask, Verification
from eligibility.rulebook_text import canonical
from eligibility.statements import compiled
from eligibility.stored_rulebooks import store_rulebook

ROUNDS: Final = 3
"""Timed rounds; each begins with empty tables."""

TABLES: Final = (DeterminedTask._meta.db_table, DeterminedPosition._meta.db_table)
TASKS_PER_POSITION: Final = 1.3
AT: Final = datetime(2025, 7, 1, 5, tzinfo=UTC)
CHANGED: Final = 100
"""One in so many tasks has another fact when rows are compared again."""


def measure(city: Institution, name: str, positions: int) -> Iterator[Line]:
    """Positions stored a second beside the bare copy; the same sealed; seconds to find the stale ones."""
    fill(make_agencies(city), round(positions * TASKS_PER_POSITION))
    record_facts()
    agencies = list(Agency.objects.filter(institution=city).order_by("pk"))
    of, large = f"{name}, {positions:,} positions", name == "PostgreSQL" and positions >= 100_000
    verification = new_verification(city, agencies)
    _copy_filled(verification, agencies)
    bare = positions / median(_timed(_bare, protected=False) for _ in range(ROUNDS))
    ours = positions / median(_timed(lambda: store(verification, agencies)) for _ in range(ROUNDS))
    reference = "bare INSERT … SELECT of the same rows"
    yield Line(f"{of}: judged and stored a second", reference, ours, bare, at_least=0.6 if large else None)
    start = perf_counter()
    with transaction.atomic():
        store(verification, agencies)
        _seal(verification)
    yield Line(f"{of}: the same, and sealed row by row", reference, positions / (perf_counter() - start), bare)
    yield Line(
        f"{of}: nothing changed, compared again, s", "", _compared(city), at_most=0.3 if positions < 5000 else None
    )
    _change()
    yield Line(
        f"{of}: one fact in {CHANGED} changed, s", "", _compared(city), at_most=0.3 if positions < 5000 else None
    )
    other = Footing(city, date(2026, 5, 1), datetime(2026, 12, 1, tzinfo=UTC))
    assert other.rulebook.fingerprint != verification.rulebook_id
    later = _compared(city, other.on, other.known_at)
    yield Line(f"{of}: by the law of another year, s", "", later)


def new_verification(city: Institution, agencies: Sequence[Agency]) -> Verification:
    """Results of the whole city that wait for the PPK, without rows."""
    rulebook = Footing(city, ON, KNOWN_AT).rulebook
    return Verification.objects.create(
        institution=city,
        agency=agencies[0],
        with_subtree=True,
        judged_on=ON,
        known_at=KNOWN_AT,
        rulebook=store_rulebook(rulebook, AT),
        layout=compiled(rulebook).layout.digest,
        notes=canonical(notes_for(rulebook, {})),
        steps="ppk",
        step="ppk",
        sent_at=AT,
    )


def store(verification: Verification, agencies: Sequence[Agency]) -> None:
    rulebook, grounds = Footing(verification.institution, ON, KNOWN_AT).parts()
    store_results(verification, rulebook, grounds, [agency.pk for agency in agencies])


def _seal(verification: Verification) -> None:
    """The Keputusan on them: every row gets its digest and its leaf in the trail."""
    signed = Signature("188.45/1/2025", ON, "Wali Kota")
    record_determination(actor=None, verification=verification, signed=signed, effective_from=ON, at=AT)


def _copy_filled(verification: Verification, agencies: Sequence[Agency]) -> None:
    """The rows that signing writes, kept in plain tables for the bare copy to read."""
    with transaction.atomic():
        store(verification, agencies)
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"CREATE TABLE filled_{table} AS SELECT * FROM {table}")
        remove_results(verification)
    tidied()


def _bare() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            columns = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM filled_{table}")


def _timed(work: Callable[[], object], *, protected: bool = True) -> float:
    """Seconds of one round in a transaction that is taken back, with its checks of keys; then all is tidied up."""
    if not protected:
        triggers.remove(connection)
    with transaction.atomic():
        start = perf_counter()
        work()
        connection.check_constraints()
        spent = perf_counter() - start
        transaction.set_rollback(True)
    if not protected:
        install_triggers(connection.alias)
    tidied()
    return spent


def tidied() -> None:
    """Dead rows removed and statistics taken, as a database does by itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _change() -> None:
    """Another fact for one task in a hundred."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agencies_taskprofile SET with_tik = CASE WHEN with_tik THEN NULL ELSE NOT with_tik END "
            f"WHERE task_id % {CHANGED} = 0 AND with_tik IS NOT NULL"
        )
    tidied()


def _compared(city: Institution, on: date = ON, known_at: datetime = KNOWN_AT) -> float:
    """Median seconds of finding all stale positions of the city; what signing recorded is known by then."""
    known = max(known_at, AT.replace(hour=23))
    stale_keys(Footing(city, on, known))
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        stale_keys(Footing(city, on, known))
        times.append(perf_counter() - start)
    return median(times)
