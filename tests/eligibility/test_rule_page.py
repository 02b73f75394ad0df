"""One rule with its versions, what it lifts, and the days its instrument is in force."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.test import Client

from eligibility.models import (
    Criterion,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    RuleLift,
    RuleRepeal,
    RuleVersion,
)
from tests.eligibility.test_pages_rules import shown
from tests.judged_city import JudgedCity

CODE = "PERMEN4-13-1"
SPRING = datetime(2025, 3, 1, tzinfo=UTC)
AUTUMN = datetime(2025, 10, 1, tzinfo=UTC)


def next_version(title: str, effective_from: date) -> RuleVersion:
    """A second version that differs in its sentence alone."""
    row = RuleVersion.objects.get(rule__code=CODE)
    parts: list[Criterion | LimitTerm] = [*row.criteria.all(), *LimitTerm.objects.filter(version=row)]
    row.pk, row.number, row.title, row.effective_from, row.published_at = None, 2, title, effective_from, None
    row._state.adding = True
    row.save()
    for part in parts:
        part.pk, part.version = None, row
        part._state.adding = True
        part.save()
    RuleVersion.objects.filter(pk=row.pk).update(published_at=datetime(2025, 6, 1, tzinfo=UTC))
    return row


def test_a_rule_shows_its_sentence_its_citation_and_what_each_version_changed(client: Client, city: JudgedCity) -> None:
    first = RuleVersion.objects.get(rule__code=CODE)
    next_version("Kalimat baru dari aturan ini", date(2025, 9, 1))
    client.force_login(city.cast.employee)
    before = shown(client, city.url(f"aturan/{CODE}/", "2025-08-31"))
    assert f"<h1>{first.title}</h1>" in before
    assert "Pasal 13 ayat (1) PermenPANRB 4/2025" in before
    assert "belum berlaku" in before
    after = shown(client, city.url(f"aturan/{CODE}/", "2025-09-01"))
    assert "<h1>Kalimat baru dari aturan ini</h1>" in after
    assert f"<del>{first.title}</del>" in after
    assert "<ins>Kalimat baru dari aturan ini</ins>" in after
    assert "sampai 31 Agustus 2025" in after
    assert "digantikan" in after


def test_a_repealed_rule_keeps_its_page_and_says_so(client: Client, city: JudgedCity) -> None:
    rule = RuleVersion.objects.get(rule__code=CODE).rule
    RuleRepeal.objects.create(rule=rule, effective_from=date(2025, 8, 1), basis="Contoh 3/2025", known_from=SPRING)
    client.force_login(city.cast.employee)
    assert "dicabut" not in shown(client, city.url(f"aturan/{CODE}/", "2025-07-31")).split("<h2>")[0]
    page = shown(client, city.url(f"aturan/{CODE}/", "2025-08-01"))
    assert "dicabut" in page.split("<h2>")[0]
    assert "Dicabut mulai 1 Agustus 2025. Dasar: Contoh 3/2025." in page


def test_a_lift_and_the_rule_it_sets_aside_point_at_each_other(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    pages = 0
    for lift in RuleLift.objects.select_related("version__rule", "lifted"):
        own, other = lift.version.rule.code, lift.lifted.code
        answer = client.get(city.url(f"aturan/{own}/"))
        if answer.status_code == 200 and f"/aturan/{other}/" in answer.content.decode():
            assert f"/aturan/{own}/" in shown(client, city.url(f"aturan/{other}/"))
            pages += 1
    assert pages


def test_a_rule_that_does_not_reach_the_institution_looks_like_none(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    assert client.get(city.url("aturan/TIDAK-ADA/")).status_code == 404
    url = city.url(f"aturan/{CODE}/")
    assert client.get(url).status_code == 200
    foreign = InstrumentScope.objects.exclude(institution_code="").exclude(institution_code=city.cast.institution.code)
    codes = RuleVersion.objects.filter(provision__instrument__scopes__in=foreign).values_list("rule__code", flat=True)
    assert codes
    assert {client.get(city.url(f"aturan/{code}/")).status_code for code in codes} == {404}
    client.force_login(city.cast.outsider)
    assert client.get(url).status_code == 404


def test_the_period_shown_is_cut_by_an_end_from_the_day_it_was_known(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.employee)
    instrument = Instrument.objects.get(provisions__rule_versions__rule__code=CODE)
    InstrumentPeriod.objects.create(
        instrument=instrument, kind="ends", starts_on=date(2026, 1, 1), basis="Contoh", known_from=AUTUMN
    )
    InstrumentPeriod.objects.create(
        instrument=instrument, starts_on=date(2025, 6, 1), basis="Contoh", known_from=AUTUMN
    )
    ended = shown(client, city.url("aturan/?diketahui=2025-11-01", "2025-05-31"))
    assert "berlaku 21 April 2025 sampai dengan 31 Desember 2025" in ended
    unknown_yet = shown(client, city.url("aturan/?diketahui=2025-07-01"))
    assert "berlaku sejak 21 April 2025" in unknown_yet
    assert "1 Juni 2025" not in unknown_yet
