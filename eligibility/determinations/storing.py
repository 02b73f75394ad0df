"""Writes what is sent: every task and position of the agencies covered, with facts, masks and origins.

Tasks are one INSERT … SELECT from the screening, positions one more that folds the tasks just written, so
that a city of 100,000 positions is stored at the speed of the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from agencies.models import Agency, FactRecord, Position, Task, TaskProfile, Unit
from eligibility.grounds import Grounds
from eligibility.models import DeterminedGround, DeterminedPosition, DeterminedSource, DeterminedTask, Verification
from eligibility.models.determinations import BITS_PER_MODE, FACT_COLUMNS, MODES
from eligibility.rulebook import Rulebook
from eligibility.rulebook_text import ground_text
from eligibility.screening import WORK_MEMORY, JudgedTasks, judged_tasks


@dataclass(frozen=True, slots=True)
class Stored:
    """How much was written."""

    positions: int
    tasks: int


def covered_agencies(agency: Agency, grounds: Grounds, *, with_subtree: bool) -> list[int]:
    """The keys of the agencies that results of the agency cover; those closed on the day are left out."""
    if not with_subtree:
        return [agency.pk]
    keys = Agency.objects.filter(institution=agency.institution_id).subtree([agency.pk])
    return sorted(keys - grounds.closed)


def store_results(verification: Verification, rulebook: Rulebook, grounds: Grounds, agencies: list[int]) -> Stored:
    """Write the rows of a verification as the rulebook judges the agencies now; it has none yet."""
    _store_grounds(verification, grounds, agencies)
    _store_sources(verification, agencies)
    alone = verification.agency if agencies == [verification.agency_id] else None
    judged = judged_tasks(rulebook, grounds, verification.institution, alone)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL work_mem = %s", [WORK_MEMORY])
        make_origin_tables(cursor)
        for key in _OWNERS:
            _gather_origins(cursor, verification, key, agencies)
        cursor.execute(*_insert_tasks(verification, judged, agencies))
        tasks = cursor.rowcount
        cursor.execute(*_insert_positions(verification, agencies))
        return Stored(cursor.rowcount // len(MODES), tasks)


def remove_results(verification: Verification) -> None:
    """Take the rows of a verification away, to be written anew; the database refuses it once it is determined."""
    for model in (DeterminedPosition, DeterminedTask, DeterminedSource, DeterminedGround):
        rows = model._default_manager.filter(verification=verification)
        rows._raw_delete(rows.db)


def _store_grounds(verification: Verification, grounds: Grounds, agencies: Iterable[int]) -> None:
    names = dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "name"))
    units = Unit.objects.filter(agency__in=agencies).order_by("pk")
    rows = [
        DeterminedGround(
            verification=verification,
            agency_id=key,
            agency_name=names[key],
            content=ground_text(grounds.agencies[key].values, grounds.agencies[key].place),
        )
        for key in agencies
    ]
    rows += [
        DeterminedGround(
            verification=verification,
            agency_id=unit.agency_id,
            unit=unit,
            agency_name=names[unit.agency_id],
            unit_name=unit.name,
            content=ground_text(grounds.units[unit.pk].values, grounds.units[unit.pk].place),
        )
        for unit in units
    ]
    DeterminedGround.objects.bulk_create(rows, batch_size=500)


def _records(agencies: Collection[int]) -> tuple[str, list[int]]:
    """SQL: the records of the facts of tasks and positions in the agencies, as `r`."""
    marks = ", ".join(["%s"] * len(agencies))
    keys = f"SELECT {{key}} FROM {_table(TaskProfile)} WHERE agency_id IN ({marks})"
    where = " OR ".join(f"r.{key} IN ({keys.format(key=key)})" for key in ("task_id", "position_id"))
    return f"{_table(FactRecord)} r WHERE {where}", [*agencies, *agencies]


def _store_sources(verification: Verification, agencies: Collection[int]) -> None:
    """Number the origins of the facts in the agencies, so that each task's row names them by a number."""
    records, params = _records(agencies)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT basis, source, valid_from FROM {records} ORDER BY valid_from, basis, source", params
        )
        found = cursor.fetchall()
    DeterminedSource.objects.bulk_create(
        [
            DeterminedSource(
                verification=verification, number=number, basis=basis, source=source, valid_from=valid_from
            )
            for number, (basis, source, valid_from) in enumerate(found, start=1)
        ],
        batch_size=500,
    )


_AGGREGATE: Final = {"postgresql": "string_agg", "sqlite": "group_concat"}
_OWNERS: Final = ("task_id", "position_id")
"""What a record of a fact belongs to."""


def make_origin_tables(cursor: CursorWrapper) -> None:
    """The temporary tables of origins, which a connection keeps once they are made.

    After a table is made or dropped, SQLite reads its whole schema anew at each savepoint that is rolled back.
    """
    for key in _OWNERS:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS origins_by_{key} (owner bigint PRIMARY KEY, origins text)"
        )


def _gather_origins(cursor: CursorWrapper, verification: Verification, key: str, agencies: Collection[int]) -> None:
    """Fill the temporary table of origins by task or position: its rows are counted before it is joined, which the
    database cannot do for a named query."""
    table = f"origins_by_{key}"
    cursor.execute(f"DELETE FROM {table}")
    cursor.execute(f"INSERT INTO {table} {_origins(key, agencies)}", [*agencies, verification.pk])
    cursor.execute(f"ANALYZE {table}")


def _origins(key: str, agencies: Collection[int]) -> str:
    """SQL: for each task or position the origin of the last record of each of its facts, as text.

    The last record is the one that none follows, so that the index of a task's records gives the order.
    """
    marks = ", ".join(["%s"] * len(agencies))
    keys = f"SELECT {key} FROM {_table(TaskProfile)} WHERE agency_id IN ({marks})"
    follows = f"LEAD(id) OVER (PARTITION BY {key}, fact ORDER BY recorded_at, id)"
    last = (
        f"SELECT {key} AS owner, fact, basis, source, valid_from, {follows} AS follower "
        f"FROM {_table(FactRecord)} WHERE {key} IN ({keys})"
    )
    together = f"{_AGGREGATE[connection.vendor]}(l.fact || '=' || CAST(s.number AS text), ' ')"
    return (
        f"SELECT owner, {together} AS origins FROM ({last}) l "
        f"JOIN {_table(DeterminedSource)} s ON s.verification_id = %s AND s.basis = l.basis "
        "AND s.source = l.source AND s.valid_from = l.valid_from WHERE l.follower IS NULL GROUP BY owner"
    )


def _insert_tasks(verification: Verification, judged: JudgedTasks, agencies: list[int]) -> tuple[str, list[Any]]:
    """The statement that judges and stores every task of the agencies, and its parameters."""
    facts = ", ".join(FACT_COLUMNS)
    own = "verification_id, task_id, position_id, agency_id, unit_id, number, title, share, outcomes, masks, origins"
    marks = ", ".join(["%s"] * len(agencies))
    origins = "TRIM(COALESCE(ot.origins, '') || ' ' || COALESCE(op.origins, ''))"
    statement = (
        f"INSERT INTO {_table(DeterminedTask)} ({own}, {facts}) {judged.query} "
        f"SELECT %s, b.task_id, b.position_id, b.agency_id, f.unit_id, t.number, t.title, t.share, "
        f"{judged.outcomes}, {judged.masks}, {origins}, {', '.join(f'f.{column}' for column in FACT_COLUMNS)} "
        f"FROM b JOIN {_table(TaskProfile)} f ON f.task_id = b.task_id JOIN {_table(Task)} t ON t.id = b.task_id "
        "LEFT JOIN origins_by_task_id ot ON ot.owner = b.task_id "
        "LEFT JOIN origins_by_position_id op ON op.owner = b.position_id "
        f"WHERE b.agency_id IN ({marks})"
    )
    return statement, [*judged.params, verification.pk, *agencies]


_FIELDS: Final = range(0, BITS_PER_MODE * len(MODES), 2)
_SOME: Final = sum(1 << field for field in _FIELDS)
"""The lower bit of every packed bound: at least conditional. The bit above says eligible."""


def folded_outcomes() -> str:
    """SQL of the position function over its tasks: all are eligible, some is at least conditional."""
    if connection.vendor == "postgresql":
        return f"(bit_and(outcomes) & {_SOME << 1}) | (bit_or(outcomes) & {_SOME})"
    return " + ".join(f"MAX(outcomes & {1 << field}) + MIN(outcomes & {2 << field})" for field in _FIELDS)


def _verdict(shift: str) -> str:
    """SQL: a folded bound as a verdict; a position without tasks has everything open."""
    return f"CASE packed >> {shift} & 3 WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 2 END"


def _insert_positions(verification: Verification, agencies: list[int]) -> tuple[str, list[Any]]:
    """The statement that folds the stored tasks into a row for each position and mode, and its parameters."""
    modes = ", ".join(f"('{mode.value}', {BITS_PER_MODE * number})" for number, mode in enumerate(MODES))
    marks = ", ".join(["%s"] * len(agencies))
    unjudged = sum(3 << BITS_PER_MODE * number + 2 for number in range(len(MODES)))
    statement = (
        f"INSERT INTO {_table(DeterminedPosition)} "
        "(verification_id, position_id, agency_id, mode, worst, best, code, title, jenjang, unit_name) "
        f"WITH modes (mode, shift) AS (VALUES {modes}), "
        f"folded AS (SELECT position_id, {folded_outcomes()} AS packed FROM {_table(DeterminedTask)} "
        "WHERE verification_id = %s GROUP BY position_id), "
        f"judged AS (SELECT p.*, COALESCE(u.name, '') AS unit_name, COALESCE(d.packed, {unjudged}) AS packed "
        f"FROM {_table(Position)} p LEFT JOIN folded d ON d.position_id = p.id "
        f"LEFT JOIN {_table(Unit)} u ON u.id = p.unit_id "
        f"WHERE p.agency_id IN ({marks}) AND (p.closed_on IS NULL OR p.closed_on > %s)) "
        f"SELECT %s, id, agency_id, mode, {_verdict('shift')}, {_verdict('(shift + 2)')}, code, title, jenjang, "
        "unit_name FROM judged CROSS JOIN modes"
    )
    day = connection.ops.adapt_datefield_value(verification.judged_on)
    return statement, [verification.pk, *agencies, day, verification.pk]


def _table(model: type[Any]) -> str:
    return str(model._meta.db_table)
