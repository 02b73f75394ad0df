"""A condition may say whose approval it asks for; rulebooks in which none does are as they always were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from agencies.facts import Level
from eligibility.actions.law import RulesRefused, load_rules
from eligibility.loading import rulebook
from eligibility.models import RuleVersion
from eligibility.rulebook import Attach, Citation, ConditionKind, Mode, Rule, Rulebook, plain
from eligibility.rulebook_text import read_rulebook
from eligibility.seeds import seed_files
from tests.eligibility.determined import KNOWN, ON
from tests.eligibility.test_gathering import circular, share
from tests.judged_city import JudgedCity


def attaching(approver: str = "") -> Rulebook:
    effect = Attach(ConditionKind.APPROVER_ROLE, "Persetujuan Sekda.", approver)
    citation = Citation(1, "SE", "SE Kota Contoh", "Angka 1", 50)
    return Rulebook((Rule("IZIN", 1, "Izin", Level.POSITION, frozenset({Mode.HOME}), effect, citation),))


def test_a_condition_that_names_nobody_is_written_as_before_conditions_could() -> None:
    book = attaching()
    assert plain(book.rules[0].effect) == {"": "Attach", "kind": "approver_role", "text": "Persetujuan Sekda."}
    first = replace(book, format=1)
    assert first.fingerprint == "86a51c8656480b6b8b980214bd0e1a155f004c21da414afc3321d61e73a2aaf7"
    named = attaching("sekda")
    assert named.fingerprint != book.fingerprint
    for one in (book, named, first):
        again = read_rulebook(one.canonical_json, one.format)
        assert again == one
        assert again.fingerprint == one.fingerprint


def condition(code: str, **parts: str) -> dict[str, object]:
    told = {"kind": "approver_role", "text": "Persetujuan Sekda.", **parts}
    rule = share(code, "agency", effect="attach", condition=told)
    del rule["versions"][0]["limit"]
    return rule


def test_an_approver_is_read_stored_and_judged_and_only_a_role_has_one(city: JudgedCity, tmp_path: Path) -> None:
    for wrong, sentence in (
        (condition("IZIN", approver="camat"), "“camat” is not possible for “approver”"),
        (condition("IZIN", kind="report", approver="sekda"), "Only a condition of kind approver role"),
    ):
        with translation.override("en"), pytest.raises(RulesRefused, match=sentence):
            circular(tmp_path, wrong)
    circular(tmp_path, condition("IZIN", approver="sekda"), condition("TANPA-NAMA"))
    rules = rulebook(city.cast.institution, ON, KNOWN).by_code
    assert rules["IZIN"].effect == Attach(ConditionKind.APPROVER_ROLE, "Persetujuan Sekda.", "sekda")
    assert rules["TANPA-NAMA"].effect == Attach(ConditionKind.APPROVER_ROLE, "Persetujuan Sekda.")
    before = RuleVersion.objects.count()
    circular(tmp_path, condition("IZIN", approver="sekda"), condition("TANPA-NAMA"))
    assert RuleVersion.objects.count() == before, "the same again changes nothing"
    with pytest.raises(RulesRefused, match="condition_approver"):
        circular(tmp_path, condition("IZIN", approver="head_of_region"), condition("TANPA-NAMA"))
    load_rules(actor=None, files=seed_files())
