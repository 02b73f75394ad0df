"""Many requests at once: each row is an act of its own and has its own result, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies.errors import PortalError
from agencies.models import Employee, User
from eligibility.actions.approvals import approve_request, endorse_request
from eligibility.actions.arrangements import save_request, submit_request
from eligibility.arrangements.plans import Plan
from eligibility.arrangements.stations import is_last
from eligibility.models import Arrangement


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row: the arrangement as it stands now, or the sentence of the refusal.

    `employee` is always told, so that a list can say whose row it is. A request that was written but could not be
    submitted has both: the draft, and the sentence.
    """

    employee: Employee
    arrangement: Arrangement | None
    refusal: str = ""
    outlook: str = ""
    """What stands against a request that was sent, as it stands now, and what would pass."""

    @property
    def done(self) -> bool:
        """Whether the act was carried out in full."""
        return not self.refusal


def request_for_many(
    *, actor: User, plans: Iterable[tuple[Employee, Plan]], on: date, at: datetime | None = None
) -> tuple[Row, ...]:
    """Write and submit a request for each employee, as her head; a result per row."""
    return tuple(_request(actor, employee, plan, on, at) for employee, plan in plans)


def _request(actor: User, employee: Employee, plan: Plan, on: date, at: datetime | None) -> Row:
    written: Arrangement | None = None
    try:
        written = save_request(actor=actor, employee=employee, plan=plan, asked_by_head=True, on=on, at=at)
        return Row(employee, submit_request(actor=actor, arrangement=written, on=on, at=at))
    except PortalError as refusal:
        return Row(employee, written, str(refusal))


def approve_many(
    *, actor: User, arrangements: Sequence[Arrangement], on: date, at: datetime | None = None
) -> tuple[Row, ...]:
    """Approve each request, in the order given: those first take the places that are left."""

    def approve(row: Arrangement) -> Arrangement:
        return approve_request(actor=actor, arrangement=row, on=on, together=len(arrangements), at=at).arrangement

    return _each(arrangements, approve)


def endorse_many(
    *, actor: User, arrangements: Sequence[Arrangement], text: str, on: date, at: datetime | None = None
) -> tuple[Row, ...]:
    """Endorse each request that waits before its last station."""

    def endorse(row: Arrangement) -> Arrangement:
        return endorse_request(actor=actor, arrangement=row, text=text, on=on, at=at)

    return _each(arrangements, endorse)


def decide_many(
    *, actor: User, arrangements: Sequence[Arrangement], on: date, at: datetime | None = None
) -> tuple[Row, ...]:
    """Approve each request that waits at its last station and endorse the others, in the order given."""

    def decide(row: Arrangement) -> Arrangement:
        if is_last(row):
            return approve_request(actor=actor, arrangement=row, on=on, together=len(arrangements), at=at).arrangement
        return endorse_request(actor=actor, arrangement=row, text="", on=on, at=at)

    return _each(arrangements, decide)


def _each(arrangements: Sequence[Arrangement], act: Callable[[Arrangement], Arrangement]) -> tuple[Row, ...]:
    """Do the act on each, and note the sentence of each that is refused."""
    rows = []
    for arrangement in arrangements:
        try:
            rows.append(Row(arrangement.employee, act(arrangement)))
        except PortalError as refusal:
            rows.append(Row(arrangement.employee, arrangement, str(refusal) or _("This was refused.")))
    return tuple(rows)
