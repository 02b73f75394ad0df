"""A seed as a legal officer would type it: every value goes into a field of the administration."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eligibility.seeds import read_seeds
from eligibility.texts import CriterionText, InstrumentText, LimitText, Operand, ProvisionText, ScopeText, VersionText
from tests.eligibility.law_typing import Row, TypedCircular, TypedRule

_TEXTS = ("title", "subject", "issuer", "url", "open_note")
_OF_RULE = ("title", "subject", "effect", "condition_kind", "condition_text", "condition_approver")


def typed(path: Path) -> TypedCircular:
    """The circular of a seed file."""
    (text,), faults = read_seeds([path])
    assert not faults
    fields: dict[str, Any] = {name: getattr(text, name) for name in _TEXTS}
    fields |= {"code": text.code, "layer": str(text.layer), "known_from": _day(text.known_from)}
    fields |= {"implementing": "on"} if text.implementing else {}
    return TypedCircular(
        institution=text.owner,
        fields=fields,
        periods=[
            {"starts_on": one.starts_on, "ends_on": one.ends_on or "", "basis": one.basis, "open_note": one.open_note}
            for one in text.periods
        ],
        provisions=[_place(one) for one in text.provisions],
        scopes=[_scope(one, text) for one in text.scopes],
        rules=[_rule(rule.code, version) for rule, version in text.versions()],
    )


def _day(moment: Any) -> str:
    return str(moment.date())


def _place(one: ProvisionText) -> Row:
    return {"reference": one.reference, "summary": one.summary, "mark": one.mark, "open_note": one.open_note}


def _scope(one: ScopeText, text: InstrumentText) -> Row:
    row = {"agency_kind": one.agency_kind, "agency_code": one.agency_code, "unit_code": one.unit_code}
    row |= {"with_subtree": "on"} if one.with_subtree else {}
    if text.owner == "nasional":
        row |= {"institution_kind": one.institution_kind, "institution_code": one.institution_code}
    return row


def _rule(code: str, version: VersionText) -> TypedRule:
    fields: dict[str, Any] = {name: getattr(version, name) for name in _OF_RULE}
    fields |= {
        "effective_from": str(version.effective_from),
        "known_from": _day(version.known_from),
        "modes": list(version.modes),
        "required_count": version.required_count or "",
        "required_count_setting": version.required_count_setting,
        **(_limit(version.limit) if version.limit else {}),
    }
    return TypedRule(
        code,
        version.provision,
        {name: value for name, value in fields.items() if value != ""},
        applies=_criteria(version.applies),
        requires=_criteria(version.requires),
        lifts=[
            {"rule": one.rule, "enabling": f"{one.instrument}|{one.reference}" if one.instrument else ""}
            for one in version.lifts
        ],
        exceptions=[
            {"group": str(number), **row}
            for number, group in enumerate(version.exceptions, 1)
            for row in _criteria(group)
        ],
    )


def _limit(limit: LimitText) -> Row:
    return {
        "limit": f"{limit.quantity}:{limit.direction}",
        "limit_value": "" if limit.value is None else str(limit.value),
        "limit_weekdays" if limit.quantity == "weekdays" else "limit_places": list(limit.members),
        "limit_together": list(limit.together),
        "limit_population": limit.population,
        "limit_per": limit.per,
        "limit_counting": limit.counting,
    }


def _criteria(texts: Iterable[CriterionText]) -> list[dict[str, Any]]:
    return [
        {
            "fact": one.fact,
            "operator": one.operator,
            "values": [_shown(v) for v in one.operands],
            "setting": one.setting,
        }
        for one in texts
    ]


def _shown(value: Operand) -> str:
    return "yes" if value is True else "no" if value is False else str(value)
