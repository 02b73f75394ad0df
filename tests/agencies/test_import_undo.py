"""An import is undone as one act as long as nothing rests on it; what does is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from agencies.actions.imports import apply_import, undo_import
from agencies.actions.task_facts import set_task_fact
from agencies.errors import ActRefused
from agencies.fact_records import BEFORE_THE_PORTAL
from agencies.importing.kinds import KINDS
from agencies.importing.resting import resting_on
from agencies.models import (
    Agency,
    Basis,
    DataImport,
    DisciplineGate,
    Employee,
    FactRecord,
    Position,
    Posting,
    PublicService,
    Sheet,
    Task,
    TaskProfile,
    Unit,
)
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.acts.published_maps import published, with_law, withdraw
from tests.agencies.importing import AT, JOBS, PEOPLE, SERVICES, Table, employee, examined, text
from tests.base import Cast
from tests.sheets import both_submitted, opened

LATER = AT + timedelta(days=1)
ON = date(2025, 7, 1)


def done(cast: Cast, kind: str, table: Table, name: str = "tabel.csv", at: datetime = AT) -> DataImport:
    """An import that was carried out."""
    row = examined(cast, kind, text(table), name)
    apply_import(actor=cast.hr_officer, data_import=row, at=at)
    row.refresh_from_db()
    return row


def undone(cast: Cast, row: DataImport) -> None:
    undo_import(actor=cast.hr_officer, data_import=row, reason="Berkas keliru", at=LATER)


def recorded(cast: Cast, kind: str) -> list[Mapping[str, str]]:
    """Everything that counts now, as a file would tell it."""
    return list(KINDS[kind].recorded(cast.institution, ON))


OTHER_JOBS: Table = (
    JOBS[0],
    ("Bappeda", "Bappeda Baru", "badan", "litbang", "Litbang", "B-1", "Statistisi Ahli", 9, "tidak", 5),
    ("Bappeda", "", "", "baru", "Bidang Baru", "B-3", "Arsiparis", 1, "ya", 8),
    ("Dinkes", "", "", "", "", "B-4", "Perawat", 1, "tidak", ""),
)
OTHER_PEOPLE: Table = (
    PEOPLE[0],
    employee("198503172010011901", "Pegawai Berganti", "pns", "III/c", date(2010, 1, 1), "kurang"),
    employee("199011052022212903", "Pegawai Tiga", "pppk", "IX", date(2022, 1, 1)),
)
OTHER_SERVICES: Table = (
    SERVICES[0],
    ("Diskominfo", "L-1", "Loket baru", "online", "-", 5, "DISKOMINFO-01"),
    ("Dinkes", "L-2", "Imunisasi", "counter", "", "", "DISKOMINFO-01"),
)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("positions", JOBS, OTHER_JOBS),
        ("employees", PEOPLE, OTHER_PEOPLE),
        ("services", SERVICES, OTHER_SERVICES),
    ],
)
def test_undone_it_leaves_what_was_there_before_as_one_act_and_can_be_done_again(
    cast: Cast, kind: str, first: Table, second: Table
) -> None:
    done(cast, kind, first)
    before = recorded(cast, kind)
    row = done(cast, kind, second, "kedua.csv", AT + timedelta(hours=1))
    after = recorded(cast, kind)
    assert after != before
    assert not resting_on(row)
    acts = TrailEntry.objects.count()
    undone(cast, row)
    identities = [one for one in recorded(cast, kind) if len(one) > 3 or kind != "employees"]
    assert identities == before
    assert TrailEntry.objects.count() == acts + 1
    assert verify_all(cast.institution).is_whole
    again = examined(cast, kind, text(second), "ketiga.csv")
    apply_import(actor=cast.hr_officer, data_import=again, at=LATER + timedelta(hours=1))
    assert recorded(cast, kind) == after


def test_former_facts_are_recorded_again_with_the_undo_as_their_source(cast: Cast) -> None:
    done(cast, "positions", JOBS)
    row = done(cast, "positions", OTHER_JOBS)
    undone(cast, row)
    task = Task.objects.get(position__code="B-1")
    told = list(task.fact_records.filter(fact="task.outside_office").values_list("value", "source"))
    assert told == [
        ("yes", "tabel.csv"),
        ("no", "tabel.csv"),
        ("yes", f"Pembatalan impor {row.pk}: tabel.csv"),
    ]
    assert task.profile.outside_office is True
    renamed = task.position.fact_records.filter(fact="position.title").order_by("pk").values_list("value", "source")
    assert list(renamed) == [
        ("Statistisi", BEFORE_THE_PORTAL),
        ("Statistisi Ahli", "tabel.csv"),
        ("Statistisi", f"Pembatalan impor {row.pk}: tabel.csv"),
    ]
    new = Position.objects.get(title="Arsiparis")
    assert (new.code, new.closed_on) == (f"B-3#batal-{row.pk}", row.valid_from)
    assert TaskProfile.objects.get(position=new).closed_on == row.valid_from


def test_the_identity_of_a_new_employee_stays_without_anything_in_force(cast: Cast) -> None:
    row = done(cast, "employees", PEOPLE)
    undone(cast, row)
    assert Employee.objects.count() == 2
    assert not Posting.objects.current().exists()


def refused(cast: Cast, row: DataImport) -> str:
    """The sentence with which an undo is refused; nothing has changed then."""
    before = recorded(cast, row.kind)
    with override_settings(LANGUAGE_CODE="en"), pytest.raises(ActRefused) as refusal:
        undone(cast, row)
    row.refresh_from_db()
    assert row.state == DataImport.State.APPLIED
    assert recorded(cast, row.kind) == before
    return str(refusal.value)


def test_a_later_import_rests_on_an_earlier_one(cast: Cast) -> None:
    first = done(cast, "positions", JOBS)
    second = done(cast, "positions", OTHER_JOBS)
    said = refused(cast, first)
    assert "rest on what was new: Badan" not in said
    assert "Bappeda Baru" in said
    undone(cast, second)
    assert "Fact records" in refused(cast, first), "the records of the undo stand on the rows of the first"


def _posting(cast: Cast) -> None:
    employee = Employee.objects.create(
        institution=cast.institution, nip="1" * 18, name="Pegawai Baru", recorded_at=LATER
    )
    position = Position.objects.get(code="B-1")
    Posting.objects.create(
        employee=employee, position=position, reason="formation", effective_from=ON, recorded_at=LATER
    )


def _fact(cast: Cast) -> None:
    FactRecord.objects.create(
        institution=cast.institution,
        task=Task.objects.get(position__code="B-1"),
        fact="task.with_tik",
        value="yes",
        source="Lembar pemetaan",
        basis="agreed",
        valid_from=ON,
        recorded_at=LATER,
    )


def _child(cast: Cast) -> None:
    Agency.objects.create(
        institution=cast.institution, code="X", name="UPT X", kind="uptd", parent=Agency.objects.get(code="Bappeda")
    )


def _renamed(cast: Cast) -> None:
    Unit.objects.create(agency=Agency.objects.get(code="Bappeda"), code="x", name="x")


@pytest.mark.parametrize(
    ("later", "names"),
    [(_posting, "Postings (1)"), (_fact, "Fact records (1)"), (_child, "Agencies (1)"), (_renamed, "Units (1)")],
)
def test_what_rests_on_new_positions_is_named(cast: Cast, later: Any, names: str) -> None:
    row = done(cast, "positions", JOBS)
    later(cast)
    assert names in refused(cast, row)


FACTS_OF_A_TASK: Table = (
    ("agency_code", "position_code", "task_number", "outside_office", "with_tik", "days_per_week"),
    ("Diskominfo", "DISKOMINFO-01", 1, "ya", "ya", 5),
)


def test_what_two_reviewers_agreed_on_since_then_rests_on_it_even_with_the_same_values(cast: Cast) -> None:
    TaskProfile.objects.filter(task=cast.task).update(outside_office=None, with_tik=False, days_per_week=None)
    row = done(cast, "positions", FACTS_OF_A_TASK)
    assert both_submitted(opened(cast)).state == Sheet.State.AGREED
    said = refused(cast, row)
    assert f"Fact records (3) rest on what was changed: {cast.task}." in said
    profile = TaskProfile.objects.get(task=cast.task)
    assert (profile.outside_office, profile.with_tik, profile.days_per_week) == (True, True, 5)


def test_a_later_import_that_was_undone_itself_rests_on_nothing_and_neither_do_facts_that_it_left(cast: Cast) -> None:
    TaskProfile.objects.filter(task=cast.task).update(outside_office=None, with_tik=False, days_per_week=None)
    row = done(cast, "positions", FACTS_OF_A_TASK)
    other = [*FACTS_OF_A_TASK[1][:3], "tidak", "tidak", 4]
    later = done(cast, "positions", (FACTS_OF_A_TASK[0], other), "kedua.csv", AT + timedelta(hours=1))
    assert str(cast.task) in refused(cast, row)
    undone(cast, later)
    set_task_fact(
        actor=cast.hr_officer,
        task=cast.task,
        fact="task.confidential_material",
        value=True,
        basis=Basis.AGREED,
        source="Rapat",
        valid_from=ON,
        at=LATER,
    )
    undone(cast, row)
    profile = TaskProfile.objects.get(task=cast.task)
    assert (profile.outside_office, profile.with_tik, profile.days_per_week) == (None, False, None)


def test_what_rests_on_employees_and_services_is_named(cast: Cast) -> None:
    people = done(cast, "employees", PEOPLE)
    services = done(cast, "services", SERVICES)
    one = Employee.objects.get(name="Pegawai Satu")
    gate = DisciplineGate(employee=one, kind="light", basis="pp_94_2021", starts_on=ON, recorded_at=LATER)
    gate.save()
    assert "Pegawai Satu" in refused(cast, people)
    PublicService.objects.filter(code="L-1").update(name="Loket lain")
    PublicService.objects.get(code="L-1").tasks.clear()
    undone(cast, services)


def test_a_correction_after_the_import_is_named(cast: Cast) -> None:
    done(cast, "employees", PEOPLE)
    row = done(cast, "employees", OTHER_PEOPLE)
    Posting.objects.create(
        employee=Employee.objects.get(name="Pegawai Berganti"),
        position=cast.position,
        capacity="plt",
        reason="rotation",
        effective_from=ON,
        recorded_at=LATER,
    )
    Employee.objects.filter(name="Pegawai Berganti").update(residence="Jalan Baru")
    assert "Pegawai Berganti" in refused(cast, row)


def test_the_page_names_what_rests_or_asks_for_the_reason(client: Client, cast: Cast) -> None:
    client.force_login(cast.hr_officer)
    row = done(cast, "positions", JOBS)
    url = f"/kota-contoh/impor/{row.pk}/batalkan/"
    assert client.post(url, {"reason": ""}).context["form"].errors
    _posting(cast)
    assert 'name="reason"' not in client.get(url).content.decode()
    Posting.objects.all().update(superseded_at=LATER)
    assert 'name="reason"' not in client.get(url).content.decode(), "a superseded posting is history that stays"


def test_the_same_parts_can_be_undone_one_after_another(cast: Cast) -> None:
    rows: Sequence[DataImport] = [done(cast, "services", SERVICES), done(cast, "services", OTHER_SERVICES)]
    assert "Loket baru" in refused(cast, rows[0])
    undone(cast, rows[1])
    assert PublicService.objects.get(code="L-1").name == "Loket pengaduan"


def test_who_was_new_by_an_undone_import_is_told_apart_by_the_look_through_the_data(client: Client, cast: Cast) -> None:
    row = done(cast, "employees", PEOPLE)
    client.force_login(cast.hr_officer)
    address = "/kota-contoh/rontgen-data/pegawai-tanpa-kedudukan/"
    assert "Pegawai Satu" not in client.get(address).content.decode()
    undone(cast, row)
    left = "masuk lewat impor yang dibatalkan; tidak ada data lain yang berlaku"
    assert client.get(address).content.decode().count(left) == 2
    assert b"".join(client.get(address, {"unduh": "csv"})).decode().count(left) == 2
    done(cast, "employees", PEOPLE[:2], "lagi.csv", LATER + timedelta(hours=1))
    assert client.get(address).content.decode().count(left) == 1, "of the other something is recorded again"


def test_a_map_published_since_then_is_told_and_keeps_nothing_from_being_undone(client: Client, cast: Cast) -> None:
    with_law(cast)
    row = done(cast, "positions", OTHER_JOBS)
    client.force_login(cast.hr_officer)
    url = f"/kota-contoh/impor/{row.pk}/batalkan/"
    told = "Peta yang terbit sejak itu dihitung dengan impor ini dan tetap apa adanya, per 1 Juli 2025"
    assert told not in client.get(url).content.decode()
    published(cast)
    page = client.get(url).content.decode()
    assert told in page
    assert "tidak dapat dibatalkan lagi" not in page
    withdraw(cast)
    assert told not in client.get(url).content.decode()
    undone(cast, row)
    row.refresh_from_db()
    assert row.state == DataImport.State.UNDONE
