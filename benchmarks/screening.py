"""Screening: every task of a large city under 40 rules in all five modes, beside one scan of the task table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from django.db import connection

from agencies.facts import Level
from agencies.models import Institution, TaskProfile
from benchmarks.jobs import make_agencies, sample_cases
from benchmarks.law import KNOWN_AT, ON, rulebook_of_all_modes
from benchmarks.references import Source, bare_closures, flat
from benchmarks.report import Line
from benchmarks.rows import fill
from benchmarks.timing import seconds, seconds_beside
from eligibility import screening
from eligibility.flips import flips_between
from eligibility.grounds import ROW_FACTS, Grounds, grounds
from eligibility.rulebook import Citation, Conjunction, Criterion, Mode, Operator, Prohibit, Rule, Rulebook

STREAMED = 50_000
"""Rows that the closures judge; their rate is taken as that of all rows."""


def measure(city: Institution, name: str, tasks: int) -> Iterator[Line]:
    """Times of the screening as multiples of a scan, then its rate beside closures over streamed rows."""
    fill(make_agencies(city), tasks)
    known = grounds(city, ON, KNOWN_AT)
    book = rulebook_of_all_modes(city)
    bound = name == "PostgreSQL"
    with _one_worker():
        scan = seconds(_scan)
        every_task = seconds(_every_task(book, known, city))
        positions = seconds(lambda: screening.counts(book, known, city))
        streamed = seconds(_streamed(book, known, city)) * tasks / STREAMED
    of = f"{name}, {tasks:,} tasks"
    one = "one scan, filter on one column"
    yield Line(f"{of}: masks and bounds, all modes, s", one, every_task, scan, at_most=20 if bound else None)
    yield Line(f"{of}: positions counted per agency, s", one, positions, scan, at_most=25 if bound else None)
    closures = f"closures, {STREAMED:,} streamed rows"
    yield Line(f"{of}: tasks a second", closures, tasks / every_task, tasks / streamed, at_least=8 if bound else None)


FLIP_RUNS: Final = 9
"""Who flips is read in turns with the scan: a few of it are soon disturbed by what else the machine does."""


def measure_flips(city: Institution, name: str, tasks: int) -> Iterator[Line]:
    """Seconds to find who flips, as multiples of a scan: a draft that few jobs can feel, and one that all do."""
    fill(make_agencies(city), tasks)
    known = grounds(city, ON, KNOWN_AT)
    book = rulebook_of_all_modes(city)
    bound = name == "PostgreSQL"
    with _one_worker():
        for said, at_most, applies in (("few can flip", 3, _RARE), ("all can flip", 45, ())):
            after = Rulebook((*book.rules, _prohibition(applies)), book.working_days, book.settings)
            find = partial(flips_between, book, after, known, city)
            ours, scan = seconds_beside(find, _scan, FLIP_RUNS)
            found = len(find().found)
            line = f"{name}, {tasks:,} tasks: who flips, {said} ({found:,} do), s"
            yield Line(line, "one scan, filter on one column", ours, scan, at_most=at_most if bound else None)


_RARE: Final = (
    Criterion("position.echelon", Operator.IS, ("ii_b",)),
    Criterion("task.exposure", Operator.IS, ("direct",)),
)


def _prohibition(applies: Conjunction) -> Rule:
    """A drafted sentence: no work from home where this applies."""
    citation = Citation(0, "SE-RANCANGAN", "SE Rancangan", "", 50)
    return Rule("DRAF", 1, "Draf", Level.TASK, frozenset({Mode.HOME}), Prohibit(), citation, applies)


@contextmanager
def _one_worker() -> Iterator[None]:
    """The same session for reference and ours: no parallel workers; everything else as the server has it."""
    if connection.vendor == "postgresql":
        _fetch("SET max_parallel_workers_per_gather = 0", [])
    yield


def _fetch(sql: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        if cursor.description:
            cursor.fetchall()


def _scan() -> None:
    _fetch(f"SELECT COUNT(*) FROM {TaskProfile._meta.db_table} WHERE function = 'analysis'", [])


def _every_task(book: Rulebook, known: Grounds, city: Institution) -> Callable[[], None]:
    """All masks and packed bounds of every task; one aggregate reads them, so that none can be left out."""
    columns, query, params = screening.task_query(book, known, city)
    read = ", ".join(f"MAX({column})" for column in columns)
    return lambda: _fetch(f"{query} SELECT COUNT(*), {read} FROM b", params)


def _streamed(book: Rulebook, known: Grounds, city: Institution) -> Callable[[], None]:
    """The rows read one by one, each judged in each mode by bare closures: yes or no, nothing kept."""
    places = {ground.place.lineage[0]: ground.place for ground in known.agencies.values()}
    engines = [bare_closures(Source(book, mode, places)) for mode in Mode]
    above = {pk: flat(ground.values) for pk, ground in known.agencies.items()}
    complete = flat(sample_cases(known, 1, unknown=False)[0].values)
    names = [fact.name.replace(".", "_") for fact in ROW_FACTS]
    columns = ", ".join(fact.column for fact in ROW_FACTS)
    table = TaskProfile._meta.db_table

    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT agency_id, {columns} FROM {table} WHERE institution_id = {city.pk} LIMIT {STREAMED}"
            )
            for agency, *values in cursor:
                row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
                case = {**complete, **above[agency], **row}
                for decide in engines:
                    decide(case)

    return work
