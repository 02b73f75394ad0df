"""The cast's city under the seeded law: one job for each outcome at home, and an agency below another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from agencies.models import Agency, FactRecord, PolicyStage, Position
from eligibility.actions.law import load_rules
from eligibility.seeds import seed_files
from tests.base import Cast
from tests.factories import AgencyFactory, PositionFactory, PublicServiceFactory, TaskFactory

DAY: Final = "2025-07-01"
"""A day on which PermenPANRB 4/2025 is in force and no implementing instrument is."""

SUITS_HOME: Final[dict[str, Any]] = {
    "profile__outside_office": True,
    "profile__work_place": "free",
    "profile__special_workspace": False,
    "profile__with_tik": True,
    "profile__face_to_face": "minimal",
    "profile__continuous_supervision": False,
    "profile__exposure": "none",
    "profile__agency_hours": True,
    "profile__hours_per_day": 7.5,
    "profile__days_per_week": 5,
    "profile__hours_per_week": 37.5,
}
"""Facts of a task that may be done at home."""


@dataclass(frozen=True)
class JudgedCity:
    """The cast, and positions by their outcome at home on DAY."""

    cast: Cast
    below: Agency
    eligible: Position
    conditional: Position
    refused: Position
    asked: Position

    def url(self, page: str, day: str = DAY) -> str:
        """An address of the city on a day."""
        return f"/{self.cast.institution.code}/{page}{'&' if '?' in page else '?'}per={day}"


def judged_city(cast: Cast) -> JudgedCity:
    """Load the law and write the jobs; the cast's own position stays unknown in everything."""
    load_rules(actor=None, files=seed_files())
    below = AgencyFactory.create(
        institution=cast.institution, parent=cast.other_agency, code="pkm-1", name="Puskesmas Satu", kind="puskesmas"
    )
    city = JudgedCity(
        cast=cast,
        below=below,
        eligible=_job(cast.agency, "Pranata Komputer", SUITS_HOME),
        conditional=_split_job(cast.agency),
        refused=_job(below, "Perawat", SUITS_HOME | {"profile__face_to_face": "constant"}),
        asked=_job(cast.agency, "Statistisi", SUITS_HOME | {"profile__with_tik": None}),
    )
    PublicServiceFactory.create(agency=cast.agency, name="Loket informasi")
    PolicyStage.objects.create(
        institution=cast.institution, stage="studying", valid_from=date(2025, 6, 1), source="Pers, Juni 2025"
    )
    _record(city.refused, "task.face_to_face", "constant")
    return city


def _job(agency: Agency, title: str, facts: dict[str, Any]) -> Position:
    position = PositionFactory.create(agency=agency, title=title, code=title)
    TaskFactory.create(position=position, **facts)
    return position


def _split_job(agency: Agency) -> Position:
    """An auditor: the report may be written at home, the audit is in the field."""
    position = PositionFactory.create(agency=agency, title="Auditor", code="Auditor")
    TaskFactory.create(position=position, number=1, title="Menulis laporan", share=60, **SUITS_HOME)
    field = SUITS_HOME | {"profile__with_tik": False, "profile__work_place": "field"}
    TaskFactory.create(position=position, number=2, title="Audit lapangan", share=40, **field)
    return position


def _record(position: Position, fact: str, value: str) -> None:
    FactRecord.objects.create(
        institution=position.institution,
        task=position.tasks.get(),
        fact=fact,
        value=value,
        source="Anjab Dinkes",
        basis="imported",
        valid_from=date(2025, 1, 2),
        recorded_at=datetime(2025, 1, 3, tzinfo=UTC),
    )
