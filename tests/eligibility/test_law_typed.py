"""Circulars sent through the forms of the administration give the outcomes that their seeds give, day by day.

What is marked `once` sends every other circular through the same forms and acts as those that PostgreSQL takes, too.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from django.test import Client

from agencies.institutions_register import ensure_institutions
from agencies.models import Institution, Role
from eligibility.actions.law import load_rules
from eligibility.models import Instrument
from eligibility.rulebook import Mode, Outcome, Place
from eligibility.seeds import read_seeds, seed_files
from eligibility.stored_texts import version_text, versions_by_identity
from oversight.verification import verify_all
from tests.base import Cast, person
from tests.eligibility.circulars import SE_MENPANRB_1_2024, SURABAYA
from tests.eligibility.circulars_of_seeds import typed
from tests.eligibility.law import LawCase, judged_now, law_cases
from tests.eligibility.law_typing import ADMIN, TypedCircular, faults, publish, type_circular
from tests.factories import AgencyFactory

BY_SEED: Final = {path.stem: path for path in seed_files()}
EXTENDED: Final = "se-mendagri-800-1-5-3349-sj"
CIRCULARS: Final = sorted(set(BY_SEED) - {"perpres-21-2023", "permenpanrb-4-2025", "pp-94-2021", EXTENDED})
"""Everything that stands on the two regulations; the circular with an extension has a test of its own."""


def officers_of(code: str) -> tuple[Client, Client]:
    """Two who write the law of an institution."""
    owner = Institution.objects.get(code=code)
    found = (Client(), Client())
    for number, client in enumerate(found):
        client.force_login(person(f"{code}-{number}", Role.RULES_ADMINISTRATOR, owner))
    return found


def become_law(circular: TypedCircular) -> None:
    """Type, review and publish it; the agencies that a city names are recorded."""
    owner = Institution.objects.get(code=circular.institution)
    for code in agencies_of(circular):
        AgencyFactory.create(institution=owner, code=code)
    writer, reviewer = officers_of(circular.institution)
    type_circular(writer, circular)
    publish(writer, reviewer, circular)


def agencies_of(circular: TypedCircular) -> set[str]:
    """The codes of the agencies that its scope and its rules name."""
    criteria = [row for rule in circular.rules for row in (*rule.applies, *rule.requires, *rule.exceptions)]
    named = {code for row in criteria if row["fact"] == "agency.code" for code in row["values"]}
    return named | {str(row["agency_code"]) for row in circular.scopes} - {""}


def without(stem: str, folder: Path) -> list[Path]:
    """Every seed but one, copied into the folder without cases: those of a region name rules of the whole country."""
    copies = []
    for path in seed_files():
        content = json.loads(path.read_text(encoding="utf-8"))
        for rule in content.get("rules", ()):
            rule.pop("cases")
        if path.stem != stem:
            copies.append(folder / path.name)
            copies[-1].write_text(json.dumps(content), encoding="utf-8")
    return copies


def check_cases() -> None:
    """Every case of every file comes out as it is written."""
    Institution.objects.create(code="kementerian-contoh", name="Kementerian Contoh", kind="ministry")
    for case in law_cases():
        answer = judged_now(case)
        assert answer.found == case.expected, (case.file, case.name)
        assert answer.outcome is case.outcome, (case.file, case.name)


def test_se_menpanrb_1_2024_in_other_words_decides_as_its_seed_does(cast: Cast, tmp_path: Path) -> None:
    load_rules(actor=None, files=without("se-menpanrb-1-2024", tmp_path))
    become_law(SE_MENPANRB_1_2024)
    for case in (case for case in law_cases() if case.file == "april-2024"):
        answer = judged_now(case)
        assert answer.found == case.expected, case.name
        assert answer.outcome is case.outcome, case.name
    assert verify_all(Institution.objects.get(code="nasional")).is_whole


@pytest.mark.once
@pytest.mark.parametrize("stem", CIRCULARS)
def test_a_circular_typed_is_word_for_word_what_its_seed_says(cast: Cast, tmp_path: Path, stem: str) -> None:
    ensure_institutions()
    load_rules(actor=None, files=without(stem, tmp_path))
    become_law(typed(BY_SEED[stem]))
    (text,), _faults = read_seeds([BY_SEED[stem]])
    rows = versions_by_identity(rule.code for rule in text.rules)
    for rule, version in text.versions():
        assert version_text(rows[rule.code, version.number]) == version, rule.code
    check_cases()


def test_a_circular_with_its_extension_decides_on_its_days(cast: Cast, tmp_path: Path) -> None:
    load_rules(actor=None, files=without(EXTENDED, tmp_path))
    whole = typed(BY_SEED[EXTENDED])
    first, second = whole.periods
    become_law(replace(whole, periods=[{**first, "ends_on": "2026-05-20"}]))
    instrument = Instrument.objects.get(code=whole.code)
    writer = Client()
    writer.force_login(person("third", Role.RULES_ADMINISTRATOR, instrument.owner))
    sent = {"first_day": str(second["starts_on"]), "last_day": "", "basis": second["basis"], "known_from": "2026-05-21"}
    answer = writer.post(f"{ADMIN}/instrument/{instrument.pk}/perpanjang/", sent | {"confirm": "1"})
    assert answer.status_code == 302, faults(answer)
    check_cases()


def test_camat_and_lurah_of_surabaya_may_work_at_the_balai_rw(cast: Cast) -> None:
    load_rules(actor=None, files=seed_files())
    ensure_surabaya()
    become_law(SURABAYA)
    check_balai_rw()


def ensure_surabaya() -> Institution:
    """The city; it is not one of the demonstration."""
    found, _made = Institution.objects.get_or_create(
        code="kota-surabaya", defaults={"name": "Kota Surabaya", "kind": "city"}
    )
    return found


def check_balai_rw() -> None:
    """A lurah may work at the Balai RW on the days of the circular only, and nobody below her on any of them."""
    expected = {2: Outcome.NOT_ELIGIBLE, 3: Outcome.CONDITIONAL, 28: Outcome.CONDITIONAL, 29: Outcome.NOT_ELIGIBLE}
    for day, outcome in expected.items():
        asked = head_of_kelurahan(date(2024, 6, day))
        answer = judged_now(asked)
        assert answer.outcome is outcome, day
        found = {"SBY-BALAI-RW-TEMPAT", "SBY-BALAI-RW-LAPOR"} if outcome is Outcome.CONDITIONAL else set()
        assert answer.found["conditions"] == found, day
        camat = replace(asked, place=Place("kecamatan", ("Gayungan",)))
        assert judged_now(camat).outcome is outcome, day
        clerk = replace(asked, facts={"position.leads": "none"})
        assert judged_now(clerk).outcome is Outcome.NOT_ELIGIBLE, day


def head_of_kelurahan(on: date) -> LawCase:
    """A lurah who asks for another place."""
    return LawCase(
        name="lurah",
        file="",
        institution="kota-surabaya",
        on=on,
        mode=Mode.OTHER_PLACE,
        place=Place("kelurahan", ("Ketintang", "Gayungan")),
        facts={"position.leads": "agency"},
        settings=(),
        outcome=Outcome.CONDITIONAL,
        expected={},
    )
