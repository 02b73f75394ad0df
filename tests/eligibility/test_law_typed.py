"""Circulars typed into the administration as data alone give the outcomes that their seeds give, day by day."""

from __future__ import annotations

from django.test import Client

from agencies.models import Institution, Role
from eligibility.actions.law import load_rules
from eligibility.seeds import seed_files
from tests.base import Cast, person
from tests.eligibility.circulars import SE_MENPANRB_1_2024
from tests.eligibility.law import SeededLaw, _read, judge, law_cases
from tests.eligibility.law_typing import publish, type_circular


def national_officers() -> tuple[Client, Client]:
    """Two who write national law."""
    nation = Institution.objects.get(code="nasional")
    found = (Client(), Client())
    for number, client in enumerate(found):
        client.force_login(person(f"national_{number}", Role.RULES_ADMINISTRATOR, nation))
    return found


def test_one(cast: Cast) -> None:
    left = [path for path in seed_files() if "1-2024" not in path.name]
    load_rules(actor=None, files=left)
    writer, reviewer = national_officers()
    type_circular(writer, SE_MENPANRB_1_2024)
    publish(writer, reviewer, SE_MENPANRB_1_2024)
    for case in law_cases():
        if case.file == "april-2024":
            law = SeededLaw()
            _read(law, case)
            answer = judge(case, law)
            assert answer.found == case.expected, case.name
            assert answer.outcome is case.outcome
