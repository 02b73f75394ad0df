"""Cases that come with rules from a file: which differ from what is stored, and those not stored yet as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from agencies.models import Institution
from eligibility.case_runs import written
from eligibility.case_texts import written_of
from eligibility.models import Rule, RuleCase
from eligibility.seeds import case_place
from eligibility.texts import CaseText, Fault, InstrumentText
from eligibility.written_texts import case_columns

Stored = Mapping[tuple[str, str], list[RuleCase]]
"""The stored cases by code of the rule and title; of one title there may be closed ones."""


def case_faults(text: InstrumentText) -> Iterator[Fault]:
    """Every case of the file that says something else than the open one of its title."""
    stored = _stored(text)
    for rule in text.rules:
        for case in rule.cases:
            rows = stored.get((rule.code, case.title), [])
            if any(row.closed_at is None and not _is(row, case) for row in rows):
                sentence = _(
                    "A stored case cannot change; restore it in the file and add the change as a case of another "
                    "title, or close the stored one first."
                )
                yield Fault(text.source, case_place(rule.code, case.title), sentence)


def store_cases(text: InstrumentText, institutions: Mapping[str, Institution], at: datetime) -> int:
    """Store the cases that are not there yet; how many. One that somebody closed stays closed."""
    stored = _stored(text)
    rules = {rule.code: rule for rule in Rule.objects.filter(code__in=[rule.code for rule in text.rules])}
    rows = [
        RuleCase(
            **case_columns(written_of(case)),
            rule=rules[rule.code],
            institution=institutions[case.institution],
            recorded_at=at,
        )
        for rule in text.rules
        for case in rule.cases
        if not any(_is(row, case) for row in stored.get((rule.code, case.title), []))
    ]
    RuleCase.objects.bulk_create(rows)
    return len(rows)


def _stored(text: InstrumentText) -> Stored:
    found: dict[tuple[str, str], list[RuleCase]] = {}
    codes = [rule.code for rule in text.rules if rule.cases]
    for row in RuleCase.objects.filter(rule__code__in=codes).select_related("rule", "institution"):
        found.setdefault((row.rule.code, row.title), []).append(row)
    return found


def _is(row: RuleCase, case: CaseText) -> bool:
    return row.institution.code == case.institution and written(row) == written_of(case)
