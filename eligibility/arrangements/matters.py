"""Everything that has to be known to examine one person's requests in one mode, whatever days are asked for (pure).

`gathering.py` fills it from the database; `examination.py` decides on it, and tries variations without asking again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from agencies.coverage.week import WeekNeed
from agencies.facts import FactValue
from eligibility.decisions import JudgedTask
from eligibility.rulebook import Bounds, Mode, Place, Rulebook

AGENCY: Final = "agency"
UNIT: Final = "unit"
INSTITUTION: Final = "institution"
SERVICE: Final = "service"


@dataclass(frozen=True, slots=True)
class Usage:
    """One granted arrangement that is counted: whose, in which mode, on which weekdays, from when to when."""

    key: int
    employee: int
    mode: Mode
    weekdays: frozenset[str]
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Group:
    """People among whom something is counted: of a unit, an agency with all below it, a service or the institution.

    `staff` is how many people the base of shares counts (the setting share_base). `usages` are the granted
    arrangements of its people that have a day in common with the period, without those of the person herself.
    `population`: who is counted, as a limit names it ("all", or the code of the rule whose reach is meant).
    """

    kind: str
    name: str
    staff: int
    usages: tuple[Usage, ...]
    population: str = "all"


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """A public service that her unit (or, without units, her agency) carries: who serves it, and who must be there.

    `needed` is None while nobody has said how many people it needs on site; it holds for every day unless a `week`
    is recorded. `staff` counts ASN who are named and non-ASN people, `unnamed` the filled places of positions in
    which nobody is named (None: of one of them nobody has counted, so that there may be more).
    `is_served`: one of her tasks serves it, so that she is missing there when she is away.
    """

    key: int
    name: str
    staff: int
    needed: int | None
    usages: tuple[Usage, ...]
    is_served: bool = True
    week: WeekNeed | None = None
    unnamed: int | None = 0

    def is_open(self, weekday: str) -> bool:
        """Whether it needs anybody on the weekday at all, as far as is known."""
        return self.week is None or self.week.is_open(weekday)

    def needed_on(self, weekday: str) -> int | None:
        """How many people it needs on the weekday; None where it is not known."""
        return self.needed if self.week is None else self.week.on(weekday)


@dataclass(frozen=True, slots=True)
class SpanGround:
    """A part of the period in which rulebook, posting, Penetapan and dated facts are constant.

    `values` are the facts above the tasks: institution, agency, unit, position and employee; those unknown are
    None or missing. `tasks` are those of her position that are hers, and her additional ones; each case holds all
    values of the span and its own, and nothing is absent from it but the arrangement's facts, which a request adds.
    `determined` are the bounds of the Penetapan in force (None: none lists the position in this mode),
    `stale` the sentences of what has changed since. `is_posted`, `is_active`: she holds the position; her
    kedudukan hukum is active (None: nothing is recorded).
    """

    starts_on: date
    ends_on: date
    rulebook: Rulebook
    place: Place
    values: Mapping[str, FactValue | None]
    tasks: tuple[JudgedTask, ...]
    determination: int | None
    determined: Bounds | None
    stale: tuple[str, ...]
    is_posted: bool
    is_active: bool | None
    groups: tuple[Group, ...]
    services: tuple[ServiceGroup, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """The place of work as it is recorded now.

    `code` is that of the fact arrangement.place; None: nothing is recorded, or the place of the register is no
    longer of a kind that the mode knows. `closes_on` is the first day on which it is closed.
    """

    code: str | None
    name: str = ""
    is_named: bool = True
    opens_on: date | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A person, a mode and a period. `own` are her other granted arrangements that have a day in common with it.

    `site` is where the work is to be done (None: that is not asked), `decided_on` the day of the decision (None: what
    was granted is looked at, and past days belong to it).
    """

    key: int
    employee: int
    mode: Mode
    spans: tuple[SpanGround, ...]
    own: tuple[Usage, ...]
    site: Site | None = None
    decided_on: date | None = None


def days_between(first: date, last: date) -> int:
    """Days of a period, both ends included."""
    return (last - first + timedelta(days=1)).days
