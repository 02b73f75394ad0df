"""A request is examined: each check passes or fails where the law and the counts say so, and says by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from agencies.facts import FactValue, Level
from eligibility.arrangements.check_words import check_sentence, nearest_sentence
from eligibility.arrangements.checks import Check, CheckKind, CheckState, Examination, House
from eligibility.arrangements.examination import examine
from eligibility.arrangements.matters import SERVICE
from eligibility.decisions import DaysRange
from eligibility.rulebook import Bounds, Direction, Lift, Limit, Mode, Prohibit, Quantity, Rulebook, Verdict
from tests.eligibility.matters import (
    BY_PLACE,
    FIVE_PERCENT,
    FRIDAY,
    LAW,
    MONDAY,
    MONTHLY,
    TWO_DAYS,
    agency,
    ground,
    matter,
    most,
    norm,
    request,
    service,
    task,
    usage,
)
from tests.eligibility.rulebooks import criterion

LAST = date(2026, 8, 30)
DURATION = norm("DURATION", Limit(Quantity.DURATION_DAYS, Direction.MOST, Decimal(60)))
NOTICE = norm("NOTICE", Limit(Quantity.NOTICE_DAYS, Direction.LEAST, Decimal(14)))


def found(examination: Examination, kind: CheckKind, weekday: str = "") -> Check:
    """The one check of a kind and weekday."""
    (check,) = [one for one in examination.checks if one.kind is kind and one.weekday == weekday]
    return check


def named(examination: Examination, name: str) -> Check:
    """The one check of a name."""
    (check,) = [one for one in examination.checks if one.name == name]
    return check


def words(check: Check, **told: bool) -> str:
    """The sentence in English."""
    return check_sentence(check, str, **told)


def test_three_days_are_one_too_many_and_two_pass() -> None:
    home = matter(ground())
    asked = examine(home, request("monday", "tuesday", "friday"))
    assert [check.name for check in asked.failed] == ["days_per_week"]
    assert words(asked.failed[0]) == ("3 days a week are asked for; at most 2 (Pasal 13 ayat (1) PermenPANRB 4/2025).")
    assert examine(home, request("monday", "tuesday")).may_be_approved


@pytest.mark.parametrize(("special", "state"), [(True, None), (None, CheckState.UNKNOWN), (False, CheckState.FAILED)])
def test_special_circumstances_lift_the_cap_of_two_days(special: bool | None, state: CheckState | None) -> None:
    asked = examine(
        matter(ground(facts={"employee.special_circumstances": special})), request("monday", "tuesday", "friday")
    )
    caps = [check for check in asked.checks if check.kind is CheckKind.LIMIT]
    assert [check.state for check in caps] == ([state] if state else [])
    if state is CheckState.UNKNOWN:
        assert caps[0].missing == ("employee.special_circumstances",)
        assert "Special circumstances" in words(caps[0])
        assert "Special circumstances" not in words(caps[0], sees_person=False)


def test_only_friday_while_the_circular_is_in_force() -> None:
    home = matter(ground(FRIDAY))
    assert examine(home, request("friday")).may_be_approved
    asked = examine(home, request("thursday", "friday"))
    assert [check.name for check in asked.failed] == ["weekdays"]
    assert "Asked for: Thursday, Friday; only on Friday" in words(asked.failed[0])


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"employee.discipline": True}, "PERMEN4-25-1-A"),
        ({"employee.months_in_position": Decimal(3)}, "PERMEN4-25-1-B"),
        ({"agency.implementing_instrument": False}, "PERPRES21-8"),
    ],
)
def test_a_gate_is_closed(facts: Mapping[str, FactValue], code: str) -> None:
    asked = examine(matter(ground(facts=facts)), request("monday"))
    assert [check.name for check in asked.failed] == [code]
    name = next(iter(facts))
    unknown = examine(matter(ground(facts={name: None})), request("monday"))
    assert [(check.name, check.missing) for check in unknown.unknown] == [(code, (name,))]
    assert not unknown.may_be_approved


def test_a_head_reads_that_a_requirement_is_not_met_but_not_which() -> None:
    check = examine(matter(ground(facts={"employee.discipline": True})), request("monday")).failed[0]
    assert words(check, sees_person=False) == (
        "Employee requirements are not met (Pasal 25 ayat (1)). Details are with BKPSDM."
    )
    assert "Disciplinary punishment" in words(check)
    assert "Pasal 25 ayat (1) huruf a" in words(check)


def test_home_is_the_recorded_residence() -> None:
    home = matter(ground())
    assert [c.name for c in examine(home, request("monday", place="other")).failed] == ["PERMEN4-12-3"]
    assert [c.name for c in examine(home, request("monday", place=None)).unknown] == ["PERMEN4-12-3"]


def test_a_gate_that_reads_tasks_looks_at_each_of_them() -> None:
    exposed = norm(
        "EXPOSED", Prohibit(), subject=Level.ARRANGEMENT, applies=(criterion("task.exposure", "is", "direct"),)
    )
    tasks = (task(1, 50, exposure="none"), task(2, 50, exposure="direct"))
    assert [c.name for c in examine(matter(ground(exposed, tasks=tasks)), request("monday")).failed] == ["EXPOSED"]
    assert examine(matter(ground(exposed, tasks=tasks[:1])), request("monday")).may_be_approved


@pytest.mark.parametrize(("staff", "allowed"), [(79, 3), (80, 4), (99, 4), (100, 5)])
def test_five_percent_are_rounded_down(staff: int, allowed: int) -> None:
    away = [usage(employee, "thursday") for employee in range(2, 2 + allowed)]
    asked = examine(matter(ground(FIVE_PERCENT, groups=(agency(staff, *away),))), request("thursday", "friday"))
    check = found(asked, CheckKind.SHARE, "thursday")
    assert (check.state, check.asked, check.allowed, check.base) == (CheckState.FAILED, allowed + 1, allowed, staff)
    assert f"{allowed + 1} of at most {allowed} people on Thursday, Bappeda" in words(check)
    assert found(asked, CheckKind.SHARE, "friday").passed
    one_less = matter(ground(FIVE_PERCENT, groups=(agency(staff, *away[1:]),)))
    assert examine(one_less, request("thursday", "friday")).may_be_approved


def test_people_count_once_and_only_on_dates_of_the_span() -> None:
    half = norm("HALF", most(Quantity.SHARE_OF_STAFF, 50, per="agency"))
    twice = usage(2, "monday"), replace(usage(2, "monday"), key=9, mode=Mode.OTHER_OFFICE)
    later = replace(usage(3, "monday"), starts_on=LAST + timedelta(days=1), ends_on=LAST + timedelta(days=90))
    asked = examine(matter(ground(half, groups=(agency(4, *twice, later),))), request("monday"))
    assert found(asked, CheckKind.SHARE, "monday").asked == 2
    shifts = replace(usage(2, "monday"), mode=Mode.SHIFT)
    asked = examine(matter(ground(half, groups=(agency(4, shifts),))), request("monday"))
    assert found(asked, CheckKind.SHARE, "monday").asked == 1


def test_the_staff_of_a_limit_are_those_it_names() -> None:
    few = norm("FEW", most(Quantity.SHARE_OF_STAFF, 50, per="agency", population="subject"))
    everybody, planners = agency(100), agency(2, usage(2, "monday"), population="FEW")
    asked = examine(matter(ground(few, groups=(everybody, planners))), request("monday"))
    assert (asked.failed[0].asked, asked.failed[0].allowed) == (2, 1)
    uncounted = examine(matter(ground(few, groups=(everybody,))), request("monday"))
    assert [check.kind for check in uncounted.unknown] == [CheckKind.SHARE]
    assert "cannot be counted" in words(uncounted.unknown[0])


def test_holders_are_counted_whatever_their_weekdays() -> None:
    holding = norm("HOLDING", most(Quantity.SHARE_OF_STAFF, 50, per="unit", counting="holding"))
    unit = replace(agency(4, usage(2, "monday"), usage(3, "tuesday")), kind="unit", name="Bidang Satu")
    asked = examine(matter(ground(holding, groups=(unit,))), request("friday"))
    assert (found(asked, CheckKind.SHARE).asked, asked.may_be_approved) == (3, False)


@pytest.mark.parametrize(
    ("quantity", "value", "needed"), [(Quantity.STAFF_ON_SITE, 3, 3), (Quantity.SHARE_ON_SITE, 50, 3)]
)
def test_so_many_must_be_left_on_site(quantity: Quantity, value: int, needed: int) -> None:
    rule = norm("ON-SITE", Limit(quantity, Direction.LEAST, Decimal(value), together=BY_PLACE, per="unit"))
    unit = replace(agency(5, usage(2, "monday"), usage(3, "monday")), kind="unit")
    asked = examine(matter(ground(rule, groups=(unit,))), request("monday", "friday"))
    check = found(asked, CheckKind.SHARE, "monday")
    assert (check.state, check.asked, check.allowed) == (CheckState.FAILED, 2, needed)
    assert found(asked, CheckKind.SHARE, "friday").passed


def test_a_share_that_may_apply_leaves_what_lies_between_unknown() -> None:
    perhaps = replace(FIVE_PERCENT, applies=(criterion("agency.tte", "is", True),))
    half = norm("HALF", most(Quantity.SHARE_OF_STAFF, 50, per="agency"))
    span = ground(perhaps, half, groups=(agency(10, usage(2, "monday")),))
    asked = examine(matter(span), request("monday", "friday"))
    check = found(asked, CheckKind.SHARE, "monday")
    assert (check.state, check.allowed, check.missing) == (CheckState.UNKNOWN, 0, ("agency.tte",))
    assert [rule.code for rule in check.norms] == ["FIVE"]
    sure = ground(perhaps, half, facts={"agency.tte": False}, groups=(agency(10, usage(2, "monday")),))
    assert examine(matter(sure), request("monday")).may_be_approved


def test_a_service_keeps_its_staff_on_site() -> None:
    counter = service(4, 2, usage(2, "friday"), usage(3, "friday"))
    asked = examine(matter(ground(services=(counter,))), request("thursday", "friday"))
    assert [words(check) for check in asked.failed] == [
        "Loket needs 2 people on site; on Friday 1 would be left (Internal provision)."
    ]
    assert examine(matter(ground(services=(counter,))), request("thursday")).may_be_approved
    unsaid = examine(matter(ground(services=(service(4, None),))), request("thursday"))
    assert [check.name for check in unsaid.unknown] == [SERVICE]
    unserved = replace(service(4, None), is_served=False)
    assert examine(matter(ground(services=(unserved,))), request("thursday")).may_be_approved


def test_modes_of_time_take_nobody_away() -> None:
    on_site = norm(
        "ON-SITE",
        Limit(Quantity.STAFF_ON_SITE, Direction.LEAST, Decimal(1), per="agency"),
        modes=frozenset(Mode),
    )
    span = ground(on_site, services=(service(1, 1),), groups=(agency(1),))
    sif = request("monday", "friday", mode=Mode.SHIFT, place=None)
    assert examine(matter(span), sif).may_be_approved
    assert [c.name for c in examine(matter(span), request("monday")).failed] == ["staff_on_site", SERVICE]


def test_her_other_arrangements_are_counted_together() -> None:
    other = replace(usage(1, "monday"), mode=Mode.OTHER_OFFICE)
    asked = examine(matter(ground(), own=(other,)), request("tuesday", "friday"))
    assert (asked.failed[0].name, asked.failed[0].asked) == ("days_per_week", 3)
    assert "with the other arrangements" in words(asked.failed[0])
    assert examine(matter(ground(), own=(other,)), request("tuesday")).may_be_approved
    clash = examine(matter(ground(), own=(other,)), request("monday"))
    assert [(check.name, check.asked) for check in clash.failed] == [(House.SAME_DAY, frozenset({"monday"}))]
    same_mode = examine(matter(ground(), own=(usage(1, "monday"),)), request("tuesday"))
    assert [check.name for check in same_mode.failed] == [House.ONE_AT_A_TIME]
    assert "Internal provision: another arrangement" in words(same_mode.failed[0])
    assert "Pasal" not in words(same_mode.failed[0])


def test_duration_notice_and_days_of_a_month_are_measured() -> None:
    asked = examine(matter(ground(DURATION, NOTICE, MONTHLY)), request("monday", "tuesday"))
    measured = {check.name: (check.asked, check.allowed) for check in asked.failed}
    assert measured == {"duration_days": (91, 60), "notice_days": (12, 14), "days_per_month": (10, 9)}
    fitting = request("monday", "tuesday", ends_on=date(2026, 6, 26), asked_on=date(2026, 5, 1))
    assert examine(matter(ground(DURATION, NOTICE, MONTHLY)), fitting).may_be_approved


def test_days_are_no_more_than_the_open_tasks_fill() -> None:
    lifted = Rulebook(tuple(rule for rule in LAW if rule is not TWO_DAYS))
    closed = task(2, 50, outside_office=False)
    asked = examine(
        matter(ground(tasks=(task(1, 50), closed), rulebook=lifted)), request("monday", "tuesday", "friday")
    )
    assert [(check.kind, check.asked, check.allowed) for check in asked.failed] == [(CheckKind.TIME, 3, 2)]
    assert asked.spans[0].days == DaysRange(Decimal("2.5"), Decimal("2.5"))
    unsaid = examine(matter(ground(tasks=(task(1), closed, task(3)), rulebook=lifted)), request("monday"))
    assert [check.state for check in unsaid.checks if check.kind is CheckKind.TIME] == [CheckState.PASSED]
    unsure = examine(
        matter(ground(tasks=(task(1), task(2, None, outside_office=False)), rulebook=lifted)), request("monday")
    )
    assert [check.kind for check in unsure.unknown] == [CheckKind.TIME]


def test_no_task_that_may_be_done_there_is_said_with_its_rules() -> None:
    asked = examine(matter(ground(tasks=(task(1, outside_office=False),))), request("monday"))
    assert [check.kind for check in asked.failed] == [CheckKind.SUITABILITY]
    assert "PERMEN4-23 (Pasal 23 PermenPANRB 4/2025)" in words(asked.failed[0])
    unknown = examine(matter(ground(tasks=(task(1, outside_office=None),))), request("monday"))
    assert unknown.unknown[0].missing == ("task.outside_office",)
    without = replace(ground(), tasks=())
    assert next(check.kind for check in examine(matter(without), request("monday")).unknown) is CheckKind.SUITABILITY


NO, YES = Verdict.NOT_ELIGIBLE, Verdict.ELIGIBLE


@pytest.mark.parametrize(
    ("bounds", "state"),
    [(None, CheckState.FAILED), (Bounds(NO, NO), CheckState.FAILED), (Bounds(NO, YES), CheckState.UNKNOWN)],
)
def test_the_penetapan_must_leave_the_mode_open(bounds: Bounds | None, state: CheckState) -> None:
    asked = examine(matter(ground(determined=bounds)), request("monday"))
    assert found(asked, CheckKind.DETERMINATION).state is state
    assert not asked.may_be_approved


def test_the_ground_under_it_must_hold() -> None:
    for told, name in (
        ({"stale": ("Fakta berubah.",)}, "stale"),
        ({"is_posted": False}, House.POSTED),
        ({"is_active": False}, House.ACTIVE),
    ):
        asked = examine(matter(ground(**told)), request("monday"))
        assert [check.name for check in asked.failed] == [name]
        assert words(asked.failed[0])
    assert [c.name for c in examine(matter(ground(is_active=None)), request("monday")).unknown] == [House.ACTIVE]


def test_spans_are_judged_each_and_equal_checks_told_once() -> None:
    middle = date(2026, 7, 1)
    first, second = ground(ends_on=middle - timedelta(days=1)), ground(FRIDAY, starts_on=middle)
    asked = examine(matter(first, second), request("monday", "friday"))
    assert [(check.name, check.starts_on, check.ends_on) for check in asked.failed] == [("weekdays", middle, LAST)]
    cap = named(asked, "days_per_week")
    assert (cap.starts_on, cap.ends_on) == (MONDAY, LAST)
    assert [span.starts_on for span in asked.spans] == [MONDAY, middle]
    gap = examine(matter(first), request("monday"))
    assert [(check.name, check.starts_on) for check in gap.unknown] == [(House.POSTED, middle)]


def test_a_lift_sets_the_cap_aside() -> None:
    lift = norm("SE2-2026", Lift(frozenset({"PERMEN4-13-1"})))
    assert examine(matter(ground(lift)), request("monday", "tuesday", "friday")).may_be_approved


def test_the_nearest_request_is_told_with_what_differs() -> None:
    asked = request("monday", "friday")
    assert nearest_sentence(request("friday"), asked, str) == "Nearest request that would pass: Friday."
    shorter = request("friday", ends_on=date(2026, 6, 30))
    assert nearest_sentence(shorter, asked, str).endswith("Friday, from 1 June 2026 to 30 June 2026.")
    check = examine(matter(ground(is_active=False)), asked).failed
    assert "Internal provision" in nearest_sentence(None, asked, str, check)
