"""Reads texts that were stored; what was changed behind the portal cannot be read, which its digest tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from eligibility.arrangements.checks import Check
from eligibility.arrangements.records import read_checks, read_plan
from eligibility.arrangements.requests import DAYS_OF_WEEK, Request
from eligibility.models import Approval

UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What reading a text raises that was changed behind the portal."""


def stored_checks(approval: Approval) -> tuple[Check, ...]:
    """The checks as they were counted; none where they cannot be read."""
    try:
        return read_checks(approval.checks)
    except UNREADABLE:
        return ()


def stored_plan(approval: Approval) -> Request | None:
    """The plan as it was approved; None where it cannot be read."""
    try:
        plan = read_plan(approval.plan)
    except UNREADABLE:
        return None
    return plan if plan.weekdays <= set(DAYS_OF_WEEK) else None


def checks_beside(body: str | None) -> tuple[Check, ...]:
    """The checks that stand beside an entry of the trail; none where they were erased or cannot be read."""
    try:
        return read_checks(stored_details(body)["checks"])
    except UNREADABLE:
        return ()


def stored_details(body: str | None) -> Mapping[str, Any]:
    """What an entry of the trail, or what stands beside it, says in detail; nothing where that cannot be read."""
    try:
        details = json.loads(body or "{}")
    except UNREADABLE:
        return {}
    return details if isinstance(details, dict) else {}
