"""One decision in memory: one task, one mode, 40 rules, every reason kept, beside other ways of deciding it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from agencies.models import Institution
from benchmarks.jobs import make_agencies, sample_cases
from benchmarks.law import KNOWN_AT, ON, rulebook_of_home
from benchmarks.references import Flat, Source, bare_closures, flat, rule_engine_rules, zen_table
from benchmarks.report import Line
from benchmarks.timing import seconds
from eligibility.grounds import grounds
from eligibility.masks import Decider, lay_out
from eligibility.rulebook import Case, Mode, Verdict

CASES = 2000
FEW = 200
"""Engines that need milliseconds decide fewer cases; rates are per case."""


def measure(city: Institution) -> Iterator[Line]:
    """Rates of all engines over the same cases, after a check that they decide them alike.

    Raises ValueError where two engines differ: a faster wrong answer is no reference.
    """
    make_agencies(city)
    known = grounds(city, ON, KNOWN_AT)
    book = rulebook_of_home(city)
    layout = lay_out(book)
    cases = sample_cases(known, CASES, unknown=False)
    places = {ground.place.lineage[0]: ground.place for ground in known.agencies.values()}
    source = Source(book, Mode.HOME, places)
    others = {
        "bare closures": bare_closures(source),
        "zen-engine, decision table": zen_table(layout, Mode.HOME, places),
        "rule-engine": rule_engine_rules(source),
    }
    flats = [flat(case.values) for case in cases]
    ours = _ours(layout.decider(Mode.HOME), cases)
    _check_alike(layout.decider(Mode.HOME), cases, flats, others)
    own = CASES / seconds(ours)
    yield Line("decisions a second, bounds and reasons kept", "", own)
    for name, least in {"bare closures": 0.5, "zen-engine, decision table": 10, "rule-engine": 10}.items():
        few = flats if name == "bare closures" else flats[:: CASES // FEW]
        rate = len(few) / seconds(_all(others[name], few))
        yield Line("the same cases", name, own, rate, at_least=least)


def _ours(decider: Decider, cases: Sequence[Case]) -> Callable[[], None]:
    prepared = [(case.values, decider.scope_mask(case.place)) for case in cases]
    decide = decider.decide

    def work() -> None:
        for values, start in prepared:
            decide(values, start)

    return work


def _all(decide: Callable[[Flat], bool], cases: Sequence[Flat]) -> Callable[[], None]:
    def work() -> None:
        for case in cases:
            decide(case)

    return work


def _check_alike(
    decider: Decider, cases: Sequence[Case], flats: Sequence[Flat], others: dict[str, Callable[[Flat], bool]]
) -> None:
    refused = [decider.bounds(case.values, case.place).best is Verdict.NOT_ELIGIBLE for case in cases]
    if not 0 < sum(refused) < len(refused):
        raise ValueError("all sample cases are decided the same way: they prove nothing")
    for name, decide in others.items():
        for case, expected in zip(flats, refused, strict=True):
            if decide(case) is not expected:
                raise ValueError(f"{name} decides a case differently: {case}")
