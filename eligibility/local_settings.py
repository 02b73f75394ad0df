"""What the law leaves open and each institution sets for itself: a closed list with visible defaults (pure).

A default is the portal's, not the law's, and is shown as such until the institution records a
value with its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from agencies.facts import FactValue, Kind, gettext_noop

_N = gettext_noop


@dataclass(frozen=True, slots=True)
class LocalSetting:
    """One open point of the law: its label, the kind of its value, the portal's default, and what is open."""

    name: str
    label: str
    kind: Kind
    default: FactValue
    open_note: str
    unit: str = ""


SETTINGS: Final = {
    setting.name: setting
    for setting in (
        LocalSetting(
            "working_days_per_week",
            _N("Working days a week"),
            Kind.NUMBER,
            Decimal(5),
            _N("Perpres 21/2023 names Monday to Friday; units of direct service may have another pattern."),
            _N("days"),
        ),
        LocalSetting(
            "location_criteria_required",
            _N("How many of the five location criteria a task must meet"),
            Kind.NUMBER,
            Decimal(5),
            _N("The regulation does not say whether the criteria are cumulative."),
            _N("criteria"),
        ),
        LocalSetting(
            "shift_criteria_required",
            _N("How many of the two shift criteria a task must meet"),
            Kind.NUMBER,
            Decimal(1),
            _N("Whether the two criteria for shift work are joined by and or by or is not clear."),
            _N("criteria"),
        ),
        LocalSetting(
            "new_employee_months",
            _N("Months for which an employee counts as new in a position"),
            Kind.NUMBER,
            Decimal(12),
            _N("The regulation gives no length for a new employee."),
            _N("months"),
        ),
    )
}
