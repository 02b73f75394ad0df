"""The pages of whoever asks: some belong to the employee whatever the role; a head and HR officer ask for others."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from agencies import clock
from agencies.models import Agency, Posting, Role
from eligibility.arrangements.reporting_line import Station
from eligibility.arrangements.stations import route_text
from eligibility.models import Arrangement, ArrangementStep
from tests.addresses.address import EVERY_ROLE, Address, Where
from tests.factories import EmployeeFactory, PositionFactory, PostingFactory
from tests.judged_city import JudgedCity

ASKS = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD})
HERSELF: frozenset[Role] = frozenset()
"""No role opens it: it is the page of the employee to whom it belongs."""


def _posting(agency: Agency) -> Posting:
    """The posting of somebody who works in the agency itself."""
    made = Posting.objects.filter(position__agency=agency).first()
    if made is None:
        employee = EmployeeFactory.create(institution=agency.institution)
        made = PostingFactory.create(employee=employee, position=PositionFactory.create(agency=agency))
    return made


def row(city: JudgedCity, agency: Agency, state: str) -> Arrangement:
    """An arrangement of that employee, written without acts."""
    posting, today = _posting(agency), clock.today(city.cast.institution)
    found, is_new = Arrangement.objects.get_or_create(
        institution=city.cast.institution,
        employee=posting.employee,
        position=posting.position,
        agency=agency,
        mode="home",
        state=state,
        defaults={
            "weekdays": "wednesday",
            "starts_on": today,
            "ends_on": today + timedelta(days=28),
            "recorded_at": timezone.now(),
        },
    )
    if is_new and state == "refused":
        # Refused at the first of two stations: the second one answers an objection.
        found.route = route_text(Station(kind, posting.position_id, "Atasan") for kind in ("endorse", "decide"))
        found.save(update_fields=["route"])
        told = {"ground": "task", "text": "Rilis.", "on": today, "at": timezone.now()}
        ArrangementStep.objects.create(arrangement=found, round=1, what="refused", station=0, **told)
    return found


def _of(state: str, part: str, *, other: bool = False) -> Where:
    def where(city: JudgedCity) -> str:
        agency = city.below if other else city.cast.agency
        return city.url(f"fleksibilitas/{row(city, agency, state).pk}/{part}/")

    return where


def _for(city: JudgedCity, agency: Agency) -> str:
    return city.url(f"fleksibilitas/ajukan/{_posting(agency).employee_id}/")


ADDRESSES = [
    Address("my_flexibility", HERSELF, lambda city: city.url("fleksibilitas/saya/")),
    Address("arrangement_new", HERSELF, lambda city: city.url("fleksibilitas/ajukan/"), sends=True),
    Address(
        "arrangement_new_for",
        ASKS,
        lambda city: _for(city, city.cast.agency),
        lambda city: _for(city, city.below),
        sends=True,
    ),
    Address("arrangement_group", ASKS, lambda city: city.url("fleksibilitas/ajukan-bersama/"), sends=True),
    Address("arrangement_edit", HERSELF, _of("draft", "ubah"), sends=True),
    Address("arrangement_submit", HERSELF, _of("draft", "ajukan"), sends=True),
    Address("arrangement_take_back", HERSELF, _of("submitted", "perbaiki"), sends=True),
    Address("arrangement_withdraw", HERSELF, _of("submitted", "tarik"), sends=True),
    Address("arrangement_object", HERSELF, _of("refused", "keberatan"), sends=True),
    Address(
        "arrangement_amend", ASKS, _of("approved", "perubahan"), _of("approved", "perubahan", other=True), sends=True
    ),
    Address("notices", EVERY_ROLE, lambda city: city.url("pemberitahuan/")),
    Address("notices_read", EVERY_ROLE, lambda city: city.url("pemberitahuan/dibaca/"), sends=True, reads=False),
]
