"""The act that gives an approval its letter; done twice it is refused, and so leaves no second entry."""

from __future__ import annotations

from datetime import date
from typing import Final

from eligibility.actions.letters import issue_letter
from eligibility.arrangements.records import write_plan
from eligibility.arrangements.requests import Request
from eligibility.models import Approval, Arrangement, ArrangementState
from eligibility.rulebook import Mode
from tests.acts.determinations import refused_again
from tests.arranged_city import AT, TODAY
from tests.base import Cast
from tests.factories import EmployeeFactory, PostingFactory

FIRST: Final = date(2025, 10, 6)
LAST: Final = date(2025, 11, 28)


def approved(cast: Cast) -> None:
    """An approved arrangement with what its approval rested on, written without acts and without rules."""
    head = PostingFactory.create(position=cast.position)
    arrangement = Arrangement.objects.create(
        institution=cast.institution,
        employee=EmployeeFactory.create(institution=cast.institution),
        position=cast.position,
        agency=cast.agency,
        mode=Mode.HOME.value,
        state=ArrangementState.APPROVED,
        weekdays="tuesday",
        starts_on=FIRST,
        ends_on=LAST,
        approved_at=AT,
        recorded_at=AT,
    )
    asked = Request(Mode.HOME, "recorded_residence", frozenset({"tuesday"}), FIRST, LAST, TODAY)
    Approval.objects.create(
        arrangement=arrangement,
        round=1,
        at=AT,
        on=TODAY,
        by=cast.agency_head,
        by_employee=head.employee,
        office=cast.position,
        plan=write_plan(asked),
        checks="{}",
    )


def issue(cast: Cast) -> object:
    return issue_letter(
        actor=cast.hr_officer,
        arrangement=Arrangement.objects.get(),
        number="800/1/2025",
        signed_on=TODAY,
        on=TODAY,
        at=AT,
    )


_NAME: Final = "eligibility.actions.letters.issue_letter"
ACTS = {_NAME: refused_again(issue)}
BEFORE = {_NAME: approved}
