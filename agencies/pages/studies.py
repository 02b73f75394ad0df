"""What the pages of studies show: one study by its themes, and the table of all agencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies import access
from agencies.access import Standing
from agencies.models import Agency, AgencyReview, Role
from agencies.querysets import open_on
from agencies.studies.figures import THEMES, Theme
from agencies.studies.measures import costs_of
from agencies.studies.recorded import Recorded
from agencies.studies.remarks import remarks, skm_class
from agencies.studies.side_by_side import SideBySide, periods_of, side_by_side
from agencies.studies.wording import answer_label, answered, counted, period, rupiah


@dataclass(frozen=True)
class Line:
    """One thing that a study says: what, how much, in which unit, and what the portal has recorded of it."""

    label: str
    words: str
    known: bool
    unit: str = ""
    recorded: int | None = None


@dataclass(frozen=True)
class Part:
    """One theme of a study with its source."""

    name: str
    label: str
    lines: tuple[Line, ...]
    source: str


@dataclass(frozen=True)
class StudyPage:
    """A study in words, and what of it does not fit together."""

    study: AgencyReview
    period: str
    parts: tuple[Part, ...]
    remarks: tuple[str, ...]
    signer: str


def study_page(study: AgencyReview, recorded: Recorded | None) -> StudyPage:
    """Put the page together; `recorded` is what the portal knows of the period."""
    return StudyPage(
        study=study,
        period=period(study.period_starts_on, study.period_ends_on),
        parts=tuple(_part(study, theme, recorded) for theme in THEMES),
        remarks=tuple(remarks(study, recorded, _before(study))),
        signer=str(study.signed_by) if study.signed_by else "",
    )


def _before(study: AgencyReview) -> AgencyReview | None:
    """The signed study of the period that ended last before this one began."""
    if study.period_starts_on is None:
        return None
    rows = AgencyReview.objects.signed().filter(agency=study.agency_id, period_ends_on__lt=study.period_starts_on)
    return rows.order_by("-period_ends_on", "-signed_at", "-pk").first()


def _part(study: AgencyReview, theme: Theme, recorded: Recorded | None) -> Part:
    lines = [_figure_line(study, figure, recorded) for figure in theme.figures]
    if theme.name == "sakip":
        grade = study.sakip_grade
        lines.append(Line(_("SAKIP grade"), grade or counted(theme.figures[0], None), grade is not None))
    if theme.name == "skm" and study.skm_value is not None:
        lines.append(Line(_("Class of service quality, by the value"), skm_class(study), known=True))
    if theme.name == "costs" and (total := costs_of(study)) is not None:
        lines.append(Line(_("All together"), rupiah(total), known=True))
    lines += [_answer_line(study, name) for name in theme.answers]
    return Part(theme.name, _(theme.label), tuple(lines), getattr(study, theme.source))


def _figure_line(study: AgencyReview, figure: Any, recorded: Recorded | None) -> Line:
    value = getattr(study, figure.name)
    beside = recorded.of(figure.name) if recorded else None
    unit = "" if figure.is_rupiah or figure.places or value is None else _(figure.unit)
    return Line(_(figure.label), counted(figure, value), value is not None, unit, beside)


def _answer_line(study: AgencyReview, name: str) -> Line:
    value = getattr(study, name)
    return Line(answer_label(name), answered(value), value is not None)


@dataclass(frozen=True)
class PeriodChoice:
    """A period that the table can be narrowed to."""

    code: str
    label: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Compared:
    """The table, the periods it can be narrowed to and the one chosen; None: the study that holds on the day."""

    table: SideBySide
    periods: tuple[PeriodChoice, ...]
    chosen: PeriodChoice | None
    with_below: bool

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """What the table is narrowed by, in words."""
        period_words = self.chosen.label if self.chosen else _("The study that holds on the day")
        shown = _("Agencies and all units below them") if self.with_below else _("Agencies")
        return (pgettext("study", "Period"), period_words), (_("Shown"), shown)


def compared(standing: Standing, on: date, asked: Mapping[str, str]) -> Compared:
    """The agencies in sight that count on the day, with the studies that the address asks for."""
    agencies = list(access.visible_agencies(standing).filter(open_on(on)))
    with_below = asked.get("tingkat") == "semua"
    in_sight = {agency.pk for agency in agencies}
    shown = [agency for agency in agencies if with_below or agency.parent_id not in in_sight]
    keys = [agency.pk for agency in shown]
    periods = tuple(_choice(*found) for found in periods_of(keys))
    chosen = next((one for one in periods if one.code == asked.get("periode")), None)
    rows = AgencyReview.objects.filter(agency__in=keys)
    if chosen:
        of_period = rows.signed().filter(period_starts_on=chosen.starts_on, period_ends_on=chosen.ends_on)
        studies = list(of_period.order_by("signed_at", "pk"))
    else:
        studies = list(rows.begun(on))
    table = side_by_side(shown, studies, asked.get("urut", ""), asked.get("kolom", ""))
    return Compared(table, periods, chosen, with_below)


def _choice(starts_on: date, ends_on: date) -> PeriodChoice:
    code = f"{starts_on:%Y%m%d}-{ends_on:%Y%m%d}"
    return PeriodChoice(code, period(starts_on, ends_on), starts_on, ends_on)


def shared_frame(standing: Standing, agency: Agency) -> dict[str, Any]:
    """What every template of one agency's studies is given; `signs`: the user may sign for BKPSDM."""
    return {
        "standing": standing,
        "institution": standing.institution,
        "agency": agency,
        "signs": access.holds_whole(standing, Role.HR_OFFICER),
    }
