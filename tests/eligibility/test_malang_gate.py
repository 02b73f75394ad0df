"""Malang on 1 July 2025: nothing is approved before the Mayor's instrument is recorded; then the same request is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from django.test import Client
from pytest_django import Settings

from agencies.models import Institution, Position, Role, User
from eligibility.actions.arrangements import save_request, submit_request
from eligibility.actions.instruments import InstrumentValues, Reach, record_instrument
from eligibility.arrangements import letter_files
from eligibility.arrangements.letters import read_letter
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.models import Approval, Arrangement, Attestation, Letter
from eligibility.pages.annexes import in_indonesian
from eligibility.periods import Span
from eligibility.rulebook import Mode
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests import pdf_text
from tests.arranged_city import holder, link
from tests.base import person
from tests.eligibility.determined import determine
from tests.factories import AgencyFactory, PositionFactory, TaskFactory
from tests.judged_city import SUITS_HOME, JudgedCity

TODAY: Final = date(2025, 7, 1)
AT: Final = datetime(2025, 7, 1, 6, tzinfo=UTC)
NUMBER: Final = "100.3.3.3/77/35.73/2025"
CLOSED: Final = (
    "Belum boleh disetujui. Belum tercatat dasar pelaksanaan dari Wali Kota per 1 Juli 2025. "
    "Berdasarkan data portal, bukan pernyataan resmi."
)


@pytest.fixture
def malang(city: JudgedCity, settings: Settings) -> JudgedCity:
    """The law as seeded, which knows Malang, with an agency and accounts there, on the day the city is shown."""
    settings.DEMO = True
    place = Institution.objects.get(code="kota-malang")
    agency = AgencyFactory.create(institution=place, code="Diskominfo", name="Dinas Komunikasi", sector="information")
    officer = person("hr_malang", Role.HR_OFFICER, place)
    head = person("head_malang", Role.AGENCY_HEAD, place, agency)
    employee = person("employee_malang", Role.EMPLOYEE, place, agency)
    cast = replace(city.cast, institution=place, agency=agency, hr_officer=officer, agency_head=head, employee=employee)
    return replace(city, cast=cast)


def staffed(city: JudgedCity) -> Arrangement:
    """Somebody asks her head, who leads the agency, for two days at home; her Penetapan is in force."""
    cast = city.cast
    programmer, office = job(city, "Pranata Komputer Ahli Muda"), job(city, "Kepala Dinas Komunikasi", leads="agency")
    determine(city)
    link(cast.employee, holder(programmer, "Nita Pemohon"))
    link(cast.agency_head, holder(office, "Bayu Kepala"))
    plan = Plan(
        mode=Mode.HOME,
        weekdays=("tuesday", "wednesday"),
        starts_on=date(2025, 7, 7),
        ends_on=date(2025, 8, 29),
        outputs=(OutputLine("Modul layanan", "2 modul", "Aplikasi layanan tersedia"),),
        attestations=tuple(Attestation.values),
        residence_confirmed=True,
    )
    assert cast.employee.employee is not None
    now: dict[str, Any] = {"actor": cast.employee, "on": TODAY, "at": AT}
    row = save_request(employee=cast.employee.employee, plan=plan, **now)
    return submit_request(arrangement=row, **now)


def job(city: JudgedCity, title: str, leads: str = "none") -> Position:
    """A position whose one task may be done at home."""
    category = "fungsional" if leads == "none" else "jpt_pratama"
    position = PositionFactory.create(
        agency=city.cast.agency, title=title, code=title, leads=leads, category=category, jenjang=""
    )
    TaskFactory.create(position=position, title=title, **SUITS_HOME)
    return position


def pressed(client: Client, user: User, url: str, **typed: Any) -> str:
    """The words of the page after the form was sent."""
    client.force_login(user)
    return " ".join(client.post(url, typed, follow=True).content.decode().split())


def recorded(city: JudgedCity) -> None:
    """The Mayor's instrument."""
    record_instrument(
        actor=city.cast.hr_officer,
        institution=city.cast.institution,
        values=InstrumentValues(
            title="Keputusan Wali Kota 77/2025 (data sintetis)",
            number=NUMBER,
            issued_on=TODAY,
            issuer="Wali Kota",
            subject="Pelaksanaan Fleksibilitas Kerja",
            periods=(Span(TODAY, date(2025, 12, 31)),),
            reach=Reach(),
        ),
        at=AT,
    )


def test_the_same_request_stops_without_an_instrument_and_passes_with_one_that_its_letter_cites(
    client: Client, malang: JudgedCity
) -> None:
    row, head = staffed(malang), malang.cast.agency_head
    page = f"/kota-malang/fleksibilitas/{row.pk}/"
    entries = TrailEntry.objects.count()
    assert CLOSED in pressed(client, head, f"{page}setujui/")
    row.refresh_from_db()
    assert (row.state, Approval.objects.count(), TrailEntry.objects.count()) == ("submitted", 0, entries)
    for user in (malang.cast.employee, head):
        client.force_login(user)
        told = " ".join(client.get(page).content.decode().split())
        assert CLOSED in told, "the list names the day of the refusal, not the first one asked for"
        assert "dari Wali Kota per 7 Juli 2025" not in told
    recorded(malang)
    assert CLOSED not in pressed(client, head, f"{page}setujui/")
    row.refresh_from_db()
    assert (row.state, row.norm.number if row.norm else "") == ("approved", NUMBER)
    pressed(client, head, f"{page}surat/", number="800/7", signed_on=TODAY, capacity="", signatory="")
    content = read_letter(Letter.objects.get().content)
    assert NUMBER in content.basis[0], "the implementing instrument stands first"
    printed = "".join("".join(part.split()) for part in pdf_text.pages(letter_files.pdf(content, in_indonesian)))
    assert NUMBER in printed
    assert verify_all(malang.cast.institution).is_whole
