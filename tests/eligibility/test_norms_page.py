"""The norms that speak to an agency or to one of its units on a day, and when they next change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from agencies.models import Unit
from eligibility.models import (
    Criterion,
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    Rule,
    RuleRepeal,
    RuleVersion,
)
from tests.eligibility.test_loading import publish
from tests.eligibility.test_pages_rules import shown
from tests.eligibility.test_rule_page import SPRING, next_version
from tests.exported import from_csv
from tests.factories import UnitFactory
from tests.judged_city import JudgedCity

TITLE = "Bidang Statistik bekerja di kantor"
NEXT = "Hari berikutnya ada perubahan di sini:"


@pytest.fixture
def unit(city: JudgedCity) -> Unit:
    """A unit of the cast's agency."""
    return UnitFactory.create(agency=city.cast.agency, code="statistik", name="Bidang Statistik")


def circular_for(city: JudgedCity, *scopes: dict[str, Any]) -> Instrument:
    """A circular of the city from 1 June to 31 August that closes work at home to those whom the lines name."""
    place = city.cast.institution
    made = Instrument.objects.create(code="se-7", owner=place, title="SE Contoh 7", layer=50, known_from=SPRING)
    InstrumentPeriod.objects.create(
        instrument=made, starts_on=date(2025, 6, 1), ends_on=date(2025, 8, 31), basis="terbit", known_from=SPRING
    )
    for scope in scopes:
        InstrumentScope.objects.create(instrument=made, institution_code=place.code, **scope)
    publish(made, "SE7", title=TITLE, known_from=SPRING)
    return made


@pytest.fixture
def circular(city: JudgedCity, unit: Unit) -> Instrument:
    """One for this unit alone."""
    return circular_for(city, {"agency_code": city.cast.agency.code, "unit_code": unit.code})


def norms(client: Client, city: JudgedCity, query: str = "", day: str = "2025-07-01") -> str:
    return shown(client, city.url(f"opd/{city.cast.agency.code}/norma/?{query}", day))


def standing(page: str, title: str) -> str:
    """How the norm stands, as its line begins."""
    return page.split("</table>")[1].split(f">{title}</a>")[0].rsplit("<strong>", 1)[1].split("</strong>")[0]


def next_change(page: str) -> str:
    return " ".join(page.split(NEXT)[1].split("</p>")[0].split())


def test_the_page_of_an_agency_names_the_norms_and_their_days(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    page = norms(client, city)
    assert 'id="shift"' in page
    assert "Belum boleh disetujui." in page, "open by the norms is not yet approved"
    assert "Pasal 13 ayat (1) PermenPANRB 4/2025" in page
    assert "SE MenPANRB 1/2024" in page
    assert "16 April 2024" in page
    assert standing(page, "Tugas memenuhi kriteria fleksibel secara lokasi") == "berlaku bersama yang lain"
    client.force_login(city.cast.outsider)
    assert client.get(city.url(f"opd/{city.cast.agency.code}/norma/")).status_code == 404


def test_a_norm_of_one_unit_holds_there_and_the_whole_agency_is_told_of_it(
    client: Client, city: JudgedCity, unit: Unit, circular: Instrument
) -> None:
    UnitFactory.create(agency=city.cast.agency, code="umum", name="Subbagian Umum")
    client.force_login(city.cast.employee)
    whole = norms(client, city)
    assert standing(whole, TITLE).startswith("hanya menjangkau sebagian unit kerja")
    own = norms(client, city, "unit=statistik")
    assert standing(own, TITLE) == "menutup bentuk ini"
    assert f"<strong>Tertutup:</strong> {TITLE}" in own
    assert standing(norms(client, city, "unit=umum"), TITLE).startswith("di luar jangkauan")
    assert TITLE not in norms(client, city, "unit=statistik", "2025-09-01").split("Tidak berlaku pada hari ini")[0]
    wrong = norms(client, city, "unit=tiada")
    assert 'id="id_unit-error">Tidak ada unit kerja perangkat daerah ini yang berkode “tiada”' in wrong
    assert standing(wrong, TITLE).startswith("hanya menjangkau")


def test_the_table_taken_away_is_that_of_the_unit_on_the_day_as_known(
    client: Client, city: JudgedCity, unit: Unit, circular: Instrument
) -> None:
    client.force_login(city.cast.employee)

    def taken(query: str) -> dict[str, str]:
        read = from_csv(client.get(city.url(f"opd/{city.cast.agency.code}/norma/?{query}&unduh=csv")))
        told.update(read.told)
        return dict(zip(read.column("Kode aturan"), read.column("Kedudukan"), strict=True))

    told: dict[str, str] = {}
    assert taken("unit=statistik&diketahui=2025-04-30")["SE7"] == "menutup bentuk ini"
    assert told["Unit kerja"] == unit.name
    assert told["Aturan yang diketahui sampai"] == "30 April 2025"
    told.clear()
    assert taken("")["SE7"].startswith("hanya menjangkau sebagian")
    assert "Unit kerja" not in told
    assert "SE7" not in taken("unit=statistik&diketahui=2025-02-28")


def test_a_limit_that_is_set_aside_limits_nothing_and_what_decides_stands_first(
    client: Client, city: JudgedCity
) -> None:
    client.force_login(city.cast.employee)
    page = norms(client, city, day="2026-03-25")
    short = page.split("</thead>")[1].split("</table>")[0]
    assert "Paling banyak 2 hari kerja" not in short
    assert 'data-label="Batas">tidak ada</td>' in short
    assert "<h3>Batas yang tidak berlaku di sini</h3>" in page
    friday = norms(client, city, day="2026-04-10").split('id="home"')[1].split("</section>")[0]
    found = [line.split("</strong>")[0] for line in friday.split("<strong>")[1:]]
    deciding = ("mengikat", "menutup", "berlaku bersama", "mungkin")
    for part in friday.split("<ul>")[1:]:
        stood = [line.split("</strong>")[0].startswith(deciding) for line in part.split("<strong>")[1:]]
        assert stood == sorted(stood, reverse=True), found


def test_the_next_change_is_the_first_of_instruments_versions_repeals_and_settings(
    client: Client, city: JudgedCity, circular: Instrument
) -> None:
    client.force_login(city.cast.employee)
    assert "1 September 2025" in next_change(norms(client, city))
    assert "SE Contoh 7 tidak berlaku lagi" in next_change(norms(client, city, "unit=statistik"))
    elsewhere = shown(client, city.url(f"opd/{city.cast.agency.code}/norma/?diketahui=2025-02-28"))
    assert "1 September 2025" not in elsewhere, "what was not known yet"
    InstitutionSetting.objects.create(
        institution=city.cast.institution, name="new_employee_months", value=6, valid_from=date(2025, 8, 20),
        source="Contoh", known_from=SPRING,
    )  # fmt: skip
    assert "20 Agustus 2025</a> (pengaturan “" in next_change(norms(client, city))
    assert "6 bulan" in next_change(norms(client, city))
    next_version("Kalimat baru", date(2025, 8, 10))
    assert "10 Agustus 2025</a> (versi baru aturan “Kalimat baru”)" in next_change(norms(client, city))
    RuleRepeal.objects.create(
        rule=circular.provisions.get().rule_versions.get().rule,
        effective_from=date(2025, 8, 5), basis="Contoh", known_from=SPRING,
    )  # fmt: skip
    assert f"5 Agustus 2025</a> (aturan “{TITLE}” dicabut)" in next_change(norms(client, city))
    assert "10 Agustus 2025" in next_change(norms(client, city, day="2025-08-05"))
    assert "20 Agustus 2025" in next_change(norms(client, city, day="2025-08-10"))


def test_a_criterion_of_the_institution_itself_bears_its_name(
    client: Client, city: JudgedCity, circular: Instrument
) -> None:
    city.cast.institution.local_criteria.create(number=1, label="Data hanya di server kantor", question="Apakah?")
    made = RuleVersion.objects.create(
        rule=Rule.objects.create(code="LOKAL", owner=city.cast.institution),
        provision=circular.provisions.get(),
        number=1,
        title="Data dijaga",
        subject="task",
        effect="require",
        home=True,
        effective_from=date(2025, 6, 1),
        known_from=SPRING,
    )
    Criterion.objects.create(version=made, part="requires", fact="task.local_1", operator="is", operands=[False])
    RuleVersion.objects.filter(pk=made.pk).update(published_at=SPRING)
    client.force_login(city.cast.employee)
    page = norms(client, city, "unit=statistik")
    line = page.split(">Data dijaga</a>")[-1].split("</li>")[0]
    assert "Data hanya di server kantor: tidak" in line


def test_whom_an_instrument_reaches_is_said_by_names(client: Client, city: JudgedCity, unit: Unit) -> None:
    place, agency, other = city.cast.institution, city.cast.agency, city.cast.other_agency
    made = circular_for(
        city,
        {"agency_kind": "dinas"},
        {"agency_code": other.code, "with_subtree": True},
        {"agency_code": agency.code, "unit_code": unit.code},
        {"agency_code": "ditutup"},
    )
    client.force_login(city.cast.rules_administrator)
    read = shown(client, f"/admin/eligibility/instrument/{made.pk}/change/")
    lines = read.split("Cakupan</h2>")[1].split("</section>")[0]
    rules = shown(client, city.url("aturan/")).split('id="se-7"')[1].split("</section>")[0]
    below = f"{other.name} beserta unit organisasi di bawahnya"
    for part in ("Dinas", below, f"{agency.name}: Bidang Statistik", "ditutup"):
        assert f"<li>{place.name}: {part}</li>" in lines
        assert part in rules
