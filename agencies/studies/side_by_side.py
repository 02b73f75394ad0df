"""All agencies in one table: the study of each, what is compared, sorted by any column with the unknown last."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from agencies.models import Agency, AgencyReview
from agencies.models.studies import CONCLUSIONS
from agencies.studies.measures import MEASURES, Measure, Theme
from agencies.studies.wording import period, told_of, unknown

BY_NAME: Final = "nama"
BY_CONCLUSION: Final = "kesimpulan"
EVERYTHING: Final = "semua"
COLUMNS: Final = (BY_NAME, BY_CONCLUSION, *(measure.code for measure in MEASURES))

_BY_CODE: Final = {measure.code: measure for measure in MEASURES}
_RANK: Final = {code: place for place, (code, _label) in enumerate(CONCLUSIONS)}


@dataclass(frozen=True)
class Row:
    """An agency with its study, or None where it has none, and the value of each measure that is shown."""

    agency: Agency
    study: AgencyReview | None
    shown: tuple[Measure, ...]

    @property
    def period(self) -> str:
        """The period of the study."""
        return period(self.study.period_starts_on, self.study.period_ends_on) if self.study else ""

    @property
    def cells(self) -> tuple[tuple[Measure, str, bool], ...]:
        """Each measure with its words, and whether it is known."""
        return tuple((one, self._words(one), self._value(one) is not None) for one in self.shown)

    def _words(self, measure: Measure) -> str:
        return told_of(measure, self.study) if self.study else unknown()

    def _value(self, measure: Measure) -> Decimal | None:
        return measure.read(self.study) if self.study else None

    def key(self, column: str) -> object:
        """What a sort by the column compares; None where it is not known."""
        if column == BY_NAME:
            return self.agency.name.casefold()
        if column == BY_CONCLUSION:
            return _RANK.get(self.study.conclusion or "") if self.study else None
        return self._value(_BY_CODE[column])


@dataclass(frozen=True)
class Heading:
    """The head of a column: its words, what it sorts by next, and how it is sorted now ("" where it is not)."""

    label: str
    next_order: str
    sorted_now: str
    is_number: bool


@dataclass(frozen=True)
class SideBySide:
    """The rows in their order, and the heads of the columns: of a theme, EVERYTHING, or ("") the leading ones."""

    rows: tuple[Row, ...]
    headings: tuple[Heading, ...]
    order: str
    theme: str

    @property
    def with_study(self) -> int:
        """How many agencies have a study."""
        return sum(row.study is not None for row in self.rows)


def side_by_side(
    agencies: Iterable[Agency], studies: Iterable[AgencyReview], order: str, theme: str = ""
) -> SideBySide:
    """The table of the agencies, each with its study among the given ones (of several the last).

    A column that the table can be sorted by is shown: without a theme one of other measures comes with its theme.
    """
    by_agency = {study.agency_id: study for study in studies}
    column = order.removeprefix("-")
    if theme not in {EVERYTHING, *Theme}:
        theme = "" if column not in _BY_CODE or _BY_CODE[column].leads else _BY_CODE[column].theme
    shown = tuple(one for one in MEASURES if theme in (EVERYTHING, one.theme) or (not theme and one.leads))
    if column not in {BY_NAME, BY_CONCLUSION, *(one.code for one in shown)}:
        order = column = BY_NAME
    rows = [Row(agency, by_agency.get(agency.pk), shown) for agency in agencies]
    return SideBySide(_sorted(rows, column, order.startswith("-")), tuple(_headings(order, shown)), order, theme)


def periods_of(agencies: Collection[int]) -> list[tuple[date, date]]:
    """The periods that signed studies of the agencies speak of, the latest first."""
    rows = AgencyReview.objects.signed().filter(agency__in=agencies, period_ends_on__isnull=False)
    found = rows.order_by("-period_ends_on", "-period_starts_on").values_list("period_starts_on", "period_ends_on")
    return list(found.distinct())  # type: ignore[arg-type]


def _sorted(rows: list[Row], column: str, falling: bool) -> tuple[Row, ...]:
    """Equal rows stay in the order of their names; what is not known comes last, whichever way."""
    by_name = sorted(rows, key=lambda row: (row.agency.name.casefold(), row.agency.pk))
    known = [row for row in by_name if row.key(column) is not None]
    unknown = [row for row in by_name if row.key(column) is None]
    return (*sorted(known, key=lambda row: row.key(column), reverse=falling), *unknown)  # type: ignore[arg-type,return-value]


def _headings(order: str, shown: Iterable[Measure]) -> Iterable[Heading]:
    yield _heading(BY_NAME, _("Agency"), order, is_number=False)
    yield _heading(BY_CONCLUSION, _("Conclusion"), order, is_number=False)
    for measure in shown:
        yield _heading(measure.code, _(measure.short), order, is_number=True)


def _heading(column: str, label: str, order: str, *, is_number: bool) -> Heading:
    """Words rise first; numbers fall first, because the greatest is looked for."""
    first, second = (f"-{column}", column) if is_number else (column, f"-{column}")
    now = {column: "ascending", f"-{column}": "descending"}.get(order, "")
    return Heading(label, second if order == first else first, now, is_number)
