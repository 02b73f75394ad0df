"""The plan of the house held by tests: who may import or point at whom, what modules are called, what is installed."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).parents[1]
LAYERS = ("agencies", "eligibility", "oversight")
"""From the ground up: data flows upwards, so nothing points from a lower app to a higher one."""

SOURCES = [path for app in (*LAYERS, "wfa_portal") for path in sorted((ROOT / app).rglob("*.py"))]
TESTED = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("*.py")))


def own_models() -> list[type[models.Model]]:
    """The models of the three apps."""
    return [model for app in LAYERS for model in apps.get_app_config(app).get_models()]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_no_key_points_to_a_later_app(model: type[models.Model]) -> None:
    layer = LAYERS.index(model._meta.app_label)
    for field in model._meta.get_fields():
        related = field.related_model
        if (
            field.concrete
            and isinstance(related, type)
            and issubclass(related, models.Model)
            and related._meta.app_label in LAYERS
        ):
            assert LAYERS.index(related._meta.app_label) <= layer, field


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_every_model_stands_in_some_test(model: type[models.Model]) -> None:
    assert model.__name__ in TESTED


def test_no_module_is_named_for_nothing() -> None:
    assert not [path for path in SOURCES if path.stem in {"utils", "helpers", "common", "misc"}]


def test_functions_stay_readable_at_once() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in SOURCES
        if "migrations" not in path.parts
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > 36
    ]
    assert not long


def test_only_views_commands_and_defaults_read_the_clock() -> None:
    allowed = {"clock.py", "events.py", "access.py", "reading.py", "context_processors.py", "resealing.py"}
    allowed |= {
        "import_work.py",
        "progress.py",
        "background.py",
        "work.py",
        "watching.py",
    }  # a worker begins at its own moment, and gives signs of life
    # exporting and the administration answer requests, as views do
    folders = {"commands", "views", "actions", "exporting", "law_admin"}
    reading = [
        path.relative_to(ROOT)
        for path in SOURCES
        if not folders & set(path.parts)
        and path.name not in allowed
        and any(word in path.read_text(encoding="utf-8") for word in ("timezone.now(", "localdate(", "date.today("))
    ]
    assert not reading


MAY_NAME_ANSWERS = (
    ROOT / "agencies/mapping",
    ROOT / "agencies/actions",
    ROOT / "agencies/models",
    ROOT / "agencies/migrations",
    ROOT / "agencies/demonstration/mapping.py",
    ROOT / "agencies/protection.py",
    ROOT / "agencies/forms/sheets.py",
    ROOT / "agencies/views/sheet_acts.py",
    ROOT / "eligibility/pages/sheets.py",
    ROOT / "eligibility/views/sheets.py",
)
KEEPING = ("mapping/comparing.py", "mapping/drafts.py", "actions/assessments.py", "demonstration/mapping.py")
"""What writes and compares answers reads them whole; whatever shows them asks who reads."""


def names_answers(path: Path) -> bool:
    """Whether a module takes the model Answer from the others."""
    imported = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom))
    ours = (node for node in imported if (node.module or "").startswith("agencies.models"))
    return any(alias.name == "Answer" for node in ours for alias in node.names)


def test_answers_of_reviewers_are_named_where_sheets_are_worked_on_and_nowhere_else() -> None:
    naming = [path for path in SOURCES if names_answers(path)]
    assert ROOT / "agencies/mapping/sheet_lines.py" in naming
    assert not [path for path in naming if not any(path.is_relative_to(place) for place in MAY_NAME_ANSWERS)]


def test_whatever_shows_answers_asks_who_reads_them() -> None:
    keeping = {ROOT / "agencies" / name for name in KEEPING}
    shown = [path for path in SOURCES if names_answers(path) and path not in keeping]
    texts = {path: path.read_text("utf-8") for path in shown}
    unasked = re.compile(r"Answer\.objects\.(?!disclosed_to\(|compared\(|number_in\()|\.answers\.(?!import)")
    assert not [str(path) for path, text in texts.items() if unasked.search(text)]


def test_psycopg_3_is_not_installed_because_django_would_prefer_it_silently() -> None:
    assert importlib.util.find_spec("psycopg2") is not None
    assert importlib.util.find_spec("psycopg") is None
