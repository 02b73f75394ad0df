"""The bounds of an outcome: what may narrow them, what may not, and that both quick and plain readings agree."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.decisions import decide_task, position_verdict, share_range
from eligibility.masks import lay_out
from eligibility.rulebook import (
    Attach,
    Bounds,
    ConditionKind,
    Lift,
    Mode,
    Outcome,
    Rulebook,
    Verdict,
)
from tests.eligibility.rulebooks import (
    FACT_NAMES,
    criterion,
    random_case,
    random_effect,
    random_rule,
    random_rulebook,
    random_value,
    rule,
)

seeds = st.integers(0, 2**32 - 1)
NO, MAYBE, YES = Verdict.NOT_ELIGIBLE, Verdict.CONDITIONAL, Verdict.ELIGIBLE


@given(seeds)
@settings(max_examples=150, deadline=None)
def test_adding_a_rule_without_lift_raises_neither_bound(seed: int) -> None:
    random = Random(seed)
    before = random_rulebook(random, 12, 3)
    after = Rulebook((*before.rules, random_rule(random, "NEW", random_effect(random))))
    case = random_case(random)
    for mode in Mode:
        old, new = decide_task(before, case, mode).bounds, decide_task(after, case, mode).bounds
        assert new.worst <= old.worst
        assert new.best <= old.best


def test_a_lift_may_raise_a_bound_so_the_property_above_is_about_something() -> None:
    case = random_case(Random(1))
    office = rule("OFFICE")
    assert decide_task(Rulebook((office,)), case, Mode.HOME).bounds == Bounds(NO, NO)
    lifted = Rulebook((office, rule("ALLOW", Lift(frozenset({"OFFICE"})))))
    assert decide_task(lifted, case, Mode.HOME).bounds == Bounds(YES, YES)


@given(seeds)
@settings(max_examples=150, deadline=None)
def test_learning_a_fact_never_widens_the_bounds(seed: int) -> None:
    random = Random(seed)
    rulebook = random_rulebook(random, 12, 3)
    case = random_case(random, unknown=0.6)
    fact = random.choice([name for name in FACT_NAMES if case.value(name) is None] or ["task.with_tik"])
    learned = case.with_values({fact: random_value(random, fact)})
    for mode in Mode:
        open_bounds, known = decide_task(rulebook, case, mode).bounds, decide_task(rulebook, learned, mode).bounds
        if case.value(fact) is None:
            assert open_bounds.worst <= known.worst <= known.best <= open_bounds.best


@given(seeds, st.integers(1, 90), st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_masks_in_memory_give_the_bounds_and_reasons_of_the_sentences(seed: int, rules: int, lifts: int) -> None:
    random = Random(seed)
    rulebook = random_rulebook(random, rules, lifts)
    layout = lay_out(rulebook)
    for case in [random_case(random) for _ in range(5)]:
        for mode in Mode:
            decider = layout.decider(mode)
            assert decider.bounds(case.values, case.place) == decide_task(rulebook, case, mode).bounds
            known = {fact: case.value(fact) for fact in decider.facts}
            mask = decider.decide(known, decider.scope_mask(case.place))[2]
            assert all(truth == bit.truth(case.values, case.place) for bit, truth in decider.states(mask))


@pytest.mark.parametrize("tasks", [t for size in (1, 2, 3) for t in product(Verdict, repeat=size)])
def test_a_position_is_eligible_if_all_tasks_are_not_eligible_if_none_and_else_conditional(
    tasks: tuple[Verdict, ...],
) -> None:
    if all(task is YES for task in tasks):
        expected = YES
    elif all(task is NO for task in tasks):
        expected = NO
    else:
        expected = MAYBE
    assert position_verdict(tasks) is expected


def test_a_position_without_tasks_is_not_judged() -> None:
    with pytest.raises(ValueError, match="without tasks"):
        position_verdict([])


def test_a_condition_that_surely_applies_makes_it_conditional_and_one_that_may_leaves_it_open() -> None:
    asks = rule("REPORT", Attach(ConditionKind.REPORT, "lapor"), applies=(criterion("task.with_tik", "is", True),))
    rulebook = Rulebook((asks,))
    case = random_case(Random(2))
    outcomes = {
        value: decide_task(rulebook, case.with_values({"task.with_tik": value}), Mode.HOME).bounds.outcome
        for value in (True, False, None)
    }
    assert outcomes == {True: Outcome.CONDITIONAL, False: Outcome.ELIGIBLE, None: Outcome.NEEDS_INFORMATION}


@pytest.mark.parametrize(
    ("open_shares", "closed_shares", "expected"),
    [
        ([60], [40], (60, 60)),
        ([100], [], (100, 100)),
        ([None], [40], (60, 60)),
        ([60], [None], (60, 60)),
        ([30, None], [None], (30, 100)),
        ([], [50, 50], (0, 0)),
        ([None, 20], [], (100, 100)),
    ],
)
def test_an_unknown_share_gives_a_range_of_time(
    open_shares: list[int | None], closed_shares: list[int | None], expected: tuple[int, int]
) -> None:
    assert share_range(open_shares, closed_shares) == expected
