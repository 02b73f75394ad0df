"""Writes what an approval rested on as canonical text, reads it back, and decides again from it alone (pure).

`span_records` gives, for each span of an approved period, the facts it was judged on and its outcome. Years later
`decide_again` makes the outcome from the facts and the stored rulebook: equal texts mean an equal decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from agencies.facts import FactValue
from eligibility.arrangements.checks import Check, CheckKind, CheckState
from eligibility.arrangements.deciding_again import decide_again
from eligibility.arrangements.requests import Request
from eligibility.arrangements.span_texts import (
    FORMAT,
    NotRecorded,
    Plain,
    RecordedFacts,
    RecordedTask,
    SpanRecord,
    canonical,
    in_week_order,
    read_again,
    read_fact,
    read_facts,
    span_records,
    told_value,
)
from eligibility.decisions import FactRead
from eligibility.rulebook import Mode, Rule, plain
from eligibility.rulebook_text import read_rule

__all__ = [
    "NotRecorded",
    "RecordedFacts",
    "RecordedTask",
    "SpanRecord",
    "decide_again",
    "read_again",
    "read_checks",
    "read_facts",
    "read_plan",
    "span_records",
    "write_checks",
    "write_plan",
]


# The plan.


def write_plan(request: Request) -> str:
    """What was asked for."""
    return canonical(
        {
            "v": FORMAT,
            "mode": request.mode.value,
            "place": request.place,
            "weekdays": in_week_order(request.weekdays),
            "starts_on": request.starts_on.isoformat(),
            "ends_on": request.ends_on.isoformat(),
            "asked_on": request.asked_on.isoformat(),
        }
    )


def read_plan(text: str) -> Request:
    """The request as `write_plan` wrote it."""
    told = json.loads(text)
    return Request(
        Mode(told["mode"]),
        told["place"],
        frozenset(told["weekdays"]),
        date.fromisoformat(told["starts_on"]),
        date.fromisoformat(told["ends_on"]),
        date.fromisoformat(told["asked_on"]),
    )


# Checks.


def write_checks(checks: Iterable[Check]) -> str:
    """Every check with what was measured and the norms in full words, so that it can be shown without a rulebook."""
    norms: dict[str, Any] = {}
    rows = [_check_row(check, norms) for check in checks]
    return canonical({"v": FORMAT, "norms": norms, "checks": rows})


def _check_row(check: Check, norms: dict[str, Any]) -> dict[str, Any]:
    row = {
        "kind": check.kind.value,
        "state": check.state.value,
        "name": str(check.name),
        "from": check.starts_on.isoformat(),
        "to": check.ends_on.isoformat(),
        "norms": [_norm_key(rule, norms) for rule in check.norms],
        "beaten": [_norm_key(rule, norms) for rule in check.beaten],
        "subject": check.subject,
        "weekday": check.weekday,
        "asked": told_value(check.asked),
        "allowed": told_value(check.allowed),
        "base": check.base,
        "missing": list(check.missing),
        "facts": [[fact.fact, plain(fact.value)] for fact in check.facts],
        "notes": list(check.notes),
        "on": check.on.isoformat() if check.on else None,
        "unnamed": check.unnamed,
    }
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _norm_key(rule: Rule, norms: dict[str, Any]) -> str:
    """The name under which a norm stands once in the text: with its words and sources, without its conditions."""
    key = f"{rule.code}@{rule.version}"
    if key not in norms:
        light = replace(rule, applies=(), exceptions=(), scope=type(rule.scope)())
        citation = rule.citation
        norms[key] = {"rule": plain(light), "notes": [citation.verified, citation.open_note, citation.url]}
    return key


def _value(told: Any) -> FactValue | None:
    if isinstance(told, dict):
        return Decimal(told["n"])
    return frozenset(told) if isinstance(told, list) else told


def read_checks(text: str) -> tuple[Check, ...]:
    """The checks as `write_checks` wrote them. Their norms have title, effect and source, but no conditions."""
    told = json.loads(text)
    norms = {key: _norm(row) for key, row in told["norms"].items()}
    return tuple(_check(row, norms) for row in told["checks"])


def _norm(row: Plain) -> Rule:
    rule = read_rule(row["rule"])
    verified, open_note, url = row["notes"]
    return replace(rule, citation=replace(rule.citation, verified=verified, open_note=open_note, url=url))


def _check(row: Plain, norms: Mapping[str, Rule]) -> Check:
    on = row.get("on")
    return Check(
        kind=CheckKind(row["kind"]),
        state=CheckState(row["state"]),
        name=row["name"],
        starts_on=date.fromisoformat(row["from"]),
        ends_on=date.fromisoformat(row["to"]),
        norms=tuple(norms[key] for key in row.get("norms", ())),
        beaten=tuple(norms[key] for key in row.get("beaten", ())),
        subject=row.get("subject", ""),
        weekday=row.get("weekday", ""),
        asked=_value(row.get("asked")),
        allowed=_value(row.get("allowed")),
        base=row.get("base"),
        missing=tuple(row.get("missing", ())),
        facts=tuple(FactRead(name, read_fact(name, value)) for name, value in row.get("facts", ())),
        notes=tuple(row.get("notes", ())),
        on=date.fromisoformat(on) if on else None,
        unnamed=row.get("unnamed"),
    )
