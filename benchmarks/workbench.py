"""Pages of the mapping workbench in the lived city: six thousand sheets, a third agreed, a sixth to be settled."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from agencies import triggers
from agencies.actions.imports import apply_import, keep_import_file
from agencies.importing.examining import examine, file_of, keep_examination
from agencies.mapping.questions import questions_of
from agencies.models import DataImport, Grant, ImportKind, Institution, PublicService, Role, Sheet, User
from agencies.protection import install_triggers
from benchmarks.imports import joining
from benchmarks.lived_city import NOW, TODAY, Lived
from benchmarks.signing import tidied
from eligibility.actions.published_maps import publish_map, withdraw_map
from eligibility.models import PublishedMap

SHEETS: Final = 6_000
SINCE: Final = date(2020, 1, 1)
ROWS: Final = 2_000
"""People in the file of an import."""
LIST: Final = 0.10
DETAIL: Final = 0.30
DASHBOARD: Final = 0.10

Opened = tuple[str, str, float]
"""What is opened: its name, its address, and what is expected of it beside the trivial page.

Of a form what is expected of a page that holds as much: a single thing asked about is a detail; one that shows what
it would do to a whole agency, file or period, row by row or field by field, is a dashboard.
"""


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


def addresses(lived: Lived) -> list[Opened]:
    """What is opened: every page of the workbench that only reads, then its forms."""
    return [*_mapping(lived), *_data(lived), *_studies_and_services(lived)]


def _mapping(lived: Lived) -> list[Opened]:
    waiting, settling = _sheet("open"), _sheet("settling")
    agency, position = f"opd/{waiting.agency.code}", f"jabatan/{waiting.task.position_id}"
    return [
        ("mapping: what waits", "pemetaan/", LIST),
        ("mapping: progress", "pemetaan/kemajuan/", LIST),
        ("mapping: agreement", "pemetaan/kesepakatan/", LIST),
        ("mapping: an agency's sheets", f"{agency}/pemetaan/", LIST),
        ("mapping: a sheet to answer", f"lembar/{waiting.pk}/", DETAIL),
        ("mapping: a compared sheet", f"lembar/{settling.pk}/", DETAIL),
        # Every task of the agency that has no sheet, and every open sheet of it, to choose among.
        ("mapping: opening sheets", f"{agency}/pemetaan/buka/", DASHBOARD),
        ("mapping: reviewers", f"{agency}/pemetaan/penilai/", DASHBOARD),
        # The reviewer's alike sheets of the whole city, a hundred at a time, to choose among.
        ("mapping: submitting", f"lembar/{waiting.pk}/kirim/", LIST),
        # Both answers to every question of the sheet with the choices of each, and the sheets alike.
        ("mapping: settling", f"lembar/{settling.pk}/selesaikan/", DASHBOARD),
        # One position, and how ones like it were split.
        ("splitting a position", f"{position}/urai/", DETAIL),
        ("history of a position", f"{position}/riwayat/", DETAIL),
        ("a task with its facts", f"uraian-tugas/{waiting.task_id}/", DETAIL),
        ("published maps", "peta-terbit/", LIST),
        # Both tell of every position of the city.
        ("a published map beside the own", f"peta-terbit/{_published(lived).pk}/", DASHBOARD),
        ("publishing the map", "peta-terbit/terbitkan/", DASHBOARD),
    ]


def _published(lived: Lived) -> PublishedMap:
    """What a neighbour shows: as many groups as the city has. The city shows nothing itself, so its own is judged."""
    own = publish_map(actor=lived.hr_officer, institution=lived.city, judged_on=TODAY, at=NOW)
    assert own is not None
    withdraw_map(actor=lived.hr_officer, published_map=own, reason="benchmark", at=NOW)
    neighbour = Institution.objects.create(code="kota-tetangga", name="Kota Tetangga", kind="city")
    return PublishedMap.objects.create(
        institution=neighbour, judged_on=TODAY, rulebook=own.rulebook, content=own.content, published_at=NOW
    )


def _data(lived: Lived) -> list[Opened]:
    shown, applied = _imported(lived)
    agency = _sheet("open").agency.code
    return [
        ("data X-ray", "rontgen-data/", LIST),
        ("data X-ray: rows of a check", "rontgen-data/tanpa-domisili/", LIST),
        ("imports", "impor/", LIST),
        (f"dry run of an import, {ROWS:,} rows", f"impor/{shown.pk}/", LIST),
        # Every column of the file with what stands in its first rows.
        ("columns of an import", f"impor/{shown.pk}/kolom/", DASHBOARD),
        (f"who moved, {ROWS:,} people", f"impor/{applied.pk}/pegawai/", LIST),
        ("employees", "pegawai/", LIST),
        ("structure of an agency", f"opd/{agency}/susunan/", LIST),
        ("an agency as of a date", f"opd/{agency}/per-tanggal/", LIST),
        ("an agency's positions with outcomes", f"opd/{agency}/", LIST),
    ]


def _studies_and_services(lived: Lived) -> list[Opened]:
    agency = _sheet("open").agency.code
    service = PublicService.objects.filter(agency__institution=lived.city).order_by("pk").first()
    found: list[Opened] = [
        ("studies side by side", "kajian/", LIST),
        ("an agency's studies", f"opd/{agency}/kajian/", LIST),
        # Everything that a period has: some forty fields in eight themes, and what is recorded beside them.
        ("writing a study", f"opd/{agency}/kajian/konsep/", DASHBOARD),
        ("coverage of services", f"opd/{agency}/layanan/", LIST),
    ]
    return found + ([("needs of a service", f"layanan/{service.pk}/jam/", DETAIL)] if service else [])


def _sheet(state: str) -> Sheet:
    return Sheet.objects.filter(state=state).select_related("agency", "task").order_by("pk")[0]


def _imported(lived: Lived) -> tuple[DataImport, DataImport]:
    """An import that says what it would do, and one that was carried out: people who join."""
    found = []
    for start in (200_000, 200_000 + ROWS):
        row = keep_import_file(
            actor=lived.hr_officer,
            institution=lived.city,
            kind=ImportKind.EMPLOYEES.value,
            name="pegawai.csv",
            content=joining(start, ROWS),
        )
        keep_examination(row, examine(row, file_of(row)), timezone.now())
        found.append(row)
    apply_import(actor=lived.hr_officer, data_import=found[1])
    tidied()
    return found[0], found[1]


_CHOSEN: Final = "SELECT id FROM agencies_task ORDER BY id LIMIT %(most)s"
_STATE: Final = "CASE WHEN t.id %% 6 < 2 THEN 'agreed' WHEN t.id %% 6 = 2 THEN 'settling' ELSE 'open' END"
_STATEMENTS: Final = (
    "INSERT INTO agencies_sheet (institution_id, agency_id, task_id, likeness, state, opened_at, compared_at, "
    "agreed_at, cancelled_because) "
    f"SELECT p.institution_id, p.agency_id, t.id, md5((t.id %% 400)::text), {_STATE}, %(at)s, "
    "CASE WHEN t.id %% 6 < 3 THEN %(at)s::timestamptz END, CASE WHEN t.id %% 6 < 2 THEN %(at)s::timestamptz END, '' "
    f"FROM agencies_task t JOIN agencies_position p ON p.id = t.position_id WHERE t.id IN ({_CHOSEN})",
    "INSERT INTO agencies_assessment (sheet_id, side, reviewer_id, state, submitted_at, returned_because) "
    "SELECT s.id, side.name, side.reviewer, CASE WHEN s.state = 'open' THEN 'draft' ELSE 'submitted' END, "
    "s.compared_at, '' "
    "FROM agencies_sheet s, (VALUES ('agency', %(clerk)s), ('bkpsdm', %(officer)s)) AS side (name, reviewer)",
    "INSERT INTO agencies_answer (assessment_id, fact, value, note, version, saved_at) "
    "SELECT a.id, fact, NULL, '', 1, %(at)s FROM agencies_assessment a, unnest(%(facts)s) AS fact "
    "WHERE a.state = 'submitted'",
    "INSERT INTO agencies_comparison (sheet_id, fact, by_agency, by_bkpsdm) "
    "SELECT s.id, fact, CASE WHEN s.id %% 5 = 0 THEN 'yes' ELSE 'no' END, 'no' "
    "FROM agencies_sheet s, unnest(%(facts)s) AS fact WHERE s.compared_at IS NOT NULL",
)
