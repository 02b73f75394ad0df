"""The seeded law is whole: every rule cites a provision and is decided by a case, and nothing open is asserted."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agencies.models import Institution, Position, TaskProfile
from eligibility.fact_columns import check_fact_columns, has_column
from eligibility.facts import FACTS
from eligibility.loading import rulebook
from eligibility.models import RuleVersion
from eligibility.seeds import read_seeds, seed_files
from tests.eligibility.law import NOW, SeededLaw, law_cases

pytestmark = pytest.mark.usefixtures("loaded_law", "db")
TEXTS, FAULTS = read_seeds(seed_files())
CODES = sorted(rule.code for text in TEXTS for rule in text.rules)


def test_the_seed_files_are_read_without_fault() -> None:
    assert FAULTS == []
    assert len(TEXTS) == len(seed_files()) == 12


def test_every_stored_rule_is_published_and_cites_a_provision_of_its_instrument() -> None:
    stored = RuleVersion.objects.published().select_related("rule", "provision__instrument")
    assert sorted(version.rule.code for version in stored) == CODES
    for version in stored:
        assert version.provision.reference
        assert str(version.provision.instrument.owner) == str(version.rule.owner)


@pytest.mark.parametrize("code", CODES)
def test_every_rule_decides_a_case_and_leaves_one_undecided(code: str, law: SeededLaw) -> None:
    deciding = [case for case in law_cases() if code in case.deciding]
    silent = [case for case in law_cases() if code not in case.deciding]
    assert deciding, f"write a case that {code} decides"
    modes = {case.mode for case in deciding}
    institutions = {case.institution for case in deciding}
    near = [case for case in silent if case.institution in institutions]
    # Its mode on another day or of another job; a rule that always speaks to its modes, in another mode.
    assert any(case.mode in modes or code in law.of(case).by_code for case in near), (
        f"write a case that {code} could decide and does not"
    )


def test_cases_name_only_seeded_rules() -> None:
    named = {code for case in law_cases() for codes in case.expected.values() for code in codes}
    assert named <= set(CODES)


def test_every_day_on_which_the_law_changes_has_a_case_on_it_and_on_the_day_before() -> None:
    first = {period.starts_on for text in TEXTS for period in text.periods if text.rules}
    days = {case.on for case in law_cases()}
    missing = {day for day in first if day not in days}
    # The extension of a circular that runs on changes nothing on its own day.
    assert missing == {date(2026, 5, 21)}
    before = {date.fromordinal(day.toordinal() - 1) for day in first} - days
    # Before the oldest instrument the portal knows no law and is not asked.
    assert before == {date(2023, 4, 11), date(2026, 5, 20)}


@pytest.mark.parametrize("day", ["2024-04-16", "2025-03-24", "2025-04-20"])
def test_nothing_cites_permenpanrb_4_2025_before_its_first_day(day: str) -> None:
    for institution in Institution.objects.all():
        before = rulebook(institution, date.fromisoformat(day), NOW)
        assert "PERMENPANRB-4-2025" not in {rule.citation.instrument for rule in before.rules}
        first = rulebook(institution, date(2025, 4, 21), NOW)
        assert "PERMENPANRB-4-2025" in {rule.citation.instrument for rule in first.rules}


def test_nobody_knew_of_it_before_it_was_promulgated() -> None:
    city = Institution.objects.get(code="kota-malang")
    on = date(2025, 7, 1)
    unknown = rulebook(city, on, datetime(2025, 4, 20, 16, 59, tzinfo=UTC))
    known = rulebook(city, on, datetime(2025, 4, 20, 17, 0, tzinfo=UTC))
    assert "PERMEN4-11" not in unknown.by_code
    assert "PERMEN4-11" in known.by_code


def test_a_pasal_stands_on_nothing_open_and_an_inferred_number_says_so() -> None:
    for text in TEXTS:
        for provision in text.provisions:
            if provision.mark in ("open", "internal") or text.layer >= 30:
                assert "Pasal" not in provision.reference, (text.code, provision.reference)
            if text.code == "PERMENPANRB-4-2025" and provision.reference in ("Pasal 23", "Pasal 24"):
                assert "Nomor pasal disimpulkan" in provision.open_note


def test_lifts_of_a_higher_norm_name_what_enables_them() -> None:
    city = Institution.objects.get(code="kota-malang")
    lifts = [
        rule.effect
        for day in (date(2024, 4, 16), date(2025, 3, 24), date(2026, 3, 16))
        for rule in rulebook(city, day, NOW).rules
        if rule.code in ("SE1-2024-SUPPORT", "SE2-2025", "SE2-2026", "PERMEN4-11")
    ]
    assert len(lifts) == 4
    assert all("Perpres 21/2023" in getattr(lift, "enabled_by", "") for lift in lifts)


def test_local_norms_reach_their_own_institution_and_circulars_of_mendagri_only_local_government() -> None:
    ministry = Institution.objects.create(code="kementerian-contoh", name="Kementerian Contoh", kind="ministry")
    malang = Institution.objects.get(code="kota-malang")
    semarang = Institution.objects.get(code="kota-semarang")
    april, friday = date(2024, 4, 16), date(2026, 4, 3)
    assert "MALANG-2024-RECALL" in rulebook(malang, april, NOW).by_code
    assert "MALANG-2024-RECALL" not in rulebook(semarang, april, NOW).by_code
    assert "MENDAGRI-3349-FRIDAY" in rulebook(semarang, friday, NOW).by_code
    assert "MENDAGRI-3349-FRIDAY" not in rulebook(ministry, friday, NOW).by_code


def test_every_fact_has_its_column_and_a_missing_or_narrow_one_is_noticed() -> None:
    assert check_fact_columns() == []
    assert has_column(TaskProfile, FACTS["task.exposure"])
    assert not has_column(Position, FACTS["task.exposure"])
    assert not has_column(TaskProfile, FACTS["unit.kind"])
