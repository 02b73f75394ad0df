"""The tasks that two rulebooks may judge otherwise, with what each says of them, in one statement.

Only positions with a task that some changed rule or lift does not surely pass, in one of the rulebooks, are judged
by either. Which those are is one predicate over the task table: what lies above the row is settled in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Q

from agencies.facts import Kind
from agencies.models import Institution, TaskProfile
from agencies.querysets import open_on
from eligibility.facts import FACTS, ROW_LEVELS
from eligibility.grounds import Ground, Grounds
from eligibility.masks import Bit, Layout, cells
from eligibility.rule_changes import RuleChanges, bits_of, moves_terms
from eligibility.rulebook import Rulebook
from eligibility.screening import (
    JudgedTasks,
    Narrowing,
    bounds_queries,
    by_mode,
    folded_bounds,
    ground_queries,
    judged_tasks,
    rows_of,
    with_queries,
)
from eligibility.statements import SIDE_BITS, TooManyRules, compiled, compiled_together, in_cells


class FlippingTask(NamedTuple):
    """A task under both rulebooks: bounds of all modes as `JudgedTasks.outcomes`, masks as text.

    Masks are None where no condition and no limit can have changed: then all tasks of a position are folded into one.
    """

    position: int
    agency: int
    outcomes_before: int
    outcomes_after: int
    masks_before: str | None
    masks_after: str | None


def flipping_tasks(
    before: Rulebook, after: Rulebook, changes: RuleChanges, grounds: Grounds, institution: Institution
) -> Iterator[FlippingTask]:
    """Every task of the positions that may change; where only bounds can, one for each position whose bounds do."""
    touched = _touched(before, after, changes, grounds)
    if touched is None:
        return
    if not moves_terms(before, after, changes):
        with suppress(TooManyRules):
            sql, params = moved_positions(before, after, grounds, institution, _narrowing(touched))
            for position, agency, was, becomes in rows_of(sql, params, compiled_by_server=False):
                yield FlippingTask(position, agency, was, becomes, None, None)
            return
    sql, params = _side_by_side(before, after, grounds, institution, touched)
    yield from (FlippingTask(*row) for row in rows_of(sql, params, compiled_by_server=False))


def moved_positions(
    before: Rulebook, after: Rulebook, grounds: Grounds, institution: Institution, rows: Narrowing | None
) -> tuple[str, list[Any]]:
    """SQL: position, agency and the position's outcomes under both rulebooks, where these differ.

    `rows` are those that may differ, None: all. Raises TooManyRules where both do not fit one statement.
    """
    statement = compiled_together(before, after)
    order = " ORDER BY position_id" if connection.vendor == "postgresql" else ""
    sides = [[c for c in statement.classes if c.shift // SIDE_BITS == number] for number in (0, 1)]
    within = "moved" if rows is not None else ""
    queries, params = bounds_queries(statement, grounds, institution, order=order, within=within)
    columns = f"position_id, MIN(agency_id) AS agency_id, {folded_bounds(statement)} AS folded"
    named = [f"folded AS ({with_queries(*queries)} SELECT {columns} FROM b GROUP BY position_id)"]
    if rows is not None:
        # A position moves only if one of its tasks does: few rows are judged, then few positions.
        chosen, first = bounds_queries(statement, grounds, institution, rows=rows)
        one, other = (by_mode(side) for side in sides)
        moved = f"{with_queries(*chosen)} SELECT DISTINCT position_id FROM b WHERE ({one}) <> ({other})"
        named, params = [f"moved AS MATERIALIZED ({moved})", *named], [*first, *params]
    was, becomes = (by_mode(side, "folded") for side in sides)
    prefix = with_queries(*ground_queries(statement, grounds), *named)
    return f"{prefix} SELECT position_id, agency_id, {was}, {becomes} FROM folded WHERE ({was}) <> ({becomes})", params


def _narrowing(touched: Q) -> Narrowing | None:
    """The test of rows as SQL; None where every row passes."""
    query = TaskProfile.objects.filter(touched).query
    try:
        sql, params = query.get_compiler(connection=connection).compile(query.where)
    except FullResultSet:
        return None
    except EmptyResultSet:
        return Narrowing("1 = 0", ())
    return Narrowing(sql, params)


def _side_by_side(
    before: Rulebook, after: Rulebook, grounds: Grounds, institution: Institution, touched: Q
) -> tuple[str, list[Any]]:
    """SQL: every task of the positions that may change, with the masks and outcomes under both rulebooks."""
    # Where every row may change, to pick their positions first only costs time.
    within = "touched" if touched else ""
    sides = [judged_tasks(book, grounds, institution, within=within) for book in (before, after)]
    rows = TaskProfile.objects.filter(touched, open_on(grounds.on), institution=institution).order_by()
    chosen, params = rows.values_list("position_id").query.sql_with_params()
    named = [
        f"touched (position_id) AS MATERIALIZED (SELECT DISTINCT position_id FROM ({chosen}) chosen)",
        *(_side(name, side) for name, side in zip("on", sides, strict=True)),
    ]
    columns = "o.position_id, o.agency_id, o.outcomes, n.outcomes, o.masks, n.masks"
    sql = f"WITH {', '.join(named)} SELECT {columns} FROM o JOIN n ON n.task_id = o.task_id"
    return sql, [*params, *sides[0].params, *sides[1].params]


def _side(name: str, judged: JudgedTasks) -> str:
    columns = f"task_id, position_id, agency_id, {judged.masks} AS masks, {judged.outcomes} AS outcomes"
    return f"{name} AS MATERIALIZED ({judged.query} SELECT {columns} FROM b)"


def _touched(before: Rulebook, after: Rulebook, changes: RuleChanges, grounds: Grounds) -> Q | None:
    """The lookup for tasks that a changed rule or lift does not surely pass; None where there can be none."""
    layouts = [compiled(book).layout for book in (before, after)]
    bits = [
        bit
        for layout, rules in zip(layouts, (changes.before, changes.after), strict=True)
        for bit in bits_of(layout, rules)
    ]
    places = _places(grounds, layouts)
    alive: dict[tuple[Bit, ...], list[tuple[str, int]]] = {}
    for key, ground in places:
        found = tuple(bit for bit in bits if _open_above(bit, ground))
        if found:
            alive.setdefault(found, []).append(key)
    if not alive:
        return None
    everywhere = len(alive) == 1 and sum(map(len, alive.values())) == len(places)
    tests = [_any_open(found) if everywhere else _standing(keys) & _any_open(found) for found, keys in alive.items()]
    return reduce(or_, tests)


def _places(grounds: Grounds, layouts: Iterable[Layout]) -> list[tuple[tuple[str, int], Ground]]:
    """Where rows may stand, each with its ground: units apart where a rule reads them."""
    found = [(("agency", key), ground) for key, ground in grounds.agencies.items()]
    if any(layout.reads_units() for layout in layouts):
        found += [(("unit", key), ground) for key, ground in grounds.units.items()]
        found = [(("alone" if kind == "agency" else kind, key), ground) for (kind, key), ground in found]
    return found


def _standing(keys: Sequence[tuple[str, int]]) -> Q:
    """The lookup for rows in some of the places; `alone` are those of an agency without a unit."""
    by_kind: dict[str, list[int]] = {}
    for kind, key in keys:
        by_kind.setdefault(kind, []).append(key)
    tests = {
        "agency": lambda: Q(agency__in=by_kind["agency"]),
        "alone": lambda: Q(agency__in=by_kind["alone"], unit__isnull=True),
        "unit": lambda: Q(unit__in=by_kind["unit"]),
    }
    return reduce(or_, (tests[kind]() for kind in by_kind))


def _open_above(bit: Bit, ground: Ground) -> bool:
    """Whether the place and the facts above the row leave the bit alive."""
    above = [fact for fact in bit.by_fact if FACTS[fact].level not in ROW_LEVELS]
    return bit.scope_truth(ground.place) and all(
        bit.fact_truth(fact, ground.values.get(fact)) is not False for fact in above
    )


def _any_open(bits: Iterable[Bit]) -> Q:
    """The lookup for rows that leave some bit alive; an empty Q lets every row pass."""
    tests = [_open_in_row(bit) for bit in dict.fromkeys(bits)]
    return Q() if any(not test for test in tests) else reduce(or_, dict.fromkeys(tests))


def _open_in_row(bit: Bit) -> Q:
    found = Q()
    # In the order of the columns: a row that fails an early test is read no further.
    for name in sorted(bit.by_fact, key=list(FACTS).index):
        fact, tests = FACTS[name], bit.by_fact[name]
        if fact.level in ROW_LEVELS:
            known = cells(fact, [test for test, _needed in tests])
            chosen = [value for value in known if bit.fact_truth(name, value)]
            # Null is unknown, and unknown is never surely passed.
            found &= Q(**{f"{fact.column}__isnull": True}) | _holding(name, chosen, known)
    return found


def _holding(name: str, chosen: Sequence[Any], known: Sequence[Any]) -> Q:
    """The lookup for known values in the chosen cells; a code that no rule names is the last cell."""
    fact = FACTS[name]
    if fact.kind is Kind.CODE and known[-1] in chosen:
        others = [value for value in known[:-1] if value not in chosen]
        return ~Q(**{f"{fact.column}__in": others}) if others else Q(**{f"{fact.column}__isnull": False})
    return in_cells(fact, chosen, known) if chosen else Q(pk__in=[])
