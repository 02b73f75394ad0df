"""The home page: each role sees first what matters to it, in its own institution."""

from __future__ import annotations

from datetime import date

from django.test import Client
from pytest_django import Settings

from agencies.clock import today
from agencies.models import Institution, Role, User
from tests.base import Cast
from tests.factories import GrantFactory, InstitutionFactory
from tests.judged_city import JudgedCity


def home(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(f"/?per=2025-07-01{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_role_is_led_to_its_own(client: Client, city: JudgedCity) -> None:
    officer = home(client, city.cast.hr_officer)
    assert "Dari 5 jabatan:" in officer
    assert "Yang paling banyak memerlukan jawaban" in officer
    head = home(client, city.cast.agency_head)
    assert "Dari 4 jabatan:" in head
    assert "Buka jabatan pada Dinas Komunikasi" in head
    assert "Perangkat daerah saya" in head
    rules = home(client, city.cast.rules_administrator)
    assert "0 di antaranya sudah dicocokkan dengan naskah resmi" in rules
    system = home(client, city.cast.system_administrator)
    assert "Akun yang mempunyai peran hari ini" in system
    for page in (officer, head, rules, system, home(client, city.cast.inspector), home(client, city.cast.employee)):
        assert "Belum boleh disetujui." in page


def test_a_user_of_two_institutions_goes_from_one_to_the_other(client: Client, city: JudgedCity) -> None:
    GrantFactory.create(
        user=city.cast.hr_officer, role=Role.INSPECTOR, institution=InstitutionFactory.create(code="z", name="Z")
    )
    assert "<h1>Kota Contoh</h1>" in home(client, city.cast.hr_officer)
    assert "<h1>Z</h1>" in home(client, city.cast.hr_officer, "&instansi=z")


def test_the_national_rules_have_a_home_without_a_map(client: Client, city: JudgedCity) -> None:
    nasional = Institution.objects.get(code="nasional")
    GrantFactory.create(user=city.cast.outsider, role=Role.RULES_ADMINISTRATOR, institution=nasional)
    page = home(client, city.cast.outsider, "&instansi=nasional")
    assert "aturan berlaku" in page
    assert "/nasional/peta/" not in page


def test_a_demonstration_has_a_today_of_its_own(cast: Cast, settings: Settings) -> None:
    settings.DEMO = True
    assert today(Institution(code="kota-malang")) == date(2025, 7, 1)
    assert today(Institution(code="kota-semarang")) == date(2025, 7, 3)
    assert today(Institution(code="kota-lain")) == settings.DEMO_TODAY
    settings.DEMO = False
    assert today(cast.institution) > date(2025, 12, 1)
