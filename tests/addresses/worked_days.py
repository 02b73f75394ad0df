"""The pages of days worked: for who is in charge of an arrangement that was once approved."""

from __future__ import annotations

from datetime import date

from agencies.models import Agency, Role
from eligibility.models import Arrangement, ArrangementState, WorkedDay
from tests.addresses.address import Address
from tests.factories import EmployeeFactory, PositionFactory
from tests.judged_city import JudgedCity

IN_CHARGE = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD})
DAY = date(2025, 9, 2)


def _approved(city: JudgedCity, agency: Agency) -> Arrangement:
    """An approved arrangement of somebody in the agency, with a day worked."""
    found = Arrangement.objects.filter(agency=agency, state=ArrangementState.APPROVED).first()
    if found is None:
        institution = city.cast.institution
        found = Arrangement.objects.create(
            institution=institution,
            employee=EmployeeFactory.create(institution=institution),
            position=PositionFactory.create(agency=agency),
            agency=agency,
            mode="home",
            state=ArrangementState.APPROVED,
            weekdays="tuesday",
            starts_on=date(2025, 9, 1),
            ends_on=date(2025, 12, 31),
            approved_at="2025-08-20T05:00:00Z",
            recorded_at="2025-08-18T05:00:00Z",
        )
    WorkedDay.objects.get_or_create(
        arrangement=found,
        on=DAY,
        superseded_at=None,
        defaults={"source": "Presensi", "recorded_at": "2025-09-03T05:00:00Z"},
    )
    return found


def _page(name: str, tail: str) -> Address:
    return Address(
        name,
        IN_CHARGE,
        lambda city: city.url(f"fleksibilitas/{_approved(city, city.cast.agency).pk}/hari-kerja/{tail}"),
        lambda city: city.url(f"fleksibilitas/{_approved(city, city.below).pk}/hari-kerja/{tail}"),
        sends=True,
    )


ADDRESSES = [_page("worked_days", ""), _page("worked_day_withdraw", f"{DAY}/tarik/")]
