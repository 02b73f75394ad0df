"""What every test shares: quick passwords, no lockout, and where Chromium is."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase, override_settings
from pytest_django import Settings

from agencies import triggers
from tests.base import Cast, assemble_cast
from tests.chromium import find_chromium
from tests.judged_city import JudgedCity, judged_city


@pytest.fixture(scope="session", autouse=True)
def _quick_sign_in() -> Iterator[None]:
    """Slow hashes and lockouts protect people; in tests they only cost time and order."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=quick, AXES_ENABLED=False):
        yield


@pytest.fixture(scope="session", autouse=True)
def _documents_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files that tests upload stay out of the portal's own folder."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("documents")):
        yield


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied() -> Iterator[None]:
    """A test with real commits, the live server's too, ends by emptying all tables.

    The triggers would refuse that. `flush` itself has them installed again, by post_migrate.
    """
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_triggers(case: TransactionTestCase) -> None:
        triggers.remove(connection)
        empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """One city with a person for each role, and an outsider."""
    return assemble_cast()


@pytest.fixture
def lockout(settings: Settings) -> None:
    """Sign-in is locked after failures, as outside the tests."""
    settings.AXES_ENABLED = True


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium; without one the test is skipped, or fails if REQUIRE_BROWSER=1."""
    path = find_chromium()
    if path:
        return path
    if os.environ.get("REQUIRE_BROWSER", "0") not in {"", "0"}:
        pytest.fail("REQUIRE_BROWSER is set and no Chromium was found: set CHROMIUM_PATH.")
    pytest.skip("no Chromium was found: install one or set CHROMIUM_PATH")


@pytest.fixture
def city(cast: Cast) -> JudgedCity:
    """The cast's city under the seeded law, with jobs of every outcome."""
    return judged_city(cast)
