"""Reads a rulebook, and the ground it was applied on, back from canonical text, years later too (pure).

What a rulebook says is its text; what was known of its sources when it was used (compared with the official
text or not, open points, links) is no part of the text and travels beside it as notes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from agencies.facts import FactValue, Kind, Level
from eligibility.facts import FACTS
from eligibility.rulebook import (
    FORMAT,
    FORMATS,
    Attach,
    Citation,
    ConditionKind,
    Conjunction,
    Criterion,
    Direction,
    Effect,
    Lift,
    Limit,
    Mode,
    Operator,
    Place,
    Prohibit,
    Quantity,
    Require,
    Rule,
    Rulebook,
    Scope,
    plain,
)

Plain = Mapping[str, Any]


def read_value(fact: str, value: object) -> FactValue:
    """A plain value as one of its fact's kind. A fact that is no longer declared keeps what stands there."""
    declared = FACTS.get(fact)
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return frozenset(map(str, value))
    if declared is not None and declared.kind is Kind.NUMBER:
        return Decimal(str(value))
    return str(value)


def _criterion(told: Plain) -> Criterion:
    operands = tuple(read_value(told["fact"], operand) for operand in told["operands"])
    return Criterion(told["fact"], Operator(told["operator"]), operands, told["setting"])


def _conjunction(told: Sequence[Plain]) -> Conjunction:
    return tuple(map(_criterion, told))


def _modes(told: Sequence[str]) -> frozenset[Mode]:
    return frozenset(map(Mode, told))


def _limit(told: Plain) -> Limit:
    value = told["value"]
    return Limit(
        quantity=Quantity(told["quantity"]),
        direction=Direction(told["direction"]),
        value=None if value is None else Decimal(value),
        members=frozenset(told["members"]),
        together=_modes(told["together"]),
        population=told["population"],
        per=told["per"],
        counting=told["counting"],
    )


_EFFECTS: Final[Mapping[str, Callable[[Plain], Effect]]] = {
    "Require": lambda told: Require(_conjunction(told["criteria"]), told["at_least"]),
    "Prohibit": lambda told: Prohibit(),
    "Attach": lambda told: Attach(ConditionKind(told["kind"]), told["text"], told.get("approver", "")),
    "Limit": _limit,
    "Lift": lambda told: Lift(frozenset(told["rules"]), told["enabled_by"]),
}


def _citation(told: Plain) -> Citation:
    return Citation(
        provision=told.get("provision", 0),
        instrument=told["instrument"],
        instrument_title=told["instrument_title"],
        reference=told["reference"],
        layer=told["layer"],
    )


def _scope(told: Plain) -> Scope:
    return Scope(
        agency_kinds=frozenset(told["agency_kinds"]),
        agencies=frozenset(told["agencies"]),
        subtrees=frozenset(told["subtrees"]),
        units=frozenset((agency, unit) for agency, unit in told["units"]),
    )


def read_rule(told: Plain) -> Rule:
    """A rule as `plain` wrote it."""
    return Rule(
        code=told["code"],
        version=told["version"],
        title=told["title"],
        subject=Level(told["subject"]),
        modes=_modes(told["modes"]),
        effect=_EFFECTS[told["effect"][""]](told["effect"]),
        citation=_citation(told["citation"]),
        applies=_conjunction(told["applies"]),
        exceptions=tuple(map(_conjunction, told["exceptions"])),
        scope=_scope(told["scope"]),
    )


def _read(text: str, written_in: int) -> Rulebook:
    told = json.loads(text)
    rules = sorted(
        map(read_rule, told["rules"]), key=lambda rule: (rule.citation.layer, rule.citation.instrument, rule.code)
    )
    return Rulebook(
        rules=tuple(rules),
        working_days=Decimal(told["working_days"]),
        settings=tuple((name, value) for name, value in told["settings"]),
        format=written_in,
    )


def read_rulebook(text: str, written_in: int = FORMAT) -> Rulebook:
    """The rulebook that a canonical text says, higher norms first.

    It has the fingerprint of the one the text was made from, and decides every case as that one does.
    Raises ValueError for a format that nobody can read.
    """
    if written_in not in FORMATS:
        raise ValueError(f"format {written_in} of a rulebook's text has no reader")
    return _read(text, written_in)


Notes = Mapping[str, Sequence[Any]]
"""What is known of provisions, by name: compared with the official text or not, what is open, the link."""


def citation_notes(rulebook: Rulebook) -> Notes:
    """What is known of the provisions that rules rest on."""
    cited = (rule.citation for rule in rulebook.rules)
    return {_name(citation): [citation.verified, citation.open_note, citation.url] for citation in cited}


def _name(citation: Citation) -> str:
    """The code of its instrument, a space, its place."""
    return f"{citation.instrument} {citation.reference}"


def with_notes(rulebook: Rulebook, notes: Notes) -> Rulebook:
    """The same rulebook where citations bear what was known of them.

    Notes that were kept beside a text of the first format name provisions by the keys of their rows.
    """

    def noted(rule: Rule) -> Rule:
        found = notes.get(_name(rule.citation)) or notes.get(str(rule.citation.provision))
        verified, open_note, url = found or (False, "", "")
        return replace(rule, citation=replace(rule.citation, verified=verified, open_note=open_note, url=url))

    return replace(rulebook, rules=tuple(map(noted, rulebook.rules)))


def ground_text(values: Mapping[str, FactValue | None], place: Place) -> str:
    """Place and facts above the position as canonical JSON."""
    where = {"agency_kind": place.agency_kind, "lineage": list(place.lineage), "unit": place.unit}
    return canonical({"place": where, "values": {name: plain(value) for name, value in values.items()}})


def read_ground(text: str) -> tuple[dict[str, FactValue | None], Place]:
    """Facts and place as `ground_text` wrote them."""
    content = json.loads(text)
    where = content["place"]
    values = {name: None if value is None else read_value(name, value) for name, value in content["values"].items()}
    return values, Place(where["agency_kind"], tuple(where["lineage"]), where["unit"])


def canonical(content: Mapping[str, Any]) -> str:
    """One text for one content: keys sorted, no spaces."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
