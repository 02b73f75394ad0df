"""What is advised instead passes, and is the nearest: other days before fewer days before shorter periods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.arrangements.checks import CheckKind
from eligibility.arrangements.examination import examine
from eligibility.arrangements.matters import Matter, Usage
from eligibility.arrangements.nearest import nearest, standing_against
from eligibility.arrangements.requests import DAYS_OF_WEEK, Request
from eligibility.rulebook import Direction, Limit, Mode, Quantity
from tests.eligibility.matters import (
    BY_PLACE,
    FIVE_PERCENT,
    FRIDAY,
    MONDAY,
    agency,
    ground,
    matter,
    norm,
    request,
    service,
    usage,
)

LAST = date(2026, 8, 30)
MIDDLE = date(2026, 7, 1)
ON_SITE = norm("ON-SITE", Limit(Quantity.STAFF_ON_SITE, Direction.LEAST, Decimal(2), together=BY_PLACE, per="agency"))


def test_fewer_days_keep_those_asked_for() -> None:
    asked = request("monday", "wednesday", "friday")
    assert nearest(matter(ground()), asked) == replace(asked, weekdays=frozenset({"monday", "wednesday"}))


def test_other_days_come_before_fewer_days() -> None:
    crowded = (agency(20, usage(2, "monday")),)
    asked = request("monday", "tuesday")
    assert nearest(matter(ground(FIVE_PERCENT, groups=crowded)), asked) == replace(
        asked, weekdays=frozenset({"tuesday", "wednesday"})
    )


def test_an_earlier_last_day_comes_before_a_later_first_day() -> None:
    early, late = ground(ends_on=MIDDLE - timedelta(days=1)), ground(starts_on=MIDDLE)
    closed = {"facts": {"employee.discipline": True}}
    asked = request("monday")
    cut = nearest(matter(early, ground(starts_on=MIDDLE, **closed)), asked)  # type: ignore[arg-type]
    assert cut == replace(asked, ends_on=MIDDLE - timedelta(days=1))
    begun = nearest(matter(ground(ends_on=MIDDLE - timedelta(days=1), **closed), late), asked)  # type: ignore[arg-type]
    assert begun == replace(asked, starts_on=MIDDLE)


def test_notice_and_duration_move_the_dates() -> None:
    notice = norm("NOTICE", Limit(Quantity.NOTICE_DAYS, Direction.LEAST, Decimal(14)))
    longest = norm("LONGEST", Limit(Quantity.DURATION_DAYS, Direction.MOST, Decimal(30)))
    asked = request("monday")
    first = asked.asked_on + timedelta(days=14)
    assert nearest(matter(ground(notice, longest)), asked) == replace(
        asked, starts_on=first, ends_on=first + timedelta(days=29)
    )


def test_nothing_is_advised_where_no_plan_passes() -> None:
    closed = matter(ground(facts={"agency.implementing_instrument": False}))
    asked = request("monday", "tuesday", "friday")
    assert nearest(closed, asked) is None
    assert [check.name for check in standing_against(closed, examine(closed, asked))] == ["PERPRES21-8"]
    full = matter(ground(services=(service(1, 1),)))
    assert nearest(full, asked) is None
    kinds = {check.kind for check in standing_against(full, examine(full, asked))}
    assert CheckKind.SERVICE in kinds


def random_usage(random: Random, employee: int) -> Usage:
    first = MONDAY + timedelta(days=random.randint(0, 60))
    days = random.sample(DAYS_OF_WEEK[:5], random.randint(1, 3))
    last = first + timedelta(days=random.randint(0, 60))
    mode = random.choice((Mode.HOME, Mode.OTHER_OFFICE, Mode.SHIFT))
    return replace(usage(employee, *days), starts_on=first, ends_on=last, mode=mode)


def random_matter(random: Random) -> Matter:
    """A matter of one or two spans with shares, staff on site and a service, and now and then a closed gate."""
    used = [random_usage(random, employee) for employee in range(2, 2 + random.randint(0, 6))]
    facts = {"employee.special_circumstances": random.choice((True, False, None))}
    told = {"groups": (agency(random.choice((5, 20, 60)), *used),), "services": (service(4, 2, *used[:3]),)}
    rules = [rule for rule in (FRIDAY, FIVE_PERCENT, ON_SITE) if random.random() < 0.4]
    whole = ground(*rules, facts=facts, **told)  # type: ignore[arg-type]
    if random.random() < 0.5:
        closed = facts | {"employee.discipline": random.random() < 0.3}
        cut = replace(whole, ends_on=MIDDLE - timedelta(days=1))
        spans = (cut, ground(*rules, facts=closed, starts_on=MIDDLE, **told))  # type: ignore[arg-type]
    else:
        spans = (whole,)  # type: ignore[assignment]
    own = [replace(random_usage(random, 1), mode=Mode.OTHER_OFFICE)] if random.random() < 0.3 else []
    return matter(*spans, own=own)


def random_request(random: Random) -> Request:
    first = MONDAY + timedelta(days=random.randint(0, 40))
    days = random.sample(DAYS_OF_WEEK[:5], random.randint(1, 5))
    return request(*days, starts_on=first, ends_on=min(LAST, first + timedelta(days=random.randint(13, 60))))


seeds = st.integers(0, 10**9).map(Random)


@given(seeds)
@settings(max_examples=150, deadline=None)
def test_what_is_advised_passes_and_is_what_was_asked_for_where_that_passes(random: Random) -> None:
    made, asked = random_matter(random), random_request(random)
    advised = nearest(made, asked)
    if examine(made, asked).may_be_approved:
        assert advised == asked
    elif advised is not None:
        assert examine(made, advised).may_be_approved
        assert advised != asked
        assert asked.starts_on <= advised.starts_on <= advised.ends_on <= asked.ends_on
        assert len(advised.weekdays) <= len(asked.weekdays)
    assert advised == nearest(made, asked)


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_fewer_people_away_never_turn_a_pass_into_a_failure(random: Random) -> None:
    made, asked = random_matter(random), random_request(random)
    emptier = replace(
        made,
        own=made.own[:-1],
        spans=tuple(
            replace(
                span,
                groups=tuple(replace(group, usages=group.usages[1:]) for group in span.groups),
                services=tuple(replace(one, usages=one.usages[1:]) for one in span.services),
            )
            for span in made.spans
        ),
    )
    before = examine(made, asked)
    after = examine(emptier, asked)
    assert after.may_be_approved or not before.may_be_approved
    assert len(after.failed) <= len(before.failed)
