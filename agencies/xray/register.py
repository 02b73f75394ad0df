"""Every check of the data, and the one way to it by the code in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agencies.access import Standing, holds_whole
from agencies.models import Role
from agencies.xray import people_checks, position_checks, posting_checks, structure_checks
from agencies.xray.checks import Check

CHECKS: Final = (
    *structure_checks.CHECKS,
    *position_checks.CHECKS,
    *people_checks.CHECKS,
    *posting_checks.CHECKS,
)
"""All checks; within a severity they are shown in this order."""

BY_CODE: Final[Mapping[str, Check]] = {check.code: check for check in CHECKS}

assert len(BY_CODE) == len(CHECKS), "a check is declared once"


def checks_for(standing: Standing) -> tuple[Check, ...]:
    """The checks whose rows the standing, narrowed to roles that read people, may open.

    What BKPSDM keeps, it alone sees: discipline and accounts.
    """
    whole = holds_whole(standing, Role.HR_OFFICER)
    return tuple(check for check in CHECKS if whole or not check.level.kept)
