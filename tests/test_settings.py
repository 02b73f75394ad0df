"""A bad setting stops start-up with one sentence that names the variable and the way out."""

import importlib.util
import os
import runpy
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PRODUCTION = {"PRODUCTION": "1", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "portal.example"}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PRODUCTION", "DEBUG", "DEMO", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENV_FILE", os.devnull)


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The settings as a process with this environment would read them."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(settings.BASE_DIR / "wfa_portal/settings.py"))


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DEBUG": "maybe"}, 'DEBUG is "maybe": set it to 1 or 0'),
        ({"LOG_LEVEL": "loud"}, 'LOG_LEVEL is "LOUD": set it to one of'),
        ({"DATABASE_URL": "portal.sqlite3"}, "DATABASE_URL does not name a known database: set"),
        ({"DATABASE_URL": "mysql://h/name"}, "DATABASE_URL does not name a known database: set"),
        ({"DATABASE_URL": "postgres://h:port/x"}, "DATABASE_URL cannot be read: set"),
        ({"DATABASE_URL": "postgres://host:5432"}, "DATABASE_URL names no database: set"),
        (PRODUCTION | {"SECRET_KEY": ""}, "SECRET_KEY is missing or shorter"),
        (PRODUCTION | {"SECRET_KEY": "short"}, "SECRET_KEY is missing or shorter"),
        (PRODUCTION | {"ALLOWED_HOSTS": " "}, "ALLOWED_HOSTS is missing: set"),
        ({"PUBLIC_URL": "portal.example"}, 'PUBLIC_URL is "portal.example": set it to an address'),
        ({"RULES_KEYS": "nasional"}, "RULES_KEYS is not written as code:key"),
        ({"RULES_KEYS": "nasional:rahasia"}, "RULES_KEYS is not 32 bytes in base64"),
        ({"EMAIL_URL": "pigeon://roof"}, "EMAIL_URL cannot be read: set"),
        ({"EMAIL_URL": "smtp://host:port"}, "EMAIL_URL cannot be read: set"),
        (PRODUCTION | {"DEMO": "1"}, "DEMO and PRODUCTION are both on"),
        (PRODUCTION | {"DEBUG": "on"}, "DEBUG and PRODUCTION are both on"),
        (PRODUCTION | {"HSTS_SECONDS": "-1"}, 'HSTS_SECONDS is "-1": set it to a whole number'),
    ],
)
def test_a_bad_value_stops_start_up_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(monkeypatch, **environment)
    assert str(refusal.value).startswith(sentence)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_the_address_of_a_database_is_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(monkeypatch, DATABASE_URL="postgres://user:hunter2@host:port/name")
    assert "hunter2" not in str(refusal.value)


def test_without_any_variable_it_runs_locally_on_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    read_settings = read(monkeypatch)
    database = read_settings["DATABASES"]["default"]
    assert database["NAME"] == str(settings.BASE_DIR / "var/portal.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert not read_settings["DEBUG"]
    assert not read_settings["DEMO"]


def test_production_is_served_over_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    production = read(monkeypatch, **PRODUCTION, DATABASE_URL="postgres://u:p@host:5432/name")
    assert production["SECURE_SSL_REDIRECT"]
    assert production["SESSION_COOKIE_SECURE"]
    assert production["CSRF_COOKIE_SECURE"]
    assert production["SECURE_HSTS_SECONDS"] > 0
    assert production["DATABASES"]["default"]["HOST"] == "host"


def test_psycopg_3_is_not_installed_beside_psycopg2() -> None:
    # Django would prefer it silently, and what was tested would not be what runs.
    assert importlib.util.find_spec("psycopg") is None
