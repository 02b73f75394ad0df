"""Reads what is stored with an approval; what was changed behind the portal cannot be read, which its digest tells."""

from __future__ import annotations

from eligibility.arrangements.checks import Check
from eligibility.arrangements.records import read_checks, read_plan
from eligibility.arrangements.requests import DAYS_OF_WEEK, Request
from eligibility.models import Approval

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


def stored_checks(approval: Approval) -> tuple[Check, ...]:
    """The checks as they were counted; none where they cannot be read."""
    try:
        return read_checks(approval.checks)
    except _UNREADABLE:
        return ()


def stored_plan(approval: Approval) -> Request | None:
    """The plan as it was approved; None where it cannot be read."""
    try:
        plan = read_plan(approval.plan)
    except _UNREADABLE:
        return None
    return plan if plan.weekdays <= set(DAYS_OF_WEEK) else None
