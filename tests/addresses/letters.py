"""The pages of letters: the form, and the file for who may open the request. The public page needs no sign-in."""

from __future__ import annotations

from unittest.mock import patch

from agencies.models import Agency, Employee, Role
from eligibility.actions.letters import issue_letter
from eligibility.arrangements.records import write_plan
from eligibility.arrangements.requests import Request
from eligibility.models import Approval, Arrangement, ArrangementState
from eligibility.rulebook import Mode
from tests.addresses.address import Address
from tests.arranged_city import AT, TODAY
from tests.factories import EmployeeFactory, PostingFactory
from tests.judged_city import JudgedCity

OFFICER = frozenset({Role.HR_OFFICER})
READERS = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD})


def approved(city: JudgedCity, agency: Agency) -> Arrangement:
    """An approved arrangement of somebody in the agency that no letter was given for, written without acts."""
    asked = Request(Mode.HOME, "recorded_residence", frozenset({"tuesday"}), TODAY, TODAY, TODAY)
    position = city.eligible if agency == city.cast.agency else city.refused
    employee = EmployeeFactory.create(institution=city.cast.institution)
    arrangement = Arrangement.objects.create(
        institution=city.cast.institution,
        employee=employee,
        position=position,
        agency=agency,
        mode=asked.mode.value,
        state=ArrangementState.APPROVED,
        weekdays="wednesday",
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        approved_at=AT,
        recorded_at=AT,
    )
    approve(arrangement, PostingFactory.create(position=position).employee, asked)
    return arrangement


def approve(arrangement: Arrangement, head: Employee, asked: Request) -> None:
    """Write the approval."""
    Approval.objects.create(
        arrangement=arrangement,
        round=1,
        at=AT,
        on=TODAY,
        by_employee=head,
        office=arrangement.position,
        plan=write_plan(asked),
        checks="{}",
    )


def _form(city: JudgedCity, agency: Agency) -> str:
    found = Arrangement.objects.filter(agency=agency, approvals__letter=None, state="approved").last()
    return city.url(f"fleksibilitas/{(found or approved(city, agency)).pk}/surat/")


def given_file(city: JudgedCity, agency: Agency) -> str:
    found = Arrangement.objects.filter(agency=agency, approvals__letter__isnull=False).last()
    if found is None:
        found = approved(city, agency)
        clerk, number = city.cast.hr_officer, f"800/{found.pk}"
        # Written without acts, so what the approval rests on is not looked at.
        with patch("eligibility.actions.letters.hindrance", return_value=""):
            issue_letter(actor=clerk, arrangement=found, number=number, signed_on=TODAY, on=TODAY, at=AT)
    return city.url(f"fleksibilitas/{found.pk}/surat.pdf")


ADDRESSES = [
    Address(
        "arrangement_letter",
        OFFICER,
        lambda city: _form(city, city.cast.agency),
        lambda city: _form(city, city.below),
        sends=True,
    ),
    Address(
        "letter_pdf",
        READERS,
        lambda city: given_file(city, city.cast.agency),
        lambda city: given_file(city, city.below),
    ),
]
