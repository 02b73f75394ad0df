"""The invented studies of the fictional city: every agency in the last of three periods, the upper ones in all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from agencies.actions.studies import save_study_draft, sign_study
from agencies.demonstration.lots import drawn, falls
from agencies.demonstration.staff_loading import RECORDED_AT
from agencies.models import Agency, Institution
from agencies.studies.figures import COSTS, SKP, grade_of
from agencies.studies.recorded import Recorded, recorded
from agencies.studies.values import Judgement, StudyValues


@dataclass(frozen=True)
class _Period:
    """A period, the day from which its study holds, and how far the city had come by then."""

    name: str
    starts_on: date
    ends_on: date
    valid_from: date
    step: int


_PERIODS: Final = (
    _Period("Semester II 2023", date(2023, 7, 1), date(2023, 12, 31), date(2024, 3, 4), 0),
    _Period("Semester I 2024", date(2024, 1, 1), date(2024, 6, 30), date(2024, 9, 2), 1),
    _Period("Semester II 2024", date(2024, 7, 1), date(2024, 12, 31), date(2025, 5, 19), 2),
)
_CONCLUSIONS: Final = ("not_ready", "pilot", "ready")
_REASONS: Final = (
    "Perangkat dan jaringan belum cukup; TTE belum dipakai.",
    "Perangkat dan TTE tersedia untuk sebagian pegawai; diuji coba lebih dahulu.",
    "Perangkat, jaringan, TTE, dan presensi elektronik tersedia.",
)
_PER_HEAD: Final = {"electricity": 95_000, "water": 9_000, "fuel": 60_000, "telephone": 22_000, "travel": 240_000}
"""Rupiah a month for one of the staff, about which the costs are drawn."""


def study_city(institution: Institution, fiction: str) -> None:
    """Draft and sign the studies of a city without any; `fiction` says on each that it is invented."""
    for agency in Agency.objects.filter(institution=institution).order_by("code"):
        for period in _PERIODS if agency.parent_id is None else _PERIODS[-1:]:
            _study(agency, period, fiction)


def _study(agency: Agency, period: _Period, fiction: str) -> None:
    at = datetime(period.valid_from.year, period.valid_from.month, period.valid_from.day, 5, tzinfo=UTC)
    staff = recorded(agency, period.starts_on, period.ends_on, RECORDED_AT)
    values = _performance(agency, period, staff, fiction)
    values = _service(_readiness(values, agency, period, staff.staff), agency, period)
    values = _costs(values, agency, period, staff.staff)
    save_study_draft(actor=None, agency=agency, values=values, at=at)
    judgement = Judgement(
        valid_from=period.valid_from,
        conclusion=_CONCLUSIONS[period.step],
        reasons=_REASONS[period.step],
        source=f"Kajian perangkat daerah {period.name} ({fiction})",
    )
    sign_study(actor=None, agency=agency, judgement=judgement, at=at)


def _performance(agency: Agency, period: _Period, staff: Recorded, fiction: str) -> StudyValues:
    value = Decimal(6200 + 400 * period.step + drawn(2000, "sakip", agency.code)) / 100
    known = agency.parent_id is None and not falls(10, "sakip unknown", agency.code)
    grade = grade_of(value)
    if falls(8, "sakip copied", agency.code, period.name):
        grade = "BB" if grade == "A" else "A"  # a slip of the pen, for the plausibility check to find
    values = StudyValues(
        period_starts_on=period.starts_on,
        period_ends_on=period.ends_on,
        sakip_value=value if known else None,
        sakip_grade=grade if known else None,
        sakip_source=f"LHE AKIP {period.name} ({fiction})" if known else "",
        skp_source=f"Rekapitulasi e-Kinerja {period.name} ({fiction})",
        skm_source=f"Laporan SKM {period.name} ({fiction})",
        complaints_source=f"SP4N-LAPOR! {period.name} ({fiction})",
        standard_source=f"Laporan standar pelayanan {period.name} ({fiction})",
        readiness_source=f"Pendataan perangkat daerah {period.name} ({fiction})",
        costs_source=f"Laporan realisasi anggaran {period.name} ({fiction})",
    )
    return replace(values, **_predicates(agency, period, staff))


def _predicates(agency: Agency, period: _Period, staff: Recorded) -> dict[str, Any]:
    """As the portal has recorded them; before it did, about 93 of 100 have Baik or better."""
    if staff.rated:
        return {figure.name: staff.of(figure.name) for figure in SKP}
    below = staff.staff * (9 - 2 * period.step) // 100
    best = staff.staff * (6 + drawn(8, "skp", agency.code, period.name)) // 100
    numbers = (best, staff.staff - best - below, below, 0, 0)
    return {figure.name: number for figure, number in zip(SKP, numbers, strict=True)}


def _service(values: StudyValues, agency: Agency, period: _Period) -> StudyValues:
    """Two of ten had no survey: their index is not known."""
    received, services = drawn(60, "lapor", agency.code, period.name), 2 + drawn(9, "layanan", agency.code)
    index = Decimal(7700 + 250 * period.step + drawn(1300, "skm", agency.code)) / 100
    unsurveyed = falls(20, "skm unknown", agency.code, period.name)
    return replace(
        values,
        skm_value=None if unsurveyed else index,
        skm_source="" if unsurveyed else values.skm_source,
        complaints_received=received,
        complaints_answered=received * (80 + 7 * period.step) // 100,
        services_all=services,
        services_within=services - drawn(3 - period.step, "standar", agency.code, period.name),
    )


def _readiness(values: StudyValues, agency: Agency, period: _Period, staff: int) -> StudyValues:
    """Ready in the last period, because the fictional city adopted flexible work after it."""
    last = period is _PERIODS[-1]
    return replace(
        values,
        staff=staff,
        staff_with_device=staff * (45 + 15 * period.step + drawn(20, "gawai", agency.code)) // 100,
        infrastructure=last or None,
        connection=True if last else falls(60, "jaringan", agency.code, period.name),
        vpn=None if falls(40, "vpn", agency.code) else last,
        e_office=period.step > 0,
        tte=last,
        electronic_attendance=True,
        performance_system=True,
    )


def _costs(values: StudyValues, agency: Agency, period: _Period, staff: int) -> StudyValues:
    """Six months; one of ten has not told its fuel, so the sum of its costs is not known."""
    costs: dict[str, Any] = {
        figure.name: 6 * staff * _PER_HEAD[figure.name] * (90 + drawn(40, figure.name, agency.code, period.name)) // 100
        for figure in COSTS
    }
    if falls(10, "bbm", agency.code, period.name):
        costs["fuel"] = None
    return replace(values, **costs)
