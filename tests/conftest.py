"""What every test shares: a migrated database, quick passwords, no lockout, and where Chromium is."""

import os
from collections.abc import Callable, Generator, Iterator
from contextvars import ContextVar
from typing import Any, Final

import hypothesis
import pytest
from django.conf import settings as portal
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.http import HttpResponseNotFound
from django.template import Engine
from django.template.base import Template
from django.template.context import Context
from django.test import TransactionTestCase, override_settings
from django.utils.safestring import SafeString
from pytest_django import DjangoDbBlocker, Settings

from agencies import access, triggers
from eligibility.actions.law import load_rules
from eligibility.determinations.storing import make_origin_tables
from eligibility.seeds import seed_files
from tests.arranged_city import ArrangedCity, arranged_city
from tests.base import Cast, assemble_cast
from tests.chromium import find_chromium
from tests.foundation import FOUNDATION, Foundation, Ground, ground_of
from tests.judged_city import JudgedCity, judged_city
from tests.kept import KEPT
from tests.migrated import begin_with_copy
from wfa_portal import urls
from wfa_portal.memory import settle

# How fast values are drawn says something of the machine, nothing of the portal.
hypothesis.settings.register_profile("portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("portal")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests on the same ground follow one another; what does not depend on the database is tested on SQLite alone."""
    # What takes a minute comes first: at the end the other worker would wait for it.
    items.sort(key=lambda item: (item.get_closest_marker("long") is not None, ground_of(item)), reverse=True)
    if connection.vendor == "sqlite":
        return
    apart = [item for item in items if not _asks_this_database(item)]
    items[:] = [item for item in items if _asks_this_database(item)]
    config.hook.pytest_deselected(items=apart)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, so nobody looks through it for garbage time and again."""
    settle()


def _asks_this_database(item: pytest.Item) -> bool:
    return _touches_a_database(item) and item.get_closest_marker("once") is None


def _touches_a_database(item: pytest.Item) -> bool:
    asked = {"db", "transactional_db", "django_db_setup", "live_server"} & {*getattr(item, "fixturenames", ())}
    return bool(asked) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """The database of each process begins as a copy of a migrated one, which takes a fraction of the time."""
    with django_db_blocker.unblock():
        begin_with_copy()


@pytest.fixture(scope="session", autouse=True)
def _quick_sign_in() -> Iterator[None]:
    """Slow hashes and lockouts protect people; in tests they only cost time and order."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=quick, AXES_ENABLED=False):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_when_asked() -> Iterator[None]:
    """Each test has a client of its own, which would list every static file before its first page."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_pages_are_noted() -> Iterator[None]:
    """The client notes with which values each template was rendered; parts of a page and fields share the page's."""
    inside: ContextVar[bool] = ContextVar("inside", default=False)
    noted: Callable[[Template, Context], SafeString] = Template._render  # type: ignore[attr-defined]

    def render(template: Template, context: Context) -> SafeString:
        if inside.get():
            return template.nodelist.render(context)
        token = inside.set(True)
        try:
            return noted(template, context)
        finally:
            inside.reset(token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
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

    def emptied(case: TransactionTestCase) -> None:
        KEPT.brought("emptied", lambda: without_triggers(case))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


@pytest.fixture(scope="session", autouse=True)
def _looks_and_progress_of_their_own() -> Iterator[None]:
    """What indications found in tests, and how far work has come, stays out of the portal's own folders."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    own = {name: {"BACKEND": backend, "LOCATION": name} for name in ("looks", "progress")}
    with override_settings(CACHES={**portal.CACHES, **own}):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    """What was counted is kept by the state of the trail, which is the same at the begin of many tests."""
    cache.clear()
    caches["looks"].clear()
    caches["progress"].clear()


@pytest.fixture
def cast(_founded_cast: Cast | None) -> Cast:
    """One city with a person for each role, and an outsider."""
    return _founded_cast or assemble_cast()


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
def _founded_cast(request: pytest.FixtureRequest, db: None) -> Cast | None:
    """The cast that was founded for several tests; None for a test that cannot stand on it."""
    ground = ground_of(request.node)
    if ground > Ground.CAST:
        founded: JudgedCity = request.getfixturevalue(Ground.JUDGED.asking)
        return founded.cast
    return FOUNDATION.cast() if ground else None


@pytest.fixture
def _founded_judged(request: pytest.FixtureRequest, db: None) -> JudgedCity | None:
    """The same of the judged city."""
    ground = ground_of(request.node)
    if ground > Ground.JUDGED:
        founded: ArrangedCity = request.getfixturevalue(Ground.ARRANGED.asking)
        return founded.city
    return FOUNDATION.city() if ground else None


@pytest.fixture
def _founded_arranged(request: pytest.FixtureRequest, db: None) -> ArrangedCity | None:
    """The same of the arranged city."""
    return FOUNDATION.arranged() if ground_of(request.node) else None


@pytest.fixture
def city(_founded_judged: JudgedCity | None, cast: Cast) -> JudgedCity:
    """The cast's city under the seeded law, with jobs of every outcome."""
    return _founded_judged or judged_city(cast)


@pytest.fixture
def arranged(_founded_arranged: ArrangedCity | None, city: JudgedCity, settings: Settings) -> ArrangedCity:
    """The city once it has adopted flexible work, on 1 October 2025."""
    settings.DEMO = True
    return _founded_arranged or arranged_city(city)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Temporary tables are made before the first test.

    Made within the ground of many tests, they would have SQLite read its whole schema anew at each savepoint.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        make_origin_tables(cursor)
        cursor.execute("ANALYZE origins_by_task_id")  # makes a table for what it counts


@pytest.fixture(scope="session")
def _foundation(django_db_setup: None) -> Iterator[Foundation]:
    """What tests stand on; at the end nothing stays open that would keep the database from being removed."""
    yield FOUNDATION
    FOUNDATION.clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Found what the test stands on before its own transaction begins."""
    if fixturedef.argname == "_django_db_helper" and (ground := ground_of(request.node)):
        foundation: Foundation = request.getfixturevalue("_foundation")
        foundation.lay(request.getfixturevalue("django_db_blocker"), ground)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Take back at once what the next test does not stand on."""
    try:
        return (yield)
    finally:
        FOUNDATION.clear(ground_of(nextitem) if nextitem else Ground.EMPTY)


@pytest.fixture
def standings_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests in which nobody's grants change: each account's are read once."""
    found: dict[Any, list[access.Standing]] = {}
    ask = access.standings
    monkeypatch.setattr(access, "standings", lambda user: found.get(user.pk) or found.setdefault(user.pk, ask(user)))


@pytest.fixture
def whole_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    """Queries are captured as they are written: PostgreSQL would else be sent the name of one it keeps."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)


@pytest.fixture
def refusals_unworded(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that ask whether something is refused, not in which words: the page that says so is not made."""
    monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponseNotFound())


@pytest.fixture(scope="module")
def loaded_law(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The seeded law for all tests of a file that found nothing else, loaded once; each test takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_rules(actor=None, files=seed_files())
        connection.check_constraints()  # once here, as in the ground of the cast
        yield
        transaction.set_rollback(True)


FRAMELESS: Final = """{% extends "skeleton.html" %}
{% block body %}{% block crumbs %}{% endblock %}<main>{% block content %}{% endblock %}</main>{% endblock %}"""


@pytest.fixture
def frameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what stands within many pages: the frame, which is the same around all of them, is left out."""
    engine = Engine.get_default()
    kept: Any = engine.template_loaders[0]
    monkeypatch.setitem(kept.get_template_cache, "base.html", engine.from_string(FRAMELESS))
