"""Plausibility: what of a study does not fit together, each as one sentence. A remark refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from agencies.models import AgencyReview
from agencies.studies.figures import COSTS, THEMES, Figure, class_of, grade_of
from agencies.studies.measures import MEASURES, Unit, months_of, skp_rated
from agencies.studies.recorded import Recorded
from agencies.studies.wording import measured, period, rupiah

LEAST_PER_HEAD: Final = 500
MOST_PER_HEAD: Final = 25_000_000
"""Rupiah of one cost for one of the staff a month: what lies outside was probably typed in another unit."""

GREAT_CHANGE: Final = 3
"""Costs that are this many times those of the period before, or this part of them, are asked about."""


def remarks(study: AgencyReview, recorded: Recorded | None, before: AgencyReview | None) -> list[str]:
    """Everything that does not fit: with itself, with what the portal has recorded, with the period before."""
    return [
        *_grade(study),
        *_half_told(study),
        *_staff(study, recorded),
        *_predicates(study, recorded),
        *_cost_units(study),
        *_changes(study, before),
    ]


def skm_class(study: AgencyReview) -> str:
    """The class of service quality that the index belongs to; empty where it is not known."""
    return "" if study.skm_value is None else class_of(Decimal(study.skm_value))


def _grade(study: AgencyReview) -> Iterator[str]:
    if study.sakip_value is None or study.sakip_grade is None:
        return
    fitting = grade_of(Decimal(study.sakip_value))
    if fitting != study.sakip_grade:
        yield _("A SAKIP value of %(value)s belongs to grade %(fitting)s, but %(typed)s is written. See the LHE.") % {
            "value": measured(MEASURES[0], Decimal(study.sakip_value)),
            "fitting": fitting,
            "typed": study.sakip_grade,
        }


def _half_told(study: AgencyReview) -> Iterator[str]:
    for theme in THEMES:
        said = [getattr(study, figure.name) is not None for figure in theme.figures]
        if any(said) and not all(said):
            missing = [_(figure.label) for figure, known in zip(theme.figures, said, strict=True) if not known]
            yield _("%(theme)s: not known are %(missing)s. Shares and sums stay unknown until they are.") % {
                "theme": _(theme.label),
                "missing": ", ".join(missing),
            }


def _staff(study: AgencyReview, recorded: Recorded | None) -> Iterator[str]:
    if study.staff is None or recorded is None or not recorded.staff:
        return
    if _apart(study.staff, recorded.staff):
        yield _("The study counts %(typed)d staff, the portal %(recorded)d on the last day of the period.") % {
            "typed": study.staff,
            "recorded": recorded.staff,
        }


def _predicates(study: AgencyReview, recorded: Recorded | None) -> Iterator[str]:
    rated = skp_rated(study)
    if rated is None:
        return
    if study.staff is not None and rated > study.staff:
        yield _("%(rated)d predicates are counted for %(staff)d staff; each employee has one in a period.") % {
            "rated": rated,
            "staff": study.staff,
        }
    if recorded and recorded.rated and _apart(rated, recorded.rated):
        yield _("The study counts %(typed)d predicates, the portal has %(recorded)d for this period.") % {
            "typed": rated,
            "recorded": recorded.rated,
        }


def _cost_units(study: AgencyReview) -> Iterator[str]:
    months = months_of(study)
    if not study.staff or months is None:
        return
    for figure in COSTS:
        amount = getattr(study, figure.name)
        if amount and not LEAST_PER_HEAD <= amount / months / study.staff <= MOST_PER_HEAD:
            yield _strange(figure, amount, Decimal(amount) / months / study.staff)


def _strange(figure: Figure, amount: int, per_head: Decimal) -> str:
    return _("%(cost)s: %(amount)s is %(per_head)s for one of the staff a month. Is it typed in full rupiah?") % {
        "cost": _(figure.label),
        "amount": rupiah(amount),
        "per_head": rupiah(per_head),
    }


def _changes(study: AgencyReview, before: AgencyReview | None) -> Iterator[str]:
    for measure in MEASURES if before else ():
        assert before is not None
        now, former = measure.read(study), measure.read(before)
        if measure.unit is not Unit.RUPIAH or not now or not former:
            continue
        if not Decimal(1) / GREAT_CHANGE < now / former < GREAT_CHANGE:
            yield _("%(measure)s: %(now)s after %(former)s in %(period)s. Check both, or give the reason.") % {
                "measure": _(measure.label),
                "now": measured(measure, now),
                "former": measured(measure, former),
                "period": period(before.period_starts_on, before.period_ends_on),
            }


def _apart(typed: int, recorded: int) -> bool:
    """More than a tenth, and more than two: lists of staff are never taken on the very same day."""
    return abs(typed - recorded) > max(2, recorded // 10)
