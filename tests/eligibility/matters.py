"""Matters made by hand from a small law: the weekly cap, Friday only, gates of a person, shares, services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from agencies.facts import FactValue, Level
from eligibility.arrangements.matters import Group, Matter, ServiceGroup, SpanGround, Usage
from eligibility.arrangements.requests import Request
from eligibility.decisions import JudgedTask
from eligibility.rulebook import (
    Bounds,
    Case,
    Citation,
    Direction,
    Limit,
    Mode,
    Place,
    Quantity,
    Require,
    Rule,
    Rulebook,
    Scope,
    Verdict,
)
from tests.eligibility.rulebooks import criterion

HOME: Final = Mode.HOME
BY_PLACE: Final = frozenset({Mode.OTHER_OFFICE, Mode.HOME, Mode.OTHER_PLACE})
PERMEN: Final = "PermenPANRB 4/2025"
MONDAY: Final = date(2026, 6, 1)
"""A Monday; periods of the tests begin here."""


def cited(reference: str, instrument: str = PERMEN) -> Citation:
    """A place of an instrument."""
    return Citation(1, instrument.lower(), instrument, reference, 10)


def norm(code: str, effect: Any, reference: str = "Pasal 1", **told: Any) -> Rule:
    """A rule for all modes of place about tasks, unless told otherwise."""
    defaults: dict[str, Any] = {"subject": Level.TASK, "modes": BY_PLACE, "scope": Scope()}
    return Rule(code=code, version=1, title=code, effect=effect, citation=cited(reference), **{**defaults, **told})


def most(quantity: Quantity, value: int, **told: Any) -> Limit:
    """At most so much, over all modes of place together."""
    return Limit(quantity, Direction.MOST, Decimal(value), together=BY_PLACE, **told)


SPECIAL: Final = (criterion("employee.special_circumstances", "is", True),)
TWO_DAYS: Final = norm("PERMEN4-13-1", most(Quantity.DAYS_PER_WEEK, 2), "Pasal 13 ayat (1)", exceptions=(SPECIAL,))
OUTSIDE: Final = norm("PERMEN4-23", Require((criterion("task.outside_office", "is", True),), 1), "Pasal 23")
DISCIPLINE: Final = norm(
    "PERMEN4-25-1-A",
    Require((criterion("employee.discipline", "is", False),), 1),
    "Pasal 25 ayat (1) huruf a",
    subject=Level.EMPLOYEE,
)
NOT_NEW: Final = norm(
    "PERMEN4-25-1-B",
    Require((criterion("employee.months_in_position", "at_least", 12),), 1),
    "Pasal 25 ayat (1) huruf b",
    subject=Level.EMPLOYEE,
)
INSTRUMENT: Final = norm(
    "PERPRES21-8",
    Require((criterion("agency.implementing_instrument", "is", True),), 1),
    "Pasal 8",
    subject=Level.ARRANGEMENT,
)
RESIDENCE: Final = norm(
    "PERMEN4-12-3",
    Require((criterion("arrangement.place", "is", "recorded_residence"),), 1),
    "Pasal 12 ayat (3)",
    subject=Level.ARRANGEMENT,
    modes=frozenset({HOME}),
)
FRIDAY: Final = norm(
    "SE3-2026-FRIDAY",
    Limit(Quantity.WEEKDAYS, Direction.SET, members=frozenset({"friday"}), together=frozenset({HOME})),
    modes=frozenset({HOME}),
)
FIVE_PERCENT: Final = norm("FIVE", most(Quantity.SHARE_OF_STAFF, 5, per="agency"), subject=Level.AGENCY)
MONTHLY: Final = norm("MONTHLY", most(Quantity.DAYS_PER_MONTH, 9))
LAW: Final = (TWO_DAYS, OUTSIDE, DISCIPLINE, NOT_NEW, INSTRUMENT, RESIDENCE)

FACTS: Final[Mapping[str, FactValue | None]] = {
    "institution.kind": "city",
    "agency.code": "Bappeda",
    "agency.implementing_instrument": True,
    "employee.discipline": False,
    "employee.months_in_position": Decimal(30),
    "employee.special_circumstances": False,
}
PLACE: Final = Place("badan", ("Bappeda",))


def task(key: int = 1, share: int | None = None, **own: FactValue | None) -> JudgedTask:
    """A task of hers; it can be done outside the office unless told otherwise."""
    values = {"task.outside_office": True, **{f"task.{name}": value for name, value in own.items()}}
    return JudgedTask(key, f"Tugas {key}", share, Case(values, PLACE, frozenset({Level.ARRANGEMENT})))


def ground(
    *rules: Rule,
    facts: Mapping[str, FactValue | None] | None = None,
    tasks: Iterable[JudgedTask] = (),
    rulebook: Rulebook | None = None,
    **told: Any,
) -> SpanGround:
    """A span under the small law and further rules, in which nothing stands against a request."""
    values = {**FACTS, **(facts or {})}
    whole = SpanGround(
        starts_on=MONDAY,
        ends_on=date(2026, 8, 30),
        rulebook=rulebook or Rulebook((*LAW, *rules)),
        place=PLACE,
        values=values,
        tasks=tuple(
            replace(one, case=Case({**values, **one.case.values}, PLACE, one.case.absent))
            for one in (tuple(tasks) or (task(),))
        ),
        determination=1,
        determined=Bounds(Verdict.ELIGIBLE, Verdict.ELIGIBLE),
        stale=(),
        is_posted=True,
        is_active=True,
        groups=(),
        services=(),
    )
    return replace(whole, **told)


def matter(*spans: SpanGround, own: Iterable[Usage] = ()) -> Matter:
    """The matter of employee 1 in the mode home."""
    return Matter(1, 1, HOME, spans, tuple(own))


def request(*weekdays: str, **told: Any) -> Request:
    """A request for home on the weekdays, for the whole of the tests' period."""
    whole = Request(HOME, "recorded_residence", frozenset(weekdays), MONDAY, date(2026, 8, 30), date(2026, 5, 20))
    return replace(whole, **told)


def usage(employee: int, *weekdays: str, **told: Any) -> Usage:
    """Somebody's granted arrangement at home for the whole of the tests' period."""
    whole = Usage(employee, employee, HOME, frozenset(weekdays), MONDAY, date(2026, 8, 30))
    return replace(whole, **told)


def agency(staff: int, *usages: Usage, **told: Any) -> Group:
    """The people of the agency."""
    return replace(Group("agency", "Bappeda", staff, usages), **told)


def service(staff: int, needed: int | None, *usages: Usage) -> ServiceGroup:
    """A counter."""
    return ServiceGroup(1, "Loket", staff, needed, usages)
