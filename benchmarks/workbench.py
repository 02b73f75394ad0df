"""Pages of the mapping workbench in the lived city: six thousand sheets, a third agreed, a sixth to be settled."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import connection

from agencies import triggers
from agencies.mapping.questions import questions_of
from agencies.models import Agency, Grant, PublicService, Role, Sheet, User
from agencies.protection import install_triggers
from benchmarks.lived_city import NOW, Lived
from benchmarks.signing import tidied

SHEETS: Final = 6_000
SINCE: Final = date(2020, 1, 1)


def map_lived(lived: Lived) -> None:
    """Open the sheets of the first six thousand tasks; the officer answers for BKPSDM, a clerk for the agencies."""
    clerk = User.objects.create(username="penilai")
    Grant.objects.create(user=clerk, role=Role.HR_OFFICER, institution=lived.city, valid_from=SINCE)
    facts = [question.fact.name for question in questions_of(lived.city)]
    given: dict[str, Any] = {
        "at": NOW,
        "clerk": clerk.pk,
        "officer": lived.hr_officer.pk,
        "facts": facts,
        "most": SHEETS,
    }
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for statement in _STATEMENTS:
            cursor.execute(statement, given)
    install_triggers(connection.alias)
    tidied()


def addresses(lived: Lived) -> list[tuple[str, str, bool]]:
    """What is measured: its name, its address, and whether it is a page of one thing (else a list or an overview)."""
    waiting = Sheet.objects.filter(state="open").select_related("agency", "task").order_by("pk")[0]
    settling = Sheet.objects.filter(state="settling").order_by("pk")[0]
    agency: Agency = waiting.agency
    service = PublicService.objects.filter(agency__institution=lived.city).order_by("pk").first()
    found = [
        ("mapping: what waits", "pemetaan/", False),
        ("mapping: progress", "pemetaan/kemajuan/", False),
        ("mapping: agreement", "pemetaan/kesepakatan/", False),
        ("mapping: an agency's sheets", f"opd/{agency.code}/pemetaan/", False),
        ("mapping: a sheet to answer", f"lembar/{waiting.pk}/", True),
        ("mapping: a compared sheet", f"lembar/{settling.pk}/", True),
        ("data X-ray", "rontgen-data/", False),
        ("data X-ray: rows of a check", "rontgen-data/tanpa-domisili/", False),
        ("studies side by side", "kajian/", False),
        ("imports", "impor/", False),
        ("history of a position", f"jabatan/{waiting.task.position_id}/riwayat/", True),
        ("an agency as of a date", f"opd/{agency.code}/per-tanggal/", False),
    ]
    return found + ([("needs of a service", f"layanan/{service.pk}/jam/", True)] if service else [])


_CHOSEN: Final = "SELECT id FROM agencies_task ORDER BY id LIMIT %(most)s"
_STATE: Final = "CASE WHEN t.id %% 6 < 2 THEN 'agreed' WHEN t.id %% 6 = 2 THEN 'settling' ELSE 'open' END"
_STATEMENTS: Final = (
    "INSERT INTO agencies_sheet (institution_id, agency_id, task_id, likeness, state, opened_at, compared_at, "
    "agreed_at, cancelled_because) "
    f"SELECT p.institution_id, p.agency_id, t.id, md5((t.id %% 400)::text), {_STATE}, %(at)s, "
    "CASE WHEN t.id %% 6 < 3 THEN %(at)s::timestamptz END, CASE WHEN t.id %% 6 < 2 THEN %(at)s::timestamptz END, '' "
    f"FROM agencies_task t JOIN agencies_position p ON p.id = t.position_id WHERE t.id IN ({_CHOSEN})",
    "INSERT INTO agencies_assessment (sheet_id, side, reviewer_id, state, submitted_at, returned_because) "
    "SELECT s.id, side.name, side.reviewer, CASE WHEN s.state = 'open' THEN 'draft' ELSE 'submitted' END, NULL, '' "
    "FROM agencies_sheet s, (VALUES ('agency', %(clerk)s), ('bkpsdm', %(officer)s)) AS side (name, reviewer)",
    "INSERT INTO agencies_answer (assessment_id, fact, value, note, version, saved_at) "
    "SELECT a.id, fact, NULL, '', 1, %(at)s FROM agencies_assessment a, unnest(%(facts)s) AS fact "
    "WHERE a.state = 'submitted'",
    "INSERT INTO agencies_comparison (sheet_id, fact, by_agency, by_bkpsdm) "
    "SELECT s.id, fact, CASE WHEN s.id %% 5 = 0 THEN 'yes' ELSE 'no' END, 'no' "
    "FROM agencies_sheet s, unnest(%(facts)s) AS fact WHERE s.compared_at IS NOT NULL",
)
