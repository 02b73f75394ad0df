"""What was looked at before an arrangement may be approved, and how each of it stands (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from agencies.facts import FactValue
from eligibility.arrangements.requests import Request
from eligibility.decisions import DaysRange, FactRead, TaskDecision
from eligibility.rulebook import Bounds, Rule


class CheckKind(StrEnum):
    """What a check looks at; shown in this order."""

    DETERMINATION = "determination"
    """A Penetapan in force lists the position and leaves the mode open."""
    STALE = "stale"
    """It would be decided the same way today."""
    SUITABILITY = "suitability"
    """The engine's answer for the tasks of this very person, her additional ones too."""
    GATE = "gate"
    """A rule of subject employee or arrangement."""
    LIMIT = "limit"
    """A limit on what one person asks for: days, weekdays, places, duration, notice."""
    TIME = "time"
    """The working days that the open tasks fill."""
    SHARE = "share"
    """A limit counted over the staff of a unit, agency, service or institution."""
    SERVICE = "service"
    """Staff left on site for a public service on a weekday."""
    PLACE = "place"
    """The place of work as it is recorded: the residence, or an office or place of the register."""
    APPROVER = "approver"
    """The approval of an office that a condition names."""
    HOUSE = "house"
    """A rule of the portal itself (Ketentuan internal), without a Pasal."""


class CheckState(StrEnum):
    """How a check stands. Unknown is neither yes nor no: it does not pass, and says what is missing."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class House(StrEnum):
    """The portal's own rules."""

    ACTIVE = "active"
    """Kedudukan hukum is active (not tugas belajar, not CLTN)."""
    POSTED = "posted"
    """She holds the position on every day of the period."""
    ONE_AT_A_TIME = "one_at_a_time"
    """No other granted arrangement of hers in this mode overlaps, but the one it takes the place of."""
    SAME_DAY = "same_day"
    """None of its weekdays is taken by another mode of place of hers."""
    NOT_PAST = "not_past"
    """Nothing past is granted: the first day is that of the decision or a later one."""


class Where(StrEnum):
    """What is found of a place of work."""

    OPEN = "open"
    """A place of the register, open on these days."""
    HOME = "home"
    """The residence is recorded."""
    FREE = "free"
    """A place that is named with what it is needed for; it stands in no register."""
    CLOSED = "closed"
    """The register says that it is closed."""
    NOT_YET = "not_yet"
    """The register allows it only later."""
    NO_RESIDENCE = "no_residence"
    """No residence is recorded, so nobody knows where the work would be done."""
    UNNAMED = "unnamed"
    """Neither a place of the register nor a purpose is named."""
    OTHERWISE = "otherwise"
    """The register now calls it another kind of place than was asked for."""


class Named(StrEnum):
    """How it stands with an office whose approval a condition asks for."""

    GIVEN = "given"
    """It has endorsed the request since it was last submitted."""
    OVERRULED = "overruled"
    """It has refused the request, and a granted objection has set its refusal aside."""
    AHEAD = "ahead"
    """The request passes it before it is decided."""
    UNASKED = "unasked"
    """It is no station of the request."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, for a part of the period.

    `name` is the code of a rule, of a house rule, or of a quantity; `subject` names what was counted (a unit, an
    agency, a service), `weekday` the day of the week it stands for ("" where it is the same on all).
    `asked` is what the request would make it, `allowed` what the strictest norm leaves, `base` the number a share
    is counted against; None where it does not apply or is not known. `norms` are the rules that set `allowed`,
    `beaten` those they beat; for a gate the rule itself.
    """

    kind: CheckKind
    state: CheckState
    name: str
    starts_on: date
    ends_on: date
    norms: tuple[Rule, ...] = ()
    beaten: tuple[Rule, ...] = ()
    subject: str = ""
    weekday: str = ""
    asked: FactValue | None = None
    allowed: FactValue | None = None
    base: int | None = None
    missing: tuple[str, ...] = ()
    """Names of the facts that are unknown."""
    facts: tuple[FactRead, ...] = ()
    """What a gate read, so that it can be worded."""
    notes: tuple[str, ...] = ()
    """Sentences made elsewhere: what has changed since the Penetapan."""
    unnamed: int | None = None
    """Of a service: how many of `base` are filled places of positions in which nobody is named; None: none."""
    on: date | None = None
    """The date on which most people are away, for what is counted; of a place the day it closes or opens."""

    @property
    def passed(self) -> bool:
        """Whether it surely holds."""
        return self.state is CheckState.PASSED


@dataclass(frozen=True, slots=True)
class SpanDecision:
    """What the engine says of one part of the period: bounds over her tasks, and the working days they fill."""

    starts_on: date
    ends_on: date
    bounds: Bounds
    tasks: tuple[tuple[str, TaskDecision], ...]
    """Title and decision of each of her tasks."""
    days: DaysRange


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything the portal can say of a request: the engine's answer for each span, and every check."""

    request: Request
    spans: tuple[SpanDecision, ...]
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that surely do not hold."""
        return tuple(check for check in self.checks if check.state is CheckState.FAILED)

    @property
    def unknown(self) -> tuple[Check, ...]:
        """The checks that lack facts."""
        return tuple(check for check in self.checks if check.state is CheckState.UNKNOWN)

    @property
    def may_be_approved(self) -> bool:
        """Whether every check surely holds."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True, slots=True)
class Measured:
    """A count on the worst date of a weekday: how many of how many, and on which date."""

    count: int
    base: int
    on: date | None = None


def share_allows(percent: Decimal, base: int) -> int:
    """How many of `base` people a share of so many percent allows, rounded down."""
    return int(percent * base / 100)
