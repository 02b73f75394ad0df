"""The fictional city that has adopted flexible work: its studies, its instrument and its signed Penetapan.

Everything is done by the acts that people use, dated as if they had been done in 2025. The city, its papers and
its officials are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from agencies.actions.places import WorkplaceValues, add_workplace, record_policy_stage
from agencies.bulk_rows import refresh_statistics
from agencies.models import Agency, Institution, Workplace
from eligibility.actions.determinations import record_determination
from eligibility.actions.instruments import InstrumentValues, Reach, record_instrument
from eligibility.actions.law import load_rules
from eligibility.actions.published_maps import publish_map
from eligibility.actions.results import pass_step, send_results
from eligibility.demonstration.studies import study_city
from eligibility.determinations.signing import Signature
from eligibility.models import Determination, Step, Verification
from eligibility.periods import Span

CITY: Final = "kota-contoh"
FICTION: Final = "Data fiktif demonstrasi"

CIRCULAR: Final = Path(__file__).with_name("seed") / "kota-contoh-2025-05.json"
"""The invented circular that limits how many of an agency are away on one day."""

_JUDGED: Final = date(2025, 7, 1)
_PUBLISHED: Final = date(2025, 7, 14)
_NOTE: Final = "Seluruh perangkat daerah telah dipetakan. Kota fiktif, data sintetis."
_SENT: Final = datetime(2025, 6, 4, 2, 0, tzinfo=UTC)
_STAGES: Final = (
    ("studying", date(2025, 4, 28), "Rapat koordinasi 28 April 2025"),
    ("adopted", date(2025, 6, 20), "Keputusan Wali Kota Contoh Nomor 100.3.3.3/120/2025"),
)
_SIGNATURES: Final = {
    Step.HEAD_PROPOSAL: Signature("000.8/11/2025", date(2025, 6, 5), "Kepala perangkat daerah"),
    Step.HR_VERIFICATION: Signature("800.1/214/2025", date(2025, 6, 9), "Kepala BKPSDM"),
    Step.LEGAL_CHECK: Signature("100.3/58/2025", date(2025, 6, 11), "Kepala Bagian Hukum"),
    Step.SEKDA: Signature("800.1/231/2025", date(2025, 6, 13), "Sekretaris Daerah"),
    Step.PPK: Signature("100.3.3.3/118/2025", date(2025, 6, 18), "Wali Kota Contoh", "Pejabat Fiktif"),
}
_INSTRUMENT: Final = InstrumentValues(
    title="Keputusan Wali Kota Contoh 120/2025",
    number="100.3.3.3/120/2025",
    issued_on=date(2025, 6, 20),
    issuer="Wali Kota Contoh",
    subject="Pelaksanaan Fleksibilitas Kerja Pegawai ASN (fiktif)",
    periods=(Span(date(2025, 7, 1), date(2025, 12, 31)),),
    reach=Reach(),
)


_OFFICES: Final = (
    ("BK", "Balai Kota Contoh", Workplace.Kind.MAIN_OFFICE),
    ("KP", "Kantor penghubung Contoh Selatan", Workplace.Kind.LIAISON_OFFICE),
    ("BRW", "Balai RW Melati", Workplace.Kind.OTHER_PLACE),
)


@dataclass(frozen=True)
class Signed:
    """How many Penetapan the city holds, and whether they were signed now."""

    created: bool
    determinations: int
    positions: int


def sign_city(institution: Institution) -> Signed:
    """Lead every perangkat daerah of the city from its study to its Penetapan; one that has any is left as it is."""
    created = not Determination.objects.filter(institution=institution).exists()
    if created:
        with transaction.atomic():
            _adopt(institution)
            study_city(institution, FICTION)
            for agency in Agency.objects.filter(institution=institution, parent=None).order_by("code"):
                _sign(agency)
            publish_map(actor=None, institution=institution, judged_on=_JUDGED, note=_NOTE, at=_noon(_PUBLISHED))
        refresh_statistics()
    signed = Verification.objects.filter(institution=institution, determination__isnull=False)
    positions = sum(signed.values_list("positions", flat=True))
    return Signed(created, len(signed), positions)


def _adopt(institution: Institution) -> None:
    load_rules(actor=None, files=[CIRCULAR])
    for stage, day, source in _STAGES:
        record_policy_stage(
            actor=None,
            institution=institution,
            stage=stage,
            valid_from=day,
            source=f"{source} ({FICTION})",
            at=_noon(day),
        )
    record_instrument(actor=None, institution=institution, values=_INSTRUMENT, at=_noon(_INSTRUMENT.issued_on))
    _places(institution)


def _places(institution: Institution) -> None:
    """The offices that the instrument names."""
    for code, name, kind in _OFFICES:
        values = WorkplaceValues(
            code=code,
            name=f"{name} (fiktif)",
            kind=kind,
            agency=None,
            address=f"Jalan Sintetis {code}, Kota Contoh",
            basis=f"{_INSTRUMENT.title} ({FICTION})",
            valid_from=date(2025, 7, 1),
        )
        add_workplace(actor=None, institution=institution, values=values, at=_noon(_INSTRUMENT.issued_on))


def _noon(day: date) -> datetime:
    """Noon in western Indonesia."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def _sign(agency: Agency) -> None:
    verification = send_results(
        actor=None, agency=agency, judged_on=_JUDGED, known_at=_SENT, with_subtree=True, at=_SENT
    )
    for step in (Step.HEAD_PROPOSAL, Step.HR_VERIFICATION, Step.LEGAL_CHECK, Step.SEKDA):
        signed = _SIGNATURES[step]
        verification = pass_step(
            actor=None, verification=verification, step=step, signed=signed, at=_noon(signed.signed_on)
        )
    signed = _SIGNATURES[Step.PPK]
    record_determination(
        actor=None,
        verification=verification,
        signed=signed,
        effective_from=_JUDGED,
        at=_noon(signed.signed_on),
    )
