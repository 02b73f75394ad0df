"""What tests of eligibility share: the seeded law, read once, and seed files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.eligibility.law import SeededLaw, seeded_law


@pytest.fixture(scope="session")
def law(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> SeededLaw:
    """The seeded law as frozen rulebooks: judging needs no database any more."""
    with django_db_blocker.unblock():
        return seeded_law()


@pytest.fixture
def written(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Writes a seed file, always the same one."""

    def write(content: dict[str, Any]) -> Path:
        path = tmp_path / "uji.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write
