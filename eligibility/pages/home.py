"""The home page: first what matters to the role, then where to look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agencies.access import Standing
from agencies.models import Agency, Grant, Position, Role
from agencies.querysets import open_on
from eligibility.pages.gates import GateNotice, gate_notice
from eligibility.pages.matrix import Matrix, Row, build_matrix
from eligibility.pages.reading import Reading
from eligibility.pages.rules import RulesPage, rules_page
from eligibility.rulebook import Mode, Outcome

ASKED = 5
"""How many agencies with open questions are named."""


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """An agency and its positions that cannot be judged yet, in the mode where they are most."""

    agency: Agency
    mode: Mode
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class RoleCount:
    """How many accounts hold a role today."""

    label: str
    number: int


@dataclass(frozen=True)
class HomePage:
    """What the role sees; parts that do not concern it are empty. `asked`: agencies with open questions in all."""

    matrix: Matrix
    gate: GateNotice | None
    own: tuple[Agency, ...]
    questions: tuple[OpenQuestions, ...]
    asked: int
    rules: RulesPage | None
    accounts: tuple[RoleCount, ...]
    positions_without_tasks: int


def home_page(reading: Reading, standing: Standing, agencies: list[Agency]) -> HomePage:
    """Put together what concerns the standing's role; `agencies` are those in sight."""
    matrix = build_matrix(agencies, reading.counts(agencies))
    maps = standing.role in {Role.HR_OFFICER, Role.AGENCY_HEAD}
    administers = standing.role is Role.SYSTEM_ADMINISTRATOR
    questions = open_questions(matrix) if maps else ()
    return HomePage(
        matrix=matrix,
        gate=gate_notice(reading, [agency.pk for agency in agencies]) if agencies else None,
        own=() if standing.sees_all else tuple(a for a in agencies if a.pk in standing.agencies),
        questions=questions[:ASKED],
        asked=len(questions),
        rules=rules_page(reading) if standing.role is Role.RULES_ADMINISTRATOR else None,
        accounts=_accounts(standing) if administers else (),
        positions_without_tasks=_bare(standing, reading.on).count() if administers else 0,
    )


def open_questions(matrix: Matrix) -> tuple[OpenQuestions, ...]:
    """The agencies with positions that need information, those with the most first."""
    found = [_most_asked(row) for row in matrix.rows]
    return tuple(sorted((one for one in found if one.number), key=lambda one: -one.number))


def _most_asked(row: Row) -> OpenQuestions:
    number, cell = max(
        ((cell.tally.of(Outcome.NEEDS_INFORMATION), cell) for cell in row.cells), key=lambda pair: pair[0]
    )
    return OpenQuestions(row.agency, cell.mode, number, row.total)


def _accounts(standing: Standing) -> tuple[RoleCount, ...]:
    rows = Grant.objects.in_force(standing.on).filter(institution=standing.institution)
    held = Counter(role for role, _user in rows.values_list("role", "user").distinct())
    return tuple(RoleCount(str(role.label), held[role.value]) for role in Role)


def _bare(standing: Standing, on: date) -> QuerySet[Position]:
    return Position.objects.filter(open_on(on), institution=standing.institution, tasks__isnull=True)
