"""The same rules for other engines: plain Python closures, zen-engine's decision table, rule-engine's expressions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

import rule_engine
import zen

from agencies.facts import FactValue, Kind
from eligibility.decisions import PERSON_LEVELS
from eligibility.facts import FACTS
from eligibility.masks import Alternative, Layout, combined, failing_parts, lifts_that_can_apply
from eligibility.rulebook import Conjunction, Criterion, Mode, Operator, Place, Prohibit, Require, Rule, Rulebook, Scope

Flat = Mapping[str, bool | str | float]
"""A case as other engines take it: names without dots, numbers as floats, every fact known."""

Decide = Callable[[Flat], bool]
"""Whether some rule fails."""

PYTHON: Final = {
    Operator.IS: "==",
    Operator.IS_NOT: "!=",
    Operator.AT_LEAST: ">=",
    Operator.AT_MOST: "<=",
    Operator.MORE_THAN: ">",
    Operator.ONE_OF: "in",
    Operator.NONE_OF: "not in",
}


def flat_name(fact: str) -> str:
    """The name of a fact without its dot."""
    return fact.replace(".", "_")


def flat(values: Mapping[str, FactValue | None]) -> Flat:
    """A case with all facts known, for other engines."""
    found: dict[str, bool | str | float] = {}
    for name, value in values.items():
        if isinstance(value, bool | str):
            found[flat_name(name)] = value
        elif isinstance(value, Decimal):
            found[flat_name(name)] = float(value)
    return found


def failing_rules(rulebook: Rulebook, mode: Mode) -> list[Rule]:
    """The rules that can refuse the mode; conditions and limits refuse nothing."""
    return [rule for rule in rulebook.suitability(mode) if isinstance(rule.effect, Require | Prohibit)]


@dataclass(frozen=True)
class Source:
    """Writes rules as Python expressions over a flat case `c`; scopes become sets of the agencies they reach."""

    rulebook: Rulebook
    mode: Mode
    places: Mapping[str, Place]

    def rule(self, rule: Rule) -> str:
        """True when the rule fails (a condition: applies)."""
        parts = [*self._scope(rule.scope), *map(self._criterion, rule.applies)]
        parts += [f"not ({self._all(e)})" for e in rule.exceptions if not _absent(e)]
        parts += [f"not ({self._lift(lift)})" for lift in lifts_that_can_apply(self.rulebook, (rule,), self.mode)]
        if isinstance(rule.effect, Require):
            parts.append(self._missing(rule.effect))
        return " and ".join(parts) or "True"

    def _missing(self, effect: Require) -> str:
        tests = [f"not ({self._criterion(criterion)})" for criterion in effect.criteria]
        missing = combinations(tests, len(tests) - effect.at_least + 1)
        return "(" + " or ".join(f"({' and '.join(chosen)})" for chosen in missing) + ")"

    def _lift(self, lift: Rule) -> str:
        parts = [*self._scope(lift.scope), *map(self._criterion, lift.applies)]
        parts += [f"not ({self._all(e)})" for e in lift.exceptions if not _absent(e)]
        return " and ".join(parts) or "True"

    def _all(self, conjunction: Conjunction) -> str:
        return " and ".join(map(self._criterion, conjunction)) or "True"

    def _scope(self, scope: Scope) -> list[str]:
        if scope.reaches_all:
            return []
        reached = {code for code, place in self.places.items() if scope.reaches(place)}
        return [f"c['agency_code'] in {reached!r}" if reached else "False"]

    def _criterion(self, criterion: Criterion) -> str:
        operands = [float(o) if isinstance(o, Decimal) else o for o in criterion.operands]
        several = criterion.operator in (Operator.ONE_OF, Operator.NONE_OF)
        shown = repr(set(operands)) if several else repr(operands[0])
        return f"c[{flat_name(criterion.fact)!r}] {PYTHON[criterion.operator]} {shown}"


def _absent(conjunction: Conjunction) -> bool:
    return any(criterion.level in PERSON_LEVELS for criterion in conjunction)


def bare_closures(source: Source) -> Decide:
    """Every rule one closure over the case, all of them called; no unknown facts and no reasons kept."""
    failing = failing_rules(source.rulebook, source.mode)
    rules = [_closure(source, rule) for rule in failing]
    others = [_closure(source, rule) for rule in source.rulebook.suitability(source.mode) if rule not in failing]

    def decide(case: Flat) -> bool:
        failed = False
        for rule in rules:
            if rule(case):
                failed = True
        for other in others:
            other(case)
        return failed

    return decide


def _closure(source: Source, rule: Rule) -> Decide:
    # The expression is written from the rule just above; nothing from outside enters it.
    return eval(f"lambda c: {source.rule(rule)}")  # type: ignore[no-any-return]


def rule_engine_rules(source: Source) -> Decide:
    """Every rule one expression of rule-engine, all of them matched."""
    failing = failing_rules(source.rulebook, source.mode)
    engine_rules = [rule_engine.Rule(_expression(source.rule(rule))) for rule in failing]

    def decide(case: Flat) -> bool:
        failed = False
        for rule in engine_rules:
            failed = rule.matches(case) or failed
        return failed

    return decide


def _expression(source: str) -> str:
    """A Python expression in rule-engine's own words."""
    text = source.replace("c['", "").replace("']", "").replace("{", "[").replace("}", "]")
    return text.replace("True", "true").replace("False", "false")


def zen_table(layout: Layout, mode: Mode, places: Mapping[str, Place]) -> Decide:
    """One decision table of zen-engine: a row for each way in which a rule fails, first hit."""
    ways = [
        way
        for rule in failing_rules(layout.rulebook, mode)
        for way in combined([*failing_parts(rule), *_unlifted(layout.rulebook, rule, mode)])
    ]
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(layout, ways, places)))

    def decide(case: Flat) -> bool:
        return bool(decision.evaluate(dict(case))["result"].get("failed"))

    return decide


def _unlifted(rulebook: Rulebook, rule: Rule, mode: Mode) -> Iterable[Sequence[Alternative]]:
    """What must come true for no lift of the rule to apply."""
    for lift in lifts_that_can_apply(rulebook, (rule,), mode):
        for way in combined(failing_parts(lift)):
            yield [frozenset({(test, not needed)}) for test, needed in way]


def _graph(layout: Layout, ways: Sequence[Alternative], places: Mapping[str, Place]) -> dict[str, Any]:
    """A decision graph of one table, in the engine's own format."""
    facts = sorted({test.fact for way in ways for test, _ in way if isinstance(test, Criterion)} | {"agency.code"})
    inputs = [{"id": f"i{n}", "name": fact, "field": flat_name(fact)} for n, fact in enumerate(facts)]
    rows = [
        {"_id": f"r{n}", **{f"i{k}": _cell(layout, way, fact, places) for k, fact in enumerate(facts)}, "o": "true"}
        for n, way in enumerate(ways)
    ]
    table = {"hitPolicy": "first", "inputs": inputs, "outputs": [{"id": "o", "name": "o", "field": "failed"}]}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "table", "name": "t", "type": "decisionTableNode", "content": {**table, "rules": rows}},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "e2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _cell(layout: Layout, way: Alternative, fact: str, places: Mapping[str, Place]) -> str:
    """The test of one fact in the engine's unary form; empty where the way does not read it."""
    scopes = [(test, needed) for test, needed in way if isinstance(test, Scope)] if fact == "agency.code" else []
    tests = [(test, needed) for test, needed in way if isinstance(test, Criterion) and test.fact == fact]
    if scopes:
        allowed = [code for code, place in places.items() if all(s.reaches(place) is n for s, n in scopes)]
        codes = [code for code in allowed if all(test.holds(code) is needed for test, needed in tests)]
        return ", ".join(json.dumps(code) for code in codes) or '"no agency"'
    if not tests:
        return ""
    if FACTS[fact].kind is Kind.NUMBER:
        return " and ".join(_number_test(test, needed) for test, needed in tests)
    values = [v for v in layout.cells(fact) if all(test.holds(v) is needed for test, needed in tests)]
    if FACTS[fact].kind is Kind.CODE:
        values = [code for code in places if all(test.holds(code) is needed for test, needed in tests)]
    return ", ".join(json.dumps(value) for value in values) or '"no value"'


_OPPOSITE: Final = {">=": "<", "<=": ">", ">": "<=", "==": "!=", "!=": "=="}


def _number_test(test: Criterion, needed: bool) -> str:
    sign = PYTHON[test.operator]
    return f"$ {sign if needed else _OPPOSITE[sign]} {float(test.operands[0])}"  # type: ignore[arg-type]
