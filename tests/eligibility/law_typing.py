"""A legal officer who types a circular into the administration, field by field, with nothing but the forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from eligibility.models import Instrument, Provision, Rule, RuleVersion

ADMIN = "/admin/eligibility"
Row = Mapping[str, Any]


def rows(prefix: str, given: Sequence[Row]) -> dict[str, Any]:
    """Rows as a browser sends them."""
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": str(len(given) + 1), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(given):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def no_rows() -> dict[str, Any]:
    """The rows of a rule, all blank."""
    return rows("applies", []) | rows("requires", []) | rows("lifts", []) | rows("exceptions", [])


@dataclass(frozen=True)
class TypedRule:
    """A rule as it is typed; `provision` is the place that it cites."""

    code: str
    provision: str
    fields: Row
    applies: Sequence[Row] = ()
    requires: Sequence[Row] = ()
    lifts: Sequence[Row] = ()
    exceptions: Sequence[Row] = ()


@dataclass(frozen=True)
class TypedCircular:
    """A circular as it is typed."""

    institution: str
    fields: Row
    periods: Sequence[Row]
    provisions: Sequence[Row]
    scopes: Sequence[Row] = ()
    rules: Sequence[TypedRule] = field(default_factory=tuple)

    @property
    def code(self) -> str:
        """Its code."""
        return str(self.fields["code"])


def sent_rule(rule: TypedRule, instrument: Instrument) -> dict[str, Any]:
    """Everything that the form of a rule sends."""
    place = Provision.objects.get(instrument=instrument, reference=rule.provision)
    parts = {name: getattr(rule, name) for name in ("applies", "requires", "lifts", "exceptions")}
    sent: dict[str, Any] = {"code": rule.code, "provision": str(place.pk), **rule.fields}
    for name, given in parts.items():
        sent |= rows(name, given)
    return sent


def type_circular(client: Client, circular: TypedCircular) -> Instrument:
    """Write the drafts of a circular and of its rules."""
    sent = {**circular.fields, "_save": "1", **rows("periods", circular.periods)}
    sent |= {**rows("scopes", circular.scopes), **rows("provisions", circular.provisions)}
    answer = client.post(f"{ADMIN}/instrument/add/?institution={circular.institution}", sent)
    assert answer.status_code == 302, faults(answer)
    instrument = Instrument.objects.get(code=circular.code)
    for rule in circular.rules:
        url = f"{ADMIN}/ruleversion/add/?institution={circular.institution}"
        answer = client.post(url, sent_rule(rule, instrument) | {"_save": "1"})
        assert answer.status_code == 302, (rule.code, faults(answer))
    return instrument


def publish(writer: Client, reviewer: Client, circular: TypedCircular) -> None:
    """Have somebody else review every rule, then publish all of them together."""
    versions = RuleVersion.objects.drafts().filter(rule__in=Rule.objects.filter(code__in=codes(circular)))
    for version in versions:
        answer = reviewer.post(f"{ADMIN}/ruleversion/{version.pk}/tinjau/", {"confirm": "1"})
        assert answer.status_code == 302, faults(answer)
    asked = "&".join(f"v={version.pk}" for version in versions)
    answer = writer.post(f"{ADMIN}/ruleversion/terbitkan/?{asked}", {"confirm": "1"})
    assert answer.status_code == 302, faults(answer)


def codes(circular: TypedCircular) -> list[str]:
    """The codes of its rules."""
    return [rule.code for rule in circular.rules]


def faults(answer: Any) -> object:
    """What a form that came back says."""
    context = answer.context
    if context is None or "sections" not in context:
        return context.get("asking") if context else answer.status_code
    form = context["form"]
    found = [dict(form.errors)]
    for section in context["sections"]:
        for rows_of in section.rows:
            found += [{rows_of.prefix: rows_of.errors, "all": rows_of.non_form_errors()}]
    return found
