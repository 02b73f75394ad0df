"""Cohen's kappa by worked examples, and by what must hold of any answers."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from agencies.actions.assessments import return_assessment
from agencies.actions.sheets import Assignment, assign_sheets
from agencies.mapping.agreement import FEWEST, Agreement, Pair, agreement
from agencies.mapping.agreement_table import agreement_table
from agencies.models import Comparison, Role, Sheet, User
from tests.base import Cast, person
from tests.exported import from_csv
from tests.factories import PositionFactory, TaskFactory
from tests.sheets import AT, HOME_WORK, Desk, answer, both_submitted, opened, submit

COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(["yes", "no", "?"]), st.sampled_from(["yes", "no", "?"])), st.integers(0, 40), max_size=9
)


def of(counted: dict[Pair, int]) -> Agreement:
    """Over one question, each pair in a group of its own."""
    return agreement({"task.with_tik": counted}, sum(counted.values()))


def kappa(counted: dict[Pair, int]) -> float:
    found = of(counted).kappa
    assert found is not None
    return found


def test_fifty_proposals_read_by_two() -> None:
    """Both say yes of 20 and no of 15; the first alone says yes of 5, the second alone of 10.

    Observed: 35/50 = 0.70. The first says yes of 25/50, the second of 30/50. By chance both say yes of
    0.5 * 0.6 = 0.30 and both no of 0.5 * 0.4 = 0.20, together 0.50. Kappa = (0.70 - 0.50) / (1 - 0.50) = 0.40.
    """
    assert isclose(kappa({("yes", "yes"): 20, ("no", "no"): 15, ("yes", "no"): 5, ("no", "yes"): 10}), 0.40)


def test_the_same_share_of_equal_answers_is_worth_more_where_chance_gives_less() -> None:
    """60 of 100 are equal twice over.

    First: 45 yes, 15 no, 25 and 15 differing: yes 0.70 and 0.60, chance 0.42 + 0.12 = 0.54, kappa = 0.06/0.46 = 0.1304.
    Second: 25 yes, 35 no, 5 and 35 differing: yes 0.30 and 0.60, chance 0.18 + 0.28 = 0.46, kappa = 0.14/0.54 = 0.2593.
    """
    first = kappa({("yes", "yes"): 45, ("no", "no"): 15, ("yes", "no"): 25, ("no", "yes"): 15})
    second = kappa({("yes", "yes"): 25, ("no", "no"): 35, ("yes", "no"): 5, ("no", "yes"): 35})
    assert (round(first, 4), round(second, 4)) == (0.1304, 0.2593)


def test_three_answers_of_which_not_known_is_one() -> None:
    """Of 40: both yes 12, both no 8, both not known 4; yes/no 6, no/? 6, ?/yes 4.

    Observed 24/40 = 0.6. First: yes 18, no 14, ? 8. Second: yes 16, no 14, ? 10.
    Chance (18*16 + 14*14 + 8*10) / 1600 = (288 + 196 + 80) / 1600 = 0.3525. Kappa = 0.2475 / 0.6475 = 0.3822.
    """
    counted = {("yes", "yes"): 12, ("no", "no"): 8, ("?", "?"): 4, ("yes", "no"): 6, ("no", "?"): 6, ("?", "yes"): 4}
    assert round(kappa(counted), 4) == 0.3822


def test_always_agreeing_is_one_and_always_contradicting_is_minus_one() -> None:
    """Half yes and half no on either side, so chance is 0.5: (1 - 0.5)/0.5 = 1 and (0 - 0.5)/0.5 = -1."""
    assert kappa({("yes", "yes"): 15, ("no", "no"): 15}) == 1
    assert kappa({("yes", "no"): 15, ("no", "yes"): 15}) == -1


def test_the_interval_is_that_of_the_share_of_equal_answers() -> None:
    """35 of 50 are equal; z = 1.96, z² = 3.8416.

    Middle (0.7 + 3.8416/100) / (1 + 3.8416/50) = 0.738416 / 1.076832 = 0.68573. Half of the width
    1.96 * sqrt(0.7*0.3/50 + 3.8416/10000) / 1.076832 = 1.96 * sqrt(0.00458416) / 1.076832 = 0.12324.
    The share lies from 0.5625 to 0.8090; with chance 0.5, kappa from 0.125 to 0.618.
    """
    found = of({("yes", "yes"): 20, ("no", "no"): 15, ("yes", "no"): 5, ("no", "yes"): 10})
    half = 1.96 * sqrt(0.7 * 0.3 / 50 + 3.8416 / 10000) / 1.076832
    assert found.low is not None
    assert found.high is not None
    assert found.low == pytest.approx((0.68573 - half - 0.5) / 0.5, abs=1e-3)
    assert found.high == pytest.approx((0.68573 + half - 0.5) / 0.5, abs=1e-3)


def test_of_too_few_pairs_nothing_is_said() -> None:
    few = of({("yes", "yes"): FEWEST - 2, ("no", "no"): 1})
    assert (few.few, few.pairs, few.equal, few.kappa, few.low, few.high) == (True, 19, 19, None, None, None)
    assert agreement({}, 0).observed == 0.0
    assert of({("yes", "yes"): 10, ("no", "no"): 10}).kappa == 1


def test_where_all_answers_are_one_and_the_same_there_is_nothing_to_measure() -> None:
    same = of({("yes", "yes"): 50})
    assert (same.few, same.kappa, same.observed) == (False, None, 1.0)


@given(COUNTS)
def test_kappa_lies_within_its_interval_and_its_scale(counted: dict[Pair, int]) -> None:
    found = of(counted)
    assert found.pairs == sum(counted.values())
    assert found.equal + found.differing == found.pairs
    if found.kappa is not None:
        assert found.low is not None
        assert found.high is not None
        assert -1 <= found.low <= found.kappa <= found.high <= 1
    else:
        assert found.few or found.differing == 0


@given(COUNTS)
def test_which_reviewer_is_called_the_first_makes_no_difference(counted: dict[Pair, int]) -> None:
    turned = of({(other, one): number for (one, other), number in counted.items()})
    found = of(counted)
    assert (found.pairs, found.equal, found.few) == (turned.pairs, turned.equal, turned.few)
    for one, other in ((found.kappa, turned.kappa), (found.low, turned.low), (found.high, turned.high)):
        assert one == other or (one is not None and other is not None and isclose(one, other, abs_tol=1e-12))


@given(COUNTS, st.integers(1, 4))
def test_over_one_question_the_whole_is_that_question_and_so_it_is_over_several_alike(
    counted: dict[Pair, int], times: int
) -> None:
    """Pooled over questions answered in the same way, kappa stays; only its interval narrows with more pairs."""
    alone = of(counted)
    pooled = agreement({f"task.local_{number}": counted for number in range(times)}, alone.groups)
    assert pooled.pairs == alone.pairs * times
    if times == 1:
        assert pooled == alone
    elif alone.kappa is not None:
        assert pooled.kappa is not None
        assert isclose(pooled.kappa, alone.kappa, abs_tol=1e-12)


def test_questions_of_different_answers_are_pooled_each_with_its_own_chance() -> None:
    """Twenty pairs that are 15 yes and 5 no, all equal; twenty that are half yes and half no, all equal but two.

    Chance 0.625 and 0.5 weigh the same: 0.5625. Observed 38/40 = 0.95. Kappa = 0.3875 / 0.4375 = 0.8857.
    """
    first = {("yes", "yes"): 15, ("no", "no"): 5}
    second = {("yes", "yes"): 9, ("no", "no"): 9, ("yes", "no"): 1, ("no", "yes"): 1}
    found = agreement({"a": first, "b": second}, 20)
    assert found.kappa is not None
    assert isclose(found.kappa, 0.3875 / 0.4375)
    assert (found.measured, found.left_out) == (40, 0)


def test_a_question_of_one_answer_alone_is_left_out_and_counted() -> None:
    """Whatever all say alike adds to chance what it adds to agreement: with it 28 of 30 would be worth nothing."""
    told = {("yes", "yes"): 9, ("no", "no"): 9, ("yes", "no"): 1, ("no", "yes"): 1}
    alone = agreement({"b": told}, 20)
    found = agreement({"a": {("yes", "yes"): 20}, "b": told, "c": {("?", "?"): 20}, "d": {}}, 20)
    assert (found.kappa, found.low, found.high) == (alone.kappa, alone.low, alone.high)
    assert (found.pairs, found.equal, found.measured, found.left_out) == (60, 58, 20, 2)
    assert found.kappa is not None


def test_many_answers_on_few_sheets_are_too_few_to_say() -> None:
    """Two sheets of fifteen questions: thirty pairs, and yet nothing is said."""
    counted: dict[str, dict[Pair, int]] = {f"q{number}": {("yes", "yes"): 2} for number in range(13)}
    counted |= {f"d{number}": {("yes", "yes"): 1, ("yes", "no"): 1} for number in range(2)}
    found = agreement(counted, 2)
    assert (found.pairs, found.equal, found.few, found.kappa) == (30, 28, True, None)
    assert not agreement({"q": {("yes", "yes"): 10, ("no", "no"): 10}}, 20).few
    assert agreement({"q": {("yes", "yes"): 1, ("no", "no"): 1}, "r": {("yes", "yes"): 40}}, 40).few


def test_what_was_changed_after_a_return_does_not_count(cast: Cast) -> None:
    desk = opened(cast)
    both_submitted(desk, with_tik="no")
    before = agreement_table(cast.institution, [cast.agency])
    return_assessment(actor=desk.officer, assessment=desk.by_bkpsdm, reason="Lihat SOP")
    submit(answer(desk.by_bkpsdm))
    desk.sheet.refresh_from_db()
    assert desk.sheet.state == Sheet.State.AGREED
    assert Comparison.objects.filter(sheet=desk.sheet).count() == len(HOME_WORK)
    assert agreement_table(cast.institution, [cast.agency]) == before
    assert (before.total.pairs, before.total.differing) == (len(HOME_WORK), 1)
    assert before.questions[0].question.fact.name == "task.with_tik", "the most disagreed on comes first"


def alike(cast: Cast, officer: User | None = None) -> Desk:
    position = PositionFactory.create(agency=cast.agency, title="Arsiparis")
    return opened(cast, TaskFactory.create(position=position, title="Menata arsip"), officer=officer)


def test_alike_sheets_answered_alike_count_once_and_each_pair_of_reviewers_on_its_own(
    client: Client, cast: Cast
) -> None:
    """Three copies are one judgement; an exception adds its own pair; another reviewer judges anew."""
    for _copy in range(3):
        both_submitted(alike(cast))
    found = agreement_table(cast.institution, [cast.agency]).total
    assert (found.groups, found.pairs, found.differing, found.few) == (1, len(HOME_WORK), 0, True)
    both_submitted(alike(cast), with_tik="no")
    table = agreement_table(cast.institution, [cast.agency])
    assert (table.total.groups, table.total.pairs, table.total.differing) == (1, len(HOME_WORK) + 1, 1)
    assert (table.questions[0].found.groups, table.questions[0].found.pairs) == (1, 2)
    desk = alike(cast, person("kedua", Role.HR_OFFICER, cast.institution))
    both_submitted(desk, with_tik="no")
    assert agreement_table(cast.institution, [cast.agency]).total.groups == 2
    client.force_login(cast.hr_officer)
    page = client.get("/kota-contoh/pemetaan/kesepakatan/").content.decode()
    assert "Kelompok lembar serupa" in page
    assert "terlalu sedikit" in page
    file = from_csv(client.get("/kota-contoh/pemetaan/kesepakatan/?unduh=csv"))
    assert [str(cell).removesuffix(".0") for cell in file.rows[0][1:4]] == ["2", str(2 * len(HOME_WORK) + 1), "2"]


def test_the_first_reviewer_of_a_side_is_the_one_who_answered_blind(cast: Cast) -> None:
    desk = alike(cast)
    both_submitted(desk, with_tik="no")
    both_submitted(alike(cast), with_tik="no")
    return_assessment(actor=desk.officer, assessment=desk.by_bkpsdm, reason="Lihat SOP")
    other = Assignment({"bkpsdm": person("kedua", Role.HR_OFFICER, cast.institution)})
    assign_sheets(actor=desk.officer, agency=cast.agency, sheets=[desk.sheet], assignment=other, at=AT)
    submit(answer(desk.by_bkpsdm))
    found = agreement_table(cast.institution, [cast.agency]).total
    assert (found.groups, found.pairs, found.differing) == (1, len(HOME_WORK), 1)


def test_an_agency_counts_its_own_sheets_and_what_waits_counts_nowhere(cast: Cast) -> None:
    both_submitted(opened(cast))
    submit(answer(opened(cast, TaskFactory.create(position=PositionFactory.create(agency=cast.agency))).by_agency))
    found = agreement_table(cast.institution, [cast.agency, cast.other_agency])
    assert [line.agency for line in found.agencies] == [cast.agency]
    assert found.total.pairs == len(HOME_WORK)
    assert agreement_table(cast.institution, [cast.other_agency]).total.pairs == 0


@pytest.mark.usefixtures("whole_statements")
def test_answers_are_compared_once_until_the_next_act(client: Client, cast: Cast) -> None:
    both_submitted(alike(cast))
    client.force_login(cast.hr_officer)

    def read() -> bool:
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/kota-contoh/pemetaan/kesepakatan/")
        sheets = Comparison.objects.values("sheet").distinct().count()
        assert page.context["found"].total.differing == sheets - 1, "each act is counted"
        return any('FROM "agencies_comparison"' in one["sql"] for one in asked)

    assert [read(), read()] == [True, False]
    both_submitted(alike(cast), with_tik="no")
    assert [read(), read()] == [True, False]
