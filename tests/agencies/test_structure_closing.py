"""What is closed counts no more from its day on, and never before; nothing is left behind or outlives its place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from agencies.actions.positions import close_position
from agencies.actions.tasks import close_task
from agencies.errors import ActRefused
from agencies.models import Agency, FactRecord, Position, PublicService, Task, TaskProfile, Unit
from eligibility import loading, screening
from eligibility.footing import Footing
from oversight.models import TrailEntry
from tests.agencies.two_steps import confirm, fields, opened, preview
from tests.base import Cast
from tests.factories import EmployeeFactory, PositionFactory, PostingFactory, PublicServiceFactory, TaskFactory
from tests.judged_city import JudgedCity

KNOWN = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE, CLOSED = "2025-07-31", "2025-08-01"


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    """The day that the forms tell consequences for."""
    settings.DEMO = True
    settings.DEMO_TODAY = date(2025, 7, 1)


def closed(client: Client, url: str, day: str = CLOSED) -> str:
    """Preview and confirm a closing; the previewed page."""
    page = preview(client, url, closed_on=day, source="SK 9/2025")
    answer = confirm(client, url, page)
    assert answer.status_code == 302, answer.content.decode()
    return page


def counted(city: JudgedCity, day: str) -> dict[str, int]:
    """Positions that count in each agency on a day."""
    on, institution = date.fromisoformat(day), city.cast.institution
    book = loading.rulebook(institution, on, KNOWN)
    known = Footing(institution, on, KNOWN).grounds
    judged = screening.position_bounds(book, known, institution=institution)
    found = {one.agency: one.total for one in screening.counts(book, known, institution)}
    assert sum(found.values()) == len(judged)
    return found


def test_a_closed_position_is_judged_on_the_day_before_and_not_on_the_day(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = closed(client, city.url(f"jabatan/{city.eligible.pk}/tutup/"))
    assert "1 jabatan tidak lagi dihitung" in page
    assert "Pranata Komputer" in page
    assert counted(city, BEFORE)["Diskominfo"] == 4
    assert counted(city, CLOSED)["Diskominfo"] == 3
    card = f"jabatan/{city.eligible.pk}/"
    assert "Hasil penilaian sistem" in opened(client, city.url(card, BEFORE))
    after = opened(client, city.url(card, CLOSED))
    assert "Ditutup mulai 1 Agustus 2025" in after
    assert "outcome-eligible" not in after
    assert "Pranata Komputer" in opened(client, city.url("opd/Diskominfo/", BEFORE))
    assert "Pranata Komputer" not in opened(client, city.url("opd/Diskominfo/", CLOSED))
    assert "Pranata Komputer" in opened(client, city.url("opd/Diskominfo/?cara=home&hasil=eligible", BEFORE))
    assert "Pranata Komputer" not in opened(client, city.url("opd/Diskominfo/?cara=home&hasil=eligible", CLOSED))
    with pytest.raises(CommandError, match="ditutup mulai"):
        call_command("screen", "kota-contoh", position=str(city.eligible.pk), on=CLOSED, stdout=StringIO())
    task = city.eligible.tasks.get()
    assert task.closed_on == TaskProfile.objects.get(task=task).closed_on == date(2025, 8, 1)
    assert FactRecord.objects.filter(position=city.eligible, fact="position.closed_on", value=CLOSED).exists()


def test_opening_again_brings_back_what_was_closed_with_it(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    first, second = city.conditional.tasks.order_by("number")
    closed(client, city.url(f"uraian-tugas/{second.pk}/tutup/"), "2025-07-15")
    url = city.url(f"jabatan/{city.conditional.pk}/tutup/")
    closed(client, url)
    closed(client, url, "2025-08-10")
    assert counted(city, "2025-08-09")["Diskominfo"] == 4
    closed(client, url, "")
    assert counted(city, "2026-01-01")["Diskominfo"] == 4
    days = list(city.conditional.tasks.order_by("number").values_list("closed_on", flat=True))
    assert days == [None, date(2025, 7, 15)], "a task closed on a day of its own stays closed"
    assert list(TaskProfile.objects.filter(task=first).values_list("closed_on", flat=True)) == [None]
    actions = list(TrailEntry.objects.order_by("number").values_list("action", flat=True))[-3:]
    assert actions == ["position_closed", "position_closed", "position_opened_again"]


def test_a_position_that_somebody_holds_is_not_closed(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    posting = PostingFactory.create(position=city.eligible)
    PostingFactory.create(position=city.eligible, effective_until=date(2025, 7, 31))
    PostingFactory.create(position=city.eligible, superseded_at=KNOWN)
    url = city.url(f"jabatan/{city.eligible.pk}/tutup/")
    page = preview(client, url, closed_on=CLOSED, source="SK 9/2025")
    assert "Masih ada 1 penempatan" in page
    assert "31 Juli 2025" in page
    assert fields(page)["source"] == "SK 9/2025"
    assert not TrailEntry.objects.filter(action="position_closed").exists()
    posting.superseded_at = KNOWN
    posting.save(update_fields=["superseded_at"])
    PostingFactory.create(
        position=city.eligible, employee=posting.employee, effective_until=date(2025, 7, 31), recorded_at=KNOWN
    )
    closed(client, url)


def test_a_unit_and_an_agency_close_only_when_empty(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    unit = Unit.objects.get(positions=city.cast.position)
    page = preview(client, city.url(f"unit/{unit.pk}/tutup/"), closed_on=CLOSED, source="SK")
    assert "1 jabatan" in page
    service = PublicService.objects.get(agency=city.cast.agency)
    service.unit = unit
    service.save(update_fields=["unit"])
    page = preview(client, city.url("opd/Dinkes/susunan/tutup/"), closed_on=CLOSED, source="SK")
    assert "1 unit organisasi di bawahnya" in page
    page = preview(client, city.url("opd/Diskominfo/susunan/tutup/"), closed_on=CLOSED, source="SK")
    assert "4 jabatan, 1 unit kerja, 1 layanan publik" in page or "4 jabatan, 1 unit, 1 layanan publik" in page
    for position in Position.objects.filter(agency=city.cast.agency):
        closed(client, city.url(f"jabatan/{position.pk}/tutup/"))
    assert "1 layanan publik" in preview(client, city.url(f"unit/{unit.pk}/tutup/"), closed_on=CLOSED, source="SK")
    closed(client, city.url(f"layanan/{service.pk}/tutup/"))
    closed(client, city.url(f"unit/{unit.pk}/tutup/"))
    closed(client, city.url("opd/Diskominfo/susunan/tutup/"))
    assert "Diskominfo" in counted(city, BEFORE)
    assert "Diskominfo" not in counted(city, CLOSED)
    own = opened(client, city.url("opd/Diskominfo/", CLOSED))
    assert "Ditutup mulai 1 Agustus 2025" in own
    assert opened(client, city.url("peta/", BEFORE)).count("Dinas Komunikasi")
    assert "Dinas Komunikasi" not in opened(client, city.url("peta/", CLOSED))


def test_nothing_opens_again_in_what_is_closed(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    closed(client, city.url(f"jabatan/{city.refused.pk}/tutup/"))
    closed(client, city.url(f"opd/{city.below.code}/susunan/tutup/"))
    page = preview(client, city.url(f"jabatan/{city.refused.pk}/tutup/"), closed_on="", source="SK")
    assert "Puskesmas Satu" in page
    assert "ditutup mulai 1 Agustus 2025" in page
    adding = city.url(f"opd/{city.below.code}/susunan/jabatan-baru/")
    typed = {"code": "X", "title": "X", "place": str(city.below.pk), "source": "SK", "valid_from": CLOSED}
    assert "ditutup mulai 1 Agustus 2025" in preview(client, adding, **typed)
    task = city.refused.tasks.get()
    later = preview(client, city.url(f"uraian-tugas/{task.pk}/tutup/"), closed_on="2025-09-01", source="SK")
    assert "ditutup mulai 1 Agustus 2025" in later
    closed(client, city.url(f"opd/{city.below.code}/susunan/tutup/"), "")
    closed(client, city.url(f"jabatan/{city.refused.pk}/tutup/"), "")
    assert counted(city, CLOSED)["pkm-1"] == 1


def test_the_last_task_stays_and_reopened_shares_fit(cast: Cast) -> None:
    said: dict[str, Any] = {"actor": cast.hr_officer, "source": "SK"}
    day = date(2025, 8, 1)
    with pytest.raises(ActRefused, match="paling sedikit satu uraian tugas"):
        close_task(task=cast.task, closed_on=day, **said)
    Task.objects.filter(pk=cast.task.pk).update(share=60)
    second = TaskFactory.create(position=cast.position, number=2, share=40)
    close_task(task=second, closed_on=day, **said)
    Task.objects.filter(pk=cast.task.pk).update(share=90)
    with pytest.raises(ActRefused, match="130"):
        close_task(task=second, closed_on=None, **said)
    Task.objects.filter(pk=cast.task.pk).update(share=60)
    assert close_task(task=second, closed_on=None, **said)
    assert close_position(position=cast.position, closed_on=day, **said)
    assert close_position(position=cast.position, closed_on=day, **said) is None


def test_a_position_whose_tasks_are_all_closed_cannot_be_judged_yet(city: JudgedCity) -> None:
    task = city.eligible.tasks.get()
    TaskProfile.objects.filter(task=task).update(closed_on=date(2025, 8, 1))
    Task.objects.filter(pk=task.pk).update(closed_on=date(2025, 8, 1))
    assert counted(city, CLOSED) == counted(city, BEFORE)


def test_closed_positions_stand_on_the_structure_page_only(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    position = PositionFactory.create(agency=city.cast.agency, title="Juru Ketik", closed_on=date(2025, 6, 1))
    EmployeeFactory.create(institution=city.cast.institution)
    page = opened(client, city.url("opd/Diskominfo/susunan/"))
    assert "1 jabatan ditutup" in page
    assert "Juru Ketik" in page
    assert "Juru Ketik" not in opened(client, city.url("opd/Diskominfo/"))
    assert opened(client, city.url(f"jabatan/{position.pk}/", "2025-06-01"))
    assert Agency.objects.filter(closed_on__isnull=False).count() == 0
    assert PublicServiceFactory.create(agency=city.cast.agency).closed_on is None
