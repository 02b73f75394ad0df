"""The list of imports, a dry run and who moved by it are taken away whole, as narrowed, with people masked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.actions import imports
from agencies.actions.task_facts import set_task_fact
from agencies.import_work import start_examination
from agencies.importing.agreements import Agreement, agreements
from agencies.importing.position_plans import Part
from agencies.models import Basis, DataImport, ImportKind, PersonalDataRead, Sheet, TaskProfile
from tests.acts.imports import NOON, applied, examined
from tests.agencies.importing import examined as examined_file
from tests.base import Cast
from tests.exported import from_csv
from tests.factories import TaskFactory
from tests.sheets import AT, DAY, both_submitted, opened

MANY: Final = 60
"""More than a page holds."""
NUMBERS: Final = [f"198503172010011{900 + number}" for number in range(1, MANY + 1)]
LISTING: Final = "/kota-contoh/impor/"


def of_employees(cast: Cast, content: str) -> DataImport:
    row = imports.keep_import_file(
        actor=cast.hr_officer,
        institution=cast.institution,
        kind=ImportKind.EMPLOYEES.value,
        name="pegawai.csv",
        content=content.encode(),
        at=NOON,
    )
    start_examination(row, NOON)
    row.refresh_from_db()
    return row


def joining(cast: Cast) -> DataImport:
    rows = "".join(f"{nip};Pegawai {place:02};pns;2010-01-01\n" for place, nip in enumerate(NUMBERS))
    return of_employees(cast, f"nip;name;kind;employment_from\n{rows}")


def test_a_dry_run_is_taken_away_whole_and_masked_and_the_read_is_logged(client: Client, cast: Cast) -> None:
    row = joining(cast)
    client.force_login(cast.hr_officer)
    page = client.get(f"{LISTING}{row.pk}/")
    listed = page.context["run"].listed
    assert listed > len(page.context["run"].lines), "the page goes on over further ones"
    read = from_csv(client.get(f"{LISTING}{row.pk}/?unduh=csv"))
    assert len(read.rows) == listed
    assert read.told["Berkas"] == "pegawai.csv"
    words = str(read.rows)
    assert "Pegawai 59" in words
    assert not any(nip in words for nip in NUMBERS)
    assert PersonalDataRead.objects.filter(page="import", count=listed).exists()
    narrowed = from_csv(client.get(f"{LISTING}{row.pk}/?apa=unchanged&unduh=csv"))
    assert not narrowed.rows
    assert narrowed.told["Yang ditampilkan"] == "Tetap"
    imports.apply_import(actor=cast.hr_officer, data_import=row, at=NOON)
    done = from_csv(client.get(f"{LISTING}{row.pk}/?unduh=csv"))
    assert done.heads == ["Jenis", "Dibuat", "Diubah", "Tetap"], "the dry run is over: what was done stands there"
    assert ["pegawai", str(MANY), "0", "0"] in done.rows
    assert "Pegawai 59" not in f"{done.above}{done.rows}"


def test_the_faults_of_a_dry_run_are_taken_away_by_row_and_column(client: Client, cast: Cast) -> None:
    row = of_employees(cast, f"nip;name;kind;employment_from\n{NUMBERS[0]};Pegawai;dukun;2010-01-01\n")
    client.force_login(cast.hr_officer)
    read = from_csv(client.get(f"{LISTING}{row.pk}/?unduh=csv"))
    assert [line[0] for line in read.rows] == ["2"]
    assert read.column("Yang tertulis") == ["dukun"]
    assert read.column("Yang perlu dilakukan")[0]


def test_who_moved_is_taken_away_whole_masked_and_narrowed(client: Client, cast: Cast) -> None:
    row = joining(cast)
    imports.apply_import(actor=cast.hr_officer, data_import=row, at=NOON)
    client.force_login(cast.hr_officer)
    url = f"{LISTING}{row.pk}/pegawai/"
    assert len(client.get(url).context["moves"].lines) < MANY
    read = from_csv(client.get(f"{url}?unduh=csv"))
    assert read.column("Nama") == [f"Pegawai {place:02}" for place in range(MANY)]
    assert not any(nip in str(read.rows) for nip in NUMBERS)
    assert PersonalDataRead.objects.filter(page="moves", count=MANY).exists()
    assert not from_csv(client.get(f"{url}?apa=left&unduh=csv")).rows
    client.force_login(cast.agency_head)
    assert client.get(f"{url}?unduh=csv").status_code == 404


def test_the_list_of_imports_tells_of_each_who_and_how_far(client: Client, cast: Cast) -> None:
    done, waiting = applied(cast), examined(cast, ImportKind.EMPLOYEES)
    client.force_login(cast.hr_officer)
    read = from_csv(client.get(f"{LISTING}?unduh=csv"))
    assert set(read.column("SHA-256")) == {waiting.sha256, done.sha256}
    assert len(read.rows) == DataImport.objects.count() == 2
    assert set(read.column("Oleh")) == {cast.hr_officer.username}
    assert set(read.column("Sudah dilaksanakan")) == {"", "1 Juli 2025, 12.00 WIB"}


def test_a_dry_run_marks_what_two_reviewers_agreed_on_before_it_is_overwritten(client: Client, cast: Cast) -> None:
    assert both_submitted(opened(cast)).state == Sheet.State.AGREED
    recorded: dict[str, Any] = {"source": "Rapat", "valid_from": DAY, "actor": cast.hr_officer, "task": cast.task}
    later = AT + timedelta(days=3)
    set_task_fact(fact="task.output_measurable", value=False, basis=Basis.AGREED, at=later, **recorded)
    set_task_fact(fact="task.confidential_material", value=True, basis=Basis.IMPORTED, at=later, **recorded)
    columns = "agency_code;position_code;task_number;with_tik;output_measurable;confidential_material"
    line = f"{cast.agency.code};{cast.position.code};1;tidak;ya;tidak"
    row = examined_file(cast, "positions", f"{columns}\n{line}\n".encode(), "tugas.csv")
    client.force_login(cast.hr_officer)
    address = f"{LISTING}{row.pk}/?apa=changed"
    (said,) = from_csv(client.get(f"{address}&unduh=csv")).column("Sebelum → sesudah")
    assert "with_tik: ya (disepakati dua penilai pada 1 Juli 2025) → tidak" in said
    assert "output_measurable: tidak (tercatat sebagai kesepakatan pada 4 Juli 2025) → ya" in said
    assert "confidential_material: ya → tidak" in said
    page = client.get(address).content.decode()
    assert "ya <strong>(disepakati dua penilai pada 1 Juli 2025)</strong> → tidak" in page
    assert page.count("disepakati dua penilai") == 1


def test_agreements_of_many_tasks_are_asked_for_in_two_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    both_submitted(opened(cast))
    others = [TaskFactory.create(position=cast.position, number=number) for number in range(2, 9)]
    former = {"with_tik": True}
    part: Part[TaskProfile] = Part(before={one.pk: dict(former) for one in (cast.task, *others)})
    with django_assert_num_queries(2):
        found = agreements(part)
    assert found == {cast.task.pk: {"with_tik": Agreement(DAY, by_reviewers=True)}}
