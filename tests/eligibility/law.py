"""The law cases of tests/cases, and how a case is judged by the seeded law."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from agencies.facts import FactValue, Kind, Level
from agencies.models import Institution
from eligibility.actions.law import load_rules
from eligibility.decisions import State, decide_gates, decide_task
from eligibility.facts import FACTS
from eligibility.grounds import implementing_scopes
from eligibility.loading import rulebook
from eligibility.models import InstitutionSetting
from eligibility.rulebook import Case, Mode, Outcome, Place, Rulebook, Scope
from eligibility.seeds import seed_files

CASES: Final = Path(__file__).parents[1] / "cases"
NOW: Final = datetime(2026, 12, 1, tzinfo=UTC)
"""What is known: everything seeded. Cases about what was known earlier name their own moment."""

Values = Mapping[str, bool | str | int | float | None]
EXPECTED: Final = ("failed", "unknown", "conditions", "limits", "lifts", "gates")


@dataclass(frozen=True)
class LawCase:
    """One case as written down: where, when, which job, and exactly which rules decide it how."""

    name: str
    file: str
    institution: str
    on: date
    mode: Mode
    place: Place
    facts: Values
    settings: tuple[tuple[str, int], ...]
    outcome: Outcome
    expected: Mapping[str, frozenset[str]]

    @property
    def deciding(self) -> frozenset[str]:
        """The rules that decide it: those that fail, attach, limit or lift, and the gates that are closed."""
        return frozenset().union(*(self.expected[key] for key in EXPECTED if key != "unknown"))


@dataclass(frozen=True)
class Answer:
    """What the engine says of a case."""

    outcome: Outcome
    found: Mapping[str, frozenset[str]]


@dataclass
class SeededLaw:
    """The seeded rulebooks that the cases need, read once, and the scopes of implementing instruments."""

    rulebooks: dict[tuple[object, ...], Rulebook] = field(default_factory=dict)
    implementing: dict[tuple[str, date], list[Scope]] = field(default_factory=dict)

    def of(self, case: LawCase) -> Rulebook:
        """The rulebook for a case."""
        return self.rulebooks[case.institution, case.on, case.settings]


@cache
def law_cases() -> tuple[LawCase, ...]:
    """Every case of every file."""
    jobs = json.loads((CASES / "jobs.json").read_text(encoding="utf-8"))
    return tuple(
        _law_case(path.stem, row, jobs)
        for path in sorted(CASES.glob("*.json"))
        if path.stem != "jobs"
        for row in json.loads(path.read_text(encoding="utf-8"))
    )


def _law_case(file: str, row: dict[str, Any], jobs: dict[str, Values]) -> LawCase:
    return LawCase(
        name=row["case"],
        file=file,
        institution=row["institution"],
        on=date.fromisoformat(row["on"]),
        mode=Mode(row["mode"]),
        place=Place(row["agency_kind"], tuple(row["agency"])),
        facts={**jobs[row["job"]], **row.get("facts", {})},
        settings=tuple(sorted(row.get("settings", {}).items())),
        outcome=Outcome(row["outcome"]),
        expected={key: frozenset(row.get(key, ())) for key in EXPECTED},
    )


def seeded_law() -> SeededLaw:
    """Load the seeds, read every rulebook that a case needs, and leave the database as it was."""
    law = SeededLaw()
    with transaction.atomic():
        load_rules(actor=None, files=seed_files())
        Institution.objects.create(code="kementerian-contoh", name="Kementerian Contoh", kind="ministry")
        for case in law_cases():
            _read(law, case)
        transaction.set_rollback(True)
    return law


def _read(law: SeededLaw, case: LawCase) -> None:
    institution = Institution.objects.get(code=case.institution)
    key = (case.institution, case.on, case.settings)
    if key not in law.rulebooks:
        with transaction.atomic():
            for name, value in case.settings:
                InstitutionSetting.objects.create(
                    institution=institution,
                    name=name,
                    value=value,
                    valid_from=date(2024, 1, 1),
                    source="Uji",
                    known_from=datetime(2024, 1, 1, tzinfo=UTC),
                )
            law.rulebooks[key] = rulebook(institution, case.on, NOW)
            transaction.set_rollback(True)
    law.implementing[case.institution, case.on] = implementing_scopes(institution, case.on, NOW)


def judged_now(case: LawCase) -> Answer:
    """What the law that is stored now says of a case."""
    law = SeededLaw()
    _read(law, case)
    return judge(case, law)


def judge(case: LawCase, law: SeededLaw) -> Answer:
    """The outcome of a case and the rules that decide it, by the readable reading of the rulebook."""
    book, engine_case = law.of(case), engine_case_of(case, law)
    task = decide_task(book, engine_case, case.mode)
    gates = decide_gates(book, engine_case, case.mode)
    states = {state: _codes(task.reasons_in(state)) for state in State}
    found = {
        "failed": states[State.FAILED],
        "unknown": states[State.UNKNOWN],
        "conditions": states[State.CONDITION],
        "limits": frozenset(rule.code for standing in task.limits for rule in standing.norms),
        "lifts": frozenset(lift.code for reason in task.reasons for lift in reason.lifted_by),
        "gates": _codes(gate for gate in gates if gate.state is State.FAILED),
    }
    return Answer(task.bounds.outcome, found)


def _codes(reasons: Any) -> frozenset[str]:
    return frozenset(reason.rule.code for reason in reasons)


def engine_case_of(case: LawCase, law: SeededLaw) -> Case:
    """The case as the engine reads it; a level of the person without any fact is absent."""
    known: dict[str, FactValue | None] = {
        "agency.code": case.place.lineage[0],
        "agency.kind": case.place.agency_kind,
        "agency.review_conclusion": "none",
        "agency.implementing_instrument": any(
            scope.reaches(case.place) for scope in law.implementing[case.institution, case.on]
        ),
    }
    known |= {name: _value(name, value) for name, value in case.facts.items()}
    levels = {FACTS[name].level for name in known}
    absent = frozenset({Level.EMPLOYEE, Level.ARRANGEMENT}) - levels
    return Case(known, case.place, absent)


def _value(name: str, value: bool | str | int | float | None) -> FactValue | None:
    if FACTS[name].kind is Kind.NUMBER and value is not None:
        return Decimal(str(value))
    return value  # type: ignore[return-value]
