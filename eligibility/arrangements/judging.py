"""Judges many cases by one rulebook in one mode, remembering each answer by what was read for it (pure).

Every answer is one that `decisions.py` gave: a rule's answer depends on the facts that it and its lifts read, and
on the place where one of them has a scope. The same few values return over and over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agencies.facts import FactValue, Level
from eligibility.decisions import Reason, TaskDecision, judge_rule, task_of
from eligibility.rulebook import Case, Mode, Place, Rule, Rulebook

Key = tuple[object, ...]

MOST_KEPT: Final = 100_000
"""Answers kept by one memory; then it starts again, which bounds the space."""


class RuleMemory:
    """The answers of one rule in one mode, by the values that it and its lifts read."""

    def __init__(self, rulebook: Rulebook, rule: Rule, mode: Mode) -> None:
        self._rulebook, self.rule, self._mode = rulebook, rule, mode
        told = (rule, *rulebook.lifts_of(rule, mode))
        self.facts: Final = tuple(dict.fromkeys(c.fact for one in told for c in one.criteria()))
        self.scoped: Final = any(not one.scope.reaches_all for one in told)
        self.reads_tasks: Final = any(fact.startswith(f"{Level.TASK}.") for fact in self.facts)
        self._known: dict[Key, Reason] = {}

    def judge(self, case: Case) -> Reason:
        """How the rule stands to the case, from which nothing may be absent."""
        key = (case.place if self.scoped else None, *map(case.values.get, self.facts))
        reason = self._known.get(key)
        if reason is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            reason = self._known[key] = judge_rule(self._rulebook, self.rule, self._mode, case)
        return reason


class Judge:
    """Decides tasks and gates of cases from which nothing is absent: the person and her request are in them."""

    def __init__(self, rulebook: Rulebook, mode: Mode) -> None:
        self.rulebook: Final = rulebook
        self.mode: Final = mode
        self._suitability = tuple(RuleMemory(rulebook, rule, mode) for rule in rulebook.suitability(mode))
        self.gates: Final = tuple(RuleMemory(rulebook, rule, mode) for rule in rulebook.gates(mode))
        self._task_facts = tuple(dict.fromkeys(fact for one in self._suitability for fact in one.facts))
        self._scoped = any(one.scoped for one in self._suitability)
        self.facts: Final = frozenset(self._task_facts).union(*(one.facts for one in self.gates))
        self._known: dict[Key, TaskDecision] = {}

    def task(self, values: Mapping[str, FactValue | None], place: Place) -> TaskDecision:
        """What `decide_task` says of the values."""
        key = (place if self._scoped else None, *map(values.get, self._task_facts))
        decision = self._known.get(key)
        if decision is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            case = Case(values, place, frozenset())
            judged = (one.judge(case) for one in self._suitability)
            decision = self._known[key] = task_of(self.rulebook, case, self.mode, judged)
        return decision


_JUDGES: dict[tuple[int, Mode], Judge] = {}
_MOST_JUDGES: Final = 256


def judge_of(rulebook: Rulebook, mode: Mode) -> Judge:
    """The judge of a rulebook in a mode, made once for each rulebook in memory.

    Equal rulebooks may differ in what is known of their sources, so the very same one is meant: a judge keeps
    its rulebook, and so the rulebook keeps its identity.
    """
    key = (id(rulebook), mode)
    judge = _JUDGES.get(key)
    if judge is None:
        if len(_JUDGES) >= _MOST_JUDGES:
            _JUDGES.clear()
        judge = _JUDGES[key] = Judge(rulebook, mode)
    return judge
