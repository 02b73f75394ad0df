"""The acts on the cases beside a rule."""

from __future__ import annotations

from datetime import date

from eligibility.actions import rule_cases
from eligibility.casework import WrittenCase
from eligibility.models import RuleCase
from eligibility.rulebook import Mode, Outcome
from tests.acts.drafts import NOON, drafted
from tests.base import Cast

COUNTER = WrittenCase(
    "Loket langsung",
    date(2025, 7, 1),
    Mode.HOME,
    {"task.exposure": "direct", "task.with_tik": None},
    Outcome.NOT_ELIGIBLE,
    frozenset({"LOKET"}),
)
"""Who serves directly at a counter, on the first day of the circular."""


def case_of_counter(cast: Cast) -> RuleCase:
    """The case beside the draft of the counter rule."""
    kept = RuleCase.objects.first()
    return kept or rule_cases.write_case(
        actor=cast.rules_administrator, rule=drafted(cast).rule, institution=cast.institution, case=COUNTER, at=NOON
    )


def close_case(cast: Cast) -> object:
    return rule_cases.close_case(actor=cast.rules_administrator, case=case_of_counter(cast), at=NOON)


BEFORE = {
    "eligibility.actions.rule_cases.write_case": drafted,
    "eligibility.actions.rule_cases.close_case": case_of_counter,
}
ACTS = {
    "eligibility.actions.rule_cases.write_case": case_of_counter,
    "eligibility.actions.rule_cases.close_case": close_case,
}
