"""A written case is judged among all rules of its day, and its rule shows which criteria its cases have tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from agencies.facts import Level
from eligibility.casework import WrittenCase, coverage, run_case
from eligibility.rulebook import Citation, Criterion, Mode, Operator, Outcome, Place, Prohibit, Rule, Scope
from tests.eligibility.law import LawCase, SeededLaw, engine_case_of, law_cases

pytestmark = pytest.mark.django_db  # so that the database is there from which the law is read


def _written(case: LawCase, law: SeededLaw) -> WrittenCase:
    facts = engine_case_of(case, law).values
    deciding = case.deciding | case.expected["unknown"]
    return WrittenCase(case.name, case.on, case.mode, facts, case.outcome, deciding, case.place)


@pytest.mark.parametrize("case", law_cases(), ids=lambda case: f"{case.file}: {case.name}")
def test_every_case_of_the_seeded_law_holds_and_another_expectation_of_it_fails(case: LawCase, law: SeededLaw) -> None:
    written = _written(case, law)
    result = run_case(law.of(case), written)
    assert (result.missing, result.unexpected, result.holds) == ((), (), True)
    other = next(outcome for outcome in Outcome if outcome is not case.outcome)
    assert not run_case(law.of(case), replace(written, outcome=other)).holds
    wanting = run_case(law.of(case), replace(written, deciding=written.deciding | {"NO-SUCH-RULE"}))
    assert (wanting.missing, wanting.holds) == (("NO-SUCH-RULE",), False)


RULE = Rule(
    code="R",
    version=1,
    title="R",
    subject=Level.TASK,
    modes=frozenset({Mode.HOME}),
    effect=Prohibit(),
    citation=Citation(1, "i", "I", "Pasal 1", 50),
    applies=(Criterion("task.exposure", Operator.IS, ("direct",)),),
    exceptions=((Criterion("employee.discipline", Operator.IS, (True,)),),),
    scope=Scope(agencies=frozenset({"dinas-a"})),
)


def test_coverage_names_the_cases_in_which_a_criterion_holds_fails_and_is_unknown() -> None:
    holds = WrittenCase(
        "direct",
        date(2026, 4, 1),
        Mode.HOME,
        {"task.exposure": "direct"},
        Outcome.NOT_ELIGIBLE,
        frozenset(),
        Place("", ("dinas-a",)),
    )
    fails = replace(holds, name="none", facts={"task.exposure": "none"})
    unknown = replace(holds, name="unknown", facts={"employee.discipline": True})
    elsewhere = replace(holds, name="elsewhere", place=Place("", ("dinas-b",)))
    other_mode = replace(holds, name="shift", mode=Mode.SHIFT)
    exposure, discipline = coverage(RULE, [holds, fails, unknown, elsewhere, other_mode])
    assert (exposure.holding, exposure.failing, exposure.unknown) == (("direct",), ("none",), ("unknown",))
    assert exposure.is_full
    assert (discipline.holding, discipline.failing, discipline.unknown) == (("unknown",), (), ())
    assert not discipline.is_full
