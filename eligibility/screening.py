"""Judges all jobs of an institution in one statement: the bits of a rulebook compiled to SQL.

Each task's row yields, per word of bits, two masks (killed, unsure) by one CASE per fact; what lies
above the position is decided in Python once per agency or unit and joined as a VALUES list. From
the masks follow, per class of modes, the two bounds, packed into one integer; positions aggregate
their tasks. The masks hold every reason; `decisions.py` words them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from operator import or_
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from agencies.models import Agency, Institution, Position, TaskProfile
from agencies.prepared import prepared
from agencies.querysets import open_on
from eligibility.grounds import Ground, Grounds
from eligibility.masks import Layout
from eligibility.models.determinations import DeterminedTask
from eligibility.rulebook import Bounds, Mode, Outcome, Rulebook, Verdict
from eligibility.statements import BITS_PER_CLASS, ModeClass, Statement, compiled, masks_sql


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many of an agency's own positions have which outcome in a mode."""

    agency: str
    agency_id: int
    mode: Mode
    eligible: int
    conditional: int
    not_eligible: int
    needs_information: int

    @property
    def total(self) -> int:
        """All positions of the agency."""
        return self.eligible + self.conditional + self.not_eligible + self.needs_information


class Narrowing(NamedTuple):
    """A further test of the task table's rows, with its parameters."""

    sql: str
    params: Sequence[Any]


_FIELD: Final = {Verdict.NOT_ELIGIBLE: 0, Verdict.CONDITIONAL: 1, Verdict.ELIGIBLE: 3}


def _ground_bounds(statement: Statement) -> Callable[[int, int], int]:
    """Gives, for masks killed and unsure, the packed bounds that what lies above the row leaves open."""
    layout = statement.layout
    settled = [(entry.bits.parted(layout.settled)[0], entry.shift) for entry in statement.classes]

    @cache
    def packed(killed: int, unsure: int) -> int:
        found = ((bits.bounds(killed, unsure), shift) for bits, shift in settled)
        return sum(_FIELD[bounds.worst] << shift | _FIELD[bounds.best] << shift + 2 for bounds, shift in found)

    return packed


def _values_list(name: str, key: str, statement: Statement, rows: Iterable[tuple[int, Ground]]) -> str:
    """A VALUES list as a named query; its numbers are our own, so they stand in the text."""
    words = statement.layout.words
    columns = [key, *(f"{side}{i}" for i in range(len(words)) for side in "ku"), "bounds"]
    bounds_of = _ground_bounds(statement)
    lines = []
    for pk, ground in rows:
        masks = [word.ground_masks(ground.values, ground.place) for word in words]
        killed, unsure = (
            reduce(or_, (m[side] << w.first for m, w in zip(masks, words, strict=True)), 0) for side in (0, 1)
        )
        numbers = (pk, *(mask for pair in masks for mask in pair), bounds_of(killed, unsure))
        lines.append(f"({', '.join(map(str, numbers))})")
    # An institution without agencies, such as the nation, has no places; no database takes an empty VALUES.
    listed = f"VALUES {', '.join(lines)}" if lines else f"SELECT {', '.join('0' for _column in columns)} WHERE 1 = 0"
    return f"{name} ({', '.join(columns)}) AS ({listed})"


def ground_queries(statement: Statement, grounds: Grounds) -> list[str]:
    queries = [_values_list("agency_ground", "agency_id", statement, grounds.agencies.items())]
    if statement.layout.reads_units():
        units = grounds.units.items() or [(-1, ground) for ground in list(grounds.agencies.values())[:1]]
        queries.append(_values_list("unit_ground", "unit_id", statement, units))
    return queries


def _narrowed(
    grounds: Grounds, agency: Agency | None, positions: Sequence[int] | None, within: str
) -> tuple[str, list[int | str | date | None]]:
    """Further tests for the ORM's WHERE, which ends the masks' SQL: tasks that are closed are judged no more.

    `within` names a query of `position_id`, whose positions alone are judged; empty: all.
    """
    table = connection.ops.quote_name(TaskProfile._meta.db_table)
    sql, params = f" AND {table}.closed_on IS NULL", list[int | str | date | None]()
    if grounds.on is not None:
        sql = f" AND ({table}.closed_on IS NULL OR {table}.closed_on > %s)"
        params.append(connection.ops.adapt_datefield_value(grounds.on))
    if agency is not None:
        sql, params = f"{sql} AND {table}.agency_id = %s", [*params, agency.pk]
    elif grounds.partial and positions is None:
        marks = ", ".join(["%s"] * len(grounds.agencies)) or "NULL"
        sql, params = f"{sql} AND {table}.agency_id IN ({marks})", [*params, *grounds.agencies]
    if positions is not None:
        marks = ", ".join(["%s"] * len(positions)) or "NULL"
        sql, params = f"{sql} AND {table}.position_id IN ({marks})", [*params, *positions]
    if within:
        sql += f" AND {table}.position_id IN (SELECT position_id FROM {within})"
    return sql, params


def fenced(name: str, select: str) -> str:
    """A named query that the database works out once, instead of anew wherever a column of it is used."""
    if connection.vendor == "postgresql":
        return f"{name} AS ({select} OFFSET 0)"
    return f"{name} AS MATERIALIZED ({select})"


def _mask_queries(
    statement: Statement,
    grounds: Grounds,
    institution: Institution,
    agency: Agency | None,
    positions: Sequence[int] | None,
    within: str,
    rows: Narrowing | None = None,
) -> tuple[list[str], list[Any]]:
    """r, m: the masks of every task asked for. Killed bits are unsure too, so they are worked out only once."""
    narrowing, extra = _narrowed(grounds, agency, positions, within)
    if rows is not None:
        # Before the day of closing, which stands last in the row: to come to it the row is read to its end.
        narrowing, extra = f" AND ({rows.sql}){narrowing}", [*rows.params, *extra]
    words = [masks_sql(statement.halves, number) for number in range(len(statement.layout.words))]
    masks = ", ".join(["task_id", "position_id", "agency_id", *words, "ground_bounds"])
    queries = [fenced("r", statement.masks_sql + narrowing), fenced("m", f"SELECT {masks} FROM r")]
    return queries, [*statement.masks_params[:-1], institution.pk, *extra]


def with_queries(*queries: str) -> str:
    """The named queries before a select."""
    return "WITH " + ", ".join(queries)


SOME: Final = sum(1 << 2 * i for i in range(4 * len(Mode)))
"""The lower bit of every bound: whether it is at least conditional. The bit above says whether it is eligible."""


def folded_bounds(statement: Statement) -> str:
    """SQL that folds the packed bounds of a position's tasks: all are eligible, some is at least conditional."""
    if connection.vendor == "postgresql":
        return f"(bit_and(bounds) & {SOME << 1}) | (bit_or(bounds) & {SOME})"
    fields = [entry.shift + i for entry in statement.classes for i in (0, 2)]
    return " + ".join(f"MAX(bounds & {1 << i}) + MIN(bounds & {2 << i})" for i in fields)


def bounds_queries(
    statement: Statement,
    grounds: Grounds,
    institution: Institution,
    agency: Agency | None = None,
    positions: Sequence[int] | None = None,
    *,
    kept: Sequence[str] = (),
    order: str = "",
    within: str = "",
    rows: Narrowing | None = None,
) -> tuple[list[str], list[Any]]:
    """r, m, b: the packed bounds of every task asked for, with the masks named in `kept`; they read the grounds."""
    queries, params = _mask_queries(statement, grounds, institution, agency, positions, within, rows)
    columns = ", ".join(["position_id", "agency_id", *kept, f"{statement.pack_sql} AS bounds"])
    return [*queries, fenced("b", f"SELECT {columns} FROM m{order}")], params


def _with_bounds(
    statement: Statement,
    grounds: Grounds,
    institution: Institution,
    agency: Agency | None,
    positions: Sequence[int] | None,
    *,
    kept: Sequence[str] = (),
    order: str = "",
    within: str = "",
) -> tuple[str, list[Any]]:
    """WITH … b: the same with the grounds before it."""
    queries, params = bounds_queries(
        statement, grounds, institution, agency, positions, kept=kept, order=order, within=within
    )
    return with_queries(*ground_queries(statement, grounds), *queries), params


def _position_query(
    rulebook: Rulebook,
    grounds: Grounds,
    institution: Institution,
    agency: Agency | None,
    positions: Sequence[int] | None,
) -> tuple[Statement, str, list[Any]]:
    """WITH … p: one row per position with its agency and folded bounds."""
    statement = compiled(rulebook)
    # Rows lie roughly in the order of their positions: to sort them is quicker than to hash them.
    order = " ORDER BY position_id" if connection.vendor == "postgresql" else ""
    prefix, params = _with_bounds(statement, grounds, institution, agency, positions, order=order)
    # A position has one agency; grouping by its key alone is quicker than by both.
    columns = f"position_id, MIN(agency_id) AS agency_id, {folded_bounds(statement)} AS folded"
    return statement, f"{prefix}, p AS (SELECT {columns} FROM b GROUP BY position_id)", params


def task_query(rulebook: Rulebook, grounds: Grounds, institution: Institution) -> tuple[list[str], str, list[Any]]:
    """Columns of all masks and of the packed bounds, a query that ends with them as `b`, and its parameters."""
    statement = compiled(rulebook)
    masks = [f"{side}{i}" for i in range(len(statement.layout.words)) for side in "ku"]
    return [*masks, "bounds"], *_with_bounds(statement, grounds, institution, None, None, kept=masks)


WORK_MEMORY: Final = "256MB"
"""What PostgreSQL may use to fold the positions of a large city without writing them to disk."""


def rows_of(sql: str, params: list[Any], *, compiled_by_server: bool = True) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement that may use as much memory.

    PostgreSQL compiles what it takes for long; where its guess is far off, that takes longer than the statement.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL work_mem = %s", [WORK_MEMORY])
            if not compiled_by_server:
                cursor.execute("SET LOCAL jit = off")
        cursor.execute(sql, params)
        yield from cursor.fetchall()


_VERDICTS: Final = (Verdict.NOT_ELIGIBLE, Verdict.CONDITIONAL, Verdict.ELIGIBLE, Verdict.ELIGIBLE)
"""The position function on a folded bound: eligible if all tasks are, not eligible if none may be."""


def bounds_at(packed: int, place: int) -> Bounds:
    """The bounds that stand at a place of packed ones."""
    return Bounds(_VERDICTS[packed >> place & 3], _VERDICTS[packed >> place + 2 & 3])


def _unpacked(statement: Statement, folded: int) -> dict[Mode, Bounds]:
    found = {}
    for entry in statement.classes:
        bounds = bounds_at(folded, entry.shift)
        found.update(dict.fromkeys(entry.modes, bounds))
    return found


UNJUDGED = Bounds(Verdict.NOT_ELIGIBLE, Verdict.ELIGIBLE)
"""A position without any task on record: everything is open."""


def position_bounds(
    rulebook: Rulebook,
    grounds: Grounds,
    *,
    institution: Institution,
    agency: Agency | None = None,
    positions: Sequence[int] | None = None,
) -> dict[int, dict[Mode, Bounds]]:
    """The bounds of each position in each mode, by the position's key."""
    statement, query, params = _position_query(rulebook, grounds, institution, agency, positions)
    rows = rows_of(f"{query} SELECT position_id, folded FROM p", params)
    found = {position: _unpacked(statement, folded) for position, folded in rows}
    bare: Iterable[int] = (
        _without_tasks(grounds, institution, agency, positions)
        if agency or positions is None
        else _bare_of(institution.pk, grounds.on, positions)
    )
    for key in bare:
        found[key] = dict.fromkeys(Mode, UNJUDGED)
    return found


def _without_tasks(
    grounds: Grounds, institution: Institution, agency: Agency | None, positions: Sequence[int] | None
) -> QuerySet[Position, int]:
    """The positions that count on the day while none of their tasks does, by their keys."""
    bare = _bare(institution.pk, grounds.on)
    bare = bare if agency is None else bare.filter(agency=agency)
    bare = bare if positions is None else bare.filter(pk__in=positions)
    if grounds.partial and agency is None and positions is None:
        bare = bare.filter(agency__in=list(grounds.agencies))
    return bare.order_by().values_list("pk", flat=True)


def _bare(institution: int, on: date | None) -> QuerySet[Position]:
    tasks = TaskProfile.objects.filter(open_on(on), position=OuterRef("pk"))
    return Position.objects.filter(open_on(on), ~Exists(tasks), institution=institution)


@prepared
def _bare_of(institution: int, on: date | None, positions: Sequence[int]) -> QuerySet[Position, int]:
    return _bare(institution, on).filter(pk__in=positions).order_by().values_list("pk", flat=True)


def _positions_by_agency(grounds: Grounds, agencies: Iterable[int]) -> dict[int, int]:
    """How many positions of each agency count on the day, judged or not; by keys, so that an index answers.

    The few that are closed are counted apart: one condition on all would read every row.
    """
    keys = list(agencies)
    closed = dict(_closed_in(keys, grounds.on))
    return {key: number - closed.get(key, 0) for key, number in _every_position_in(keys)}


@prepared
def _closed_in(agencies: Sequence[int], on: date | None) -> QuerySet[Any, tuple[int, int]]:
    positions = Position.objects.filter(agency__in=agencies).exclude(open_on(on)).order_by()
    return positions.values_list("agency_id").annotate(Count("pk"))


@prepared
def _every_position_in(agencies: Sequence[int]) -> QuerySet[Any, tuple[int, int]]:
    return Position.objects.filter(agency__in=agencies).order_by().values_list("agency_id").annotate(Count("pk"))


def counts(
    rulebook: Rulebook, grounds: Grounds, institution: Institution, agency: Agency | None = None
) -> list[OutcomeCount]:
    """How many positions of each agency have which outcome in each mode; each agency's own, without those below it.

    In the order of the agencies' codes, then of the modes. An agency without positions counts none, one
    that is closed is left out.
    """
    statement, query, params = _position_query(rulebook, grounds, institution, agency, None)
    grouped = f"{query} SELECT agency_id, folded, COUNT(*) FROM p GROUP BY agency_id, folded"
    unjudged = _positions_by_agency(grounds, [agency.pk] if agency else list(grounds.agencies))
    tally: dict[tuple[int, Mode, Outcome], int] = {}
    outcomes = cache(lambda folded: [(mode, bounds.outcome) for mode, bounds in _unpacked(statement, folded).items()])
    for key, folded, number in rows_of(grouped, params):
        unjudged[key] = unjudged.get(key, 0) - number
        for mode, outcome in outcomes(folded):
            tally[key, mode, outcome] = tally.get((key, mode, outcome), 0) + number
    for key, number in unjudged.items():
        for mode in Mode:
            known = tally.get((key, mode, UNJUDGED.outcome), 0)
            tally[key, mode, UNJUDGED.outcome] = known + number
    return _counted(grounds, tally, agency)


def _counted(
    grounds: Grounds, tally: Mapping[tuple[int, Mode, Outcome], int], agency: Agency | None
) -> list[OutcomeCount]:
    shown = [agency.pk] if agency else grounds.agencies.keys() - grounds.closed
    wanted = {pk: grounds.agencies[pk].place.lineage[0] for pk in shown}
    return [
        OutcomeCount(code, pk, mode, *(tally.get((pk, mode, outcome), 0) for outcome in Outcome))
        for pk, code in sorted(wanted.items(), key=lambda item: item[1])
        for mode in Mode
    ]


class AlikePositions(NamedTuple):
    """Positions of an agency with the same bounds in every mode, and their staff; None where that of one is unknown."""

    agency: int
    bounds: Mapping[Mode, Bounds]
    positions: int
    staff: int | None


def alike_positions(rulebook: Rulebook, grounds: Grounds, institution: Institution) -> Iterator[AlikePositions]:
    """All positions that count on the day, put together by agency and bounds; those without a task stand apart."""
    statement, query, params = _position_query(rulebook, grounds, institution, None, None)
    table = connection.ops.quote_name(Position._meta.db_table)
    grouped = (
        f"{query} SELECT p.agency_id, p.folded, COUNT(*), COUNT(x.filled), SUM(x.filled) FROM p "
        f"JOIN {table} x ON x.id = p.position_id WHERE x.closed_on IS NULL OR x.closed_on > %s "
        "GROUP BY p.agency_id, p.folded"
    )
    for agency, folded, number, told, staff in rows_of(grouped, [*params, grounds.on]):
        yield AlikePositions(agency, _unpacked(statement, folded), number, staff if told == number else None)
    bare = Position.objects.filter(pk__in=_without_tasks(grounds, institution, None, None)).order_by()
    counted = bare.values_list("agency_id").annotate(Count("pk"), Count("filled"), Sum("filled"))
    for agency, number, told, staff in counted:
        yield AlikePositions(agency, dict.fromkeys(Mode, UNJUDGED), number, staff if told == number else None)


@dataclass(frozen=True, slots=True)
class TaskMasks:
    """The kept reasons of one task: a bit not unsure has come true, a killed one has not."""

    task: int
    killed: int
    unsure: int


def task_masks(rulebook: Rulebook, grounds: Grounds, institution: Institution) -> Iterator[TaskMasks]:
    """The masks of every task over all bits of the layout, as the two readings are compared by."""
    statement = compiled(rulebook)
    queries, params = _mask_queries(statement, grounds, institution, None, None, "")
    prefix = with_queries(*ground_queries(statement, grounds), *queries)
    words = statement.layout.words
    columns = ", ".join(["task_id", *(f"{side}{i}" for i in range(len(words)) for side in "ku")])
    for task, *masks in rows_of(f"{prefix} SELECT {columns} FROM m", params):
        killed = reduce(or_, (masks[2 * i] << word.first for i, word in enumerate(words)), 0)
        unsure = reduce(or_, (masks[2 * i + 1] << word.first for i, word in enumerate(words)), 0)
        yield TaskMasks(task, killed, unsure)


@dataclass(frozen=True, slots=True)
class JudgedTasks:
    """SQL to store or compare judged tasks with: `query` ends with `b`, a row per task, and takes `params`.

    `b` has task_id, position_id and agency_id; over it, `masks` is the text of all masks (killed and unsure
    of each word, in decimal, separated by spaces) and `outcomes` the bounds of all modes, four bits each in
    their order: two of the worst, two of the best, 0 not eligible, 1 conditional, 3 eligible.
    """

    layout: Layout
    query: str
    params: list[Any]
    masks: str
    outcomes: str


def judged_tasks(
    rulebook: Rulebook,
    grounds: Grounds,
    institution: Institution,
    agency: Agency | None = None,
    positions: Sequence[int] | None = None,
    within: str = "",
) -> JudgedTasks:
    """Every open task of the institution, of one agency itself, or of some positions, judged by the rulebook.

    `within` is the name of a query that stands before this one; only the positions it lists are judged.
    """
    statement = compiled(rulebook)
    masks = [f"{side}{i}" for i in range(len(statement.layout.words)) for side in "ku"]
    kept = ["task_id", *masks]
    query, params = _with_bounds(statement, grounds, institution, agency, positions, kept=kept, within=within)
    return JudgedTasks(statement.layout, query, params, *_stored_forms(statement))


def _stored_forms(statement: Statement) -> tuple[str, str]:
    """SQL over `b`: its masks as text, and the bounds of all modes, as they are stored."""
    masks = [f"{side}{i}" for i in range(len(statement.layout.words)) for side in "ku"]
    text = " || ' ' || ".join(f"CAST({mask} AS text)" for mask in masks) or "''"
    return text, by_mode(statement.classes)


_FIELD_MASK: Final = (1 << BITS_PER_CLASS) - 1


def by_mode(classes: Iterable[ModeClass], bounds: str = "bounds") -> str:
    """SQL that moves the bounds of classes to the places of their modes: one step for all that move as far."""
    shifts = {mode: entry.shift for entry in classes for mode in entry.modes}
    moved: dict[int, int] = {}
    for number, mode in enumerate(Mode):
        far = BITS_PER_CLASS * number - shifts[mode]
        moved[far] = moved.get(far, 0) | _FIELD_MASK << shifts[mode]
    steps = {far: f"{'<<' if far >= 0 else '>>'} {abs(far)}" for far in moved}
    return " | ".join(f"(({bounds} & {fields}) {steps[far]})" for far, fields in moved.items())


def stored_tasks(rulebook: Rulebook, grounds: Grounds, verification: int) -> JudgedTasks:
    """Every task that a verification (by key) stored, judged again by its stored facts and the ground given.

    `b` has also `stored_masks` and `stored_outcomes`, as they were stored. A task of an agency without a ground is
    not among them.
    """
    statement = compiled(rulebook, DeterminedTask)
    masks = [f"{side}{i}" for i in range(len(statement.layout.words)) for side in "ku"]
    words = [masks_sql(statement.halves, number) for number in range(len(statement.layout.words))]
    kept = ["task_id", "position_id", "agency_id", "masks AS stored_masks", "outcomes AS stored_outcomes"]
    judged = ["task_id", "position_id", "stored_masks", "stored_outcomes", *masks, f"{statement.pack_sql} AS bounds"]
    queries = [
        *ground_queries(statement, grounds),
        fenced("r", statement.masks_sql),
        fenced("m", f"SELECT {', '.join([*kept, *words, 'ground_bounds'])} FROM r"),
        fenced("b", f"SELECT {', '.join(judged)} FROM m"),
    ]
    params = [*statement.masks_params[:-1], verification]
    text, outcomes = _stored_forms(statement)
    if connection.vendor == "postgresql" and masks:
        text = f"concat_ws(' ', {', '.join(masks)})"  # the same text, in one step
    return JudgedTasks(statement.layout, "WITH " + ", ".join(queries), params, text, outcomes)
