"""The acts on facts of tasks, on imports of positions and on the law."""

from __future__ import annotations

from datetime import UTC, date, datetime

from agencies.actions import positions_import, task_facts
from agencies.models import Basis
from eligibility.actions import law
from eligibility.seeds import seed_files
from tests.base import Cast

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)


def set_task_fact(cast: Cast) -> object:
    now = cast.task.profile.with_tik
    return task_facts.set_task_fact(
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
    return positions_import.import_positions(
        actor=cast.hr_officer,
        institution=cast.institution,
        content=b"agency_code,agency_name,agency_kind\nDLH,Dinas Lingkungan Hidup,dinas\n",
        source="opd.csv",
        valid_from=date(2025, 7, 1),
        at=NOON,
    )


def load_rules(cast: Cast) -> object:
    return law.load_rules(actor=cast.rules_administrator, files=seed_files(), at=NOON)


ACTS = {
    "agencies.actions.task_facts.set_task_fact": set_task_fact,
    "agencies.actions.positions_import.import_positions": import_positions,
    "eligibility.actions.law.load_rules": load_rules,
}
REPEATABLE = {"agencies.actions.task_facts.set_task_fact"}
