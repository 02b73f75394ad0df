"""How rules stand to a case: requirements, exceptions, lifts, absent people, limits, gates, questions."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.facts import Level
from eligibility.decisions import (
    JudgedTask,
    State,
    decide_gates,
    decide_position,
    decide_task,
    limit_truth,
)
from eligibility.masks import lay_out
from eligibility.questions import open_questions
from eligibility.rulebook import (
    TESTS,
    Attach,
    Bounds,
    Case,
    ConditionKind,
    Direction,
    Lift,
    Limit,
    Mode,
    Operator,
    Outcome,
    Prohibit,
    Quantity,
    Require,
    Rulebook,
    Scope,
    Verdict,
)
from tests.eligibility.rulebooks import PLACES, criterion, random_case, random_rulebook, rule

NO, YES = Verdict.NOT_ELIGIBLE, Verdict.ELIGIBLE
TIK = criterion("task.with_tik", "is", True)
OUTSIDE = criterion("task.outside_office", "is", True)
DIRECT = criterion("task.exposure", "one_of", "direct", "emergency")
PERSONAL = criterion("employee.special_circumstances", "is", True)


def bounds(*rules: object, **values: object) -> Bounds:
    """The bounds at home of a case with these task facts."""
    case = Case({f"task.{name}": value for name, value in values.items()}, PLACES["diskominfo"])  # type: ignore[misc]
    return decide_task(Rulebook(tuple(rules)), case, Mode.HOME).bounds  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("operator", "operands", "holding", "failing"),
    [
        ("is", ("a",), ["a"], ["b"]),
        ("is_not", ("a",), ["b"], ["a"]),
        ("one_of", ("a", "b"), ["a", "b"], ["c"]),
        ("none_of", ("a", "b"), ["c"], ["a", "b"]),
        ("at_least", (Decimal(5),), [Decimal(5), Decimal("5.01")], [Decimal("4.99"), Decimal(0)]),
        ("at_most", (Decimal(5),), [Decimal(5), Decimal(0)], [Decimal("5.01")]),
        ("more_than", (Decimal("8.5"),), [Decimal("8.51")], [Decimal("8.5"), Decimal(0)]),
        ("is", (False,), [False], [True]),
    ],
)
def test_each_operator_tells_holding_from_failing_values(
    operator: str, operands: tuple[object, ...], holding: list[object], failing: list[object]
) -> None:
    test = TESTS[Operator(operator)]
    assert all(test(value, operands) for value in holding)  # type: ignore[arg-type]
    assert not any(test(value, operands) for value in failing)  # type: ignore[arg-type]


def test_a_requirement_of_two_in_three_fails_when_two_fail_and_stays_open_while_unknown_ones_decide() -> None:
    asks = rule("K", Require((TIK, OUTSIDE, criterion("task.exposure", "is", "none")), 2))
    assert bounds(asks, with_tik=True, outside_office=True) == Bounds(YES, YES)
    assert bounds(asks, with_tik=False, outside_office=False) == Bounds(NO, NO)
    assert bounds(asks, with_tik=True, outside_office=False) == Bounds(NO, YES)


def test_an_unknown_exception_leaves_a_prohibition_open_and_a_met_one_passes() -> None:
    unless = rule("P", exceptions=((TIK, OUTSIDE),))
    assert bounds(unless, with_tik=True, outside_office=True) == Bounds(YES, YES)
    assert bounds(unless, with_tik=True) == Bounds(NO, YES)
    assert bounds(unless, with_tik=False) == Bounds(NO, NO)


def test_an_exception_for_a_person_does_not_count_for_a_job_and_is_said() -> None:
    rulebook = Rulebook((rule("P", exceptions=((PERSONAL,),)),))
    reason = decide_task(rulebook, random_case(Random(1)), Mode.HOME).reasons[0]
    assert (reason.state, reason.for_a_person) == (State.FAILED, True)
    without = decide_task(Rulebook((rule("P"),)), random_case(Random(1)), Mode.HOME).reasons[0]
    assert not without.for_a_person


def test_a_lift_works_in_its_modes_and_scope_only_and_an_unknown_one_leaves_it_open() -> None:
    office = rule("OFFICE")
    at_home = rule("SE", Lift(frozenset({"OFFICE"})), modes=[Mode.HOME], applies=(TIK,))
    assert bounds(office, at_home, with_tik=True) == Bounds(YES, YES)
    assert bounds(office, at_home, with_tik=False) == Bounds(NO, NO)
    assert bounds(office, at_home) == Bounds(NO, YES)
    rulebook = Rulebook((office, at_home))
    case = Case({"task.with_tik": True}, PLACES["diskominfo"])
    assert decide_task(rulebook, case, Mode.SHIFT).bounds == Bounds(NO, NO)
    elsewhere = rule("SE", Lift(frozenset({"OFFICE"})), scope=Scope(agencies=frozenset({"bappeda"})))
    assert bounds(office, elsewhere) == Bounds(NO, NO)


def test_every_failed_rule_is_kept_not_only_the_first() -> None:
    rulebook = Rulebook((rule("A"), rule("B", applies=(DIRECT,)), rule("C", Require((TIK,), 1))))
    case = Case({"task.exposure": "direct", "task.with_tik": False}, PLACES["diskominfo"])
    failed = decide_task(rulebook, case, Mode.HOME).reasons_in(State.FAILED)
    assert [reason.rule.code for reason in failed] == ["A", "B", "C"]


def days(code: str, most: int | str, **more: object) -> object:
    """A rule that allows so many days a week."""
    return rule(code, Limit(Quantity.DAYS_PER_WEEK, Direction.MOST, Decimal(most)), **more)  # type: ignore[arg-type]


def weekdays(code: str, *names: str) -> object:
    """A rule that allows only these weekdays."""
    return rule(code, Limit(Quantity.WEEKDAYS, Direction.SET, members=frozenset(names)))


def test_the_strictest_limit_wins_and_names_those_it_beat() -> None:
    rulebook = Rulebook((days("TWO", 2), days("THREE", 3)))  # type: ignore[arg-type]
    decision = decide_task(rulebook, random_case(Random(1)), Mode.HOME)
    (standing,) = decision.limits
    assert decision.bounds == Bounds(YES, YES)
    assert [r.code for r in standing.norms] == ["TWO"]
    assert [r.code for r in standing.beaten] == ["THREE"]


def test_a_limit_of_zero_or_of_no_weekday_is_a_failed_rule_naming_all_norms() -> None:
    assert bounds(days("ZERO", 0)) == Bounds(NO, NO)
    assert bounds(days("ONE", 1)) == Bounds(YES, YES)
    apart = (weekdays("MON", "monday"), weekdays("FRI", "friday"))
    assert bounds(*apart) == Bounds(NO, NO)
    assert bounds(weekdays("MON", "monday", "friday"), weekdays("FRI", "friday")) == Bounds(YES, YES)
    decision = decide_task(Rulebook(apart), random_case(Random(1)), Mode.HOME)  # type: ignore[arg-type]
    (failed,) = decision.reasons_in(State.FAILED)
    assert {norm.code for norm in failed.norms} == {"MON", "FRI"}


def test_three_sets_of_weekdays_that_meet_in_pairs_but_not_together_leave_nothing() -> None:
    three = (weekdays("A", "monday", "tuesday"), weekdays("B", "tuesday", "friday"), weekdays("C", "monday", "friday"))
    assert bounds(*three) == Bounds(NO, NO)
    assert bounds(*three[:2]) == Bounds(YES, YES)


def test_a_request_within_every_possible_limit_passes_above_the_sure_one_fails_and_between_is_unknown() -> None:
    rulebook = Rulebook((days("SURE", 3), days("MAYBE", 1, applies=(TIK,))))  # type: ignore[arg-type]
    (standing,) = decide_task(rulebook, Case({}, PLACES["diskominfo"]), Mode.HOME).limits
    asked = {n: Case({"arrangement.days_per_week": Decimal(n)}, absent=frozenset()) for n in (1, 2, 3, 4)}
    assert [limit_truth(standing, asked[n]) for n in (1, 2, 3, 4)] == [True, None, None, False]


def test_gates_stand_apart_from_suitability_and_wait_for_the_person() -> None:
    gate = rule(
        "GATE", Require((criterion("agency.implementing_instrument", "is", True),), 1), subject=Level.ARRANGEMENT
    )
    personal = rule("25-1-A", Require((criterion("employee.discipline", "is", False),), 1), subject=Level.EMPLOYEE)
    rulebook = Rulebook((gate, personal))
    case = Case({"agency.implementing_instrument": False}, PLACES["diskominfo"])
    assert decide_task(rulebook, case, Mode.HOME).bounds == Bounds(YES, YES)
    assert [reason.state for reason in decide_gates(rulebook, case, Mode.HOME)] == [State.FAILED, State.TO_CHECK]
    person = Case({**case.values, "employee.discipline": True}, case.place, absent=frozenset())
    assert [reason.state for reason in decide_gates(rulebook, person, Mode.HOME)] == [State.FAILED, State.FAILED]
    unknown = Case({"agency.implementing_instrument": True}, case.place, absent=frozenset())
    assert [reason.state for reason in decide_gates(rulebook, unknown, Mode.HOME)] == [State.PASSED, State.UNKNOWN]


def task(key: int = 1, share: int | None = 100, **values: object) -> JudgedTask:
    """A task with these facts."""
    facts = {f"task.{name}": value for name, value in values.items()}
    return JudgedTask(key, f"Tugas {key}", share, Case(facts, PLACES["diskominfo"]))  # type: ignore[arg-type]


def questions(rules: tuple[object, ...], *tasks: JudgedTask) -> list[tuple[int, str]]:
    """Task and fact of each open question at home."""
    found = open_questions(lay_out(Rulebook(rules)), tasks, Mode.HOME)  # type: ignore[arg-type]
    return [(question.task.key, question.fact) for question in found]


def test_only_facts_whose_answer_can_move_a_bound_are_asked() -> None:
    asks = (rule("TIK", Require((TIK,), 1)), rule("OUT", Require((OUTSIDE,), 1)))
    assert questions(asks, task()) == [(1, "task.outside_office"), (1, "task.with_tik")]
    assert questions(asks, task(with_tik=False)) == []
    assert questions(asks, task(with_tik=True)) == [(1, "task.outside_office")]


def test_a_fact_shadowed_by_another_open_rule_that_asks_less_is_not_asked() -> None:
    wide, narrow = rule("WIDE", applies=(DIRECT,)), rule("NARROW", applies=(DIRECT, TIK))
    assert questions((wide, narrow), task()) == [(1, "task.exposure")]


def test_a_question_that_moves_the_task_but_not_the_position_is_not_asked() -> None:
    reports = rule("REPORT", Attach(ConditionKind.REPORT, "lapor"), applies=(TIK,))
    refused = rule("DIRECT", applies=(DIRECT,))
    closed, open_task = task(1, 50, exposure="direct", with_tik=True), task(2, 50, exposure="none")
    assert questions((reports, refused), closed, open_task) == []
    assert questions((reports, refused), open_task) == [(2, "task.with_tik")]


def test_an_unknown_fact_of_a_lift_is_asked() -> None:
    lift = rule("SE", Lift(frozenset({"OFFICE"})), applies=(TIK,))
    assert questions((rule("OFFICE"), lift), task()) == [(1, "task.with_tik")]
    assert questions((rule("OFFICE"), lift), task(with_tik=True)) == []


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_whatever_needs_information_has_a_question_and_whatever_is_settled_has_none(seed: int) -> None:
    random = Random(seed)
    rulebook = random_rulebook(random, 8, 3)
    layout = lay_out(rulebook)
    tasks = [JudgedTask(key, "", 50, random_case(random, unknown=0.5)) for key in (1, 2)]
    for mode in Mode:
        outcome = decide_position(rulebook, tasks, mode).bounds.outcome
        asked = open_questions(layout, tasks, mode)
        assert bool(asked) is (outcome is Outcome.NEEDS_INFORMATION)
        assert all(question.task.case.value(question.fact) is None for question in asked)


def test_a_fingerprint_depends_on_what_rules_say_not_on_their_order_or_verification() -> None:
    one, other = rule("A", Prohibit(), applies=(TIK,)), rule("B")
    assert Rulebook((one, other)).fingerprint == Rulebook((other, one)).fingerprint
    assert Rulebook((one,)).fingerprint != Rulebook((rule("A", Prohibit(), applies=(OUTSIDE,)),)).fingerprint
