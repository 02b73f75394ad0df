"""What is wrong with a rulebook itself, held against trying every job at every place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.facts import Kind
from eligibility.analysis import MOST_CELLS, Analysis, Finding, FindingKind, analyse
from eligibility.decisions import binding_truth, violation_truth
from eligibility.facts import FACTS
from eligibility.rulebook import (
    Case,
    Criterion,
    Direction,
    Lift,
    Limit,
    Mode,
    Prohibit,
    Quantity,
    Require,
    Rule,
    Rulebook,
    conjunction_truth,
    exception_truth,
    lift_truth,
    reaches_case,
)
from tests.eligibility.rulebooks import PLACES, criterion, random_scope, rule

GROUNDS = [Case({"agency.kind": place.agency_kind}, place) for place in PLACES.values()]
TIK = criterion("task.with_tik", "is", True)
NO_TIK = criterion("task.with_tik", "is", False)
DIRECT = criterion("task.exposure", "is", "direct")
FACTS_READ = ("task.with_tik", "task.outside_office", "task.face_to_face")


def found(*rules: Rule) -> Analysis:
    """The analysis of these rules."""
    return analyse(Rulebook(rules), GROUNDS)


def told(analysis: Analysis) -> list[tuple[str, list[str]]]:
    """Kinds and codes."""
    return [(one.kind.value, [r.code for r in one.rules]) for one in analysis.findings]


def test_a_rule_that_requires_what_another_prohibits_is_a_contradiction_and_a_plain_ban_is_none() -> None:
    need = rule("NEED", Require((TIK,), 1))
    ban = rule("BAN", applies=(TIK, DIRECT))
    analysis = found(need, ban)
    assert told(analysis) == [("contradiction", ["NEED", "BAN"])]
    (one,) = analysis.findings
    assert one.cell is not None
    assert one.cell.value("task.exposure") == "direct"
    assert told(found(need, rule("BAN", applies=(DIRECT,)))) == []
    assert told(found(need, rule("OTHER", Require((NO_TIK,), 1)))) == [("contradiction", ["NEED", "OTHER"])]


def test_a_rule_that_can_never_apply_is_named_and_one_exception_less_makes_it_speak() -> None:
    never = rule("NEVER", applies=(TIK, NO_TIK))
    assert told(found(never)) == [("never", ["NEVER"])]
    assert told(found(rule("GONE", applies=(TIK,), exceptions=((TIK,),)))) == [("never", ["GONE"])]
    assert told(found(rule("SPEAKS", applies=(TIK,), exceptions=((DIRECT,),)))) == []
    school = rule("SCHOOL", applies=(criterion("agency.kind", "is", "sekolah"),))
    assert told(found(school)) == [("never", ["SCHOOL"])], "the institution has no school"


def test_a_rule_always_set_aside_and_a_limit_always_beaten_are_overruled() -> None:
    whole, part = (rule("LIFT", Lift(frozenset({"BAN"})), applies=given) for given in ((), (DIRECT,)))
    assert told(found(rule("BAN", applies=(TIK,)), whole)) == [("overruled", ["BAN", "LIFT"])]
    assert told(found(rule("BAN", applies=(TIK,)), part)) == []
    two, one = (
        rule(code, Limit(Quantity.DAYS_PER_WEEK, Direction.MOST, Decimal(days)), applies=given)
        for code, days, given in (("TWO", 2, (TIK,)), ("ONE", 1, ()))
    )
    assert told(found(two, one)) == [("overruled", ["TWO", "ONE"])]
    narrow = rule("ONE", Limit(Quantity.DAYS_PER_WEEK, Direction.MOST, Decimal(1)), applies=(DIRECT,))
    assert told(found(two, narrow)) == []


def test_a_limit_beaten_only_from_a_lower_layer_is_told_apart_from_one_that_says_nothing() -> None:
    def days(code: str, most: int, layer: int) -> Rule:
        limit = Limit(Quantity.DAYS_PER_WEEK, Direction.MOST, Decimal(most))
        one = rule(code, limit)
        return replace(one, citation=replace(one.citation, layer=layer))

    nation, city, circular = days("NATION", 2, 20), days("CITY", 1, 50), days("CIRCULAR", 1, 20)
    assert told(found(nation, city)) == [("outdone", ["NATION", "CITY"])]
    assert told(found(days("NATION", 2, 50), days("CITY", 1, 20))) == [("overruled", ["NATION", "CITY"])]
    assert told(found(nation, city, circular)) == [("overruled", ["NATION", "CIRCULAR"])], "not only from below"


def test_that_a_fallback_is_set_aside_is_no_finding_but_that_it_never_applies_is() -> None:
    book = Rulebook((rule("OFFICE"), rule("LIFT", Lift(frozenset({"OFFICE"})))))
    assert told(analyse(book, GROUNDS)) == [("overruled", ["OFFICE", "LIFT"])]
    assert told(analyse(book, GROUNDS, frozenset({"OFFICE"}))) == []
    never = Rulebook((rule("OFFICE", applies=(TIK, NO_TIK)),))
    assert told(analyse(never, GROUNDS, frozenset({"OFFICE"}))) == [("never", ["OFFICE"])]


def test_a_criterion_that_the_others_imply_says_nothing() -> None:
    closer = criterion("task.exposure", "one_of", "direct", "emergency")
    analysis = found(rule("TWICE", applies=(DIRECT, closer)))
    assert [(one.kind, one.criterion) for one in analysis.findings] == [(FindingKind.IMPLIED, closer)]
    assert told(found(rule("TWO", applies=(DIRECT, TIK)))) == []


def test_a_question_with_too_many_cells_is_listed_as_not_examined() -> None:
    facts = [name for name in FACTS if name.startswith("task.") and FACTS[name].kind is Kind.YES_NO]
    many = (*(criterion(name, "is", True) for name in facts), DIRECT)
    assert 2 ** len(many) > MOST_CELLS
    assert [one.rules[0].code for one in found(rule("WIDE", applies=many)).unexamined] == ["WIDE"]
    assert found(rule("WIDE", applies=many[:3])).unexamined == ()


def _random_test(random: Random) -> Criterion:
    name = random.choice((*FACTS_READ, "agency.kind"))
    if name == "agency.kind":
        return criterion(name, "is", random.choice(["dinas", "badan"]))
    if name == "task.face_to_face":
        codes = random.sample(FACTS[name].codes, random.randint(1, 3))
        return criterion(name, random.choice(["one_of", "none_of"]), *codes)
    return criterion(name, "is", random.random() < 0.5)


def _random_rule(random: Random, code: str, effect: object = None) -> Rule:
    def tests(most: int) -> tuple[Criterion, ...]:
        return tuple(_random_test(random) for _ in range(random.randint(0, most)))

    if effect is None:
        needed = tests(2) or (_random_test(random),)
        limit = Limit(Quantity.DAYS_PER_WEEK, Direction.MOST, Decimal(random.randint(1, 3)))
        effect = random.choice([Prohibit(), Require(needed, random.randint(1, len(needed))), limit])
    exceptions = tuple(one for one in (tests(2),) if one)
    return rule(code, effect, applies=tests(2), exceptions=exceptions, scope=random_scope(random))  # type: ignore[arg-type]


def _cases() -> list[Case]:
    """Every job at every place."""
    values = product((True, False), (True, False), FACTS["task.face_to_face"].codes)
    jobs: list[dict[str, Any]] = [dict(zip(FACTS_READ, chosen, strict=True)) for chosen in values]
    return [Case({**ground.values, **job}, ground.place) for ground in GROUNDS for job in jobs]


def _speaks(one: Rule, case: Case) -> bool:
    if isinstance(one.effect, Lift):
        return lift_truth(one, case) is True
    return reaches_case(one, case) is True and not any(exception_truth(e, case) for e in one.exceptions)


@settings(max_examples=200)
@given(st.integers(0, 2**32))
def test_what_is_found_is_what_trying_every_job_finds(seed: int) -> None:
    random = Random(seed)
    rules = [_random_rule(random, f"R{number}") for number in range(random.randint(1, 3))]
    rules += [_random_rule(random, "L", Lift(frozenset({"R0"})))] if random.random() < 0.6 else []
    rulebook = Rulebook(tuple(rules))
    analysis = analyse(rulebook, GROUNDS)
    assert analysis.unexamined == ()
    pairs = {
        kind: {tuple(r.code for r in f.rules) for f in analysis.findings if f.kind is kind} for kind in FindingKind
    }
    never = {r.code for r in rules if not any(_speaks(r, case) for case in _cases())}
    assert pairs[FindingKind.NEVER] == {(code,) for code in never}
    speaking = [r for r in rules if r.code not in never and not isinstance(r.effect, Lift)]
    lifted = {(r.code, "L") for r in speaking if _always_lifted(rulebook, r)}
    beaten = {(a.code, b.code) for a in speaking for b in speaking if _always_beaten(rulebook, a, b)}
    assert pairs[FindingKind.OVERRULED] == lifted | beaten
    opposed = {frozenset((a.code, b.code)) for a in speaking for b in speaking if _opposed(rulebook, a, b)}
    assert {frozenset(codes) for codes in pairs[FindingKind.CONTRADICTION]} == opposed
    for finding in analysis.findings:
        _holds_what_it_says(finding)


def _always_lifted(rulebook: Rulebook, one: Rule) -> bool:
    lifts = rulebook.lifts_of(one, Mode.HOME)
    return bool(lifts) and all(lift_truth(lifts[0], case) for case in _cases() if _speaks(one, case))


def _always_beaten(rulebook: Rulebook, one: Rule, other: Rule) -> bool:
    mine, its = one.effect, other.effect
    if not (isinstance(mine, Limit) and isinstance(its, Limit) and mine.value and its.value and its.value < mine.value):
        return False
    cases = [case for case in _cases() if binding_truth(rulebook, one, Mode.HOME, case)]
    return bool(cases) and all(binding_truth(rulebook, other, Mode.HOME, case) for case in cases)


def _opposed(rulebook: Rulebook, one: Rule, other: Rule) -> bool:
    """Whether of some jobs that differ only in what both demand each rule can be met, and never both."""
    if one is other or not isinstance(one.effect, Require) or not isinstance(other.effect, Require | Prohibit):
        return False
    demanded = {c.fact for r in (one, other) if isinstance(r.effect, Require) for c in r.effect.criteria}
    jobs: dict[object, list[tuple[bool, bool]]] = {}
    for case in _cases():
        if binding_truth(rulebook, one, Mode.HOME, case):
            met = not violation_truth(one, case)
            its = not (binding_truth(rulebook, other, Mode.HOME, case) and violation_truth(other, case))
            kind = (case.place, *((f, v) for f, v in sorted(case.values.items()) if f not in demanded))
            jobs.setdefault(kind, []).append((met, its))
    return any(
        any(a for a, _ in some) and any(b for _, b in some) and (True, True) not in some for some in jobs.values()
    )


def _holds_what_it_says(finding: Finding) -> None:
    """Its cell is one of the jobs it speaks of; an implied criterion never fails where the others hold."""
    if finding.kind is FindingKind.NEVER:
        assert finding.cell is None
        return
    assert finding.cell is not None
    assert finding.holds(finding.cell)
    if finding.kind is FindingKind.IMPLIED and finding.criterion in finding.rules[0].applies:
        others = tuple(c for c in finding.rules[0].applies if c is not finding.criterion)
        for case in _cases():
            if finding.rules[0].scope.reaches(case.place) and conjunction_truth(others, case):
                assert conjunction_truth((finding.criterion,), case)
