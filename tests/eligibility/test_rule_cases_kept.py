"""A case of a published rule is only ever closed: the database refuses other changes, and the trail names them."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from eligibility.actions import drafts, rule_cases
from eligibility.models import Rule, RuleCase
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.acts.drafts import NOON, drafted, published
from tests.acts.rule_cases import COUNTER
from tests.base import Cast
from tests.oversight.chains import unprotected

CHANGES = ["title = 'Lain'", "facts = '{}'", "outcome = 'eligible'", "deciding = ''", "closed_at = NULL"]


def _case(cast: Cast) -> RuleCase:
    return rule_cases.write_case(
        actor=cast.rules_administrator, rule=published(cast).rule, institution=cast.institution, case=COUNTER, at=NOON
    )


def _execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", CHANGES)
def test_raw_sql_changes_no_case_of_a_published_rule_and_without_the_triggers_it_is_named(
    cast: Cast, change: str
) -> None:
    row = _case(cast)
    if change.startswith("closed_at"):
        rule_cases.close_case(actor=cast.rules_administrator, case=row, at=NOON)
    statement = f"UPDATE eligibility_rulecase SET {change} WHERE id = {row.pk}"
    with pytest.raises(DatabaseError, match="eligibility_rulecase: UPDATE refused"):
        _execute(statement)
    assert verify_all().is_whole
    with unprotected():
        _execute(statement)
    with pytest.raises(CommandError, match=f"eligibility.rulecase {row.pk}"):
        call_command("verify_trail", cast.institution.code)


def test_a_case_is_closed_once_and_not_removed(cast: Cast) -> None:
    row = _case(cast)
    assert rule_cases.close_case(actor=cast.rules_administrator, case=row, at=NOON)
    assert rule_cases.close_case(actor=cast.rules_administrator, case=row, at=NOON) is None
    assert list(TrailEntry.objects.filter(action__startswith="rule_case_").values_list("action", flat=True)) == [
        "rule_case_written",
        "rule_case_closed",
    ]
    removal = f"DELETE FROM eligibility_rulecase WHERE id = {row.pk}"
    with pytest.raises(DatabaseError, match="eligibility_rulecase: DELETE refused"):
        _execute(removal)
    assert verify_all().is_whole
    with unprotected():
        _execute(removal)
    assert [(fault.table, fault.key) for fault in verify_all().rows] == [("eligibility.rulecase", str(row.pk))]


def test_a_case_of_a_rule_that_was_never_published_goes_with_it_and_the_trail_knows(cast: Cast) -> None:
    draft = drafted(cast)
    rule_cases.write_case(
        actor=cast.rules_administrator, rule=draft.rule, institution=cast.institution, case=COUNTER, at=NOON
    )
    drafts.discard_draft(actor=cast.rules_administrator, version=draft, at=NOON)
    assert not Rule.objects.filter(code="LOKET").exists()
    assert not RuleCase.objects.exists()
    assert verify_all().is_whole
