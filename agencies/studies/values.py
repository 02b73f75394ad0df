"""What forms hand to the acts on studies: what an agency found in a period, and what BKPSDM concludes from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agencies.structure import RowValues
from agencies.studies.figures import THEMES


@dataclass(frozen=True)
class StudyValues(RowValues):
    """What is found in a period; None where nobody knows, an empty source where none is named."""

    period_starts_on: date | None = None
    period_ends_on: date | None = None
    sakip_value: Decimal | None = None
    sakip_grade: str | None = None
    sakip_source: str = ""
    skp_very_good: int | None = None
    skp_good: int | None = None
    skp_needs_improvement: int | None = None
    skp_poor: int | None = None
    skp_very_poor: int | None = None
    skp_source: str = ""
    skm_value: Decimal | None = None
    skm_source: str = ""
    complaints_received: int | None = None
    complaints_answered: int | None = None
    complaints_source: str = ""
    services_all: int | None = None
    services_within: int | None = None
    standard_source: str = ""
    staff: int | None = None
    staff_with_device: int | None = None
    infrastructure: bool | None = None
    connection: bool | None = None
    vpn: bool | None = None
    e_office: bool | None = None
    tte: bool | None = None
    electronic_attendance: bool | None = None
    performance_system: bool | None = None
    readiness_source: str = ""
    electricity: int | None = None
    water: int | None = None
    fuel: int | None = None
    telephone: int | None = None
    travel: int | None = None
    costs_source: str = ""

    @property
    def without_source(self) -> tuple[str, ...]:
        """The labels of the themes that say something and do not say from where."""
        return tuple(theme.label for theme in THEMES if not getattr(self, theme.source) and self._says(theme.columns))

    def _says(self, columns: tuple[str, ...]) -> bool:
        return any(getattr(self, column) is not None for column in columns)


@dataclass(frozen=True)
class Judgement:
    """What BKPSDM concludes from a study, from which day on it holds, and the document that says so."""

    valid_from: date
    conclusion: str
    reasons: str
    source: str
