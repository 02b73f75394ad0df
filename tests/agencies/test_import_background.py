"""Large files are worked through in the background; a worker cut off leaves nothing behind, and the page says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from agencies import import_work
from agencies.import_work import start_application, start_examination
from agencies.importing.progress import Stage, Teller, progress_of
from agencies.models import DataImport, FactRecord, ImportedRow, Position
from oversight.models import TrailEntry
from tests.agencies.importing import AT, JOBS, examined, kept, text
from tests.base import Cast, assemble_cast
from tests.eligibility.test_killed_worker import database_of_the_worker
from tests.factories import PositionFactory

State = DataImport.State


@pytest.fixture(autouse=True)
def _progress_of_its_own(settings: Settings, tmp_path: Path) -> None:
    """Progress is told in a folder that all processes see."""
    progress = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "progress"}
    settings.CACHES = {**portal.CACHES, "progress": progress}


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows are many."""
    monkeypatch.setattr(import_work, "AT_ONCE", 1)


def work() -> None:
    """Have the worker do all that waits."""
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False)


@pytest.mark.django_db(transaction=True)
def test_a_large_file_waits_for_the_worker_and_shows_how_far_it_has_come(client: Client, large: None) -> None:
    cast = assemble_cast()
    client.force_login(cast.hr_officer)
    row = examined(cast, "positions", text(JOBS))
    url = f"/kota-contoh/impor/{row.pk}/"
    assert row.state == State.EXAMINING
    Teller(row.pk).tell(Stage.READING, 1200, 20000)
    page = client.get(url).content.decode()
    assert 'value="1200" max="20000"' in page
    assert 'http-equiv="refresh"' in page, "without JavaScript the page asks again by itself"
    assert "HX-Refresh" not in client.get(url, headers={"HX-Request": "true"}).headers
    work()
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert not Position.objects.filter(code="B-1").exists()
    client.post(f"{url}laksanakan/")
    assert DataImport.objects.get().state == State.APPLYING
    work()
    assert DataImport.objects.get().state == State.APPLIED
    assert Position.objects.filter(code="B-1").exists()
    assert progress_of(row.pk) is None
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_changed_while_it_waited_is_shown_again(large: None) -> None:
    cast = assemble_cast()
    row = examined(cast, "positions", text(JOBS))
    work()
    row.refresh_from_db()
    start_application(row, cast.hr_officer, AT)
    cast.agency.code = "Bappeda"
    cast.agency.save()
    work()
    row.refresh_from_db()
    assert (row.state, row.plan_changed) == (State.EXAMINED, True)
    assert not Position.objects.filter(code="B-1").exists()


def test_work_without_a_sign_of_life_is_told_as_not_carried_out_and_can_be_done_again(
    client: Client, cast: Cast
) -> None:
    row = examined(cast, "positions", text(JOBS))
    long_ago = timezone.now() - timedelta(minutes=5)
    DataImport.objects.update(state=State.APPLYING, alive_at=long_ago, applied_by=cast.hr_officer)
    client.force_login(cast.hr_officer)
    url = f"/kota-contoh/impor/{row.pk}/"
    page = client.get(url)
    assert page.context["working"].cut_off
    assert "ulangi/" in page.content.decode()
    Teller(row.pk).tell(Stage.WRITING, 1, 2)
    assert not client.get(url).context["working"].cut_off, "it lives"
    client.post(f"{url}ulangi/")
    assert DataImport.objects.get().state == State.APPLIED


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    cast = assemble_cast()
    row = examined(cast, "positions", text(JOBS))
    DataImport.objects.update(state=State.APPLYING, alive_at=AT, applied_by=cast.hr_officer)
    before = (Position.objects.count(), FactRecord.objects.count(), TrailEntry.objects.count())
    with database_of_the_worker(tmp_path) as database:
        kill_in_the_middle(database, row.pk)
    assert (Position.objects.count(), FactRecord.objects.count(), TrailEntry.objects.count()) == before
    assert not ImportedRow.objects.exists()
    row = DataImport.objects.get(pk=row.pk)
    assert row.was_cut_off(timezone.now())
    assert start_application(row, cast.hr_officer, AT)
    assert Position.objects.filter(code="B-1").exists()
    assert TrailEntry.objects.count() == before[2] + 1


def kill_in_the_middle(database: str, key: int) -> None:
    """Start the worker, wait until it stands in the middle of the import, and kill it."""
    command = [sys.executable, "-m", "tests.agencies.dying_importer", str(key)]
    environment = {
        **os.environ,
        "ENV_FILE": os.devnull,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "wfa_portal.settings",
    }
    with subprocess.Popen(command, cwd=portal.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        line = worker.stdout.readline()
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=30)
    assert line == "in the middle\n"


def test_what_was_given_up_meanwhile_is_left_alone(cast: Cast, large: None) -> None:
    row = kept(cast, "positions", text(JOBS))
    import_work.examine_in_background.call(row.pk)
    import_work.apply_in_background.call(row.pk + 1)
    assert DataImport.objects.filter(state=State.UPLOADED, rows=F("rows")).exists()
    start_examination(row, AT)
    assert DataImport.objects.get().state == State.EXAMINING


@pytest.mark.django_db(transaction=True)
def test_a_large_import_is_undone_by_the_worker_or_stays_where_something_came_to_rest_on_it(
    client: Client, large: None
) -> None:
    cast = assemble_cast()
    client.force_login(cast.hr_officer)
    row = examined(cast, "positions", text(JOBS))
    work()
    url = f"/kota-contoh/impor/{row.pk}/"
    client.post(f"{url}laksanakan/")
    work()
    assert client.post(f"{url}batalkan/", {"reason": "Berkas keliru"}).status_code == 302
    assert DataImport.objects.get().state == State.UNDOING
    assert Position.objects.filter(code="B-1").exists()
    assert "sedang dibatalkan" in client.get(url).content.decode()
    PositionFactory.create(agency=Position.objects.get(code="B-1").agency)
    work()
    stays = DataImport.objects.get()
    assert (stays.state, stays.ended_by, stays.reason) == (State.APPLIED, None, "")
    assert Position.objects.filter(code="B-1").exists()
    refused = client.post(f"{url}batalkan/", {"reason": "Sekali lagi"})
    assert refused.status_code == 200
    assert DataImport.objects.get().state == State.APPLIED
    Position.objects.exclude(code__in=("B-1", "B-2")).filter(agency__code="Bappeda").delete()
    client.post(f"{url}batalkan/", {"reason": "Berkas keliru"})
    work()
    undone = DataImport.objects.get()
    assert (undone.state, undone.ended_by, undone.reason) == (State.UNDONE, cast.hr_officer, "Berkas keliru")
    assert not Position.objects.filter(code="B-1").exists()
    assert TrailEntry.objects.filter(action="import_undone").count() == 1
