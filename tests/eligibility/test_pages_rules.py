"""The rules in force on a day, under their instruments, and what the institution has set."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.test import Client
from django.utils import timezone

from eligibility.models import InstitutionSetting, Provision, ProvisionVerification
from tests.judged_city import JudgedCity


def shown(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_rules_stand_under_their_instrument_with_citation_and_state(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    page = shown(client, city.url("aturan/"))
    assert 'id="PERMEN4-13-1"' in page
    assert "Pasal 13 ayat (1) PermenPANRB 4/2025" in page
    assert "belum dicocokkan dengan naskah resmi" in page
    assert "berlaku sejak 21 April 2025" in page
    assert "diperiksa sebelum persetujuan" in page


def test_another_day_has_other_rules(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    page = shown(client, city.url("aturan/", "2024-04-16"))
    assert "SE MenPANRB 1/2024" in page
    assert "PermenPANRB 4/2025" not in page
    assert "berlaku 16 April 2024 sampai dengan 17 April 2024" in page


def test_a_verification_is_shown_from_then_on(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    provision = Provision.objects.get(reference="Pasal 13 ayat (1)")
    ProvisionVerification.objects.create(
        provision=provision, verified_by=city.cast.rules_administrator, verified_at=timezone.now()
    )
    assert "sudah dicocokkan dengan naskah resmi" in shown(client, city.url("aturan/"))


def test_a_setting_is_the_default_until_the_institution_sets_it(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    assert "nilai bawaan portal, belum ditetapkan instansi" in shown(client, city.url("aturan/"))
    InstitutionSetting.objects.create(
        institution=city.cast.institution,
        name="new_employee_months",
        value=6,
        valid_from=date(2025, 6, 1),
        source="Keputusan Contoh 1/2025",
        known_from=datetime(2025, 6, 1, tzinfo=UTC),
    )
    page = shown(client, city.url("aturan/"))
    assert "6 bulan" in page
    assert "Keputusan Contoh 1/2025, 1 Juni 2025" in page
    assert "Keputusan Contoh" not in shown(client, city.url("aturan/", "2025-05-31"))
