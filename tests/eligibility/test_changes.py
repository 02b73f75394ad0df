"""What would make it yes: the smallest sets of facts that turn a refusal, held against trying every set."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations, product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.facts import Changeable, FactValue, Kind
from eligibility.change_words import changes_note, word_changes
from eligibility.changes import ChangeSet, smallest_changes
from eligibility.decisions import JudgedTask, State, decide_position, decide_task
from eligibility.facts import FACTS
from eligibility.masks import Layout, lay_out
from eligibility.rulebook import Case, Lift, Mode, Require, Rulebook, Verdict
from tests.eligibility.rulebooks import PLACES, criterion, random_case, random_rulebook, rule

TIK = criterion("task.with_tik", "is", True)
OUTSIDE = criterion("task.outside_office", "is", True)
FEW = criterion("task.face_to_face", "one_of", "none", "minimal")
NO = Verdict.NOT_ELIGIBLE


def task(key: int = 1, **values: object) -> JudgedTask:
    """A task of Diskominfo with these facts of its own."""
    case = Case({f"task.{name}": value for name, value in values.items()}, PLACES["diskominfo"])  # type: ignore[misc]
    return JudgedTask(key, f"Tugas {key}", 100, case)


def told(sets: Iterable[ChangeSet]) -> list[list[tuple[str, tuple[FactValue, ...]]]]:
    """Facts and values of each set."""
    return [[(change.fact, change.then) for change in one.changes] for one in sets]


def test_the_smallest_sets_are_found_together_with_all_values_that_will_do() -> None:
    layout = lay_out(Rulebook((rule("TIK", Require((TIK,), 1)), rule("FEW", Require((FEW,), 1)))))
    turning = smallest_changes(layout, [task(with_tik=False, face_to_face="constant")], Mode.HOME)
    assert told(turning.sets) == [[("task.with_tik", (True,)), ("task.face_to_face", ("none", "minimal"))]]
    (words,) = word_changes(turning.sets, str)
    assert [fact.value for fact in words.facts] == ["yes", "None at all or Minimal"]
    assert " and " in words.sentence
    assert words.provisions == ("Pasal 8 Perpres 21/2023",)


def test_an_answer_is_advised_before_a_correction_and_the_cheapest_task_turns_the_position() -> None:
    layout = lay_out(Rulebook((rule("ANY", Require((TIK, OUTSIDE), 1)), rule("FEW", Require((FEW,), 1)))))
    near, far = task(1, with_tik=False, face_to_face="none"), task(2, with_tik=False, face_to_face="constant")
    turning = smallest_changes(layout, [far, near], Mode.HOME)
    assert {one.task.key for one in turning.sets} == {1}
    assert [one.changes[0].fact for one in turning.sets] == ["task.outside_office", "task.with_tik"]
    assert [one.corrections for one in turning.sets] == [0, 1]


def test_a_number_beyond_what_rules_name_is_told_by_its_bounds() -> None:
    longer = Require((criterion("task.hours_per_day", "more_than", 8.5),), 1)
    layout = lay_out(Rulebook((rule("SHIFT", longer),)))
    (one,) = smallest_changes(layout, [task(hours_per_day=Decimal("7.5"))], Mode.HOME).sets
    assert (one.changes[0].above, one.changes[0].below) == (Decimal("8.5"), None)
    assert "is more than 8.5 hours" in word_changes([one], str)[0].sentence
    named = lay_out(Rulebook((rule("LONG", Require((criterion("task.hours_per_day", "at_least", 8),), 1)),)))
    (one,) = smallest_changes(named, [task(hours_per_day=Decimal("7.5"))], Mode.HOME).sets
    assert (one.changes[0].then, one.changes[0].above) == ((Decimal(8),), None)


def test_a_rule_that_reads_only_what_nobody_can_change_cannot_be_turned() -> None:
    frontline = rule("LINE", applies=(criterion("task.function", "is", "frontline"),))
    layout = lay_out(Rulebook((frontline, rule("TIK", Require((TIK,), 1)))))
    stuck = task(function="frontline", with_tik=False)
    turning = smallest_changes(layout, [stuck], Mode.HOME)
    assert [reason.rule.code for _task, reason in turning.unturnable] == ["LINE"]
    assert turning.sets == ()
    assert "nobody can change" in changes_note(turning, str)
    free = smallest_changes(layout, [stuck, task(2, function="data", with_tik=False)], Mode.HOME)
    assert (free.unturnable, told(free.sets)) == ((), [[("task.with_tik", (True,))]])


def test_six_facts_are_no_advice_and_a_search_that_stops_says_so() -> None:
    facts = ["outside_office", "with_tik", "output_measurable", "local_1", "local_2", "local_3"]
    rules = [rule(name, Require((criterion(f"task.{name}", "is", True),), 1)) for name in facts]
    case = task(**dict.fromkeys(facts, False))
    turning = smallest_changes(lay_out(Rulebook(tuple(rules))), [case], Mode.HOME)
    assert (turning.sets, turning.stopped) == ((), False)
    assert "No change of up to five facts" in changes_note(turning, str)
    early = smallest_changes(lay_out(Rulebook(tuple(rules[:5]))), [case], Mode.HOME, steps=3)
    assert early.stopped
    assert "were not examined" in changes_note(early, str)


def test_a_lift_that_can_be_reached_turns_what_it_sets_aside() -> None:
    lift = rule("LIFT", Lift(frozenset({"OFFICE"})), applies=(TIK, OUTSIDE))
    layout = lay_out(Rulebook((rule("OFFICE"), lift)))
    turning = smallest_changes(layout, [task(with_tik=False)], Mode.HOME)
    assert told(turning.sets) == [[("task.outside_office", (True,)), ("task.with_tik", (True,))]]
    assert [one.code for one in turning.sets[0].turned] == ["OFFICE"]


def _fact_sets(layout: Layout, case: Case, mode: Mode, most: int) -> set[frozenset[str]]:
    """The sets of fewest changeable facts that open the case, by trying them all with the readable reading."""
    facts = [f for f in sorted(layout.criteria_by_fact) if FACTS[f].changeable is not Changeable.NOBODY]
    for size in range(1, most + 1):
        found = {
            frozenset(chosen)
            for chosen in combinations(facts, size)
            for values in product(*(layout.cells(fact) for fact in chosen))
            if _opens(layout, case, mode, dict(zip(chosen, values, strict=True)))
        }
        if found:
            return found
    return set()


def _opens(layout: Layout, case: Case, mode: Mode, values: dict[str, FactValue]) -> bool:
    changed = Case({**case.values, **values}, case.place, case.absent)
    return decide_task(layout.rulebook, changed, mode).bounds.worst > NO


@settings(max_examples=120)
@given(st.integers(0, 2**32), st.sampled_from(list(Mode)))
def test_the_sets_are_exactly_the_smallest_that_trying_everything_finds(seed: int, mode: Mode) -> None:
    random = Random(seed)
    layout = lay_out(random_rulebook(random, random.randint(1, 5), random.randint(0, 2)))
    case = random_case(random)
    judged = JudgedTask(1, "Tugas", 100, case)
    if decide_task(layout.rulebook, case, mode).bounds.worst > NO:
        return
    turning = smallest_changes(layout, [judged], mode, steps=10**6)
    tried = _fact_sets(layout, case, mode, 3)
    advised = {frozenset(change.fact for change in one.changes) for one in turning.sets}
    assert not turning.stopped
    if tried:
        assert advised == tried
    assert all(len(facts) > 3 for facts in advised) or tried
    if turning.unturnable:
        assert not tried
        _refused_whatever_is_changed(layout, turning.unturnable[0][1].rule.code, case, mode, random)


def _refused_whatever_is_changed(layout: Layout, code: str, case: Case, mode: Mode, random: Random) -> None:
    """Some of all cases that differ in changeable facts only: the rule fails in each."""
    facts = [f for f in layout.criteria_by_fact if FACTS[f].changeable is not Changeable.NOBODY]
    for _ in range(20):
        values = {fact: random.choice(layout.cells(fact)) for fact in facts}
        changed = Case({**case.values, **values}, case.place, case.absent)
        reasons = decide_task(layout.rulebook, changed, mode).reasons_in(State.FAILED)
        assert code in {reason.rule.code for reason in reasons}


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.sampled_from(list(Mode)))
def test_every_advised_value_turns_the_position_and_touches_only_what_somebody_can_change(
    seed: int, mode: Mode
) -> None:
    random = Random(seed)
    layout = lay_out(random_rulebook(random, random.randint(2, 6), random.randint(0, 2)))
    place = random_case(random)
    tasks = [
        JudgedTask(key, f"Tugas {key}", None, Case({**random_case(random).values, **_above(place)}, place.place))
        for key in range(2)
    ]
    if decide_position(layout.rulebook, tasks, mode).bounds.worst > NO:
        return
    turning = smallest_changes(layout, tasks, mode)
    assert turning == smallest_changes(layout, tasks, mode)
    for one in turning.sets:
        assert all(FACTS[change.fact].changeable is not Changeable.NOBODY for change in one.changes)
        for values in product(*(change.then for change in one.changes)):
            way = dict(zip((change.fact for change in one.changes), values, strict=True))
            then = decide_position(layout.rulebook, [_changed(t, one.task, way) for t in tasks], mode)
            assert then.bounds.worst > NO
            if not any(FACTS[fact].kind is Kind.NUMBER for fact in way):
                assert then.bounds == one.bounds


def _above(case: Case) -> dict[str, FactValue | None]:
    return {fact: value for fact, value in case.values.items() if not fact.startswith("task.")}


def _changed(one: JudgedTask, chosen: JudgedTask, way: dict[str, FactValue]) -> JudgedTask:
    """The task after the change: its own facts if it is the chosen one, and what lies above for every task."""
    own = {fact: value for fact, value in way.items() if one is chosen or not fact.startswith("task.")}
    return JudgedTask(one.key, one.title, one.share, Case({**one.case.values, **own}, one.case.place))
