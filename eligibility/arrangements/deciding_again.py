"""Decides recorded spans again, many of them quickly, remembering each part by all that it depends on (pure).

Every part was worked out once by the examination itself (`span_checks`, `told_task`); here it is only found again.
What a span depends on are the answers of rules (`alike.py` says for which facts they are the same), the days and
dates asked for as far as some limit reads them, her own arrangements, and the counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, count
from typing import Any, Final

import orjson

from eligibility.arrangements.alike import Codes
from eligibility.arrangements.checks import Check, CheckKind
from eligibility.arrangements.examination import span_checks
from eligibility.arrangements.judging import MOST_KEPT, Key, judge_of
from eligibility.arrangements.limit_checks import COUNTED_OVER_STAFF, people_checks, weekdays_in
from eligibility.arrangements.requests import Request
from eligibility.arrangements.span_decisions import ON_SITE_FACT, SEVERITY, SHARE_FACT
from eligibility.arrangements.span_texts import (
    Plain,
    closed,
    opening,
    outcome_text,
    read_place,
    read_told,
    read_values,
    task_text,
    told_check,
    told_task,
)
from eligibility.decisions import DaysRange, Reason, State, TaskDecision, judge_rule, task_of
from eligibility.rulebook import Bounds, Case, Limit, Mode, Quantity, Rule, Rulebook, Verdict

_OF_PEOPLE: Final = frozenset({CheckKind.SHARE, CheckKind.SERVICE})
_PART_OF: Final = {
    CheckKind.DETERMINATION: "ground",
    CheckKind.STALE: "ground",
    CheckKind.HOUSE: "ground",
    CheckKind.SUITABILITY: "tasks",
    CheckKind.TIME: "tasks",
    CheckKind.LIMIT: "limits",
}
_OF_LENGTH: Final = frozenset({Quantity.DURATION_DAYS, Quantity.NOTICE_DAYS})

_Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a rule said. Its bit is the same for all its answers that texts cannot tell apart."""

    reasons: tuple[Reason, ...]
    bit: int
    passes: bool


class _Bits:
    """A bit for each thing told, never the same for two."""

    def __init__(self) -> None:
        self._known: Final[dict[Key, int]] = {}
        self._next: Final = count()

    def of(self, told: Key) -> int:
        """The bit of what is told."""
        return self._known.setdefault(told, 1 << next(self._next))


class _Asked:
    """A rule, or all limits that may leave nothing together, with each answer by what was read for it."""

    def __init__(self, field: int, ask: Callable[[Case], Iterable[Reason]], bits: _Bits) -> None:
        self._field: Final = field
        self._ask: Final = ask
        self._bits: Final = bits
        self._known: Final[dict[int, _Answer]] = {}

    def answer(self, code: int, case: Callable[[], Case]) -> _Answer:
        """What is said of every case of this code."""
        read = code & self._field
        return self._known.get(read) or self._asked_of(read, case())

    def _asked_of(self, read: int, case: Case) -> _Answer:
        reasons = tuple(self._ask(case))
        bit = self._bits.of(tuple(map(_told, reasons)))
        passes = all(reason.state is State.PASSED for reason in reasons)
        answer = self._known[read] = _Answer(reasons, bit, passes)
        return answer


def _told(reason: Reason) -> Key:
    """All that words and checks may take of a reason."""
    norms = tuple(norm.code for norm in reason.norms)
    return reason.rule.code, norms, reason.state, tuple(fact.fact for fact in reason.facts if fact.value is None)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a task stands, or a gate: its text, its bounds, and the limits that it sets on what is asked for."""

    number: int
    code: str
    text: str
    verdicts: tuple[int, int]
    limits: Key
    counts_people: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a span's tasks come to."""

    bounds: Bounds
    days: DaysRange


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A span as far as its answers tell: made once for all spans of the same answers."""

    tasks: tuple[_Standing, ...]
    gates: tuple[_Standing, ...]
    frame: Key
    limits: Key
    counts_people: bool


@dataclass(frozen=True, slots=True)
class _Engine:
    """What does not depend on counts: what the tasks come to, the texts of checks, and the text that these begin."""

    frame: _Frame
    checks: _Texts
    opening: str


class _Memory:
    """What was found under one rulebook in one mode."""

    def __init__(self, rulebook: Rulebook, mode: Mode) -> None:
        self.rulebook: Final = rulebook
        self.mode: Final = mode
        self.codes: Final = Codes(rulebook, mode)
        judge = judge_of(rulebook, mode)
        self.is_quick: Final = judge.facts.isdisjoint((SHARE_FACT, ON_SITE_FACT))
        self.bits: Final = _Bits()
        self.gates: Final = tuple(zip(judge.gates, map(self._rule, rulebook.gates(mode)), strict=True))
        self._rules: Final = (*map(self._rule, rulebook.suitability(mode)), *self._exhausted())
        self._field: Final = self.codes.field(rulebook.suitability(mode))
        self._by_code: Final[dict[int, _Standing]] = {}
        self._by_meaning: Final[dict[int, _Standing]] = {}
        self._by_gate: Final[dict[int, _Standing]] = {}
        self.found: Final[dict[Key, _Found]] = {}
        self.same: Final[dict[Key, _Found]] = {}
        self.engines: Final[dict[Key, _Engine]] = {}
        self.frames: Final[dict[Key, _Frame]] = {}
        self.parts: Final[dict[Key, _Texts]] = {}
        limits = (rule.effect for rule in rulebook.rules if mode in rule.modes)
        quantities = {one.quantity for one in limits if isinstance(one, Limit)}
        self.reads_months: Final = Quantity.DAYS_PER_MONTH in quantities
        self.reads_length: Final = not quantities.isdisjoint(_OF_LENGTH)

    @property
    def is_full(self) -> bool:
        """Whether it is time to start again."""
        return len(self.parts) + len(self.found) + len(self.engines) >= MOST_KEPT

    def _rule(self, rule: Rule) -> _Asked:
        def ask(case: Case) -> Iterable[Reason]:
            yield judge_rule(self.rulebook, rule, self.mode, case)

        return _Asked(self.codes.field([rule]), ask, self.bits)

    def _exhausted(self) -> Iterator[_Asked]:
        norms = [rule for rules in self.rulebook.exhausted_limits(self.mode) for rule in rules]
        if norms:
            yield _Asked(self.codes.field(norms), lambda case: self._decided(case, ()).reasons, self.bits)

    def _decided(self, case: Case, reasons: Iterable[Reason]) -> TaskDecision:
        return task_of(self.rulebook, case, self.mode, reasons)

    def task(self, code: int, case: Callable[[], Case]) -> _Standing:
        """How every task of this code stands."""
        read = code & self._field
        known = self._by_code.get(read)
        if known is None:
            known = self._by_code[read] = self._judged(read, case)
        return known

    def _judged(self, code: int, case: Callable[[], Case]) -> _Standing:
        answers = [rule.answer(code, case) for rule in self._rules]
        meaning = sum({answer.bit for answer in answers if not answer.passes})
        known = self._by_meaning.get(meaning)
        if known is None:
            moving = (reason for answer in answers if not answer.passes for reason in answer.reasons)
            decision = self._decided(case(), (reason for reason in moving if not reason.norms))
            opened = decision.bounds.best > Verdict.NOT_ELIGIBLE
            known = _standing(meaning, decision, decision.reasons if opened else ())
            self._by_meaning[meaning] = known
        return known

    def gate(self, answer: _Answer) -> _Standing:
        """How a gate stands."""
        known = self._by_gate.get(answer.bit)
        if known is None:
            known = self._by_gate[answer.bit] = _standing(answer.bit, None, answer.reasons, answer.reasons[0].rule.code)
        return known


def _standing(number: int, decision: TaskDecision | None, reasons: Iterable[Reason], code: str = "") -> _Standing:
    limits = [
        (reason, reason.rule.effect.quantity)
        for reason in reasons
        if isinstance(reason.rule.effect, Limit) and not reason.norms and reason.state is not State.PASSED
    ]
    return _Standing(
        number=number,
        code=code,
        text=told_task(decision) if decision else "",
        verdicts=(int(decision.bounds.worst), int(decision.bounds.best)) if decision else (0, 0),
        limits=tuple(_told(reason) for reason, _quantity in limits),
        counts_people=any(quantity in COUNTED_OVER_STAFF for _reason, quantity in limits),
    )


_MEMORIES: dict[tuple[int, Mode], _Memory] = {}
_MOST_MEMORIES: Final = 64


def _memory_of(rulebook: Rulebook, mode: Mode) -> _Memory:
    memory = _MEMORIES.get((id(rulebook), mode))
    if memory is None:
        if len(_MEMORIES) >= _MOST_MEMORIES:
            _MEMORIES.clear()
        memory = _MEMORIES[id(rulebook), mode] = _Memory(rulebook, mode)
    return memory


def _start_again_when_full(memory: _Memory) -> None:
    """Let the next span begin anew; called where this one adds to what is kept, so that finding costs no check."""
    if memory.is_full:
        _MEMORIES.pop((id(memory.rulebook), memory.mode), None)


def decide_again(facts: str, rulebook: Rulebook, request: Request) -> str:
    """The outcome of a span from its facts and its rulebook alone, as the engine decides today.

    Raises NotRecorded where people would be counted who were not counted then.
    """
    memory = _memory_of(rulebook, request.mode)
    told = orjson.loads(facts)
    found = _found(memory, told, request) if memory.is_quick else None
    if found is None:
        return outcome_text(read_told(told, rulebook, request))
    apart = _apart(memory, told, request)
    engine = memory.engines.get((found, apart)) or _engine(memory, told, request, found, apart)
    tasks = [task_text(row[0], task.text) for row, task in zip(told["tasks"], found.tasks, strict=True)]
    if not found.counts_people and not told["services"]:
        return closed(engine.opening, tasks)
    checks = [*engine.checks, *_of_people(memory, told, request, found)]
    return closed(opening(engine.frame.bounds, engine.frame.days, checks), tasks)


_UNSURE: Final = (ArithmeticError, LookupError, TypeError, ValueError)
"""What a text that nobody wrote so may raise while it is read as numbers: the examination says what it makes of it."""


def _found(memory: _Memory, told: Plain, request: Request) -> _Found | None:
    """How tasks and gates stand, None where the numbers cannot tell."""
    codes, values = memory.codes, told["values"]
    try:
        above = codes.facts(values) & codes.not_asked | codes.asked(request)
        here = above | codes.place(told["place"])
        rows = [codes.below(above, values, row[3]) | codes.place(row[4]) for row in told["tasks"]]
        key = (here, *rows, *(row[2] for row in told["tasks"]))
        found = memory.found.get(key)
    except _UNSURE:
        return None
    if found is None:
        _start_again_when_full(memory)
        found = memory.found[key] = _answered(memory, told, request, here, rows)
    return found


def _answered(memory: _Memory, told: Plain, request: Request, here: int, rows: Sequence[int]) -> _Found:
    """What rules and gates answer to the codes of the tasks and to that of what stands above them."""

    def case_of(own: Plain, place: Sequence[Any]) -> Case:
        known = {**read_values(told["values"]), **read_values(own), **request.values()}
        return Case(known, read_place(place), frozenset())

    cases = [(code, partial(case_of, row[3], row[4])) for code, row in zip(rows, told["tasks"], strict=True)]
    tasks = tuple(memory.task(code, case) for code, case in cases)
    above = (here, partial(case_of, {}, told["place"]))
    gates = tuple(memory.gate(answer) for answer in _gates(memory, above, cases))
    limits = (*(task.limits for task in tasks), *(gate.limits for gate in gates if gate.limits))
    frame = tuple((*task.verdicts, row[2]) for task, row in zip(tasks, told["tasks"], strict=True))
    found = _Found(tasks, gates, frame, limits, any(one.counts_people for one in (*tasks, *gates)))
    numbers = tuple(one.number for one in (*tasks, *gates))
    return memory.same.setdefault((numbers, frame), found)


def _gates(
    memory: _Memory, here: tuple[int, Callable[[], Case]], cases: Sequence[tuple[int, Callable[[], Case]]]
) -> Iterator[_Answer]:
    """What each gate says; one that reads tasks is asked of each of them, and the worst answer counts."""
    for gate, asked in memory.gates:
        if gate.reads_tasks and cases:
            answers = [asked.answer(code, case) for code, case in cases]
            yield max(answers, key=lambda answer: SEVERITY.index(answer.reasons[0].state))
        else:
            yield asked.answer(*here)


def _apart(memory: _Memory, told: Plain, request: Request) -> Key:
    """What checks depend on apart from answers and counts. Dates only where a limit or her arrangements read them."""
    own: Key = ()
    dates: Key = ()
    if told["own"]:
        own = (repr(told["own"]), request.starts_on, request.ends_on, told["from"], told["to"])
    if memory.reads_months:
        dates = (request.starts_on, request.ends_on, request.asked_on, told["from"], told["to"])
    elif memory.reads_length:
        dates = (request.duration, request.starts_on - request.asked_on)
    ground = (repr(told["determined"]), *told["stale"], told["posted"], told["active"])
    return ground, (request.weekdays, request.place), dates, own


def _engine(memory: _Memory, told: Plain, request: Request, found: _Found, apart: Key) -> _Engine:
    """What does not depend on counts, from its parts; where one is not known, by the examination itself."""
    _start_again_when_full(memory)
    keys = _part_keys(memory, found, apart, len(request.weekdays))
    if not memory.parts.keys() >= {*keys.values()}:
        reading = read_told(told, memory.rulebook, request)
        memory.frames[found.frame] = _Frame(reading.decision.bounds, reading.decision.days)
        _keep(memory, keys, (check for check in span_checks(reading) if check.kind not in _OF_PEOPLE))
    frame = memory.frames[found.frame]
    checks = tuple(text for key in keys.values() for text in memory.parts[key])
    engine = _Engine(frame, checks, opening(frame.bounds, frame.days, checks))
    memory.engines[found, apart] = engine
    return engine


def _part_keys(memory: _Memory, found: _Found, apart: Key, days: int) -> dict[str, Key]:
    """For each part of the checks that counts nobody all that it depends on."""
    ground, asked, dates, own = apart
    frame = memory.frames.get(found.frame)
    is_open = frame is not None and frame.bounds.worst > Verdict.NOT_ELIGIBLE
    numbers = () if is_open else tuple(task.number for task in found.tasks)
    parts: dict[str, Key] = {
        "ground": ("ground", ground, own, asked if own else ()),
        "tasks": ("tasks", found.frame, numbers, days),
        "limits": ("limits", found.limits, asked, dates, own),
    }
    for gate in found.gates:
        parts[gate.code] = ("gate", gate.number)
    return parts


def _of_people(memory: _Memory, told: Plain, request: Request, found: _Found) -> Iterator[str]:
    """The texts of checks that count people."""
    keys = _people_keys(told, request, found)
    if not memory.parts.keys() >= {*keys.values()}:
        _start_again_when_full(memory)
        _keep(memory, keys, people_checks(read_told(told, memory.rulebook, request)))
    return chain.from_iterable(memory.parts[key] for key in keys.values())


def _people_keys(told: Plain, request: Request, found: _Found) -> dict[str, Key]:
    """For each weekday, and for what is the same on all (""), all that counts of people depend on."""
    days = weekdays_in(request, date.fromisoformat(told["from"]), date.fromisoformat(told["to"]))
    groups = repr((told["groups"], told["services"]))
    counts: dict[str, list[Key]] = {day: [] for day in ("", *days)}
    for name, weekday, number, _on in told["counts"]:
        if weekday in counts:
            counts[weekday].append((name, number))
    return {day: ("people", day, found.limits, groups, tuple(counted)) for day, counted in counts.items()}


def _keep(memory: _Memory, keys: Mapping[str, Key], checks: Iterable[Check]) -> None:
    """The texts of checks, each under the key of the part that it belongs to."""
    texts: dict[str, list[str]] = {name: [] for name in keys}
    for check in checks:
        texts[_part_of(check)].append(told_check(check))
    memory.parts.update((key, tuple(texts[name])) for name, key in keys.items())


def _part_of(check: Check) -> str:
    """The name of the part that a check belongs to: of a gate its code, of what people fill the weekday."""
    if check.kind is CheckKind.GATE:
        return str(check.name)
    return check.weekday if check.kind in _OF_PEOPLE else _PART_OF[check.kind]
