"""Positions and tasks by the hundred thousand, made inside the database by three statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from django.db import connection

from agencies.facts import POSITION_FACTS, TASK_FACTS, Fact
from agencies.models import Agency
from benchmarks.jobs import ODD_PERCENT, ROW_FACTS, SLOTS, UNKNOWN_PERCENT, Facts, jobs_of, odd_value

_BLOCK: Final = 13
"""Of ten positions eight have one task, one has two and one has three: thirteen tasks."""

_PRIMES: Final = (7919, 104729, 15485863, 32452843, 49979687, 67867967, 86028121, 982451653)


def fill(agencies: Sequence[Agency], tasks: int) -> None:
    """Positions with one to three tasks each, so many tasks in all, spread evenly over the agencies."""
    with connection.cursor() as cursor:
        _store_jobs({agency.kind for agency in agencies})
        cursor.execute(_positions(agencies, _position_of(tasks - 1) + 1))
        cursor.execute(_tasks(tasks))
        cursor.execute(_profiles())
        cursor.execute("DROP TABLE benchmark_jobs")
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _position_of(task: int) -> int:
    """The position of a task, both counted from 0."""
    block, place = divmod(task, _BLOCK)
    return block * 10 + (place if place < 8 else 8 if place < 10 else 9)


def _store_jobs(kinds: Iterable[str]) -> None:
    """Twenty jobs for each kind of agency with their usual and their odd facts, for the statements to pick from."""
    columns = ", ".join(f"{fact.column}, odd_{fact.column}" for fact in ROW_FACTS)
    # Copied from the table itself, so that every column has its type.
    typed = ", ".join(f"{fact.column}, {fact.column} AS odd_{fact.column}" for fact in ROW_FACTS)
    marks = ", ".join(["%s"] * (2 + 2 * len(ROW_FACTS)))
    rows = [[kind, slot, *_usual_and_odd(job)] for kind in kinds for slot, job in enumerate(jobs_of(kind))]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE benchmark_jobs AS "
            f"SELECT category AS kind, agency_id AS slot, {typed} FROM agencies_taskprofile WHERE 1 = 0"
        )
        cursor.executemany(f"INSERT INTO benchmark_jobs (kind, slot, {columns}) VALUES ({marks})", rows)
        cursor.execute("ANALYZE")


def _usual_and_odd(job: Facts) -> list[bool | str | Decimal]:
    values = (value for fact in ROW_FACTS for value in (job[fact.name], odd_value(fact.name, job[fact.name])))
    return [value for value in values if not isinstance(value, frozenset)]


def _numbers(count: int) -> str:
    """A table n of one column n: 0, 1, … count - 1."""
    if connection.vendor == "postgresql":
        return f"WITH n AS (SELECT n::bigint FROM generate_series(0, {count - 1}) AS s(n))"
    return f"WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {count - 1})"


def _draw(number: str, salt: int, below: int) -> str:
    """SQL: a number below the limit that looks drawn by lot, the same in every run and on both databases."""
    first, second = _PRIMES[salt % 8], _PRIMES[(salt // 8 + salt + 3) % 8]
    return f"((({number}) % 1000003 * {first} + {salt * 977}) % 1000033 * {second} + {number}) % 999983 % {below}"


def _fact(fact: Fact, number: str, salt: int) -> str:
    """SQL: the usual value of a fact, at times an odd one, at times null."""
    draw = _draw(number, salt, 100)
    return (
        f"CASE WHEN {draw} < {UNKNOWN_PERCENT} THEN NULL "
        f"WHEN {draw} < {UNKNOWN_PERCENT + ODD_PERCENT} THEN j.odd_{fact.column} ELSE j.{fact.column} END"
    )


def _positions(agencies: Sequence[Agency], count: int) -> str:
    """Positions in the order of their agencies, as imports leave them, keys from 1."""
    columns = ", ".join(fact.column for fact in POSITION_FACTS)
    facts = ", ".join(_fact(fact, "n.n", salt) for salt, fact in enumerate(POSITION_FACTS, start=1))
    text = "'Jabatan ' || n.n"
    return (
        f"INSERT INTO agencies_position (id, institution_id, agency_id, code, title, jenjang, {columns}) "
        f"{_numbers(count)} SELECT n.n + 1, {agencies[0].institution_id}, a.id, {text}, {text}, '', {facts} "
        f"FROM n JOIN agencies_agency a ON a.id = {agencies[0].pk} + n.n * {len(agencies)} / {count} "
        f"JOIN benchmark_jobs j ON j.kind = a.kind AND j.slot = {_draw('n.n', 0, SLOTS)}"
    )


def _tasks(count: int) -> str:
    place, block = f"n.n % {_BLOCK}", f"n.n / {_BLOCK} * 10"
    position = f"{block} + CASE WHEN {place} < 8 THEN {place} WHEN {place} < 10 THEN 8 ELSE 9 END + 1"
    number = f"CASE {place} WHEN 9 THEN 2 WHEN 11 THEN 2 WHEN 12 THEN 3 ELSE 1 END"
    share = f"CASE WHEN {place} < 8 THEN 100 WHEN {place} < 10 THEN 50 ELSE 33 END"
    return (
        "INSERT INTO agencies_task (id, position_id, number, title, share) "
        f"{_numbers(count)} SELECT n.n + 1, {position}, {number}, 'Tugas ' || n.n, {share} FROM n"
    )


def _profiles() -> str:
    """A profile for every task: keys and facts of its position, its own facts after the position's job."""
    carried = ("institution_id", "agency_id", *(fact.column for fact in POSITION_FACTS))
    columns = ", ".join((*carried, *(fact.column for fact in TASK_FACTS)))
    facts = ", ".join(_fact(fact, "t.id", salt) for salt, fact in enumerate(TASK_FACTS, start=10))
    same = ", ".join(f"p.{column}" for column in carried)
    return (
        f"INSERT INTO agencies_taskprofile (task_id, position_id, {columns}) "
        f"SELECT t.id, p.id, {same}, {facts} "
        "FROM agencies_task t JOIN agencies_position p ON p.id = t.position_id "
        "JOIN agencies_agency a ON a.id = p.agency_id "
        f"JOIN benchmark_jobs j ON j.kind = a.kind AND j.slot = {_draw('(p.id - 1)', 0, SLOTS)} "
        "ORDER BY t.id"
    )


RECORDED: Final = 6
"""So many facts of every task have a record in the history."""


def record_facts() -> None:
    """A record for some facts of every task, as an import leaves them, from one source."""
    with connection.cursor() as cursor:
        for fact in TASK_FACTS[:RECORDED]:
            value = f"CAST(p.{fact.column} AS text)"
            cursor.execute(
                "INSERT INTO agencies_factrecord (institution_id, task_id, fact, value, source, basis, reason, "
                f"valid_from, recorded_at, act) SELECT p.institution_id, p.task_id, '{fact.name}', {value}, "
                "'anjab-abk.csv', 'imported', '', '2025-01-02', '2025-01-03 00:00:00+00', "
                "'00000000000000000000000000000001' FROM agencies_taskprofile p ORDER BY p.task_id"
            )
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
