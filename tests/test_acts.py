"""Every act of every app leaves exactly one entry in the trail, and a new act cannot be forgotten here."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import FunctionType

import pytest

from agencies import actions as agencies_actions
from agencies.models import Basis
from eligibility import actions as eligibility_actions
from eligibility.seeds import seed_files
from oversight.models import TrailEntry
from tests.base import Cast

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
MODULES = (agencies_actions, eligibility_actions)


def set_task_fact(cast: Cast) -> object:
    now = cast.task.profile.with_tik
    return agencies_actions.set_task_fact(
        actor=cast.hr_officer,
        task=cast.task,
        fact="task.with_tik",
        value=not now,
        basis=Basis.AGREED,
        source="lembar pemetaan",
        valid_from=date(2025, 7, 1),
        at=NOON,
    )


def import_positions(cast: Cast) -> object:
    return agencies_actions.import_positions(
        actor=cast.hr_officer,
        institution=cast.institution,
        content=b"agency_code,agency_name,agency_kind\nDLH,Dinas Lingkungan Hidup,dinas\n",
        source="opd.csv",
        valid_from=date(2025, 7, 1),
        at=NOON,
    )


def load_rules(cast: Cast) -> object:
    return eligibility_actions.load_rules(actor=cast.rules_administrator, files=seed_files(), at=NOON)


ACTS: dict[str, Callable[[Cast], object]] = {
    "agencies.actions.set_task_fact": set_task_fact,
    "agencies.actions.import_positions": import_positions,
    "eligibility.actions.load_rules": load_rules,
}


def public_acts() -> set[str]:
    """The public functions that the actions modules define."""
    return {
        f"{module.__name__}.{name}"
        for module in MODULES
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if isinstance(found, FunctionType) and found.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_act_is_in_the_table() -> None:
    assert public_acts() == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_an_act_leaves_one_entry_and_done_again_to_no_effect_none(cast: Cast, name: str) -> None:
    before = TrailEntry.objects.count()
    ACTS[name](cast)
    assert TrailEntry.objects.count() == before + 1
    if name != "agencies.actions.set_task_fact":
        ACTS[name](cast)
        assert TrailEntry.objects.count() == before + 1
