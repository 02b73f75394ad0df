"""What the look through the data takes from the institution's settings."""

from __future__ import annotations

from datetime import date, datetime

from agencies.models import Institution
from agencies.xray.looking import FUNCTIONAL_AGE, Marks
from eligibility.loading import settings_in_force


def marks_in_force(institution: Institution, on: date, known_at: datetime) -> Marks:
    """The marks as they are set on a day."""
    settings = settings_in_force(institution, on, known_at)
    age = settings.number("functional_retirement_age") or FUNCTIONAL_AGE
    return Marks(age, frozenset(settings.members("new_posting_reasons")))
