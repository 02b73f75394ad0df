"""Each fact of a task is answered on its own page: question, source, basis, what follows, and what stood before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from agencies.facts import TASK_FACTS
from agencies.models import FactRecord, LocalCriterion, TaskProfile
from agencies.task_pages import GROUPS
from oversight.models import TrailEntry
from tests.agencies.two_steps import confirm, fields, opened, preview
from tests.factories import PublicServiceFactory
from tests.judged_city import JudgedCity

SAID: dict[str, Any] = {"source": "Lembar pemetaan 3", "valid_from": "2025-07-01", "basis": "agreed"}


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    """The day that the forms tell consequences for."""
    settings.DEMO = True
    settings.DEMO_TODAY = date(2025, 7, 1)


def fact_url(city: JudgedCity, column: str) -> str:
    return city.url(f"uraian-tugas/{city.eligible.tasks.get().pk}/fakta/{column}/")


def test_every_fact_stands_on_the_page_of_its_task_with_source_and_basis(client: Client, city: JudgedCity) -> None:
    assert sorted(column for columns in GROUPS.values() for column in columns) == sorted(f.column for f in TASK_FACTS)
    LocalCriterion.objects.create(
        institution=city.cast.institution, number=1, label="Ruang aman", question="Ada ruang aman?"
    )
    client.force_login(city.cast.hr_officer)
    page = opened(client, city.url(f"uraian-tugas/{city.refused.tasks.get().pk}/"))
    for fact in TASK_FACTS:
        assert f"/fakta/{fact.column}/" in page
    assert "Anjab Dinkes" in page
    assert "Ruang aman" in page
    assert "Ada ruang aman?" in opened(client, fact_url(city, "local_1"))
    assert client.get(fact_url(city, "category")).status_code == 404


def test_a_changed_fact_tells_what_follows_and_keeps_what_stood_before(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = fact_url(city, "with_tik")
    page = preview(client, url, value="no", **SAID)
    assert "1 jabatan berubah dari “Dapat” menjadi “Tidak dapat”" in page
    assert "Pranata Komputer" in page
    assert "Belum ada yang disimpan" in page
    assert confirm(client, url, page).status_code == 302
    profile = TaskProfile.objects.get(position=city.eligible)
    assert profile.with_tik is False
    records = FactRecord.objects.filter(task=profile.task, fact="task.with_tik").order_by("pk")
    told = [(record.value, record.basis, record.source) for record in records]
    assert told == [("yes", "imported", "Sebelum dicatat di portal"), ("no", "agreed", SAID["source"])]
    assert TrailEntry.objects.filter(action="fact_set").count() == 1
    later = opened(client, url)
    assert "Sebelum dicatat di portal" in later
    assert SAID["source"] in later


def test_not_known_yet_is_always_an_answer(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    for column, typed in (("with_tik", "unknown"), ("face_to_face", "unknown"), ("hours_per_day", "")):
        url = fact_url(city, column)
        page = preview(client, url, value=typed, **SAID)
        assert "1 jawaban tentang tugas menjadi belum diketahui" in page
        assert confirm(client, url, page).status_code == 302
        assert getattr(TaskProfile.objects.get(position=city.eligible), column) is None


@pytest.mark.parametrize("typed", ["25", "-1", "7,555", "tujuh", "NaN", "1e3"])
def test_a_number_that_cannot_be_is_answered_at_its_field(client: Client, city: JudgedCity, typed: str) -> None:
    client.force_login(city.cast.hr_officer)
    page = preview(client, fact_url(city, "hours_per_day"), value=typed, **SAID)
    assert "id_value" in page[page.index("alert-danger") :]
    assert fields(page)["value"] == typed
    good = preview(client, fact_url(city, "hours_per_day"), value="6,5", **SAID)
    assert "alert-danger" not in good


def test_another_exposure_than_the_services_propose_needs_a_reason(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    task = city.eligible.tasks.get()
    task.services.add(PublicServiceFactory.create(agency=city.cast.agency, kind="counter"))
    url = fact_url(city, "exposure")
    assert "mengusulkan: “Langsung”" in opened(client, url)
    refused = preview(client, url, value="indirect", **SAID)
    assert "id_reason" in refused[refused.index("alert-danger") :]
    page = preview(client, url, value="indirect", reason="Di belakang loket", **SAID)
    assert confirm(client, url, page).status_code == 302
    task.services.update(closed_on=date(2025, 7, 1))
    assert "mengusulkan: “Tidak ada”" in opened(client, url), "a closed service proposes nothing"


def test_a_fact_that_changed_meanwhile_is_told_before_anything_is_saved(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = fact_url(city, "with_tik")
    page = preview(client, url, value="no", **SAID)
    TaskProfile.objects.filter(position=city.eligible).update(with_tik=None)
    late = confirm(client, url, page)
    assert "sudah diubah orang lain" in late.content.decode()
    assert not TrailEntry.objects.filter(action="fact_set").exists()
