"""What the masks of a task say in each mode, without its rules' titles: bounds, conditions, limits (pure).

Two readings are equal when deciding gives the same: the comparison by which a signed row is stale or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from agencies.facts import FactValue
from eligibility.decisions import Reason, State, limit_standings
from eligibility.masks import BitKind, Layout, lifts_that_can_apply
from eligibility.rulebook import Attach, Bounds, Limit, Mode, Place, Rule, Truth, Verdict


@dataclass(frozen=True, slots=True)
class ConditionRead:
    """A condition of a mode that surely applies, or may (`sure` is false)."""

    kind: str
    text: str
    sure: bool


@dataclass(frozen=True, slots=True)
class LimitRead:
    """What is left of one quantity: the sure limit (None: none applies for sure) and those that may be stricter."""

    limit: Limit | None
    possible: frozenset[Limit]


@dataclass(frozen=True, slots=True)
class ModeRead:
    """One mode of a task. Where the mode is surely closed, conditions and limits mean nothing and are left out."""

    bounds: Bounds
    conditions: frozenset[ConditionRead]
    limits: frozenset[LimitRead]


@dataclass(frozen=True, slots=True)
class _Speaking:
    """A condition or limit of a mode with its own bits and those of its lifts."""

    rule: Rule
    own: int
    lifts: int

    def truth(self, killed: int, unsure: int) -> Truth:
        """Whether the rule speaks: some bit of its own came true, and none of its lifts' did."""
        if self.own & ~unsure and not self.lifts & ~killed:
            return True
        return None if self.own & ~killed and not self.lifts & ~unsure else False


class MaskReader:
    """Reads the masks of one layout, each pair worked out once."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        places: dict[tuple[tuple[Rule, ...], BitKind], int] = {}
        for place, bit in enumerate(layout.bits):
            key = (bit.rules, bit.kind)
            places[key] = places.get(key, 0) | 1 << place
        self._speaking = {mode: tuple(self._rules_of(mode, places)) for mode in Mode}
        self._read: dict[tuple[int, int], dict[Mode, ModeRead]] = {}
        self._texts: dict[str, tuple[int, int]] = {}

    def _rules_of(self, mode: Mode, places: Mapping[tuple[tuple[Rule, ...], BitKind], int]) -> Iterable[_Speaking]:
        for rule in self.layout.rulebook.suitability(mode):
            if isinstance(rule.effect, Attach | Limit):
                kind = BitKind.CONDITION if isinstance(rule.effect, Attach) else BitKind.LIMIT
                lifts = lifts_that_can_apply(self.layout.rulebook, (rule,), mode)
                bits = reduce(or_, (places.get(((lift,), BitKind.LIFT), 0) for lift in lifts), 0)
                yield _Speaking(rule, places.get(((rule,), kind), 0), bits)

    def masks(self, text: str) -> tuple[int, int]:
        """Killed and unsure bits over the whole layout, from the text of all words."""
        known = self._texts.get(text)
        if known is None:
            numbers = [int(part) for part in text.split()]
            words = self.layout.words
            known = self._texts[text] = (
                reduce(or_, (numbers[2 * i] << word.first for i, word in enumerate(words)), 0),
                reduce(or_, (numbers[2 * i + 1] << word.first for i, word in enumerate(words)), 0),
            )
        return known

    def masks_of(self, values: Mapping[str, FactValue | None], place: Place) -> tuple[int, int]:
        """The masks worked out from facts, for rows whose stored masks were laid out otherwise."""
        killed = unsure = 0
        for word in self.layout.words:
            kills = leaves = word.select(lambda bit: not bit.scope_truth(place))
            for fact in dict.fromkeys(fact for bit in word.bits for fact in bit.by_fact):
                more, open_ = word.masks(fact, values.get(fact))
                kills, leaves = kills | more, leaves | open_
            killed, unsure = killed | kills << word.first, unsure | leaves << word.first
        return killed, unsure

    def read(self, killed: int, unsure: int) -> dict[Mode, ModeRead]:
        """Every mode under the masks."""
        known = self._read.get((killed, unsure))
        if known is None:
            known = {mode: self._mode(mode, killed, unsure) for mode in Mode}
            self._read[killed, unsure] = known
        return known

    def _mode(self, mode: Mode, killed: int, unsure: int) -> ModeRead:
        bounds = self.layout.structure(mode).bounds(killed, unsure)
        if bounds.best is Verdict.NOT_ELIGIBLE:
            return ModeRead(bounds, frozenset(), frozenset())
        spoken = [(one.rule, one.truth(killed, unsure)) for one in self._speaking[mode]]
        conditions = frozenset(
            ConditionRead(rule.effect.kind.value, rule.effect.text, truth is True)
            for rule, truth in spoken
            if isinstance(rule.effect, Attach) and truth is not False
        )
        return ModeRead(bounds, conditions, _limits(spoken))


def _limits(spoken: Sequence[tuple[Rule, Truth]]) -> frozenset[LimitRead]:
    states = {True: State.LIMIT, None: State.UNKNOWN, False: State.PASSED}
    reasons = [Reason(rule, states[truth]) for rule, truth in spoken if isinstance(rule.effect, Limit)]
    return frozenset(
        LimitRead(one.limit, frozenset(rule.effect for rule in one.possible if isinstance(rule.effect, Limit)))
        for one in limit_standings(reasons)
    )
