"""The closed list of what the study of an agency counts and asks: unit, bounds and theme of each (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from agencies.facts import gettext_noop

_N = gettext_noop

LARGEST_COUNT: Final = 1_000_000
LARGEST_AMOUNT: Final = 10_000_000_000_000
"""Ten trillion rupiah, more than any agency spends on electricity."""


@dataclass(frozen=True)
class Figure:
    """A number of the study: its column, what it is called, its unit, and between which bounds it can be."""

    name: str
    label: str
    unit: str
    low: int = 0
    high: int = LARGEST_COUNT
    places: int = 0

    @property
    def is_rupiah(self) -> bool:
        """Whether it is an amount of money."""
        return self.high == LARGEST_AMOUNT


@dataclass(frozen=True)
class Theme:
    """Figures and answers that come from one source, whose column is `<name>_source`."""

    name: str
    label: str
    help: str
    figures: tuple[Figure, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The column that says where they come from."""
        return f"{self.name}_source"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its figures and answers; the SAKIP grade stands beside its value."""
        named = ("sakip_grade",) if self.name == "sakip" else ()
        return (*(figure.name for figure in self.figures), *named, *self.answers)


_VALUE: Final = _N("points, 0 to 100")
_INDEX: Final = _N("points, 25 to 100")
_PEOPLE: Final = _N("employees")
_COMPLAINTS: Final = _N("complaints")
_SERVICES: Final = _N("services")
_RUPIAH: Final = _N("rupiah in the period")

SKP: Final = (
    Figure("skp_very_good", _N("Predicate Sangat Baik"), _PEOPLE),
    Figure("skp_good", _N("Predicate Baik"), _PEOPLE),
    Figure("skp_needs_improvement", _N("Predicate Butuh Perbaikan"), _PEOPLE),
    Figure("skp_poor", _N("Predicate Kurang"), _PEOPLE),
    Figure("skp_very_poor", _N("Predicate Sangat Kurang"), _PEOPLE),
)
"""Employees by their predicate (PermenPANRB 6/2022), the best first."""

PREDICATES: Final = {
    "sangat_baik": "skp_very_good",
    "baik": "skp_good",
    "butuh_perbaikan": "skp_needs_improvement",
    "kurang": "skp_poor",
    "sangat_kurang": "skp_very_poor",
}
"""Which figure counts the employees of a recorded predicate."""

COSTS: Final = (
    Figure("electricity", _N("Electricity"), _RUPIAH, high=LARGEST_AMOUNT),
    Figure("water", _N("Water"), _RUPIAH, high=LARGEST_AMOUNT),
    Figure("fuel", _N("Fuel"), _RUPIAH, high=LARGEST_AMOUNT),
    Figure("telephone", _N("Telephone and internet"), _RUPIAH, high=LARGEST_AMOUNT),
    Figure("travel", _N("Official travel"), _RUPIAH, high=LARGEST_AMOUNT),
)

THEMES: Final = (
    Theme(
        "sakip",
        _N("Performance accountability (SAKIP)"),
        _N("As it stands in the newest evaluation report (LHE AKIP) of the period."),
        (Figure("sakip_value", _N("SAKIP value"), _VALUE, 0, 100, 2),),
    ),
    Theme(
        "skp",
        _N("Results of SKP"),
        _N("Employees by their predicate in the period. Fill in all five, 0 where there is nobody, or none."),
        SKP,
    ),
    Theme(
        "skm",
        _N("Satisfaction of the public (IKM/SKM)"),
        _N("The index of the newest survey of the period."),
        (Figure("skm_value", _N("IKM/SKM value"), _INDEX, 25, 100, 2),),
    ),
    Theme(
        "complaints",
        _N("Complaints in SP4N-LAPOR!"),
        _N("Received in the period, and how many of these were answered."),
        (
            Figure("complaints_received", _N("Complaints received"), _COMPLAINTS),
            Figure("complaints_answered", _N("Complaints answered"), _COMPLAINTS),
        ),
    ),
    Theme(
        "standard",
        _N("Services within their standard"),
        _N("All services with a service standard, and how many of these kept it over the period."),
        (
            Figure("services_all", _N("Services with a standard"), _SERVICES),
            Figure("services_within", _N("Services that kept it"), _SERVICES),
        ),
    ),
    Theme(
        "readiness",
        _N("Readiness"),
        _N("At the end of the period. What nobody has looked at stays “Not known”: it is no “No”."),
        (
            Figure("staff", _N("Staff"), _PEOPLE),
            Figure("staff_with_device", _N("Staff with a device of the office"), _PEOPLE),
        ),
        (
            "infrastructure",
            "connection",
            "vpn",
            "e_office",
            "tte",
            "electronic_attendance",
            "performance_system",
        ),
    ),
    Theme(
        "costs",
        _N("Costs of the office"),
        _N("Realised in the period, in full rupiah, not in thousands or millions. 0 is said only where nothing arose."),
        COSTS,
    ),
)

READINESS: Final = next(theme.answers for theme in THEMES if theme.name == "readiness")
"""The parts of readiness that are there or not, each a fact of the agency in `facts.py` that rules may read."""

DEVICES: Final = ("staff_with_device", "staff")
"""The part and the whole of the share of staff with a device, which rules may read too."""

SAKIP_GRADES: Final = ("AA", "A", "BB", "B", "CC", "C", "D")
_ABOVE: Final = (90, 80, 70, 60, 50, 30)
"""A value above this belongs to the grade of the same place; the last grade has the rest."""

SKM_CLASSES: Final = ("A", "B", "C", "D")
_FROM: Final = (Decimal("88.31"), Decimal("76.61"), Decimal("65.00"))
"""A value from this on belongs to the class of the same place; the last class has the rest."""


def figures() -> Iterator[Figure]:
    """All figures in the order of the themes."""
    for theme in THEMES:
        yield from theme.figures


def grade_of(value: Decimal) -> str:
    """The SAKIP grade that a value belongs to."""
    for grade, bound in zip(SAKIP_GRADES, _ABOVE, strict=False):
        if value > bound:
            return grade
    return SAKIP_GRADES[-1]


def class_of(value: Decimal) -> str:
    """The class of service quality that an IKM/SKM value belongs to."""
    for found, bound in zip(SKM_CLASSES, _FROM, strict=False):
        if value >= bound:
            return found
    return SKM_CLASSES[-1]
