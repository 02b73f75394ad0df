"""What would open the gates of a request: the smallest sets, held against trying all, and what nobody can open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.facts import Changeable, FactValue, Level
from eligibility.arrangements.check_words import opening_sentences
from eligibility.arrangements.counting import PeopleCounts
from eligibility.arrangements.examination import examine, readings_of
from eligibility.arrangements.gate_changes import GateTurning, gate_turning, gate_turnings
from eligibility.arrangements.matters import Matter
from eligibility.arrangements.requests import Request
from eligibility.decisions import State, decide_gates
from eligibility.facts import FACTS
from eligibility.rulebook import Case, Criterion, Lift, Prohibit, Require, Rule, Rulebook
from tests.eligibility.matters import HOME, LAW, ground, matter, norm, request
from tests.eligibility.rulebooks import criterion

Facts = dict[str, FactValue | None]
ASKED = request("monday")
STUDY = norm(
    "STUDY", Prohibit(), subject=Level.ARRANGEMENT, applies=(criterion("agency.review_conclusion", "is", "cannot"),)
)


def found(made: Matter, asked: Request = ASKED) -> tuple[GateTurning, ...]:
    return gate_turnings(made, examine(made, asked))


def facts_of(turning: GateTurning) -> list[list[tuple[str, tuple[FactValue, ...]]]]:
    return [[(change.fact, change.then) for change in one] for one in turning.sets]


def test_a_request_whose_gates_pass_is_told_nothing_and_a_closed_one_by_which_provision_it_opens() -> None:
    assert found(matter(ground())) == ()
    (turning,) = found(matter(ground(facts={"agency.implementing_instrument": False})))
    assert facts_of(turning) == [[("agency.implementing_instrument", (True,))]]
    (said,) = opening_sentences([turning], str)
    assert said == (
        "The requirement is met if “Implementing instrument in force” becomes yes (now: no) "
        "(Pasal 8 PermenPANRB 4/2025)."
    )


def test_several_gates_are_opened_together_and_each_span_answers_once() -> None:
    closed: Facts = {"agency.implementing_instrument": False, "agency.review_conclusion": "cannot"}
    made = matter(ground(STUDY, facts=closed))
    (turning,) = found(made, request("monday", place="other"))
    assert facts_of(turning) == [
        [
            ("agency.review_conclusion", ("ready", "pilot", "not_ready")),
            ("agency.implementing_instrument", (True,)),
            ("arrangement.place", ("recorded_residence",)),
        ]
    ], "no study is no value that a study which was made can take"
    assert [rule.code for rule in turning.turned] == ["PERPRES21-8", "PERMEN4-12-3", "STUDY"]


def test_what_reads_the_person_nobody_opens_and_a_head_is_not_told_which() -> None:
    (turning,) = found(matter(ground(facts={"employee.discipline": True, "agency.implementing_instrument": False})))
    assert turning.sets == ()
    assert [rule.code for rule in turning.unturnable] == ["PERMEN4-25-1-A"]
    (whole,) = opening_sentences([turning], str)
    (hidden,) = opening_sentences([turning], str, sees_person=False)
    assert "Pasal 25 ayat (1) huruf a" in whole
    assert "huruf a" not in hidden
    assert "BKPSDM" in hidden


def test_a_fact_of_the_person_that_is_not_known_is_no_advice_but_does_not_hide_the_rest() -> None:
    assert found(matter(ground(facts={"employee.months_in_position": None}))) == ()
    facts = {"employee.months_in_position": None, "agency.implementing_instrument": False}
    (turning,) = found(matter(ground(facts=facts)))
    assert facts_of(turning) == [[("agency.implementing_instrument", (True,))]]


def test_what_other_days_turn_is_left_to_the_nearest_schedule() -> None:
    one_day = norm(
        "ONE-DAY", Require((criterion("arrangement.days_per_week", "at_most", 1),), 1), subject=Level.ARRANGEMENT
    )
    assert found(matter(ground(one_day)), request("monday", "tuesday")) == ()


def test_a_search_of_too_many_sets_is_given_up() -> None:
    made = matter(ground(facts={"agency.implementing_instrument": False}))
    (reading,) = readings_of(made, ASKED, PeopleCounts(made.employee))
    assert gate_turning(reading, tries=1) == GateTurning()
    assert gate_turning(reading).sets


READ: Mapping[str, tuple[FactValue, ...]] = {
    "agency.implementing_instrument": (True, False),
    "agency.tte": (True, False),
    "agency.review_conclusion": ("none", "ready", "cannot"),
    "institution.policy_stage": ("none", "pilot", "adopted"),
    "arrangement.place": ("recorded_residence", "other"),
    "agency.code": ("Bappeda", "Dinkes"),
    "employee.discipline": (True, False),
    "employee.kind": ("pns", "cpns"),
}
"""Facts that gates of the test read, with values of theirs."""


def some_criterion(random: Random) -> Criterion:
    fact = random.choice(list(READ))
    return criterion(fact, random.choice(("is", "is_not")), random.choice(READ[fact]))


def some_gate(random: Random, number: int) -> Rule:
    criteria = tuple(dict.fromkeys(some_criterion(random) for _ in range(random.randint(1, 2))))
    subject = random.choice((Level.EMPLOYEE, Level.ARRANGEMENT))
    exceptions = ((some_criterion(random),),) if random.random() < 0.3 else ()
    if random.random() < 0.5:
        return norm(f"G{number}", Prohibit(), subject=subject, applies=criteria, exceptions=exceptions)
    needed = Require(criteria, random.randint(1, len(criteria)))
    return norm(f"G{number}", needed, subject=subject, exceptions=exceptions)


def some_matter(random: Random) -> Matter:
    gates = [some_gate(random, number) for number in range(random.randint(1, 4))]
    if random.random() < 0.3:
        gates.append(
            norm("LIFT", Lift(frozenset({"G0"})), subject=Level.ARRANGEMENT, applies=(some_criterion(random),))
        )
    facts = {fact: random.choice((None, *values)) for fact, values in READ.items() if fact != "arrangement.place"}
    return matter(ground(rulebook=Rulebook((LAW[0], *gates)), facts=facts))


def standing(made: Matter, asked: Request, changed: Mapping[str, FactValue]) -> dict[str, State]:
    """How each gate stands by the readable reading, once the facts are as given."""
    (span,) = made.spans
    case = Case({**span.values, **asked.values(), **changed}, span.place, frozenset())
    return {reason.rule.code: reason.state for reason in decide_gates(span.rulebook, case, HOME)}


def reachable(fact: str) -> tuple[FactValue, ...]:
    if fact == "arrangement.place":
        return ("recorded_residence",)
    values: tuple[FactValue, ...] = FACTS[fact].codes or (True, False)
    return tuple(value for value in values if value != FACTS[fact].missing)


def every_change(made: Matter, most: int) -> Iterator[dict[str, FactValue]]:
    """Every set of up to so many facts that somebody can change and that a rule reads, the smallest first."""
    read = {one.fact for rule in made.spans[0].rulebook.rules for one in rule.criteria()} & set(READ)
    free = sorted(fact for fact in read if FACTS[fact].changeable is not Changeable.NOBODY)
    for size in range(1, most + 1):
        for facts in combinations(free, size):
            for values in product(*map(reachable, facts)):
                yield dict(zip(facts, values, strict=True))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_the_sets_are_exactly_the_smallest_that_trying_everything_finds(seed: int) -> None:
    random = Random(seed)
    made, asked = some_matter(random), request("monday", place=random.choice(("recorded_residence", "other", None)))
    (reading,) = readings_of(made, asked, PeopleCounts(made.employee))
    turning = gate_turning(reading, tries=10**6)
    now = standing(made, asked, {})
    tried = [(way, standing(made, asked, way)) for way in every_change(made, 5)]
    for rule in turning.unturnable:
        assert {states[rule.code] for _way, states in tried} <= {State.FAILED}
        assert turning.sets == ()
    if turning.unturnable:
        return
    can_open = {code for code, state in now.items() if state is State.PASSED} | {
        code for _way, states in tried for code, state in states.items() if state is State.PASSED
    }
    closed = {code for code, state in now.items() if state is not State.PASSED}
    opening = [way for way, states in tried if all(states[code] is State.PASSED for code in can_open)]
    if not closed & can_open or not opening:
        assert turning.sets == ()
        return
    assert {rule.code for rule in turning.turned} == closed & can_open
    least = min(map(len, opening))
    assert advised(turning) == {frozenset(way.items()) for way in opening if len(way) == least}


def advised(turning: GateTurning) -> set[frozenset[tuple[str, FactValue]]]:
    """Every way that the sets tell, written out."""
    return {
        frozenset(zip((change.fact for change in one), values, strict=True))
        for one in turning.sets
        for values in product(*(change.then for change in one))
    }


@pytest.mark.parametrize("months", [11, 12])
def test_the_opened_request_passes_and_one_month_too_few_is_never_opened(months: int) -> None:
    facts: Facts = {"agency.implementing_instrument": False, "employee.months_in_position": Decimal(months)}
    turnings = found(matter(ground(facts=facts)))
    opened = {change.fact: change.then[0] for one in turnings[0].sets for change in one}
    assert bool(opened) is (months == 12)
    assert examine(matter(ground(facts={**facts, **opened})), ASKED).may_be_approved is (months == 12)
