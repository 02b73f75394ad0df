"""A rulebook as bits: every way a rule can speak is one bit, and every value of a fact a mask of bits (pure).

Before lifts, a rule fails when it reaches the case, all of applies hold, its requirement is missing
and no exception is met. Written out as alternatives, each a plain conjunction of tests, every
alternative gets one bit; so does every way in which a lift applies. For each fact and value two
masks say which bits the value *kills* (a test of the alternative surely fails) and which it leaves
*unsure* (killed, or the fact is unknown). ORing the masks of all facts judges all rules at once: a
bit not unsure has surely come true, a bit killed surely has not, the rest is unknown. A lifted rule
fails when a bit of its own has come true and every bit of its lifts is killed. Three-valued logic
allows the writing out without loss, so both quick readings give what `decisions.py` gives.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, reduce
from itertools import combinations, pairwise, product
from operator import or_

from agencies.facts import Fact, FactValue, Kind
from eligibility.decisions import PERSON_LEVELS
from eligibility.facts import FACTS, ROW_LEVELS
from eligibility.rulebook import (
    Attach,
    Bounds,
    Conjunction,
    Criterion,
    Limit,
    Mode,
    Place,
    Require,
    Rule,
    Rulebook,
    Scope,
    Truth,
    Verdict,
    all_true,
    plain,
)

_NO, _IF, _YES = Verdict.NOT_ELIGIBLE, Verdict.CONDITIONAL, Verdict.ELIGIBLE

WORD_BITS = 62
"""Bits in one column: a signed 64-bit integer with room for the sign, on both databases."""

Literal = tuple[Criterion | Scope, bool]
"""A test and the outcome that the alternative needs of it."""

Alternative = frozenset[Literal]
"""Tests that must all come out as said; an empty one always does."""


class BitKind(StrEnum):
    """What a bit that comes true means: a rule that fails, a condition, a limit or a lift that applies."""

    RULE = "rule"
    CONDITION = "condition"
    LIMIT = "limit"
    LIFT = "lift"


def _absent(conjunction: Conjunction) -> bool:
    return any(criterion.level in PERSON_LEVELS for criterion in conjunction)


def _violations(rule: Rule) -> list[Alternative]:
    """The ways in which what the rule asks for is missing."""
    if not isinstance(rule.effect, Require):
        return [frozenset()]
    missing = max(0, len(rule.effect.criteria) - rule.effect.at_least + 1)
    return [frozenset((c, False) for c in chosen) for chosen in combinations(rule.effect.criteria, missing)]


def _absorbed(alternatives: Iterable[Alternative]) -> list[Alternative]:
    """Without those that another one implies."""
    kept: list[Alternative] = []
    for alternative in sorted(dict.fromkeys(alternatives), key=len):
        if not any(known <= alternative for known in kept):
            kept.append(alternative)
    return kept


def combined(parts: Iterable[Sequence[Alternative]]) -> list[Alternative]:
    """The ways in which all parts come true, each part in one of its own ways."""
    ways: list[Alternative] = [frozenset()]
    for part in parts:
        ways = _absorbed(left | right for left, right in product(ways, part))
    return ways


def speaking_parts(rule: Rule) -> list[list[Alternative]]:
    """What must come true for the rule to speak to a case, lifts apart: its reach, and no exception met."""
    reach: Alternative = frozenset((criterion, True) for criterion in rule.applies)
    if not rule.scope.reaches_all:
        reach |= {(rule.scope, True)}
    return [[reach], *(_not_met(exception) for exception in rule.exceptions if not _absent(exception))]


def _not_met(exception: Conjunction) -> list[Alternative]:
    return [frozenset({(criterion, False)}) for criterion in exception]


def failing_parts(rule: Rule) -> list[list[Alternative]]:
    """What must come true for the rule to fail (a condition, limit or lift: to apply), lifts apart."""
    return [*speaking_parts(rule), _violations(rule)]


def lifts_that_can_apply(rulebook: Rulebook, rules: Iterable[Rule], mode: Mode) -> list[Rule]:
    """The lifts of any of the rules in a mode; one that reads the person, who is absent, cannot apply."""
    lifts = dict.fromkeys(lift for rule in rules for lift in rulebook.lifts_of(rule, mode))
    return [lift for lift in lifts if not _absent(lift.applies)]


@dataclass(frozen=True)
class Bit:
    """One alternative of one rule or lift (of several limits that leave nothing together), for its modes."""

    rules: tuple[Rule, ...]
    kind: BitKind
    modes: frozenset[Mode]
    alternative: Alternative

    @cached_property
    def scopes(self) -> tuple[tuple[Scope, bool], ...]:
        """The tests of where the case stands."""
        return tuple((test, needed) for test, needed in self.alternative if isinstance(test, Scope))

    @cached_property
    def by_fact(self) -> Mapping[str, tuple[tuple[Criterion, bool], ...]]:
        """The tests of each fact."""
        found: dict[str, list[tuple[Criterion, bool]]] = {}
        for test, needed in self.alternative:
            if isinstance(test, Criterion):
                found.setdefault(test.fact, []).append((test, needed))
        return {fact: tuple(tests) for fact, tests in found.items()}

    @cached_property
    def reads_rows(self) -> bool:
        """Whether some fact of the alternative stands on the task's row."""
        return any(FACTS[fact].level in ROW_LEVELS for fact in self.by_fact)

    def fact_truth(self, fact: str, value: FactValue | None) -> Truth:
        """Whether the alternative's tests of one fact come out as needed."""
        if value is None:
            return None
        return all(test.holds(value) is needed for test, needed in self.by_fact[fact])

    def scope_truth(self, place: Place) -> bool:
        """Whether the place is as the alternative needs it; that is always known."""
        return all(scope.reaches(place) is needed for scope, needed in self.scopes)

    def truth(self, values: Mapping[str, FactValue | None], place: Place) -> Truth:
        """Whether the whole alternative comes true."""
        if not self.scope_truth(place):
            return False
        return all_true(self.fact_truth(fact, values.get(fact)) for fact in self.by_fact)


def _kind(rule: Rule) -> BitKind:
    if isinstance(rule.effect, Attach):
        return BitKind.CONDITION
    return BitKind.LIMIT if isinstance(rule.effect, Limit) else BitKind.RULE


def _bits_of(rules: tuple[Rule, ...], kind: BitKind, modes: frozenset[Mode]) -> Iterator[Bit]:
    parts = [part for rule in rules for part in failing_parts(rule)]
    for alternative in combined(parts):
        yield Bit(rules, kind, modes, alternative)


def _all_bits(rulebook: Rulebook) -> Iterator[Bit]:
    """Bits of every suitability rule, of every set of limits that leaves nothing, and of every lift.

    Rules are taken in the order of their codes: equal rulebooks have equal layouts, so that stored masks
    can be compared with those of today.
    """
    rulebook = replace(rulebook, rules=tuple(sorted(rulebook.rules, key=lambda rule: rule.code)))
    judged = dict.fromkeys(rule for mode in Mode for rule in rulebook.suitability(mode))
    for rule in judged:
        yield from _bits_of((rule,), _kind(rule), rule.modes)
    exhausted: dict[tuple[Rule, ...], frozenset[Mode]] = {}
    for mode in Mode:
        for norms in rulebook.exhausted_limits(mode):
            exhausted[norms] = exhausted.get(norms, frozenset()) | {mode}
    for norms, modes in exhausted.items():
        yield from _bits_of(norms, BitKind.RULE, modes)
    lifts = dict.fromkeys(lift for mode in Mode for lift in lifts_that_can_apply(rulebook, judged, mode))
    for lift in lifts:
        yield from _bits_of((lift,), BitKind.LIFT, lift.modes)


def cells(fact: Fact, criteria: Iterable[Criterion]) -> tuple[FactValue, ...]:
    """One value for each way the criteria can tell values of the fact apart."""
    if fact.kind is Kind.YES_NO:
        return (True, False)
    if fact.kind is Kind.CHOICE:
        return fact.codes
    operands = {operand for criterion in criteria for operand in criterion.operands}
    if fact.kind is Kind.CODE:
        return (*sorted(str(operand) for operand in operands), "\x00another code")
    cuts = sorted(Decimal(operand) for operand in operands)  # type: ignore[arg-type]
    if not cuts:
        return (Decimal(0),)
    between = [(low + high) / 2 for low, high in pairwise(cuts)]
    return (cuts[0] - 1, *sorted([*cuts, *between]), cuts[-1] + 1)


@dataclass(frozen=True)
class Word:
    """Up to 62 bits that share a pair of columns; `first` is the number of its first bit."""

    first: int
    bits: tuple[Bit, ...]

    @property
    def all(self) -> int:
        """A mask of all bits of the word."""
        return (1 << len(self.bits)) - 1

    def select(self, chosen: Callable[[Bit], bool]) -> int:
        """The mask of the bits that are chosen."""
        return sum(1 << place for place, bit in enumerate(self.bits) if chosen(bit))

    def masks(self, fact: str, value: FactValue | None) -> tuple[int, int]:
        """The bits that the value of a fact kills, and those it leaves unsure (the killed among them)."""
        known = self._masks.get((fact, value))
        if known is None:
            known = self._masks[fact, value] = self._worked_out(fact, value)
        return known

    @cached_property
    def _masks(self) -> dict[tuple[str, FactValue | None], tuple[int, int]]:
        return {}

    def _worked_out(self, fact: str, value: FactValue | None) -> tuple[int, int]:
        if value is None:
            return 0, self.select(lambda bit: fact in bit.by_fact)
        killed = self.select(lambda bit: fact in bit.by_fact and bit.fact_truth(fact, value) is False)
        return killed, killed

    @cached_property
    def _facts_above(self) -> frozenset[str]:
        facts = {fact for bit in self.bits for fact in bit.by_fact}
        return frozenset(fact for fact in facts if FACTS[fact].level not in ROW_LEVELS)

    @cached_property
    def _scoped(self) -> tuple[tuple[int, Bit], ...]:
        """The few bits that ask where the case stands, with their places."""
        return tuple((number, bit) for number, bit in enumerate(self.bits) if bit.scopes)

    def ground_masks(self, values: Mapping[str, FactValue | None], place: Place) -> tuple[int, int]:
        """The bits killed and unsure by the place and by the facts above the position."""
        killed = sum(1 << number for number, bit in self._scoped if not bit.scope_truth(place))
        unsure = killed
        for fact in self._facts_above:
            kills, leaves = self.masks(fact, values.get(fact))
            killed, unsure = killed | kills, unsure | leaves
        return killed, unsure


def _told(bit: Bit) -> list[object]:
    tests = [json.dumps([plain(test), needed], sort_keys=True) for test, needed in bit.alternative]
    return [[rule.code for rule in bit.rules], bit.kind.value, sorted(bit.modes), sorted(tests)]


@dataclass(frozen=True, eq=False)
class Layout:
    """All bits of a rulebook, cut into words: those that read rows first, those settled above the row after."""

    rulebook: Rulebook
    words: tuple[Word, ...]

    @cached_property
    def bits(self) -> tuple[Bit, ...]:
        """All bits in their order."""
        return tuple(bit for word in self.words for bit in word.bits)

    @cached_property
    def settled(self) -> int:
        """A mask of the bits that read no row: they are known once for an agency or unit."""
        return sum(word.all << word.first for word in self.words if not word.bits[0].reads_rows)

    @cached_property
    def criteria_by_fact(self) -> Mapping[str, tuple[Criterion, ...]]:
        """The criteria that read each fact."""
        found: dict[str, dict[Criterion, None]] = {}
        for bit in self.bits:
            for fact, tests in bit.by_fact.items():
                found.setdefault(fact, {}).update((test, None) for test, _needed in tests)
        return {fact: tuple(tests) for fact, tests in found.items()}

    def cells(self, fact: str) -> tuple[FactValue, ...]:
        """One value of the fact for each way in which the rulebook tells values apart."""
        return cells(FACTS[fact], self.criteria_by_fact.get(fact, ()))

    def reads_units(self) -> bool:
        """Whether some bit depends on the unit, by its facts or by scope."""
        return any(fact.startswith("unit.") for fact in self.criteria_by_fact) or any(
            scope.units for bit in self.bits for scope, _needed in bit.scopes
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what each bit means, in their order: masks of one rulebook under equal digests can be compared."""
        lines = [json.dumps(_told(bit), separators=(",", ":")) for bit in self.bits]
        return hashlib.sha256("\n".join([str(WORD_BITS), *lines]).encode()).hexdigest()

    def structure(self, mode: Mode) -> ModeBits:
        """Which bits count in a mode, and how."""
        return self._structures[mode]

    @cached_property
    def _structures(self) -> Mapping[Mode, ModeBits]:
        return {mode: _mode_bits(self, mode) for mode in Mode}

    def decider(self, mode: Mode) -> Decider:
        """The quick decision of one mode in memory."""
        return self._deciders[mode]

    @cached_property
    def _deciders(self) -> Mapping[Mode, Decider]:
        return {mode: Decider(self, mode) for mode in Mode}


@dataclass(frozen=True, slots=True)
class LiftedBits:
    """A rule (or condition) that lifts may set aside: its own bits and those of its lifts."""

    kind: BitKind
    own: int
    lifts: int


@dataclass(frozen=True, slots=True)
class ModeBits:
    """The bits of a mode as masks over the whole layout: of plain rules, of plain conditions, of lifted ones."""

    rules: int
    conditions: int
    lifted: tuple[LiftedBits, ...]

    def parted(self, settled: int) -> tuple[ModeBits, ModeBits]:
        """What the settled bits alone decide, and the rest; a bound is the lower of what both say."""
        alone = tuple(group for group in self.lifted if (group.own | group.lifts) & ~settled == 0)
        others = tuple(group for group in self.lifted if group not in alone)
        return (
            ModeBits(self.rules & settled, self.conditions & settled, alone),
            ModeBits(self.rules & ~settled, self.conditions & ~settled, others),
        )

    def bounds(self, killed: int, unsure: int) -> Bounds:
        """The bounds under masks over the whole layout."""
        return Bounds(self._bound(killed, unsure), self._bound(unsure, killed))

    def _bound(self, side: int, other: int) -> Verdict:
        """A rule speaks when some bit of its own is not set on the side, and all of its lifts are on the other."""
        speaking = {group.kind for group in self.lifted if group.own & ~side and not group.lifts & ~other}
        if self.rules & ~side or BitKind.RULE in speaking:
            return _NO
        return _IF if self.conditions & ~side or BitKind.CONDITION in speaking else _YES


def _mode_bits(layout: Layout, mode: Mode) -> ModeBits:
    places: dict[tuple[tuple[Rule, ...], BitKind], int] = {}
    for place, bit in enumerate(layout.bits):
        key = (bit.rules, bit.kind)
        places[key] = places.get(key, 0) | 1 << place
    plain = {BitKind.RULE: 0, BitKind.CONDITION: 0}
    lifted = []
    counted = {(bit.rules, bit.kind) for bit in layout.bits if bit.kind in plain and mode in bit.modes}
    for rules, kind in sorted(counted, key=lambda key: places[key]):
        lifts = lifts_that_can_apply(layout.rulebook, rules, mode)
        own, others = places[rules, kind], [places.get(((lift,), BitKind.LIFT), 0) for lift in lifts]
        if not any(others):
            plain[kind] |= own
        else:
            lifted.append(LiftedBits(kind, own, reduce(or_, others)))
    return ModeBits(plain[BitKind.RULE], plain[BitKind.CONDITION], tuple(lifted))


def _words(bits: Sequence[Bit], first: int) -> Iterator[Word]:
    for start in range(0, len(bits), WORD_BITS):
        yield Word(first + start, tuple(bits[start : start + WORD_BITS]))


def lay_out(rulebook: Rulebook) -> Layout:
    """Give every alternative of every suitability rule its bit."""
    return _laid_out(rulebook, list(_all_bits(rulebook)))


def joined(before: Layout, after: Layout) -> Layout:
    """The bits of two rulebooks in one layout, those that both have once; its structures are of neither."""
    return _laid_out(after.rulebook, list(dict.fromkeys((*before.bits, *after.bits))))


def layout_bits(layout: Layout, own: Layout, bits: ModeBits) -> ModeBits:
    """The bits of a mode in the layout of one rulebook, at their places in a joined layout."""
    places = {bit: place for place, bit in enumerate(layout.bits)}

    def moved(mask: int) -> int:
        return sum(1 << places[bit] for place, bit in enumerate(own.bits) if mask >> place & 1)

    lifted = tuple(LiftedBits(group.kind, moved(group.own), moved(group.lifts)) for group in bits.lifted)
    return ModeBits(moved(bits.rules), moved(bits.conditions), lifted)


def _laid_out(rulebook: Rulebook, bits: Sequence[Bit]) -> Layout:
    rows = sorted((bit for bit in bits if bit.reads_rows), key=lambda bit: sorted(bit.by_fact))
    above = [bit for bit in bits if not bit.reads_rows]
    return Layout(rulebook, (*_words(rows, 0), *_words(above, len(rows))))


class _NumberMasks(dict[FactValue | None, int]):
    """Masks of a number fact: a value not seen before takes the mask of the cell it falls into."""

    def __init__(self, cuts: Sequence[Decimal], masks: Sequence[int], unknown: int) -> None:
        super().__init__({None: unknown})
        self._cuts = cuts
        self._masks = masks

    def __missing__(self, value: FactValue | None) -> int:
        number = Decimal(value)  # type: ignore[arg-type]
        place = bisect_left(self._cuts, number)
        exact = place < len(self._cuts) and self._cuts[place] == number
        mask = self[value] = self._masks[2 * place + exact]
        return mask


class _CodeMasks(dict[FactValue | None, int]):
    """Masks of an open code: a code that no rule names takes the mask of "another code"."""

    def __init__(self, masks: Mapping[FactValue | None, int], other: int) -> None:
        super().__init__(masks)
        self._other = other

    def __missing__(self, value: FactValue | None) -> int:
        return self._other


class Decider:
    """Decides one mode by ORing one mask per fact; killed bits stand above unsure bits in one integer."""

    def __init__(self, layout: Layout, mode: Mode) -> None:
        structure = layout.structure(mode)
        # Limits move no bound, but their bits are reasons too.
        self.bits = tuple(bit for bit in layout.bits if mode in bit.modes)
        self._width = len(self.bits)
        word = Word(0, self.bits)
        self._tables = tuple(
            (fact, self._table(word, fact)) for fact in dict.fromkeys(fact for bit in self.bits for fact in bit.by_fact)
        )
        self._scoped = any(bit.scopes for bit in self.bits)
        own = {bit: place for place, bit in enumerate(self.bits)}

        def narrowed(mask: int) -> int:
            return sum(1 << own[bit] for place, bit in enumerate(layout.bits) if mask >> place & 1)

        self._rules = narrowed(structure.rules)
        self._conditions = narrowed(structure.conditions)
        self._lifted = tuple(
            (group.kind is BitKind.RULE, narrowed(group.own), narrowed(group.lifts)) for group in structure.lifted
        )

    def _pack(self, killed: int, unsure: int) -> int:
        return killed << self._width | unsure

    def _table(self, word: Word, name: str) -> dict[FactValue | None, int]:
        fact = FACTS[name]
        criteria = [test for bit in word.bits for test, _needed in bit.by_fact.get(name, ())]
        values = cells(fact, criteria)
        masks: dict[FactValue | None, int] = {value: self._pack(*word.masks(name, value)) for value in values}
        unknown = self._pack(*word.masks(name, None))
        if fact.kind is Kind.NUMBER:
            cuts = sorted({Decimal(o) for test in criteria for o in test.operands})  # type: ignore[arg-type]
            return _NumberMasks(cuts, [masks[value] for value in values], unknown)
        if fact.kind is Kind.CODE:
            return _CodeMasks({**masks, None: unknown}, masks[values[-1]])
        return {**masks, None: unknown}

    def scope_mask(self, place: Place) -> int:
        """The start of a decision in a place: what its scopes kill. Shared by all cases of the place."""
        if not self._scoped:
            return 0
        killed = Word(0, self.bits).select(lambda bit: not bit.scope_truth(place))
        return self._pack(killed, killed)

    def decide(self, values: Mapping[str, FactValue | None], start: int = 0) -> tuple[Verdict, Verdict, int]:
        """Worst, best and the mask that holds every reason; `values` names every fact the mode reads."""
        mask = start
        for fact, table in self._tables:
            mask |= table[values[fact]]
        killed = mask >> self._width
        rule_fails = mask & self._rules != self._rules
        rule_may = killed & self._rules != self._rules
        condition_applies = mask & self._conditions != self._conditions
        condition_may = killed & self._conditions != self._conditions
        for is_rule, own, lifts in self._lifted:
            fails = mask & own != own and killed & lifts == lifts
            may = killed & own != own and mask & lifts == lifts
            if is_rule:
                rule_fails, rule_may = rule_fails or fails, rule_may or may
            else:
                condition_applies, condition_may = condition_applies or fails, condition_may or may
        worst = _NO if rule_may else _IF if condition_may else _YES
        best = _NO if rule_fails else _IF if condition_applies else _YES
        return worst, best, mask

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the mode reads."""
        return tuple(fact for fact, _table in self._tables)

    def bounds(self, values: Mapping[str, FactValue | None], place: Place) -> Bounds:
        """The bounds of one case; names without value are unknown."""
        known = {fact: values.get(fact) for fact in self.facts}
        worst, best, _mask = self.decide(known, self.scope_mask(place))
        return Bounds(worst, best)

    def states(self, mask: int) -> Iterator[tuple[Bit, Truth]]:
        """How each bit stands in a mask that `decide` gave: the reasons, worded on demand."""
        for place, bit in enumerate(self.bits):
            if not mask >> place & 1:
                yield bit, True
            else:
                yield bit, False if mask >> (self._width + place) & 1 else None
