"""A position's answer card: the answer, every reason with fact, source and provision, questions, changes and gates."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client

from agencies.models import Position
from tests.factories import PositionFactory
from tests.judged_city import JudgedCity


def card(client: Client, city: JudgedCity, position: Position, day: str = "2025-07-01") -> str:
    """The page as running text."""
    answer = client.get(city.url(f"jabatan/{position.pk}/", day))
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_refusal_names_the_fact_its_source_and_date_and_the_provision(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    text = card(client, city, city.refused)
    assert "Di kantor lain, Di rumah: Tidak dapat" in text
    assert "Interaksi tatap muka: Terus-menerus – Anjab Dinkes, 2 Januari 2025 (diimpor)" in text
    assert "Pasal 23 PermenPANRB 4/2025 belum dicocokkan dengan naskah resmi" in text
    assert "Apa yang mengubahnya" in text
    assert "“Interaksi tatap muka” menjadi Tidak ada sama sekali atau Minimal" in text


def test_an_auditor_may_write_at_home_and_must_be_in_the_field_for_the_audit(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    text = card(client, city, city.conditional)
    assert "Dapat dikerjakan dengan cara ini: Menulis laporan." in text
    assert "Tidak dapat dikerjakan dengan cara ini: Audit lapangan." in text
    assert "mengisi 3 hari kerja seminggu. Dari jumlah itu paling banyak 2 hari seminggu" in text


def test_an_unknown_fact_is_asked_for_by_its_question(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    text = card(client, city, city.asked)
    assert "Sekurang-kurangnya “Tidak dapat”, setinggi-tingginya “Dapat”." in text
    assert "Pertanyaan yang perlu dijawab Dapatkah tugas ini dilaksanakan dengan teknologi" in text


def test_gates_stand_apart_and_those_of_the_person_are_left_to_check(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    text = card(client, city, city.eligible)
    assert "Di rumah Dapat" in text
    before, gates = text.split("Sebelum persetujuan", 1)
    assert "Pasal 8 Perpres 21/2023" in gates
    assert "Pasal 8 Perpres 21/2023" not in before
    assert "Diperiksa pada pegawai" in gates
    assert "Pasal 25 ayat (1) huruf a PermenPANRB 4/2025" in gates
    assert "Hanya menyangkut: Di rumah" in gates, "the recorded residence is a matter of home alone"


def test_before_the_regulation_nobody_may_and_nothing_cites_it(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    text = card(client, city, city.eligible, "2025-04-20")
    assert "PermenPANRB 4/2025" not in text
    assert "Tidak dapat" in text
    assert "Tidak dapat diubah oleh siapa pun" in text


def test_a_position_without_tasks_says_that_nothing_can_be_judged(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    bare = PositionFactory.create(agency=city.cast.agency)
    assert "Belum tercatat uraian tugas jabatan ini, sehingga belum dapat dinilai." in card(client, city, bare)


def test_the_card_speaks_english_too(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    client.cookies["django_language"] = "en"
    text = card(client, city, city.eligible)
    assert "Result of the system's assessment, not a decision" in text
    assert "not yet compared with the official text" in text
    assert "as of 1 July 2025" in text
