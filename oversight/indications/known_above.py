"""What stood above the person by what was recorded at a moment: the study of her agency, the policy stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from agencies.facts import FactValue
from agencies.models import AgencyReview, PolicyStage
from eligibility.arrangements.matters import Matter
from eligibility.arrangements.refusal_words import INSTRUMENT
from eligibility.grounds import review_values
from eligibility.models import Arrangement


def as_known(matter: Matter, row: Arrangement, known_at: datetime) -> Matter:
    """The matter without what was signed or recorded of agency and institution only after the moment."""
    spans = (replace(one, values={**one.values, **_above(row, one.starts_on, known_at)}) for one in matter.spans)
    return replace(matter, spans=tuple(spans))


def _above(row: Arrangement, on: date, known_at: datetime) -> Mapping[str, FactValue | None]:
    review = AgencyReview.objects.filter(agency=row.agency_id, signed_at__lte=known_at).begun(on).last()
    stages = PolicyStage.objects.filter(institution=row.institution_id, recorded_at__lte=known_at)
    stage = stages.in_force(on)
    # Instruments carry the moment from which they were known themselves.
    values = {name: value for name, value in review_values(review).items() if name != INSTRUMENT}
    return values | {"institution.policy_stage": stage.stage if stage else "none"}
