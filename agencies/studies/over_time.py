"""One agency over periods: a series for each measure, as a chart and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.models import Agency, AgencyReview
from agencies.studies.charts import Chart, chart
from agencies.studies.figures import READINESS
from agencies.studies.measures import MEASURES, Measure, Unit
from agencies.studies.wording import measured, period, theme_label, told_of

MOST_PERIODS: Final = 8
"""Bars that stand beside one another on a phone; the table has all."""

_MILLION: Final = 1_000_000
_WHOLE: Final = {
    Unit.POINTS: Decimal(100),
    Unit.PERCENT: Decimal(100),
    Unit.PARTS: Decimal(len(READINESS)),
    Unit.ANSWER: Decimal(1),
}
"""What a bar of full height stands for; of other units the highest value does."""


@dataclass(frozen=True)
class Series:
    """One measure over the periods: its name and theme, its chart, and what is told of each period."""

    code: str
    label: str
    theme: str
    chart: Chart
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OverTime:
    """The periods, the earliest first, each by the study that holds for it, and a series for each measure."""

    studies: tuple[AgencyReview, ...]
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    shown: int


def over_time(agency: Agency) -> OverTime:
    """The signed studies of an agency that name a period; of two of one period the later signed stands."""
    rows = AgencyReview.objects.signed().filter(agency=agency, period_ends_on__isnull=False)
    studies = of_each_period(rows.order_by("signed_at", "pk"))
    periods = tuple(period(study.period_starts_on, study.period_ends_on) for study in studies)
    series = tuple(_series(measure, studies, periods) for measure in MEASURES)
    return OverTime(studies, periods, series, min(len(studies), MOST_PERIODS))


def of_each_period(rows: Iterable[AgencyReview]) -> tuple[AgencyReview, ...]:
    """The last of each agency's period, by the end of the periods; rows come in the order they were signed."""
    last = {(row.agency_id, row.period_starts_on, row.period_ends_on): row for row in rows}
    return tuple(last[key] for key in sorted(last, key=lambda key: (key[2], key[1], key[0])))


def _series(measure: Measure, studies: tuple[AgencyReview, ...], periods: tuple[str, ...]) -> Series:
    values = [measure.read(study) for study in studies]
    told = tuple((label, told_of(measure, study)) for label, study in zip(periods, studies, strict=True))
    points = [(label, _short(measure, value), value) for label, value in zip(periods, values, strict=True)]
    shown = chart(points[-MOST_PERIODS:], _WHOLE.get(measure.unit))
    return Series(measure.code, _(measure.label), theme_label(measure.theme), shown, told)


def _short(measure: Measure, value: Decimal | None) -> str:
    """The words above a bar: money in millions or thousands, because a bar is narrow."""
    if value is None:
        return "?"
    if measure.unit is not Unit.RUPIAH:
        return measured(measure, value)
    if value < _MILLION:
        return _("%(number)s thousand") % {"number": number_format(round(value / 1_000), force_grouping=True)}
    return _("%(number)s million") % {"number": number_format(round(value / _MILLION, 1), decimal_pos=1)}
