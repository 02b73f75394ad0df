"""A worker killed in the middle of an approval leaves no half act, and the next one goes on; on both databases."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from eligibility.arrangements.group_requests import approve_many
from eligibility.models import Approval, ApprovalSpan, Arrangement, ArrangementStep, Notice
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests.arranged_city import ArrangedCity, arranged_city
from tests.base import assemble_cast
from tests.eligibility.approving import NOW, waiting
from tests.judged_city import judged_city


@contextmanager
def database_of_the_worker(folder: Path) -> Iterator[str]:
    """The address of a database that both this process and the worker read.

    SQLite's lies in this process's memory alone: the worker gets a file of its own, which is brought back.
    """
    if connection.vendor == "postgresql":
        told = connection.settings_dict
        yield f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"
        return
    with closing(sqlite3.connect(folder / "worker.sqlite3")) as file:
        connection.connection.backup(file)
    yield f"sqlite:///{folder / 'worker.sqlite3'}"
    with closing(sqlite3.connect(folder / "worker.sqlite3")) as file:
        file.backup(connection.connection)


def kill_in_the_middle(database: str, surviving: int, rows: list[Arrangement]) -> None:
    """Start the worker, wait until it stands in the middle of an approval, and kill it."""
    command = [sys.executable, "-m", "tests.eligibility.dying_worker", "agency_head", str(surviving)]
    environment = {
        **os.environ,
        "ENV_FILE": os.devnull,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "wfa_portal.settings",
        "DEMO": "1",
    }
    keys = [str(row.pk) for row in rows]
    with subprocess.Popen(
        [*command, *keys], cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        line = worker.stdout.readline()
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=30)
    assert line == "in the middle\n"


def counted() -> tuple[int, int, int, int]:
    """Rows that approvals write beside the trail."""
    return (
        Approval.objects.count(),
        ApprovalSpan.objects.values("approval").distinct().count(),
        ArrangementStep.objects.filter(what="approved").count(),
        Notice.objects.filter(code="approved").count(),
    )


def city_of_requests(count: int) -> tuple[ArrangedCity, list[Arrangement]]:
    """The city, and so many requests that wait for the head of the agency; only the asker has an account."""
    city = arranged_city(judged_city(assemble_cast()), colleagues=count - 1)
    return city, [waiting(city, one, "tuesday") for one in (city.asker, *city.colleagues)]


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_group_of_them_cut_off_leave_nothing_half_done(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = True
    city, rows = city_of_requests(3)
    before = TrailEntry.objects.count()
    with database_of_the_worker(tmp_path) as database:
        kill_in_the_middle(database, 0, rows[:1])
        kill_in_the_middle(database, 1, rows)
    assert counted() == (1, 1, 1, 1)
    states = [Arrangement.objects.get(pk=row.pk).state for row in rows]
    assert states == ["approved", "submitted", "submitted"]
    assert TrailEntry.objects.count() == before + 1
    assert verify_all(city.city.cast.institution).is_whole
    again = approve_many(actor=city.head_account, arrangements=rows, **NOW)
    assert [one.done for one in again] == [False, True, True]
    assert TrailEntry.objects.count() == before + 3
    assert verify_all(city.city.cast.institution).is_whole
