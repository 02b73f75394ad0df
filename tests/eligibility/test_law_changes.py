"""The rules by question, and what changed in the law between two days."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.test import Client

from eligibility.explanations import word_rule
from eligibility.facts import FACTS
from eligibility.loading import rulebook
from eligibility.models import (
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    RuleRepeal,
    RuleVersion,
)
from tests.eligibility.test_pages_rules import shown
from tests.eligibility.test_rule_page import AUTUMN, CODE, next_version
from tests.exported import from_csv
from tests.judged_city import JudgedCity

PAGE = "perubahan-aturan/"


def section(page: str, title: str) -> str:
    """What stands under a heading, up to the next."""
    return page.split(f"<h2>{title}")[1].split("<h2>")[0]


def between(client: Client, city: JudgedCity, first: str, second: str) -> str:
    return shown(client, city.url(f"{PAGE}?dari={first}&sampai={second}"))


def test_every_rule_stands_under_each_question_it_reads(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    page = shown(client, city.url("aturan/?urut=pertanyaan"))
    groups = {part.split('"')[0]: part for part in page.split('<section aria-labelledby="')[1:]}
    book = rulebook(city.cast.institution, date(2025, 7, 1), datetime.now(UTC))
    for rule in book.rules:
        read = {criterion.fact for criterion in rule.criteria()} or {"tanpa-pertanyaan"}
        link = f"/aturan/{word_rule(rule, str).code}/?"
        assert {name for name, part in groups.items() if link in part} == read
    file = from_csv(client.get(city.url("aturan/?urut=pertanyaan&unduh=csv")))
    assert len(file.rows) == sum(max(1, len({c.fact for c in rule.criteria()})) for rule in book.rules)
    assert set(file.column("Kode aturan")) == {rule.code for rule in book.rules}
    assert [name for name in groups if name in FACTS] == [name for name in FACTS if name in groups]
    assert f"/opd/{city.cast.agency.code}/norma/" in groups["norma"]
    assert f"/opd/{city.below.code}/norma/" not in groups["norma"], "only the agencies in her sight"
    client.force_login(city.cast.outsider)
    assert client.get(city.url("aturan/?urut=pertanyaan")).status_code == 404


def test_a_new_version_a_repeal_and_a_setting_show_between_their_days_only(client: Client, city: JudgedCity) -> None:
    first = RuleVersion.objects.get(rule__code=CODE)
    next_version("Kalimat baru dari aturan ini", date(2025, 9, 1))
    gone = RuleVersion.objects.filter(provision=first.provision).exclude(rule__code=CODE).first()
    gone = gone or RuleVersion.objects.filter(provision__instrument=first.provision.instrument).first()
    assert gone
    RuleRepeal.objects.create(
        rule=gone.rule, effective_from=date(2025, 9, 2), basis="Contoh", known_from=datetime(2025, 8, 1, tzinfo=UTC)
    )
    InstitutionSetting.objects.create(
        institution=city.cast.institution,
        name="new_employee_months",
        value=6,
        valid_from=date(2025, 9, 3),
        source="Contoh",
        known_from=datetime(2025, 8, 1, tzinfo=UTC),
    )
    client.force_login(city.cast.employee)
    assert "Tidak ada yang berubah dari 1 Agustus 2025 sampai 31 Agustus 2025." in between(
        client, city, "2025-08-01", "2025-08-31"
    )
    page = between(client, city, "2025-08-31", "2025-09-03")
    changed = section(page, "Aturan yang berubah")
    assert f"<del>{first.title}</del>" in changed
    assert "<ins>Kalimat baru dari aturan ini</ins>" in changed
    assert gone.title in section(page, "Aturan yang tidak berlaku lagi")
    assert "<ins>6 bulan</ins>" in section(page, "Pengaturan instansi")
    sheet = client.get(city.url(f"{PAGE}?dari=2025-08-31&sampai=2025-09-03&unduh=csv"))
    told = b"".join(sheet.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Kalimat baru dari aturan ini" in told
    assert gone.title in told


def test_an_instrument_begins_is_extended_and_ends_on_its_days(client: Client, city: JudgedCity) -> None:
    instrument = Instrument.objects.get(provisions__rule_versions__rule__code=CODE)
    circular = Instrument.objects.create(
        code="se-contoh", owner=instrument.owner, title="SE Contoh 7", subject="x", issuer="x", layer=50,
        implementing=True, known_from=AUTUMN,
    )  # fmt: skip
    InstrumentScope.objects.create(instrument=circular, institution_code=city.cast.institution.code)
    for starts, ends in ((date(2025, 10, 1), date(2025, 10, 31)), (date(2025, 11, 1), date(2025, 11, 30))):
        InstrumentPeriod.objects.create(
            instrument=circular, starts_on=starts, ends_on=ends, basis="x", known_from=AUTUMN
        )
    client.force_login(city.cast.employee)
    begun = section(between(client, city, "2025-09-30", "2025-10-01"), "Dasar hukum dan pedoman")
    assert "1 Oktober 2025: SE Contoh 7 mulai berlaku" in begun
    assert "diperpanjang" not in begun
    extended = section(between(client, city, "2025-10-15", "2025-11-15"), "Dasar hukum dan pedoman")
    assert "1 November 2025: SE Contoh 7 diperpanjang" in extended
    assert "tidak berlaku lagi" not in extended
    assert "1 Desember 2025: SE Contoh 7 tidak berlaku lagi" in between(client, city, "2025-11-15", "2025-12-01")


def test_what_was_not_known_by_the_day_chosen_is_no_change(client: Client, city: JudgedCity) -> None:
    InstitutionSetting.objects.create(
        institution=city.cast.institution,
        name="new_employee_months",
        value=6,
        valid_from=date(2025, 9, 3),
        source="Contoh",
        known_from=datetime(2025, 8, 1, tzinfo=UTC),
    )
    client.force_login(city.cast.employee)
    days = f"{PAGE}?dari=2025-08-31&sampai=2025-09-03&diketahui="
    after = shown(client, city.url(f"{days}2025-08-02"))
    assert "<ins>6 bulan</ins>" in section(after, "Pengaturan instansi")
    assert "menurut yang diketahui sampai 2 Agustus 2025" in after
    assert "/pengaturan/new_employee_months/?per=2025-09-03&amp;diketahui=2025-08-02" in after
    before = shown(client, city.url(f"{days}2025-07-30"))
    assert "Tidak ada yang berubah dari 31 Agustus 2025 sampai 3 September 2025." in before
    told = from_csv(client.get(city.url(f"{days}2025-08-02&unduh=csv"))).told
    assert told["Aturan yang diketahui sampai"] == "2 Agustus 2025"
    broken = shown(client, city.url(f"{days}kapan-kapan"))
    assert 'id="id_diketahui-error"' in broken
    assert 'value="kapan-kapan"' in broken
    assert "Aturan baru" not in broken, "nothing is compared by another day than the one meant"


def test_the_days_compared_begin_with_the_day_of_the_page_one_comes_from(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    rules = shown(client, city.url("aturan/?diketahui=2025-06-30", "2025-08-15"))
    link = f"/{city.cast.institution.code}/{PAGE}?per=2025-08-15&diketahui=2025-06-30"
    assert link.replace("&", "&amp;") in rules
    page = shown(client, link)
    assert 'value="2024-08-15"' in page
    assert 'value="2025-08-15"' in page
    assert 'value="2025-06-30"' in page


def test_days_that_cannot_be_compared_are_said_at_their_field_and_kept(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    page = between(client, city, "2025-09-01", "2025-08-01")
    assert "mendahului tanggal awal perbandingan" in page.split('name="sampai"')[0].split('name="dari"')[1]
    assert 'value="2025-08-01"' in page
    assert "Aturan baru" not in page
    page = between(client, city, "kemarin", "2025-08-01")
    assert 'id="id_dari-error"' in page
    assert 'value="kemarin"' in page
    assert "Isilah tanggal akhir" in between(client, city, "2025-08-01", "")
    assert "Aturan baru" in shown(client, city.url(PAGE)) or "Tidak ada yang berubah" in shown(client, city.url(PAGE))
    client.force_login(city.cast.outsider)
    assert client.get(city.url(PAGE)).status_code == 404
