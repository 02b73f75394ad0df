"""The acts on what an institution says of itself: settings, stage, places, documents, instruments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile

from agencies.actions import documents, places
from agencies.models import Workplace
from eligibility.actions import institution, instruments
from eligibility.models import Instrument
from eligibility.periods import Span
from tests.base import Cast

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
DAY = date(2025, 7, 1)


def set_setting(cast: Cast) -> object:
    return institution.set_setting(
        actor=cast.hr_officer,
        institution=cast.institution,
        name="new_employee_months",
        value=Decimal(6),
        valid_from=DAY,
        source="Keputusan 1/2025",
        at=NOON,
    )


def record_policy_stage(cast: Cast) -> object:
    return places.record_policy_stage(
        actor=cast.hr_officer,
        institution=cast.institution,
        stage="adopted",
        valid_from=DAY,
        source="Keputusan 1/2025",
        at=NOON,
    )


def balai(**other: object) -> places.WorkplaceValues:
    """The values of a place in the register."""
    values: dict[str, object] = {
        "code": "BALAI-RW-05",
        "name": "Balai RW 05",
        "kind": "other_office",
        "address": "Jalan Contoh 5",
        "basis": "Keputusan 1/2025",
        "valid_from": DAY,
    }
    return places.WorkplaceValues(**(values | other))  # type: ignore[arg-type]


def add_workplace(cast: Cast) -> object:
    return places.add_workplace(actor=cast.hr_officer, institution=cast.institution, values=balai(), at=NOON)


def in_register(cast: Cast) -> Workplace:
    """A place that no act of the test wrote."""
    kept = cast.institution.workplaces.filter(code="KANTOR-2").first()
    return kept or Workplace.objects.create(
        institution=cast.institution,
        code="KANTOR-2",
        name="Kantor 2",
        kind="other_office",
        address="Jalan Contoh 2",
        basis="Keputusan 1/2025",
        valid_from=DAY,
        recorded_at=NOON,
    )


def correct_workplace(cast: Cast) -> object:
    values = balai(code="KANTOR-2")
    return places.correct_workplace(actor=cast.hr_officer, workplace=in_register(cast), values=values, at=NOON)


def close_workplace(cast: Cast) -> object:
    place = in_register(cast)
    return places.close_workplace(actor=cast.hr_officer, workplace=place, closed_on=date(2025, 8, 1), at=NOON)


def name_local_criterion(cast: Cast) -> object:
    return places.name_local_criterion(
        actor=cast.hr_officer,
        institution=cast.institution,
        number=1,
        label="Data tersimpan di server pemerintah",
        question="Apakah datanya tersimpan di server pemerintah?",
        at=NOON,
    )


def add_document(cast: Cast) -> object:
    file = ContentFile(b"%PDF-1.7 naskah", "se.pdf")
    return documents.add_document(
        actor=cast.hr_officer, institution=cast.institution, name="SE 5/2025", file=file, at=NOON
    )


def instrument_values(**other: object) -> instruments.InstrumentValues:
    """A circular of the mayor for the whole institution, without an end."""
    values: dict[str, object] = {
        "title": "Surat Edaran Wali Kota Nomor 5 Tahun 2025",
        "number": "100.3.4/5/2025",
        "issued_on": date(2025, 6, 25),
        "issuer": "Wali Kota Contoh",
        "subject": "Pelaksanaan Fleksibilitas Kerja",
        "periods": (Span(DAY),),
        "reach": instruments.Reach(),
    }
    return instruments.InstrumentValues(**(values | other))  # type: ignore[arg-type]


def record_instrument(cast: Cast) -> object:
    return instruments.record_instrument(
        actor=cast.hr_officer, institution=cast.institution, values=instrument_values(), at=NOON
    )


def recorded(cast: Cast) -> Instrument:
    """An instrument written without an act, published like any."""
    kept = Instrument.objects.filter(code="se-1").first()
    if kept:
        return kept
    row = Instrument.objects.create(
        code="se-1",
        owner=cast.institution,
        title="SE 1",
        subject="x",
        issuer="x",
        layer=50,
        implementing=True,
        number="1",
        issued_on=DAY,
        known_from=NOON,
    )
    row.periods.create(starts_on=DAY, ends_on=date(2025, 12, 31), basis="SE 1", known_from=NOON)
    row.published_at = NOON
    row.save(update_fields=["published_at"])
    return row


def extend_instrument(cast: Cast) -> object:
    return instruments.extend_instrument(
        actor=cast.hr_officer,
        instrument=recorded(cast),
        period=Span(date(2026, 1, 1), date(2026, 6, 30)),
        basis="SE 2",
        at=NOON,
    )


def end_instrument(cast: Cast) -> object:
    return instruments.end_instrument(
        actor=cast.hr_officer, instrument=recorded(cast), ends_from_day=date(2025, 10, 1), basis="SE 3", at=NOON
    )


def annul_instrument(cast: Cast) -> object:
    return instruments.annul_instrument(
        actor=cast.hr_officer, instrument=recorded(cast), reason="Nomor keliru", at=NOON
    )


ACTS = {
    "eligibility.actions.institution.set_setting": set_setting,
    "agencies.actions.places.record_policy_stage": record_policy_stage,
    "agencies.actions.places.add_workplace": add_workplace,
    "agencies.actions.places.correct_workplace": correct_workplace,
    "agencies.actions.places.close_workplace": close_workplace,
    "agencies.actions.places.name_local_criterion": name_local_criterion,
    "agencies.actions.documents.add_document": add_document,
    "eligibility.actions.instruments.record_instrument": record_instrument,
    "eligibility.actions.instruments.extend_instrument": extend_instrument,
    "eligibility.actions.instruments.end_instrument": end_instrument,
    "eligibility.actions.instruments.annul_instrument": annul_instrument,
}
