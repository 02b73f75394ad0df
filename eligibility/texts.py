"""An instrument with its rules as it was written down, before or after it is stored (pure).

Seed files and stored rows are both read into these, so that one set of checks serves both and
"has it changed?" is a comparison of two values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from agencies.facts import FactValue, Kind

Operand = bool | int | str
"""A stored operand: numbers that are not whole are decimal text, because a float is not exact."""


def typed(kind: Kind, value: object) -> FactValue:
    """A stored operand or setting as a value of the fact's kind."""
    if kind is Kind.NUMBER:
        return Decimal(str(value))
    if kind is Kind.SET and isinstance(value, list | frozenset):
        return frozenset(map(str, value))
    return bool(value) if kind is Kind.YES_NO else str(value)


@dataclass(frozen=True, slots=True)
class PeriodText:
    """Dates on which an instrument is in force (`in_force`) or from which it no longer is (`ends`)."""

    kind: str
    starts_on: date
    ends_on: date | None
    basis: str
    open_note: str
    known_from: datetime

    @property
    def identity(self) -> tuple[str, date, datetime]:
        """What makes two periods the same period."""
        return (self.kind, self.starts_on, self.known_from)


@dataclass(frozen=True, slots=True)
class ScopeText:
    """One line of whom an instrument reaches; empty fields do not narrow."""

    institution_kind: str = ""
    institution_code: str = ""
    agency_kind: str = ""
    agency_code: str = ""
    with_subtree: bool = False
    unit_code: str = ""


@dataclass(frozen=True, slots=True)
class ProvisionText:
    """A citable place of an instrument; a literal quote stands with the link to its source."""

    reference: str
    summary: str
    mark: str
    open_note: str = ""
    quote: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CriterionText:
    """One test of one fact, with operands or the name of a setting."""

    fact: str
    operator: str
    operands: tuple[Operand, ...] = ()
    setting: str = ""


@dataclass(frozen=True, slots=True)
class LimitText:
    """How much of a mode is allowed."""

    quantity: str
    direction: str
    value: Decimal | None = None
    members: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    population: str = "all"
    per: str = "person"
    counting: str = "any_day"


@dataclass(frozen=True, slots=True)
class LiftText:
    """A rule that is set aside, and the provision that allows a lower norm to do so."""

    rule: str
    instrument: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class VersionText:
    """What a rule says from a date. Sets are kept as sorted tuples, so that order is no change."""

    number: int
    title: str
    provision: str
    subject: str
    effect: str
    modes: tuple[str, ...]
    effective_from: date
    known_from: datetime
    applies: tuple[CriterionText, ...] = ()
    requires: tuple[CriterionText, ...] = ()
    exceptions: tuple[tuple[CriterionText, ...], ...] = ()
    required_count: int | None = None
    required_count_setting: str = ""
    condition_kind: str = ""
    condition_text: str = ""
    condition_approver: str = ""
    limit: LimitText | None = None
    lifts: tuple[LiftText, ...] = ()

    def criteria(self) -> Iterator[CriterionText]:
        """Every criterion of the sentence."""
        yield from self.applies
        yield from self.requires
        for exception in self.exceptions:
            yield from exception


@dataclass(frozen=True, slots=True)
class RepealText:
    """From a day on a rule no longer applies. It is told in files, and recorded by its own act."""

    effective_from: date
    basis: str
    known_from: datetime


@dataclass(frozen=True, slots=True)
class CaseText:
    """A case beside a rule: what is known on a day, and what is expected of the rules of the institution.

    `facts` are pairs of name and text in the order of names, None for unknown; `agencies` are codes from the
    case's own agency upwards.
    """

    title: str
    institution: str
    on: date
    mode: str
    outcome: str
    deciding: tuple[str, ...] = ()
    facts: tuple[tuple[str, str | None], ...] = ()
    agency_kind: str = ""
    agencies: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule's identity with its versions, the first first, and the cases beside it."""

    code: str
    versions: tuple[VersionText, ...]
    repeals: tuple[RepealText, ...] = ()
    cases: tuple[CaseText, ...] = ()


@dataclass(frozen=True, slots=True)
class InstrumentText:
    """A legal text or circular with all that hangs on it. `source` is the name of the file it came from."""

    source: str
    code: str
    owner: str
    title: str
    subject: str
    issuer: str
    layer: int
    known_from: datetime
    implementing: bool = False
    number: str = ""
    issued_on: date | None = None
    url: str = ""
    open_note: str = ""
    periods: tuple[PeriodText, ...] = ()
    scopes: tuple[ScopeText, ...] = ()
    provisions: tuple[ProvisionText, ...] = ()
    rules: tuple[RuleText, ...] = ()

    def versions(self) -> Iterator[tuple[RuleText, VersionText]]:
        """Every version of every rule."""
        for rule in self.rules:
            for version in rule.versions:
                yield rule, version


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where, in a sentence that also says what to do."""

    source: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.source, self.place) if part) + f": {self.sentence}"
