"""What is compared between studies: values as they are, shares, and costs a month; unknown stays unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from agencies.facts import FACTS, gettext_noop
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
    COUNT = "count"
    ANSWER = "answer"
    """One for yes, zero for no."""


class Theme(StrEnum):
    """What a measure is about; the code stands in addresses."""

    PERFORMANCE = "kinerja"
    READINESS = "kesiapan"
    COSTS = "biaya"


@dataclass(frozen=True)
class Measure:
    """One thing that studies are compared by; `read` gives None where the study does not know it.

    `leads` are those that stand in the table where no theme is chosen.
    """

    code: str
    label: str
    short: str
    theme: Theme
    unit: Unit
    read: Callable[[AgencyReview], Decimal | None]
    leads: bool = True


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


def _a_month(number: int | None, study: AgencyReview) -> Decimal | None:
    """What arose in the period, for one month of it."""
    months = months_of(study)
    return None if number is None or months is None else Decimal(number) / months


def _cost(code: str, name: str, label: str) -> Measure:
    """One of the costs, compared by the month like their sum."""

    def read(study: AgencyReview) -> Decimal | None:
        return _a_month(getattr(study, name), study)

    return Measure(code, label, label, Theme.COSTS, Unit.RUPIAH, read, leads=False)


def _answer(code: str, name: str) -> Measure:
    """One part of readiness: there, not there, or not known."""
    label = FACTS[f"agency.{name}"].label

    def read(study: AgencyReview) -> Decimal | None:
        answer = getattr(study, name)
        return None if answer is None else Decimal(answer)

    return Measure(code, label, label, Theme.READINESS, Unit.ANSWER, read, leads=False)


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


_PERFORMANCE: Final = (
    Measure("sakip", _N("SAKIP value"), _N("SAKIP"), Theme.PERFORMANCE, Unit.POINTS, lambda study: study.sakip_value),
    Measure(
        "skp",
        _N("Employees with predicate Baik or better"),
        _N("SKP Baik or better"),
        Theme.PERFORMANCE,
        Unit.PERCENT,
        _good,
    ),
    Measure("skm", _N("IKM/SKM value"), _N("IKM/SKM"), Theme.PERFORMANCE, Unit.POINTS, lambda study: study.skm_value),
    Measure(
        "aduan-masuk",
        _N("Complaints received a month"),
        _N("Complaints a month"),
        Theme.PERFORMANCE,
        Unit.COUNT,
        lambda study: _a_month(study.complaints_received, study),
        leads=False,
    ),
    Measure(
        "pengaduan",
        _N("Complaints answered"),
        _N("Complaints answered"),
        Theme.PERFORMANCE,
        Unit.PERCENT,
        lambda study: _share(study.complaints_answered, study.complaints_received),
    ),
    Measure(
        "standar",
        _N("Services within their standard"),
        _N("Within standard"),
        Theme.PERFORMANCE,
        Unit.PERCENT,
        lambda study: _share(study.services_within, study.services_all),
    ),
)
_READINESS: Final = (
    Measure(
        "perangkat",
        _N("Staff with a device of the office"),
        _N("With device"),
        Theme.READINESS,
        Unit.PERCENT,
        lambda study: study.device_share,
    ),
    _answer("prasarana", "infrastructure"),
    _answer("jaringan", "connection"),
    _answer("vpn", "vpn"),
    _answer("e-office", "e_office"),
    _answer("tte", "tte"),
    _answer("presensi", "electronic_attendance"),
    _answer("sistem-kinerja", "performance_system"),
    Measure(
        "kesiapan",
        _N("Parts of readiness that are there"),
        _N("Readiness"),
        Theme.READINESS,
        Unit.PARTS,
        lambda study: readiness_of(study).known,
    ),
)
_COSTS: Final = (
    _cost("listrik", "electricity", _N("Electricity a month")),
    _cost("air", "water", _N("Water a month")),
    _cost("bbm", "fuel", _N("Fuel a month")),
    _cost("telepon", "telephone", _N("Telephone and internet a month")),
    _cost("perjalanan", "travel", _N("Official travel a month")),
    Measure(
        "biaya",
        _N("Costs a month"),
        _N("Costs a month"),
        Theme.COSTS,
        Unit.RUPIAH,
        lambda study: _a_month(costs_of(study), study),
    ),
)

MEASURES: Final = (*_PERFORMANCE, *_READINESS, *_COSTS)
