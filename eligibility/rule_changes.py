"""Which rules of two rulebooks differ in meaning, and which bits of a layout speak of them (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from eligibility.masks import Bit, Layout
from eligibility.rulebook import Attach, Lift, Limit, Mode, Rule, Rulebook


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """The rules that say something else, or are there in one rulebook only."""

    before: frozenset[Rule]
    after: frozenset[Rule]

    @property
    def codes(self) -> list[str]:
        """Their codes, in order."""
        return sorted({rule.code for rule in self.before | self.after})

    @property
    def modes(self) -> frozenset[Mode]:
        """The modes in which the outcome or the terms of a job may change."""
        return frozenset(mode for rule in self.before | self.after if not rule.is_gate for mode in rule.modes)

    @property
    def gates(self) -> list[str]:
        """The codes of those that judge persons and requests, and so move no outcome of a job."""
        return sorted({rule.code for rule in self.before | self.after if rule.is_gate})


def _meaning(rule: Rule, like: Rule) -> Rule:
    """The rule under the number, title and citation of another: a new citation alone decides nothing otherwise."""
    return replace(rule, version=like.version, title=like.title, citation=like.citation)


def _missing(mine: Rulebook, other: Rulebook) -> frozenset[Rule]:
    theirs = other.by_code
    return frozenset(
        rule for rule in mine.rules if rule.code not in theirs or _meaning(rule, theirs[rule.code]) != theirs[rule.code]
    )


def rule_changes(before: Rulebook, after: Rulebook) -> RuleChanges:
    """What differs between two rulebooks of one institution on one day."""
    return RuleChanges(_missing(before, after), _missing(after, before))


def speaking_to(book: Rulebook, modes: frozenset[Mode]) -> Rulebook:
    """The rules as far as they speak to the modes: each mode is judged by its own rules and lifts alone."""
    spoken = ((rule, rule.modes & modes) for rule in book.rules)
    return replace(book, rules=tuple(replace(rule, modes=shared) for rule, shared in spoken if shared))


def bits_of(layout: Layout, rules: Iterable[Rule]) -> list[Bit]:
    """The ways in which the rules can speak or lift; where all are killed, they have surely passed."""
    wanted = frozenset(rules)
    return [bit for bit in layout.bits if not wanted.isdisjoint(bit.rules)]


def moves_terms(before: Rulebook, after: Rulebook, changes: RuleChanges) -> bool:
    """Whether conditions or limits may change: one of them did, or what lifts one of them."""
    return any(
        _is_term(rule) or (isinstance(rule.effect, Lift) and _lifts(rule.effect, book, _is_term))
        for book, rules in ((before, changes.before), (after, changes.after))
        for rule in rules
    )


def modes_of_gates(before: Rulebook, after: Rulebook, changes: RuleChanges) -> frozenset[Mode]:
    """The modes in which persons or requests may be judged otherwise: by a changed gate, or by what lifts one."""
    return frozenset(
        mode
        for book, rules in ((before, changes.before), (after, changes.after))
        for rule in rules
        if rule.is_gate or (isinstance(rule.effect, Lift) and _lifts(rule.effect, book, lambda lifted: lifted.is_gate))
        for mode in rule.modes
    )


def _is_term(rule: Rule) -> bool:
    return isinstance(rule.effect, Attach | Limit)


def _lifts(lift: Lift, book: Rulebook, wanted: Callable[[Rule], bool]) -> bool:
    return any(code in book.by_code and wanted(book.by_code[code]) for code in lift.rules)
