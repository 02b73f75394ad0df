"""Judges all jobs of an institution in one statement: the bits of a rulebook compiled to SQL.

Each task's row yields, per word of bits, two masks (killed, unsure) by one CASE per fact; what lies
above the position is decided in Python once per agency or unit and joined as a VALUES list. From
the masks follow, per class of modes, the two bounds, packed into one integer; positions aggregate
their tasks. The masks hold every reason; `decisions.py` words them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any, cast

from django.db import connection
from django.db.models import BigIntegerField, Case, Expression, F, Q, Value, When
from django.db.models.functions import Coalesce

from agencies.facts import Fact, FactValue, Kind
from agencies.models import Agency, Institution, Position, TaskProfile
from eligibility.facts import FACTS, ROW_LEVELS
from eligibility.loading import Ground, Grounds
from eligibility.masks import BitKind, Layout, ModeBits, Word, lay_out
from eligibility.models.grounds import GROUND_WORDS
from eligibility.rulebook import Bounds, Mode, Outcome, Rulebook, Verdict


class TooManyRules(Exception):
    """A rulebook needs more bits than a statement carries."""


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


def _in_cell(fact: Fact, value: FactValue, cuts: Sequence[Any]) -> Q:
    """The lookup for the values of a fact that fall into the cell of the given one."""
    column = fact.column
    if fact.kind is not Kind.NUMBER or value in cuts:
        return Q(**{column: value})
    lower = [cut for cut in cuts if cut < value]
    upper = [cut for cut in cuts if cut > value]
    above = Q(**{f"{column}__gt": lower[-1]}) if lower else Q()
    return above & (Q(**{f"{column}__lt": upper[0]}) if upper else Q())


def _fact_masks(layout: Layout, word: Word, name: str, side: int) -> Expression | None:
    """The killed (side 0) or unsure (side 1) bits of a word by one fact, as one CASE over its cells.

    A null column meets no WHEN and takes the default: what an unknown value does.
    """
    fact = FACTS[name]
    values = layout.cells(name)
    cuts = sorted({o for c in layout.criteria_by_fact[name] for o in c.operands})
    by_mask: dict[int, Q] = {}
    for value in values:
        mask = word.masks(name, value)[side]
        cell = _in_cell(fact, value, cuts)
        by_mask[mask] = by_mask[mask] | cell if mask in by_mask else cell
    default = word.masks(name, None)[side]
    whens = [When(cell, then=Value(mask)) for mask, cell in by_mask.items() if mask != default]
    if not whens:
        return Value(default) if default else None
    return Case(*whens, default=Value(default), output_field=BigIntegerField())


def _balanced_or(parts: list[Expression | F]) -> Expression | F:
    """Bitwise OR as a balanced tree: a long chain overflows SQLite's parser."""
    while len(parts) > 1:
        pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
        parts = [pair[0].bitor(cast("int", pair[1])) if len(pair) == 2 else pair[0] for pair in pairs]
    return parts[0]


def _ground_column(layout: Layout, column: str) -> Expression | F:
    """The bits settled above the position: of the unit where units are read, else of the agency."""
    if layout.reads_units():
        return Coalesce(F(f"unit__ground__{column}"), F(f"agency__ground__{column}"))
    return F(f"agency__ground__{column}")


def _word_masks(layout: Layout, number: int, side: int) -> Expression | F:
    word = layout.words[number]
    facts = dict.fromkeys(fact for bit in word.bits for fact in bit.by_fact if FACTS[fact].level in ROW_LEVELS)
    parts = [_fact_masks(layout, word, fact, side) for fact in facts]
    ground = _ground_column(layout, f"{'ku'[side]}{number}")
    return _balanced_or([ground, *(part for part in parts if part is not None)])


@dataclass(frozen=True, slots=True)
class ModeClass:
    """Modes in which the same bits count, and the place of their bounds in the packed integer."""

    modes: tuple[Mode, ...]
    shift: int


BITS_PER_CLASS = 4
"""Two bounds of two bits each: 00 not eligible, 01 conditional, 11 eligible; worst first."""


@dataclass(frozen=True)
class Statement:
    """The compiled reading of a layout: SQL of masks, whose last parameter is the institution, and of packed bounds."""

    layout: Layout
    masks_sql: str
    masks_params: tuple[Any, ...]
    classes: tuple[ModeClass, ...]
    pack_sql: str


def _classes(layout: Layout) -> tuple[ModeClass, ...]:
    found: dict[ModeBits, list[Mode]] = {}
    for mode in Mode:
        found.setdefault(layout.structure(mode), []).append(mode)
    return tuple(ModeClass(tuple(modes), i * BITS_PER_CLASS) for i, modes in enumerate(found.values()))


def _any_unset(layout: Layout, side: str, mask: int) -> str:
    """SQL: some bit of the mask is not set on a side of the columns; empty for an empty mask."""
    parts = [(i, mask >> word.first & word.all) for i, word in enumerate(layout.words)]
    return " OR ".join(f"({side}{i} & {part}) <> {part}" for i, part in parts if part)


def _all_set(layout: Layout, side: str, mask: int) -> str:
    """SQL: every bit of the mask is set on a side of the columns."""
    parts = [(i, mask >> word.first & word.all) for i, word in enumerate(layout.words)]
    return " AND ".join(f"({side}{i} & {part}) = {part}" for i, part in parts if part)


def _speaking(layout: Layout, side: str, bits: ModeBits, kind: BitKind) -> str:
    """SQL: on the side of the best bound (u) some rule of the kind surely speaks, on that of the worst (k) it may.

    A lifted rule surely speaks when its lifts are all killed; it may while none has surely come true.
    """
    other = "k" if side == "u" else "u"
    plain = _any_unset(layout, side, bits.rules if kind is BitKind.RULE else bits.conditions)
    lifted = [
        f"(({_any_unset(layout, side, group.own)}) AND {_all_set(layout, other, group.lifts)})"
        for group in bits.lifted
        if group.kind is kind
    ]
    return " OR ".join(part for part in (plain, *lifted) if part)


def _bound_sql(layout: Layout, side: str, bits: ModeBits, shift: int) -> str:
    """SQL of one bound: 0, 1 or 3 shifted to its place."""
    rules = _speaking(layout, side, bits, BitKind.RULE)
    conditions = _speaking(layout, side, bits, BitKind.CONDITION)
    whens = f" WHEN {rules} THEN 0" if rules else ""
    whens += f" WHEN {conditions} THEN {1 << shift}" if conditions else ""
    return f"CASE{whens} ELSE {3 << shift} END" if whens else str(3 << shift)


def _pack_sql(layout: Layout, classes: Iterable[ModeClass]) -> str:
    parts = []
    for entry in classes:
        bits = layout.structure(entry.modes[0])
        parts += [_bound_sql(layout, "k", bits, entry.shift), _bound_sql(layout, "u", bits, entry.shift + 2)]
    return " + ".join(f"({part})" for part in parts)


@lru_cache(maxsize=64)
def _compiled(fingerprint: str, vendor: str, rulebook: _Keyed) -> Statement:
    layout = lay_out(rulebook.rulebook)
    if len(layout.words) > GROUND_WORDS:
        raise TooManyRules(f"{len(layout.bits)} bits; a statement carries {GROUND_WORDS * 62}")
    columns = {f"{'ku'[s]}{i}": _word_masks(layout, i, s) for i in range(len(layout.words)) for s in (0, 1)}
    queryset = TaskProfile.objects.filter(institution=0).annotate(**columns)
    sql, params = queryset.values_list("task_id", "position_id", "agency_id", *columns).query.sql_with_params()
    classes = _classes(layout)
    return Statement(layout, sql, params, classes, _pack_sql(layout, classes))


@dataclass(frozen=True)
class _Keyed:
    """A rulebook that is equal to any of the same fingerprint, so that compiled SQL is found again."""

    rulebook: Rulebook

    def __hash__(self) -> int:
        return hash(self.rulebook.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.rulebook.fingerprint == self.rulebook.fingerprint


def compiled(rulebook: Rulebook) -> Statement:
    """The compiled reading of a rulebook; equal fingerprints share one."""
    return _compiled(rulebook.fingerprint, connection.vendor, _Keyed(rulebook))


def _values_list(name: str, key: str, layout: Layout, rows: Iterable[tuple[int, Ground]]) -> str:
    """A VALUES list as a named query; its numbers are our own, so they stand in the text."""
    columns = [key, *(f"{side}{i}" for i in range(len(layout.words)) for side in "ku")]
    lines = []
    for pk, ground in rows:
        masks = [mask for word in layout.words for mask in word.ground_masks(ground.values, ground.place)]
        lines.append(f"({', '.join(str(number) for number in (pk, *masks))})")
    return f"{name} ({', '.join(columns)}) AS (VALUES {', '.join(lines)})"


def _ground_queries(layout: Layout, grounds: Grounds) -> list[str]:
    queries = [_values_list("agency_ground", "agency_id", layout, grounds.agencies.items())]
    if layout.reads_units():
        units = grounds.units.items() or [(-1, next(iter(grounds.agencies.values())))]
        queries.append(_values_list("unit_ground", "unit_id", layout, units))
    return queries


def _narrowed(agency: Agency | None, positions: Sequence[int] | None) -> tuple[str, list[int]]:
    """Further tests for the ORM's WHERE, which ends the masks' SQL."""
    table = connection.ops.quote_name(TaskProfile._meta.db_table)
    sql, params = "", []
    if agency is not None:
        sql, params = f" AND {table}.agency_id = %s", [agency.pk]
    if positions is not None:
        marks = ", ".join(["%s"] * len(positions)) or "NULL"
        sql, params = f"{sql} AND {table}.position_id IN ({marks})", [*params, *positions]
    return sql, params


def _fence() -> str:
    """What keeps PostgreSQL from working a mask out anew wherever it is used."""
    return " OFFSET 0" if connection.vendor == "postgresql" else ""


def _with_masks(
    statement: Statement,
    grounds: Grounds,
    institution: Institution,
    agency: Agency | None,
    positions: Sequence[int] | None,
) -> tuple[str, list[Any]]:
    """WITH … m: the masks of every task asked for."""
    narrowing, extra = _narrowed(agency, positions)
    kept = "" if connection.vendor == "postgresql" else "MATERIALIZED "
    masks = f"m AS {kept}({statement.masks_sql}{narrowing}{_fence()})"
    queries = [*_ground_queries(statement.layout, grounds), masks]
    return "WITH " + ", ".join(queries), [*statement.masks_params[:-1], institution.pk, *extra]


def _aggregates(statement: Statement) -> str:
    """SQL that folds the packed bounds of a position's tasks: what all have and what some have."""
    if connection.vendor == "postgresql":
        return "bit_and(bounds) AS in_every, bit_or(bounds) AS in_some"
    fields = range(len(statement.classes) * BITS_PER_CLASS)
    every = " + ".join(f"MIN(bounds & {1 << i})" for i in fields)
    some = " + ".join(f"MAX(bounds & {1 << i})" for i in fields)
    return f"{every} AS in_every, {some} AS in_some"


def _position_query(
    rulebook: Rulebook,
    grounds: Grounds,
    institution: Institution,
    agency: Agency | None,
    positions: Sequence[int] | None,
) -> tuple[Statement, str, list[Any]]:
    """WITH … p: one row per position with its agency and folded bounds."""
    statement = compiled(rulebook)
    prefix, params = _with_masks(statement, grounds, institution, agency, positions)
    bounds = f"b AS (SELECT position_id, agency_id, {statement.pack_sql} AS bounds FROM m{_fence()})"
    folded = f"p AS (SELECT position_id, agency_id, {_aggregates(statement)} FROM b GROUP BY position_id, agency_id)"
    return statement, f"{prefix}, {bounds}, {folded}", params


def _rows(sql: str, params: list[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor.fetchall()


def _folded_verdict(every: int, some: int, shift: int) -> Verdict:
    """The position function on folded bits: eligible if all tasks are, not eligible if none may be."""
    if every >> shift & 2:
        return Verdict.ELIGIBLE
    return Verdict.CONDITIONAL if some >> shift & 1 else Verdict.NOT_ELIGIBLE


def _unpacked(statement: Statement, every: int, some: int) -> dict[Mode, Bounds]:
    found = {}
    for entry in statement.classes:
        worst = _folded_verdict(every, some, entry.shift)
        bounds = Bounds(worst, _folded_verdict(every, some, entry.shift + 2))
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
    rows = _rows(f"{query} SELECT position_id, in_every, in_some FROM p", params)
    found = {position: _unpacked(statement, every, some) for position, every, some in rows}
    for key, _agency in _without_tasks(institution, agency, positions):
        found[key] = dict.fromkeys(Mode, UNJUDGED)
    return found


def _without_tasks(
    institution: Institution, agency: Agency | None, positions: Sequence[int] | None
) -> Iterable[tuple[int, int]]:
    bare = Position.objects.filter(institution=institution, task_profiles__isnull=True)
    bare = bare if agency is None else bare.filter(agency=agency)
    bare = bare if positions is None else bare.filter(pk__in=positions)
    return bare.values_list("pk", "agency_id")


def counts(
    rulebook: Rulebook, grounds: Grounds, institution: Institution, agency: Agency | None = None
) -> list[OutcomeCount]:
    """How many positions of each agency have which outcome in each mode; each agency's own, without those below it.

    In the order of the agencies' codes, then of the modes. An agency without positions counts none.
    """
    statement, query, params = _position_query(rulebook, grounds, institution, agency, None)
    grouped = f"{query} SELECT agency_id, in_every, in_some, COUNT(*) FROM p GROUP BY agency_id, in_every, in_some"
    tally: dict[tuple[int, Mode, Outcome], int] = {}
    for key, every, some, number in _rows(grouped, params):
        for mode, bounds in _unpacked(statement, every, some).items():
            tally[key, mode, bounds.outcome] = tally.get((key, mode, bounds.outcome), 0) + number
    for _position, key in _without_tasks(institution, agency, None):
        for mode in Mode:
            unjudged = (key, mode, Outcome.NEEDS_INFORMATION)
            tally[unjudged] = tally.get(unjudged, 0) + 1
    return _counted(grounds, tally, agency)


def _counted(
    grounds: Grounds, tally: Mapping[tuple[int, Mode, Outcome], int], agency: Agency | None
) -> list[OutcomeCount]:
    wanted = {pk: ground.place.lineage[0] for pk, ground in grounds.agencies.items() if not agency or pk == agency.pk}
    return [
        OutcomeCount(code, pk, mode, *(tally.get((pk, mode, outcome), 0) for outcome in Outcome))
        for pk, code in sorted(wanted.items(), key=lambda item: item[1])
        for mode in Mode
    ]


@dataclass(frozen=True, slots=True)
class TaskMasks:
    """The kept reasons of one task: a bit not unsure has come true, a killed one has not."""

    task: int
    killed: int
    unsure: int


def task_masks(rulebook: Rulebook, grounds: Grounds, institution: Institution) -> Iterator[TaskMasks]:
    """The masks of every task over all bits of the layout, as the two readings are compared by."""
    statement = compiled(rulebook)
    prefix, params = _with_masks(statement, grounds, institution, None, None)
    words = statement.layout.words
    columns = ", ".join(["task_id", *(f"{side}{i}" for i in range(len(words)) for side in "ku")])
    for task, *masks in _rows(f"{prefix} SELECT {columns} FROM m", params):
        killed = reduce(or_, (masks[2 * i] << word.first for i, word in enumerate(words)), 0)
        unsure = reduce(or_, (masks[2 * i + 1] << word.first for i, word in enumerate(words)), 0)
        yield TaskMasks(task, killed, unsure)
