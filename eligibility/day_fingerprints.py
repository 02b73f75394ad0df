"""What the head of an exported table says of the rules of its day."""

from __future__ import annotations

from datetime import date, datetime

from agencies.models import Institution
from eligibility.loading import NoLawInForce, rulebook


def fingerprint_in_force(institution: Institution, on: date, known_at: datetime) -> str | None:
    """The fingerprint of the rules in force; None where the portal knows none for the day."""
    try:
        return rulebook(institution, on, known_at).fingerprint
    except NoLawInForce:
        return None
