"""What somebody fills in to ask for an arrangement, as the acts take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agencies.models import Workplace
from eligibility.rulebook import Mode


@dataclass(frozen=True, slots=True)
class OutputLine:
    """One thing to be delivered, its target, and the result of work in the SKP that it serves."""

    output: str
    target: str
    skp: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Mode, place, days, period, outputs and declarations. `weekdays` and `attestations` are codes.

    `workplace` is given for another office and for another place of the register; `purpose` for another place.
    """

    mode: Mode
    weekdays: tuple[str, ...]
    starts_on: date
    ends_on: date
    outputs: tuple[OutputLine, ...]
    attestations: tuple[str, ...]
    workplace: Workplace | None = None
    purpose: str = ""
    residence_confirmed: bool = False
