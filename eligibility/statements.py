"""Compiles a rulebook to SQL: one CASE per fact and half word, masks of all rules, packed bounds of all modes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Final, cast

from django.db import connection
from django.db.models import BigIntegerField, Case, Expression, F, Q, Value, When
from django.db.models.functions import Coalesce

from agencies.facts import Fact, FactValue, Kind
from agencies.models import TaskProfile
from eligibility.facts import FACTS, ROW_LEVELS
from eligibility.masks import WORD_BITS, BitKind, Layout, ModeBits, Word, joined, lay_out, layout_bits
from eligibility.models.determinations import DeterminedTask
from eligibility.models.grounds import GROUND_WORDS
from eligibility.rulebook import Mode, Rulebook


class TooManyRules(Exception):
    """A rulebook needs more bits than a statement carries."""


def _number_run(fact: Fact, first: int, last: int, cells: Sequence[Decimal]) -> Q:
    """The lookup for the values from one cell of a number to another.

    Cells stand in order; every second one is an operand itself, those between are open ranges.
    """
    column = fact.column
    if first == last and first % 2:
        return Q(**{column: cells[first]})
    test = Q()
    if first > 0:
        test &= Q(**{f"{column}__gte": cells[first]} if first % 2 else {f"{column}__gt": cells[first - 1]})
    if last < len(cells) - 1:
        test &= Q(**{f"{column}__lte": cells[last]} if last % 2 else {f"{column}__lt": cells[last + 1]})
    return test


def in_cells(fact: Fact, chosen: Sequence[FactValue], cells: Sequence[FactValue]) -> Q:
    """The lookup for the values of a fact that fall into the chosen cells, of all its cells."""
    if fact.kind is not Kind.NUMBER:
        return Q(**{fact.column: chosen[0]}) if len(chosen) == 1 else Q(**{f"{fact.column}__in": chosen})
    numbers = cast("Sequence[Decimal]", cells)
    places = [place for place, cell in enumerate(cells) if cell in chosen]
    starts = [place for place in places if place - 1 not in places]
    ends = [place for place in places if place + 1 not in places]
    return reduce(or_, (_number_run(fact, *run, numbers) for run in zip(starts, ends, strict=True)))


HALF_BITS: Final = WORD_BITS // 2
"""A fact's effect on so many bits fits into one integer: what it kills below, what it leaves open above."""

_HALF: Final = (1 << HALF_BITS) - 1


def _effect(word: Word, start: int, name: str, value: FactValue | None) -> int:
    """What a value of a fact (None: unknown) does to half a word."""
    killed, unsure = (mask >> start & _HALF for mask in word.masks(name, value))
    return killed | (unsure & ~killed) << HALF_BITS


def _fact_effect(layout: Layout, word: Word, start: int, name: str) -> Expression | None:
    """What one fact of the row does to half a word, as one CASE over its cells; None where nothing reads it.

    What most cells do is the ELSE, so that few values are compared. A value outside the closed list
    takes it too: no rule names it. A null is tested first.
    """
    fact, cells = FACTS[name], layout.cells(name)
    unknown = _effect(word, start, name, None)
    if not unknown:
        return None
    by_effect: dict[int, list[FactValue]] = {}
    for value in cells:
        by_effect.setdefault(_effect(word, start, name, value), []).append(value)
    usual = max(by_effect, key=lambda effect: len(by_effect[effect]))
    if fact.kind is Kind.CODE:
        usual = _effect(word, start, name, cells[-1])
    whens = [When(Q(**{f"{fact.column}__isnull": True}), then=Value(unknown))]
    whens += [When(in_cells(fact, by_effect[e], cells), then=Value(e)) for e in by_effect if e != usual]
    return Case(*whens, default=Value(usual), output_field=BigIntegerField())


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


def _half_words(layout: Layout) -> dict[str, Expression | F]:
    """The effect of the row on each half of each word that reads rows, by the name of its column."""
    found = {}
    for number, word in enumerate(layout.words):
        facts = dict.fromkeys(fact for bit in word.bits for fact in bit.by_fact)
        of_rows = [fact for fact in facts if FACTS[fact].level in ROW_LEVELS]
        for half, start in enumerate((0, HALF_BITS)):
            effects = [_fact_effect(layout, word, start, fact) for fact in of_rows]
            parts = [effect for effect in effects if effect is not None]
            if parts:
                found[_half_word(number, half)] = _balanced_or([*parts])
    return found


def _half_word(number: int, half: int) -> str:
    return f"h{number}_{half}"


def masks_sql(columns: Collection[str], number: int) -> str:
    """SQL of both masks of a word from what the ground and what each half says; what is killed is unsure too."""
    killed, unsure = f"k{number}", f"u{number}"
    for half in (0, 1):
        name, shift = _half_word(number, half), half * HALF_BITS
        if name in columns:
            killed += f" | (({name} & {_HALF}) << {shift})"
            unsure += f" | ((({name} & {_HALF}) | ({name} >> {HALF_BITS})) << {shift})"
    return f"{killed} AS k{number}, {unsure} AS u{number}"


@dataclass(frozen=True, slots=True)
class ModeClass:
    """Modes in which the same bits count, and the place of their bounds in the packed integer."""

    modes: tuple[Mode, ...]
    shift: int
    bits: ModeBits


BITS_PER_CLASS = 4
"""Two bounds of two bits each: 00 not eligible, 01 conditional, 11 eligible; worst first."""


SIDE_BITS: Final = BITS_PER_CLASS * len(Mode)
"""The bounds of one rulebook; where two are judged together, those of the second stand so far above."""


@dataclass(frozen=True)
class Statement:
    """The compiled reading of a layout: SQL of masks, whose last parameter is the institution, and of packed bounds."""

    layout: Layout
    masks_sql: str
    masks_params: tuple[Any, ...]
    halves: frozenset[str]
    classes: tuple[ModeClass, ...]
    pack_sql: str


def _classes(layout: Layout) -> tuple[ModeClass, ...]:
    found: dict[ModeBits, list[Mode]] = {}
    for mode in Mode:
        found.setdefault(layout.structure(mode), []).append(mode)
    return tuple(ModeClass(tuple(modes), i * BITS_PER_CLASS, bits) for i, (bits, modes) in enumerate(found.items()))


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


def _case_sql(whens: Iterable[tuple[str, str]], otherwise: str) -> str:
    """SQL: the first value whose test holds; a test that is empty never does."""
    text = "".join(f" WHEN {test} THEN {value}" for test, value in whens if test)
    return f"CASE{text} ELSE {otherwise} END" if text else otherwise


def _bounds_sql(layout: Layout, bits: ModeBits, shift: int) -> str:
    """SQL of both bounds: 0, 1 or 3 shifted to their places.

    A rule that surely fails makes both 0, as it also may fail; most rows need no further test.
    """
    worst_rules, worst_conditions = (_speaking(layout, "k", bits, kind) for kind in (BitKind.RULE, BitKind.CONDITION))
    best_rules, best_conditions = (_speaking(layout, "u", bits, kind) for kind in (BitKind.RULE, BitKind.CONDITION))
    worst = _case_sql([(worst_rules, "0"), (worst_conditions, str(1 << shift))], str(3 << shift))
    best = _case_sql([(best_conditions, str(1 << shift + 2))], str(3 << shift + 2))
    return _case_sql([(best_rules, "0")], f"({worst}) + ({best})")


def _pack_sql(layout: Layout, classes: Iterable[ModeClass]) -> str:
    """SQL of the bounds of all modes; an AND keeps the lower of what row and ground say."""
    parts = [_bounds_sql(layout, entry.bits.parted(layout.settled)[1], entry.shift) for entry in classes]
    return f"({' + '.join(f'({part})' for part in parts)}) & ground_bounds"


Rows = type[TaskProfile | DeterminedTask]
"""Whose rows are judged: those of today, or those that results stored. Both have the same columns of facts."""


@lru_cache(maxsize=64)
def _compiled(fingerprint: str, vendor: str, rulebook: _Keyed, rows: Rows) -> Statement:
    layout = lay_out(rulebook.rulebook)
    return _stated(layout, _classes(layout), rows)


def _stated(layout: Layout, classes: tuple[ModeClass, ...], rows: Rows) -> Statement:
    """The statement of a layout and of classes over it; raises TooManyRules."""
    if len(layout.words) > GROUND_WORDS:
        raise TooManyRules(f"{len(layout.bits)} bits; a statement carries {GROUND_WORDS * 62}")
    halves = _half_words(layout)
    names = [f"{side}{i}" for i in range(len(layout.words)) for side in "ku"]
    columns = {name: _ground_column(layout, name) for name in names} | halves
    columns |= {"ground_bounds": _ground_column(layout, "bounds")}
    sql, params = _of_rows(rows, columns)
    return Statement(layout, sql, params, frozenset(halves), classes, _pack_sql(layout, classes))


def _of_rows(rows: Rows, columns: Mapping[str, Expression | F]) -> tuple[str, tuple[Any, ...]]:
    """The ORM's SQL of the columns; its last parameter says of which institution, or of which verification."""
    keys = ("task_id", "position_id", "agency_id")
    if rows is DeterminedTask:
        stored = DeterminedTask.objects.filter(verification=0).annotate(**columns).order_by()
        return stored.values_list(*keys, "masks", "outcomes", *columns).query.sql_with_params()
    current = TaskProfile.objects.filter(institution=0).annotate(**columns)
    return current.values_list(*keys, *columns).query.sql_with_params()


@dataclass(frozen=True)
class _Keyed:
    """A rulebook that is equal to any of the same fingerprint, so that compiled SQL is found again."""

    rulebook: Rulebook

    def __hash__(self) -> int:
        return hash(self.rulebook.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.rulebook.fingerprint == self.rulebook.fingerprint


def compiled(rulebook: Rulebook, rows: Rows = TaskProfile) -> Statement:
    """The compiled reading of a rulebook; equal fingerprints share one."""
    return _compiled(rulebook.fingerprint, connection.vendor, _Keyed(rulebook), rows)


def compiled_together(before: Rulebook, after: Rulebook) -> Statement:
    """Two rulebooks over the same masks: what both say is worked out once. First the classes of one, then the other.

    Raises TooManyRules where the bits of both do not fit.
    """
    return _compiled_together(connection.vendor, _Keyed(before), _Keyed(after))


@lru_cache(maxsize=16)
def _compiled_together(vendor: str, before: _Keyed, after: _Keyed) -> Statement:
    sides = [compiled(keyed.rulebook) for keyed in (before, after)]
    layout = joined(*(side.layout for side in sides))
    classes = [
        ModeClass(entry.modes, entry.shift + number * SIDE_BITS, layout_bits(layout, side.layout, entry.bits))
        for number, side in enumerate(sides)
        for entry in side.classes
    ]
    return _stated(layout, tuple(classes), TaskProfile)
