"""What is compared between studies: values as they are, shares, and costs a month; unknown stays unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from agencies.facts import gettext_noop
from agencies.models import AgencyReview
from agencies.studies.figures import COSTS, READINESS, SKP

_N = gettext_noop

DAYS_OF_A_MONTH: Final = Decimal("30.4375")
"""A year of 365.25 days has twelve: periods of unequal length are compared by the month."""


class Unit(StrEnum):
    """In what a measure is told."""

    POINTS = "points"
    PERCENT = "percent"
    RUPIAH = "rupiah"
    PARTS = "parts"


@dataclass(frozen=True)
class Measure:
    """One thing that studies are compared by; `read` gives None where the study does not know it."""

    code: str
    label: str
    short: str
    unit: Unit
    read: Callable[[AgencyReview], Decimal | None]


def months_of(study: AgencyReview) -> Decimal | None:
    """The length of the period in months; None where the study names none."""
    if study.period_starts_on is None or study.period_ends_on is None:
        return None
    return ((study.period_ends_on - study.period_starts_on).days + 1) / DAYS_OF_A_MONTH


def skp_rated(study: AgencyReview) -> int | None:
    """How many employees have a predicate; None where a number is missing."""
    return _sum(getattr(study, figure.name) for figure in SKP)


def costs_of(study: AgencyReview) -> int | None:
    """All costs of the period in rupiah; None where one is missing, because the rest is not the sum."""
    return _sum(getattr(study, figure.name) for figure in COSTS)


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _share(part: int | None, whole: int | None) -> Decimal | None:
    """In percent; of nothing there is no share."""
    return None if part is None or not whole else Decimal(100 * part) / whole


def _good(study: AgencyReview) -> Decimal | None:
    rated = skp_rated(study)
    return None if rated is None else _share((study.skp_very_good or 0) + (study.skp_good or 0), rated)


def _costs_a_month(study: AgencyReview) -> Decimal | None:
    costs, months = costs_of(study), months_of(study)
    return None if costs is None or months is None else Decimal(costs) / months


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many of the named parts of readiness are there, are not, and of how many nobody knows."""

    there: int
    missing: int
    unknown: int

    @property
    def known(self) -> Decimal | None:
        """How many are there; None where nothing is known of any."""
        return Decimal(self.there) if self.there + self.missing else None


def readiness_of(study: AgencyReview) -> Readiness:
    """Count the parts of readiness; what nobody has looked at is counted apart, never as missing."""
    answers = [getattr(study, name) for name in READINESS]
    return Readiness(answers.count(True), answers.count(False), answers.count(None))


MEASURES: Final = (
    Measure("sakip", _N("SAKIP value"), _N("SAKIP"), Unit.POINTS, lambda study: study.sakip_value),
    Measure("skp", _N("Employees with predicate Baik or better"), _N("SKP Baik or better"), Unit.PERCENT, _good),
    Measure("skm", _N("IKM/SKM value"), _N("IKM/SKM"), Unit.POINTS, lambda study: study.skm_value),
    Measure(
        "pengaduan",
        _N("Complaints answered"),
        _N("Complaints answered"),
        Unit.PERCENT,
        lambda study: _share(study.complaints_answered, study.complaints_received),
    ),
    Measure(
        "standar",
        _N("Services within their standard"),
        _N("Within standard"),
        Unit.PERCENT,
        lambda study: _share(study.services_within, study.services_all),
    ),
    Measure(
        "perangkat",
        _N("Staff with a device of the office"),
        _N("With device"),
        Unit.PERCENT,
        lambda study: _share(study.staff_with_device, study.staff),
    ),
    Measure(
        "kesiapan",
        _N("Parts of readiness that are there"),
        _N("Readiness"),
        Unit.PARTS,
        lambda study: readiness_of(study).known,
    ),
    Measure("biaya", _N("Costs a month"), _N("Costs a month"), Unit.RUPIAH, _costs_a_month),
)
