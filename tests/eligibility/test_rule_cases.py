"""Cases beside a rule: judged on command and before publication, which one that fails refuses."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agencies.errors import ValuesRefused
from eligibility.actions import publication, rule_cases
from eligibility.case_runs import open_cases, runs_of
from eligibility.models import RuleCase
from eligibility.publication import PublicationRefused
from eligibility.rulebook import Outcome
from tests.acts.drafts import NOON, reviewed
from tests.acts.rule_cases import COUNTER
from tests.base import Cast


@pytest.fixture
def law(db: None) -> None:
    """The law of the portal, so that something is in force before the draft."""
    call_command("load_rules", stdout=StringIO())


def _write(cast: Cast, **other: object) -> RuleCase:
    return rule_cases.write_case(
        actor=cast.rules_administrator,
        rule=reviewed(cast).rule,
        institution=cast.institution,
        case=replace(COUNTER, **other),  # type: ignore[arg-type]
        at=NOON,
    )


def _found(cast: Cast) -> frozenset[str]:
    """The rules that decide the open case with the draft."""
    row = reviewed(cast)
    (run,) = runs_of(open_cases([row.rule_id]), NOON, [row])
    assert run.result is not None
    return run.result.deciding


def test_a_case_that_fails_refuses_publication_and_one_that_holds_does_not(cast: Cast, law: None) -> None:
    row = reviewed(cast)
    wrong = _write(cast, outcome=Outcome.ELIGIBLE)
    deciding = _found(cast)
    assert "LOKET" in deciding
    with pytest.raises(PublicationRefused) as refused:
        publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    (fault,) = refused.value.faults
    for named in ("Loket langsung", "mengharapkan Dapat menurut LOKET", "hasilnya: Tidak dapat"):
        assert named in fault.sentence, fault.sentence
    rule_cases.close_case(actor=cast.rules_administrator, case=wrong, at=NOON)
    _write(cast, deciding=deciding)
    publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=NOON)
    row.refresh_from_db()
    assert row.published_at


def test_the_command_names_what_fails_and_ends_in_failure_only_then(cast: Cast, law: None) -> None:
    row = _write(cast, outcome=Outcome.ELIGIBLE)
    said = StringIO()
    with pytest.raises(CommandError, match="1"):
        call_command("run_cases", cast.institution.code, stdout=said)
    assert "LOKET: " in said.getvalue()
    assert "Loket langsung" in said.getvalue()
    with pytest.raises(CommandError, match="kota-tak-ada"):
        call_command("run_cases", "kota-tak-ada")
    rule_cases.close_case(actor=cast.rules_administrator, case=row, at=NOON)
    said = StringIO()
    call_command("run_cases", stdout=said)
    assert "0" in said.getvalue()


def test_a_case_names_rules_that_are_there_and_one_title_once(cast: Cast) -> None:
    first = _write(cast)
    assert _write(cast) == first, "the very same again changes nothing"
    with pytest.raises(ValuesRefused) as refused:
        _write(cast, deciding=frozenset({"TAK-ADA"}))
    assert set(refused.value.faults) == {"title", "deciding"}
    assert RuleCase.objects.count() == 1
