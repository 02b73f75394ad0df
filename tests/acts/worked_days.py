"""The acts on days worked under an arrangement."""

from __future__ import annotations

from datetime import date
from typing import Final

from eligibility.actions import worked_days
from eligibility.models import Arrangement, ArrangementState
from tests.arranged_city import AT, TODAY
from tests.base import Cast
from tests.factories import EmployeeFactory

DAY: Final = date(2025, 9, 30)


def approved(cast: Cast) -> Arrangement:
    """An approved arrangement, written without acts."""
    found = Arrangement.objects.first()
    return found or Arrangement.objects.create(
        institution=cast.institution,
        employee=EmployeeFactory.create(institution=cast.institution),
        position=cast.position,
        agency=cast.agency,
        mode="home",
        state=ArrangementState.APPROVED,
        weekdays="tuesday",
        starts_on=date(2025, 9, 1),
        ends_on=date(2025, 12, 31),
        approved_at=AT,
        recorded_at=AT,
    )


def record(cast: Cast) -> object:
    return worked_days.record_worked_days(
        actor=cast.hr_officer, arrangement=approved(cast), days=[DAY], source="Presensi September 2025", on=TODAY, at=AT
    )


def withdraw(cast: Cast) -> object:
    return worked_days.withdraw_worked_day(actor=cast.hr_officer, arrangement=approved(cast), day=DAY, at=AT)


_NAME: Final = "eligibility.actions.worked_days"
ACTS = {f"{_NAME}.record_worked_days": record, f"{_NAME}.withdraw_worked_day": withdraw}
BEFORE = {f"{_NAME}.withdraw_worked_day": record}
