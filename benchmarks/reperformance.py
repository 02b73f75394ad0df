"""Deciding again: determinations beside the screening of the same rows, approvals beside decisions in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import islice
from random import Random
from statistics import median
from time import perf_counter
from typing import Final

from django.db import transaction

from agencies.facts import FACTS, FactValue
from agencies.models import Agency, Institution
from benchmarks.jobs import make_agencies, sample_cases
from benchmarks.law import KNOWN_AT, ON
from benchmarks.report import Line
from benchmarks.rows import fill, record_facts
from benchmarks.signing import TASKS_PER_POSITION, new_verification, store, tidied
from benchmarks.timing import seconds
from eligibility.arrangements.checks import CheckKind
from eligibility.arrangements.matters import AGENCY, Group, Matter, SpanGround, Usage
from eligibility.arrangements.records import decide_again, span_records
from eligibility.arrangements.requests import DAYS_OF_WEEK, Request
from eligibility.decisions import JudgedTask, decide_task
from eligibility.determinations.again import positions_again, tasks_again
from eligibility.footing import Footing
from eligibility.masks import lay_out
from eligibility.models import Verification
from eligibility.rulebook import Bounds, Case, Mode, Rulebook, Verdict
from eligibility.screening import counts

ROUNDS: Final = 3
APPROVALS: Final = 30_000
"""Approvals decided again, each of its own facts."""
FEW: Final = 2000
TURN: Final = 250


def measure(city: Institution, name: str, positions: int) -> Iterator[Line]:
    """Positions determined and decided again a second beside the screening of the same rows."""
    fill(make_agencies(city), round(positions * TASKS_PER_POSITION))
    record_facts()
    agencies = list(Agency.objects.filter(institution=city).order_by("pk"))
    verification = new_verification(city, agencies)
    with transaction.atomic():
        store(verification, agencies)
    tidied()
    rulebook, grounds = Footing(city, ON, KNOWN_AT).parts()
    screened = positions / median(_spent(lambda: counts(rulebook, grounds, city)) for _ in range(ROUNDS))
    tasks = positions / median(_spent(lambda: _same(tasks_again(verification))) for _ in range(ROUNDS))
    again = positions / median(_spent(lambda: _same(_all(verification))) for _ in range(ROUNDS))
    of, large = f"{name}, {positions:,} positions", name == "PostgreSQL" and positions >= 100_000
    reference = "screening of the same rows"
    yield Line(f"{of}: tasks decided again", reference, tasks, screened)
    yield Line(f"{of}: tasks and positions", reference, again, screened, at_least=0.5 if large else None)


def _all(verification: Verification) -> Sequence[object]:
    return [*tasks_again(verification), *positions_again(verification)]


def _same(found: Sequence[object]) -> None:
    if found:
        raise ValueError(f"{len(found)} rows come out otherwise: nothing was changed")


def _spent(work: object) -> float:
    assert callable(work)
    start = perf_counter()
    work()
    return perf_counter() - start


@dataclass(frozen=True, slots=True)
class _Stored:
    """A span as an approval stores it, and what was asked for."""

    facts: str
    outcome: str
    request: Request


def measure_approvals(city: Institution) -> Iterator[Line]:
    """Approvals decided again a second, from their texts, beside decisions of the same tasks in memory."""
    make_agencies(city)
    rulebook, grounds = Footing(city, ON, KNOWN_AT).parts()
    cases = sample_cases(grounds, APPROVALS, unknown=False)
    stored = list(_approvals(rulebook, cases))
    decider = lay_out(rulebook).decider(Mode.HOME)
    again, bits = _rates_in_turns(
        (partial(_as_before, one, rulebook) for one in stored),
        (partial(decider.bounds, case.values, case.place) for case in cases),
    )
    tasks = cases[:FEW]
    reasons = FEW / seconds(lambda: [decide_task(rulebook, case, Mode.HOME) for case in tasks])
    each = sum(_decisions(one.outcome) for one in stored) / APPROVALS
    yield Line("approvals decided again a second, from their texts", "decisions as masks", again, bits, 0.2)
    yield Line(f"decisions in them, {each:g} an approval", "decisions as masks", again * each, bits)
    yield Line("approvals decided again a second", "decisions with reasons", again, reasons)


def _as_before(one: _Stored, rulebook: Rulebook) -> None:
    if decide_again(one.facts, rulebook, one.request) != one.outcome:
        raise ValueError("an approval comes out otherwise: nothing was changed")


def _rates_in_turns(
    works: Iterator[Callable[[], object]], references: Iterator[Callable[[], object]]
) -> tuple[float, float]:
    """How many of each are done a second, a few of one and a few of the other: the machine's mood falls on both."""
    spent, beside, done = 0.0, 0.0, 0
    while few := list(islice(works, TURN)):
        spent += _spent(partial(_do_all, few))
        beside += _spent(partial(_do_all, list(islice(references, TURN))))
        done += len(few)
    return done / spent, done / beside


def _do_all(works: Sequence[Callable[[], object]]) -> None:
    for work in works:
        work()


def _decisions(outcome: str) -> int:
    """How many answers of the engine an outcome holds: one for each task by all its rules, one for each gate."""
    told = json.loads(outcome)
    gates = [kind for kind, *_rest in told["checks"] if kind == CheckKind.GATE]
    return len(told["tasks"]) + len(gates)


def _approvals(rulebook: Rulebook, cases: Sequence[Case]) -> Iterator[_Stored]:
    random = Random(5)
    for key, case in enumerate(cases, 1):
        request = _request(random)
        (record,) = span_records(_matter(key, rulebook, case, random), request)
        yield _Stored(record.facts, record.outcome, request)


def _request(random: Random) -> Request:
    first = date(2025, 7, 7) + timedelta(days=random.randrange(60))
    days = frozenset(random.sample(DAYS_OF_WEEK[:5], random.randint(1, 3)))
    return Request(Mode.HOME, "recorded_residence", days, first, first + timedelta(days=60), first - timedelta(days=7))


def _matter(key: int, rulebook: Rulebook, case: Case, random: Random) -> Matter:
    """One span over the year of somebody with that one task, in an agency where some others are away."""
    person: dict[str, FactValue | None] = {
        "employee.kind": "pns",
        "employee.discipline": False,
        "employee.special_circumstances": random.random() < 0.05,
        "employee.predicate": FACTS["employee.predicate"].choices[0].code,
    }
    above = {name: value for name, value in case.values.items() if not name.startswith("task.")} | person
    task = JudgedTask(key, "Tugas", 100, replace(case, values={**above, **case.values}))
    others = tuple(
        Usage(-n, -n, Mode.HOME, frozenset({DAYS_OF_WEEK[n % 5]}), date(2025, 1, 1), date(2025, 12, 31))
        for n in range(1, random.randint(2, 6))
    )
    ground = SpanGround(
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
        rulebook=rulebook,
        place=case.place,
        values=above,
        tasks=(task,),
        determination=1,
        determined=Bounds(Verdict.CONDITIONAL, Verdict.CONDITIONAL),
        stale=(),
        is_posted=True,
        is_active=True,
        groups=(Group(AGENCY, "Dinas", random.randint(20, 90), others),),
        services=(),
    )
    return Matter(key, key, Mode.HOME, (ground,), ())
