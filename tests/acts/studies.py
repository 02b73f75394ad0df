"""The acts on the study of an agency: drafted, discarded, signed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from agencies.actions import studies
from agencies.models import AgencyReview
from agencies.studies.values import Judgement, StudyValues
from tests.base import Cast

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
DAY = date(2025, 7, 1)


def found(**other: object) -> StudyValues:
    """What an agency found in the second half of 2024."""
    values: dict[str, object] = {
        "period_starts_on": date(2024, 7, 1),
        "period_ends_on": date(2024, 12, 31),
        "sakip_value": Decimal("82.50"),
        "sakip_grade": "A",
        "sakip_source": "LHE AKIP 2024",
    }
    return StudyValues(**(values | other))  # type: ignore[arg-type]


def judged(**other: object) -> Judgement:
    """What BKPSDM concludes."""
    values: dict[str, object] = {
        "valid_from": DAY,
        "conclusion": "ready",
        "reasons": "Perangkat dan jaringan cukup.",
        "source": "Kajian 3/2025",
    }
    return Judgement(**(values | other))  # type: ignore[arg-type]


def drafted(cast: Cast) -> AgencyReview | None:
    """A draft of the cast's agency."""
    return studies.save_study_draft(actor=cast.agency_head, agency=cast.agency, values=found(), at=NOON)


def signed(cast: Cast, values: StudyValues | None = None, **other: object) -> AgencyReview:
    """A signed study of the cast's agency."""
    studies.save_study_draft(actor=cast.agency_head, agency=cast.agency, values=values or found(), at=NOON)
    row = studies.sign_study(actor=cast.hr_officer, agency=cast.agency, judgement=judged(**other), at=NOON)
    assert row is not None
    return row


def discard_study_draft(cast: Cast) -> object:
    return studies.discard_study_draft(actor=cast.hr_officer, agency=cast.agency, at=NOON)


def sign_study(cast: Cast) -> object:
    return studies.sign_study(actor=cast.hr_officer, agency=cast.agency, judgement=judged(), at=NOON)


ACTS = {
    "agencies.actions.studies.save_study_draft": drafted,
    "agencies.actions.studies.discard_study_draft": discard_study_draft,
    "agencies.actions.studies.sign_study": sign_study,
}
BEFORE = {
    "agencies.actions.studies.discard_study_draft": drafted,
    "agencies.actions.studies.sign_study": drafted,
}
