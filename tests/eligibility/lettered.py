"""An approved arrangement with its letter, by the acts themselves; what it rests on is the arranged city."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from agencies.models import Employee
from eligibility.actions.approvals import approve_request, endorse_request
from eligibility.actions.arrangements import save_request, submit_request
from eligibility.actions.letters import issue_letter
from eligibility.models import Arrangement, Letter
from tests.arranged_city import AT, TODAY, ArrangedCity

NUMBER: Final = "800.1.11.1/231/2025"
ISSUED: Final = AT + timedelta(hours=1)


def approved(arranged: ArrangedCity, **plan: Any) -> Arrangement:
    """The asker's request for two days at home, endorsed by her unit head and approved by the head."""
    return approved_for(arranged, arranged.asker, **plan)


def approved_for(arranged: ArrangedCity, employee: Employee, **plan: Any) -> Arrangement:
    """The same for one of her colleagues, for whom the unit head asks."""
    own = employee == arranged.asker
    asker, head = arranged.asker_account if own else arranged.unit_head_account, arranged.unit_head_account
    told: dict[str, Any] = {"employee": employee, "plan": arranged.plan(**plan), "asked_by_head": not own}
    draft = save_request(actor=asker, on=TODAY, at=AT, **told)
    asked = submit_request(actor=asker, arrangement=draft, on=TODAY, at=AT + timedelta(minutes=10))
    endorse_request(actor=head, arrangement=asked, text="Mendukung.", on=TODAY, at=AT + timedelta(minutes=20))
    chief, moment = arranged.head_account, AT + timedelta(minutes=30)
    return approve_request(actor=chief, arrangement=asked, on=TODAY, at=moment).arrangement


def issued(arranged: ArrangedCity, arrangement: Arrangement, **values: Any) -> Letter:
    """Its letter, issued by the head on the same day unless `values` say otherwise."""
    told: dict[str, Any] = {
        "actor": arranged.head_account,
        "number": NUMBER,
        "signed_on": TODAY,
        "on": TODAY,
        "at": ISSUED,
    }
    return issue_letter(arrangement=arrangement, **{**told, **values})


def day(month: int, number: int) -> date:
    """A day of 2025."""
    return date(2025, month, number)
