"""Circulars sent through the forms of the administration give the outcomes that their seeds give, day by day."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.models import Institution, Role
from eligibility.actions.law import load_rules
from eligibility.seeds import seed_files
from tests.base import Cast, person
from tests.eligibility.circulars import SE_MENPANRB_1_2024
from tests.eligibility.law import judged_now, law_cases
from tests.eligibility.law_typing import TypedCircular, publish, type_circular

TYPED = [("se-menpanrb-1-2024", SE_MENPANRB_1_2024, "april-2024")]
"""The seed that is left out, the circular typed instead, and the file of its cases."""


def officers_of(code: str) -> tuple[Client, Client]:
    """Two who write the law of an institution."""
    owner = Institution.objects.get(code=code)
    found = (Client(), Client())
    for number, client in enumerate(found):
        client.force_login(person(f"{code}-{number}", Role.RULES_ADMINISTRATOR, owner))
    return found


@pytest.mark.parametrize(("seed", "circular", "cases"), TYPED, ids=[seed for seed, *_rest in TYPED])
def test_a_circular_typed_decides_as_its_seed_does(cast: Cast, seed: str, circular: TypedCircular, cases: str) -> None:
    load_rules(actor=None, files=[path for path in seed_files() if path.stem != seed])
    writer, reviewer = officers_of(circular.institution)
    type_circular(writer, circular)
    publish(writer, reviewer, circular)
    for case in (case for case in law_cases() if case.file == cases):
        answer = judged_now(case)
        assert answer.found == case.expected, case.name
        assert answer.outcome is case.outcome, case.name
