"""Each law case is judged as written, on the day before and the day of every change."""

from __future__ import annotations

import pytest

from eligibility.facts import FACTS
from tests.eligibility.law import LawCase, SeededLaw, judge, law_cases

pytestmark = pytest.mark.django_db  # so that the database is there from which the law is read
CASES = law_cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.file}: {case.name}" for case in CASES])
def test_a_case_is_judged_as_written(case: LawCase, law: SeededLaw) -> None:
    answer = judge(case, law)
    assert answer.found == case.expected
    assert answer.outcome is case.outcome


def test_cases_name_only_known_facts_and_no_name_twice() -> None:
    assert {fact for case in CASES for fact in case.facts} <= set(FACTS)
    names = [(case.file, case.name) for case in CASES]
    assert len(names) == len(set(names))
