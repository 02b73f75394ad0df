"""How numbers, answers and periods of studies are written on pages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.facts import FACTS
from agencies.models import AgencyReview
from agencies.studies.figures import READINESS, Figure
from agencies.studies.measures import Measure, Theme, Unit, readiness_of


def unknown() -> str:
    """What stands where nobody knows."""
    return pgettext("study", "not known yet")


def rupiah(amount: int | Decimal) -> str:
    """An amount in full rupiah."""
    return f"Rp {number_format(_rounded(Decimal(amount), 0), decimal_pos=0, force_grouping=True)}"


def measured(measure: Measure, value: Decimal | None) -> str:
    """The value of a measure with its unit, or that it is not known."""
    if value is None:
        return unknown()
    if measure.unit is Unit.RUPIAH:
        return rupiah(value)
    if measure.unit is Unit.PERCENT:
        return f"{number_format(_rounded(value, 1), decimal_pos=1)}%"
    if measure.unit is Unit.ANSWER:
        return answered(bool(value))
    if measure.unit is Unit.COUNT:
        return str(number_format(_rounded(value, 1), decimal_pos=1))
    if measure.unit is Unit.PARTS:
        return _("%(number)s of %(total)s") % {"number": int(value), "total": len(READINESS)}
    return str(number_format(_rounded(value, 2), decimal_pos=2))


def told_of(measure: Measure, study: AgencyReview) -> str:
    """What a study says of a measure; beside the SAKIP value its grade, of readiness how many parts nobody knows."""
    value = measure.read(study)
    told = measured(measure, value)
    if measure.code == "sakip" and study.sakip_grade:
        return f"{told} ({study.sakip_grade})"
    missing = readiness_of(study).unknown if measure.unit is Unit.PARTS and value is not None else 0
    return _("%(told)s; %(number)s unknown") % {"told": told, "number": missing} if missing else told


def theme_label(theme: Theme) -> str:
    """What measures are about."""
    labels = {
        Theme.PERFORMANCE: _("Performance and service"),
        Theme.READINESS: _("Readiness"),
        Theme.COSTS: _("Costs of the office"),
    }
    return labels[theme]


def answer_label(name: str) -> str:
    """What an answer of the study is called."""
    return _(FACTS[f"agency.{name}"].label)


def counted(figure: Figure, value: int | Decimal | None) -> str:
    """A figure as it stands in the study, or that it is not known; its unit stands beside it."""
    if value is None:
        return unknown()
    return (
        rupiah(value) if figure.is_rupiah else str(number_format(value, decimal_pos=figure.places, force_grouping=True))
    )


def answered(value: bool | None) -> str:
    """Yes, no, or that it is not known."""
    return unknown() if value is None else (_("Yes") if value else _("No"))


def period(starts_on: date | None, ends_on: date | None) -> str:
    """The period in few words: "2025", "Januari–Juni 2025", or both days where they are no whole months."""
    if starts_on is None or ends_on is None:
        return _("period not recorded")
    if starts_on.day != 1 or (ends_on + timedelta(days=1)).day != 1:
        return f"{date_format(starts_on, 'j M Y')} – {date_format(ends_on, 'j M Y')}"
    if starts_on.year != ends_on.year:
        return f"{date_format(starts_on, 'M Y')} – {date_format(ends_on, 'M Y')}"
    if (starts_on.month, ends_on.month) == (1, 12):
        return str(starts_on.year)
    return f"{date_format(starts_on, 'M')}–{date_format(ends_on, 'M Y')}"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
