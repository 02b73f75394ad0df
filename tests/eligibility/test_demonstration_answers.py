"""What the portal answers for the demonstration cities: the jobs that the law's question was asked about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from agencies.demonstration.cities import CITIES
from agencies.demonstration.loading import load_city
from agencies.institutions_register import ensure_institutions
from agencies.models import Position, TaskProfile
from eligibility.actions.law import load_rules
from eligibility.seeds import seed_files

CITY_DAYS = {"kota-malang": "2025-07-01", "kota-semarang": "2025-07-03"}
SUITED = {"eligible", "conditional"}


@pytest.fixture(scope="module")
def cities(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Both cities and the law, loaded once and rolled back when the module ends."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_rules(actor=None, files=seed_files())
        institutions = ensure_institutions()
        for code in CITIES:
            load_city(institutions[code])
        # Once here: PostgreSQL would check all these rows again at the end of every test.
        connection.check_constraints()
        connection.cursor().execute("ANALYZE")
        yield
        transaction.set_rollback(True)


pytestmark = [pytest.mark.usefixtures("cities", "db")]


def screen(institution: str, *options: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("screen", institution, *options, stdout=out)
    return out.getvalue()


def answer(position: Position, on: str) -> dict[str, Any]:
    """The whole answer for a position, as `--explain` gives it."""
    options = ("--position", str(position.pk), "--explain", "--on", on, "--format", "json")
    return dict(json.loads(screen(position.institution.code, *options)))


def explained(position: Position, on: str, mode: str = "home") -> dict[str, Any]:
    """One mode of a position, as `--explain` gives it."""
    options = ("--position", str(position.pk), "--explain", "--on", on, "--mode", mode, "--format", "json")
    (found,) = json.loads(screen(position.institution.code, *options))["modes"]
    return dict(found)


def positions(institution: str, **narrowed: object) -> list[Position]:
    """Positions of the city; there must be some."""
    found = list(Position.objects.filter(institution__code=institution, **narrowed).distinct())
    assert found
    return found


def codes(mode: dict[str, Any], state: str = "failed") -> set[str]:
    """The rules of the reasons in a state."""
    return {reason["code"] for reason in mode["reasons"] if reason["state"] == state}


@pytest.mark.parametrize("city", CITY_DAYS)
def test_a_programmer_a_statistician_or_data_processor_and_archivists_are_suited_but_nothing_may_be_approved(
    city: str,
) -> None:
    archives = {"kota-malang": "Dispussipda", "kota-semarang": "Arpus"}[city]
    wanted: list[dict[str, object]] = [
        {"job_family": "pranata_komputer", "agency__code": "Diskominfo"},
        {"job_family__in": ("statistisi", "pengolah_data"), "agency__code": "Bappeda"},
        {"job_family": "arsiparis", "agency__code": archives},
        {"job_family": "arsiparis", "agency__code": "Dinkes"},
    ]
    for narrowed in wanted:
        answers = [explained(position, CITY_DAYS[city]) for position in positions(city, **narrowed)]
        assert any(answer["outcome"] in SUITED for answer in answers), narrowed
        for answer in answers:
            gates = {gate["code"]: gate["state"] for gate in answer["gates_now"]}
            assert gates["PERPRES21-8"] == "failed"
            assert "PERPRES21-8" not in codes(answer)
            waiting = {gate["code"] for gate in answer["gates_to_check"]}
            assert {"PERMEN4-25-1-A", "PERMEN4-25-1-B"} <= waiting


def test_counter_tasks_nurses_and_responders_are_not_eligible_for_home_each_for_its_own_reasons() -> None:
    counter = positions("kota-malang", agency__code="Dispendukcapil", tasks__title__icontains="loket")
    nurses = positions("kota-malang", job_family="perawat", agency__parent__code="Dinkes")
    responders = positions("kota-malang", job_family="penanggulangan_bencana", agency__code="BPBD")
    read: dict[str, set[tuple[str, str]]] = {}
    for name, group in {"counter": counter, "nurse": nurses, "responder": responders}.items():
        for position in group:
            reasons = explained(position, "2025-07-01")["reasons"]
            for task in position.tasks.all():
                exposed = task.profile.exposure in {"direct", "emergency"}
                failing = [reason for reason in reasons if task.title in reason["tasks"]]
                if exposed:
                    assert any(r["state"] == "failed" and r["provision"].startswith("Pasal 23") for r in failing)
                    facts = (fact for r in failing if r["state"] == "failed" for fact in r["facts"])
                    read.setdefault(name, set()).update((fact["fact"], fact["value"]) for fact in facts)
    assert set(read) == {"counter", "nurse", "responder"}
    assert read["counter"] != read["nurse"]


@pytest.mark.parametrize(
    ("city", "sentence"),
    [
        (
            "kota-malang",
            "Belum boleh disetujui. Belum tercatat dasar pelaksanaan dari Wali Kota per 1 Juli 2025. "
            "Berdasarkan data portal, bukan pernyataan resmi.",
        ),
        (
            "kota-semarang",
            "Belum boleh disetujui. Belum tercatat dasar pelaksanaan dari Wali Kota per 3 Juli 2025. "
            "Berdasarkan data portal, bukan pernyataan resmi.",
        ),
    ],
)
def test_the_gate_says_apart_from_suitability_that_nothing_may_be_approved(city: str, sentence: str) -> None:
    position = positions(city, agency__code="Diskominfo", job_family="pranata_komputer")[0]
    assert answer(position, CITY_DAYS[city])["approval"] == sentence
    assert sentence in screen(city, "--on", CITY_DAYS[city])
    if city == "kota-malang":
        opened = answer(positions(city, agency__code="Bappeda")[0], "2025-03-25")["approval"]
        assert "Belum boleh disetujui" not in opened


@pytest.mark.parametrize("day", ["2024-04-15", "2024-04-18"])
def test_before_and_after_the_days_of_a_norm_the_office_is_the_answer_for_everyone(day: str) -> None:
    rows = json.loads(screen("kota-malang", "--on", day, "--format", "json"))
    assert sum(row["total"] for row in rows) > 10_000
    assert all(row["not_eligible"] == row["total"] for row in rows)
    position = positions("kota-malang", agency__code="Bappeda", job_family="perencana")[0]
    assert codes(explained(position, day)) == {"OFFICE"}


@pytest.mark.parametrize("day", ["2024-04-16", "2024-04-17"])
def test_on_the_days_of_the_norm_supporting_work_is_open_with_half_the_staff_and_direct_service_is_not(
    day: str,
) -> None:
    support = TaskProfile.objects.filter(
        institution__code="kota-malang",
        function__in=("secretariat", "analysis"),
        exposure="none",
        agency__code="BKPSDM",
    )
    answers = [explained(profile.position, day) for profile in support.select_related("position")[:4]]
    assert answers
    assert all(answer["outcome"] in SUITED for answer in answers)
    for answer in answers:
        (share,) = [limit for limit in answer["limits"] if "50" in limit["sentence"]]
        assert any("SE MenPANRB 1/2024" in norm for norm in (*share["norms"], *share["beaten"]))
    counter = positions("kota-malang", agency__code="Dispendukcapil", tasks__profile__exposure="direct")
    assert all(
        task not in explained(position, day)["open_tasks"]
        for position in counter
        for task in position.tasks.filter(profile__exposure="direct").values_list("title", flat=True)
    )
    row = json.loads(screen("kota-malang", "--on", day, "--mode", "home", "--format", "json", "--agency", "BKPSDM"))
    assert row[0]["conditional"] + row[0]["eligible"] > 0


@pytest.mark.parametrize("day", ["2024-04-16", "2025-03-25", "2025-04-20"])
def test_before_it_was_in_force_no_answer_cites_the_regulation_of_2025(day: str) -> None:
    for position in positions("kota-malang", agency__code__in=("Bappeda", "Dinkes"))[:12]:
        text = screen("kota-malang", "--position", position.code, "--explain", "--on", day, "--format", "json")
        assert "4/2025" not in text
        after = screen(
            "kota-malang", "--position", position.code, "--explain", "--on", "2025-04-21", "--format", "json"
        )
        assert "PermenPANRB 4/2025" in after


def test_an_auditor_may_write_at_home_must_be_in_the_field_for_field_audit_and_reads_how_many_days_that_leaves() -> (
    None
):
    for position in positions("kota-malang", agency__code="Inspektorat", job_family="auditor"):
        answer = explained(position, "2025-07-01")
        assert answer["outcome"] == "conditional"
        assert answer["open_tasks"] == ["Menyusun laporan hasil audit"]
        assert answer["closed_tasks"] == ["Audit lapangan pada perangkat daerah"]
        assert (answer["days_least"], answer["days_most"]) == ("3", "3")
        assert "Pasal 13 ayat (1)" in answer["days_sentence"]


def test_what_needs_information_names_a_question_and_what_is_settled_asks_nothing() -> None:
    asked = settled = 0
    for position in positions("kota-malang", agency__code__in=("BKPSDM", "Diskopindag")):
        answer = explained(position, "2025-07-01")
        if answer["outcome"] == "needs_information":
            asked += 1
            assert answer["questions"], position.code
            assert answer["worst"] != answer["best"]
        else:
            settled += 1
            assert not answer["questions"], position.code
    assert asked
    assert settled


def test_the_list_of_the_command_is_stable_and_its_numbers_add_up_in_all_formats() -> None:
    rows = json.loads(screen("kota-semarang", "--on", "2025-07-03", "--format", "json"))
    keys = ["agency", "mode", "eligible", "conditional", "not_eligible", "needs_information", "total"]
    assert all(list(row) == keys for row in rows)
    assert all(sum(row[key] for key in keys[2:6]) == row["total"] for row in rows)
    per_mode = {row["mode"]: sum(r["total"] for r in rows if r["mode"] == row["mode"]) for row in rows}
    assert list(per_mode) == ["other_office", "home", "other_place", "shift", "dynamic"]
    assert set(per_mode.values()) == {Position.objects.filter(institution__code="kota-semarang").count()}
    lines = screen("kota-semarang", "--on", "2025-07-03", "--format", "csv").splitlines()
    assert lines[0].split(",") == keys
    assert len(lines) == len(rows) + 1


def test_the_law_as_known_earlier_is_judged_by_what_had_been_issued() -> None:
    programmers = positions("kota-malang", agency__code="Diskominfo", job_family="pranata_komputer")
    suited = next(one for one in programmers if explained(one, "2025-07-01")["outcome"] == "eligible")
    options = ("--position", suited.code, "--explain", "--mode", "home", "--format", "json", "--on", "2026-03-16")
    (now,) = json.loads(screen("kota-malang", *options))["modes"]
    (then,) = json.loads(screen("kota-malang", *options, "--known-at", "2025-12-31"))["modes"]
    assert now["limits"] == []
    assert [limit["norms"] for limit in then["limits"]] == [["Pasal 13 ayat (1) PermenPANRB 4/2025"]]


def test_a_day_on_which_no_rule_is_known_is_refused_instead_of_opening_every_job() -> None:
    assert screen("kota-malang", "--on", "2023-04-12")
    with pytest.raises(CommandError, match="2023"):
        screen("kota-malang", "--on", "2023-04-11")
    with pytest.raises(CommandError, match="2025"):
        screen("kota-malang", "--on", "2025-07-01", "--known-at", "2022-01-01")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("kota-atlantis",), "kota-atlantis"),
        (("kota-malang", "--agency", "Dinas Laut"), "Dinas Laut"),
        (("kota-malang", "--on", "2025-02-30"), "2025-02-30"),
        (("kota-malang", "--explain"), "--position"),
        (("kota-malang", "--explain", "--position", "999999999"), "999999999"),
    ],
)
def test_a_wrong_word_on_the_command_line_is_named_with_the_way_out(options: tuple[str, ...], sentence: str) -> None:
    assert screen("kota-malang", "--on", date(2025, 7, 1).isoformat(), "--mode", "home")
    with pytest.raises(CommandError, match=sentence):
        screen(*options)
