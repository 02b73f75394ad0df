"""The stack of norms of a place agrees with the engine, at random and around the days of the circulars of 2025."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.facts import FactValue
from agencies.models import Institution
from eligibility.decisions import binding_truth, decide_task
from eligibility.loading import rulebook
from eligibility.norm_stack import Standing, stack_of
from eligibility.rulebook import Case, Mode, Place, Rulebook
from tests.eligibility.rulebooks import FACT_NAMES, PLACES, random_rulebook, random_value

LATER = datetime(2026, 1, 1, tzinfo=UTC)


def agrees(book: Rulebook, above: Case, known: dict[str, FactValue | None]) -> None:
    """What the stack shows of the place holds for a job there; where nothing is merely possible it is the same."""
    job = Case({**known, **above.values}, above.place)
    for mode in Mode:
        counted = {(s.limit, s.norms) for s in decide_task(book, job, mode).limits if s.limit}
        own = stack_of(book, job, mode)
        shown = {
            (stack.limit, tuple(n.rule for n in stack.norms if n.standing is Standing.WINS))
            for stack in own.limits
            if stack.limit
        }
        assert shown == counted
        stood = [n.rule for part in (own.prohibitions, *(s.norms for s in own.limits), own.demands) for n in part]
        assert sorted(r.code for r in stood) == sorted(r.code for r in book.suitability(mode))
        for norm in own.demands:
            binds = binding_truth(book, norm.rule, mode, job)
            assert (norm.standing is Standing.DEMANDS) is (binds is True)
            assert (norm.standing is Standing.POSSIBLE) is (binds is None)
        for stack in stack_of(book, above, mode).limits:
            standings = {norm.standing for norm in stack.norms}
            if stack.limit and Standing.POSSIBLE not in standings:
                winners = tuple(n.rule for n in stack.norms if n.standing is Standing.WINS)
                assert (stack.limit, winners) in counted


@given(st.integers(0, 100_000))
def test_the_winner_shown_is_the_limit_that_is_counted(seed: int) -> None:
    random = Random(seed)
    book = random_rulebook(random, 12, 3)
    known: dict[str, FactValue | None] = {name: random_value(random, name) for name in FACT_NAMES}
    place = PLACES[random.choice(sorted(PLACES))]
    above = Case({name: value for name, value in known.items() if name.startswith("agency.")}, place)
    agrees(book, above, known)


DAYS = [(date(2025, 3, 23), False), (date(2025, 3, 24), True), (date(2025, 3, 27), True), (date(2025, 3, 28), False)]


@pytest.mark.usefixtures("loaded_law", "db")
@pytest.mark.parametrize(("day", "runs"), DAYS)
@pytest.mark.parametrize(
    ("city", "kind", "agency", "percent"),
    [
        ("jatim", "provinsi", "Bappeda", 50),
        ("jatim", "provinsi", "Dinas lain", 25),
        ("jatim", "provinsi", "Dinkes", 0),
        ("kota-malang", "kota", "BKAD", 5),
        ("kota-malang", "kota", "Dinkes", None),
    ],
)
def test_a_circular_limits_from_its_first_to_its_last_day(
    day: date, runs: bool, city: str, kind: str, agency: str, percent: int | None
) -> None:
    book = rulebook(Institution(code=city, kind=kind, name=city), day, LATER)
    case = Case({"agency.code": agency, "agency.kind": "dinas"}, Place("dinas", (agency,)))
    agrees(book, case, {"task.outside_office": True})
    stack = stack_of(book, case, Mode.HOME)
    values = {s.limit.value for s in stack.limits if s.limit and s.limit.quantity == "share_of_staff"}
    holding = {norm.rule.code for norm in stack.prohibitions if norm.standing is Standing.HOLDS}
    assert ("JATIM-2025-OFFICE" in holding) is (runs and percent == 0)
    assert values == ({Decimal(percent)} if runs and percent else set())
