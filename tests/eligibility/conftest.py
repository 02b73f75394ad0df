"""What tests of eligibility share: the seeded law, read once."""

from __future__ import annotations

import pytest
from pytest_django import DjangoDbBlocker

from tests.eligibility.law import SeededLaw, seeded_law


@pytest.fixture(scope="session")
def law(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> SeededLaw:
    """The seeded law as frozen rulebooks: judging needs no database any more."""
    with django_db_blocker.unblock():
        return seeded_law()
