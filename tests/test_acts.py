"""Every act of every app leaves exactly one entry in the trail, and a new act cannot be forgotten here."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module, util
from types import FunctionType, ModuleType

import pytest

from oversight.models import TrailEntry
from tests.acts import ACTS, ARRANGED, BEFORE, REPEATABLE
from tests.arranged_city import ArrangedCity
from tests.base import Cast


def action_modules() -> list[ModuleType]:
    """The modules of each app's package `actions`."""
    packages = [import_module(f"{app}.actions") for app in ("agencies", "eligibility", "oversight") if has_acts(app)]
    return [
        import_module(f"{package.__name__}.{found.name}")
        for package in packages
        for found in pkgutil.iter_modules(package.__path__)
    ]


def has_acts(app: str) -> bool:
    return util.find_spec(f"{app}.actions") is not None


def public_acts() -> set[str]:
    """The public functions that the actions modules define."""
    return {
        f"{module.__name__}.{name}"
        for module in action_modules()
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if isinstance(found, FunctionType) and found.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_act_is_in_the_table() -> None:
    assert public_acts() == set(ACTS)


@pytest.mark.parametrize("name", [name for name in ACTS if name not in ARRANGED])
def test_an_act_leaves_one_entry_and_done_again_to_no_effect_none(cast: Cast, name: str) -> None:
    _leaves_one(cast, name)


@pytest.mark.parametrize("name", sorted(ARRANGED))
def test_an_act_on_flexible_work_leaves_one_entry_and_done_again_to_no_effect_none(
    arranged: ArrangedCity, name: str
) -> None:
    _leaves_one(arranged.city.cast, name)


def _leaves_one(cast: Cast, name: str) -> None:
    if name in BEFORE:
        BEFORE[name](cast)
    before = TrailEntry.objects.count()
    ACTS[name](cast)
    assert TrailEntry.objects.count() == before + 1
    if name not in REPEATABLE:
        ACTS[name](cast)
        assert TrailEntry.objects.count() == before + 1
