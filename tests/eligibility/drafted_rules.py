"""Drafts of rules in the arranged city, for the pages that say what they would do."""

from __future__ import annotations

from datetime import UTC, date, datetime

from eligibility.actions import drafts, instrument_drafts, publication
from eligibility.models import Instrument, RuleVersion
from eligibility.texts import PeriodText
from tests.acts.drafts import circular_text, counter_text, second_administrator
from tests.arranged_city import AT, ArrangedCity
from tests.base import Cast

FIRST = date(2025, 10, 6)
"""A Monday, on which the drafts begin."""
ISSUED = datetime(2025, 9, 30, tzinfo=UTC)


def _circular(cast: Cast) -> Instrument:
    kept = Instrument.objects.filter(code="SE-20-2025").first()
    periods = (PeriodText("in_force", FIRST, date(2025, 12, 31), "SE 20/2025", "", ISSUED),)
    text = circular_text(code="SE-20-2025", number="20/2025", known_from=ISSUED, periods=periods)
    return kept or instrument_drafts.draft_instrument(
        actor=cast.rules_administrator, institution=cast.institution, text=text, at=AT
    )


def draft(city: ArrangedCity, code: str = "TETAP", **said: object) -> RuleVersion:
    """A draft of the city from that Monday: nobody works at home, or what is said."""
    cast = city.city.cast
    values = {"applies": (), "effective_from": FIRST, "known_from": ISSUED, **said}
    return drafts.draft_version(
        actor=cast.rules_administrator, instrument=_circular(cast), code=code, text=counter_text(**values), at=AT
    )


def publish(city: ArrangedCity, row: RuleVersion) -> None:
    """Have a draft reviewed by somebody else and published."""
    cast = city.city.cast
    drafts.review_version(actor=second_administrator(cast), version=row, at=AT)
    row.refresh_from_db()
    publication.publish_versions(actor=cast.rules_administrator, versions=[row], at=AT)
