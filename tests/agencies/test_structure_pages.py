"""Agencies, units, positions, tasks and services are kept by forms that say what follows before anything is saved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from agencies.actions import positions as position_acts
from agencies.models import Agency, FactRecord, NonAsnStaff, Position, PublicService, Role, TaskProfile, Unit
from agencies.structure import PositionValues
from oversight.models import TrailEntry
from tests.agencies.two_steps import NOTHING, confirm, fields, opened, preview
from tests.base import Cast, person
from tests.factories import PositionFactory, PostingFactory, PublicServiceFactory, TaskFactory, UnitFactory
from tests.judged_city import JudgedCity

SAID: dict[str, Any] = {"source": "SK Wali Kota 7/2025", "valid_from": "2025-07-01"}


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    """The day that the forms tell consequences for."""
    settings.DEMO = True
    settings.DEMO_TODAY = date(2025, 7, 1)


def carried_out(client: Client, url: str, **typed: Any) -> str:
    """Preview and confirm; exactly one entry enters the trail. Returns the previewed page."""
    before = TrailEntry.objects.count()
    page = preview(client, url, **typed)
    assert "Yang akan terjadi" in page or "consequences" in page
    answer = confirm(client, url, page)
    assert answer.status_code == 302, answer.content.decode()
    assert TrailEntry.objects.count() == before + 1
    return page


def history(**subject: Any) -> list[tuple[str, str | None, str]]:
    """Fact, value and source of each record about a subject, in their order."""
    return list(FactRecord.objects.filter(**subject).values_list("fact", "value", "source"))


def test_an_agency_is_added_corrected_and_closed(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = carried_out(
        client, city.url("opd-baru/"), code="DLH", name="Dinas Lingkungan", kind="dinas", sector="environment", **SAID
    )
    assert NOTHING in page
    added = Agency.objects.get(code="DLH")
    assert ("agency.kind", "dinas", SAID["source"]) in history(agency=added)
    carried_out(client, city.url("opd/DLH/susunan/ubah/"), name="Dinas Lingkungan Hidup", kind="badan", **SAID)
    added.refresh_from_db()
    assert (added.name, added.kind, added.sector) == ("Dinas Lingkungan Hidup", "badan", "environment")
    kinds = [value for fact, value, _source in history(agency=added) if fact == "agency.kind"]
    assert kinds == ["dinas", "badan"]
    carried_out(client, city.url("opd/DLH/susunan/tutup/"), closed_on="2025-07-02", source="Perda 1/2025")
    assert "Dinas Lingkungan Hidup" in opened(client, city.url("peta/"))
    assert "Dinas Lingkungan Hidup" not in opened(client, city.url("peta/", "2025-07-02"))


def test_a_former_value_that_nobody_recorded_is_written_down_first(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    carried_out(client, city.url(f"opd/{city.below.code}/susunan/ubah/"), kind="uptd", **SAID)
    assert history(agency=city.below) == [
        ("agency.kind", "puskesmas", "Sebelum dicatat di portal"),
        ("agency.kind", "uptd", SAID["source"]),
    ]
    first = FactRecord.objects.filter(agency=city.below).earliest("pk")
    assert (first.basis, first.valid_from) == ("imported", date(2025, 6, 30))
    carried_out(client, city.url(f"opd/{city.below.code}/susunan/ubah/"), kind="puskesmas", **SAID)
    assert [value for _fact, value, _source in history(agency=city.below)] == ["puskesmas", "uptd", "puskesmas"]


def test_an_agency_never_stands_below_itself_and_a_code_is_given_once(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = city.url("opd/Dinkes/susunan/ubah/")
    assert f'value="{city.below.pk}"' not in opened(client, url), "what lies below is not offered"
    refused = client.post(url, fields(opened(client, url)) | SAID | {"parent": str(city.below.pk), "preview": "1"})
    assert "id_parent" in refused.content.decode()
    page = client.post(
        city.url("opd-baru/"), {"code": "Dinkes", "name": "Kembar", "kind": "dinas", **SAID, "preview": "1"}
    ).content.decode()
    assert "punya kode ini" in page or "kode ini" in page
    assert 'value="Kembar"' in page, "nothing typed is lost"
    assert not TrailEntry.objects.filter(action__startswith="agency").exists()


def test_a_clerk_keeps_only_her_agency_and_what_lies_below(client: Client, city: JudgedCity) -> None:
    clerk = person("clerk", Role.HR_OFFICER, city.cast.institution, city.cast.other_agency)
    client.force_login(clerk)
    assert client.get(city.url("opd-baru/")).status_code == 404
    assert client.get(city.url("opd/Diskominfo/susunan/")).status_code == 404
    added = {"code": "pkm-2", "name": "Puskesmas Dua", "kind": "puskesmas", **SAID}
    carried_out(client, city.url("opd/Dinkes/susunan/unit-organisasi-baru/"), **added)
    assert Agency.objects.get(code="pkm-2").parent == city.cast.other_agency
    page = opened(client, city.url("opd/pkm-1/susunan/ubah/"))
    assert 'name="parent"' not in page, "she moves nothing in the tree"
    carried_out(client, city.url("opd/pkm-1/susunan/ubah/"), name="Puskesmas Kesatu", **SAID)
    city.below.refresh_from_db()
    assert city.below.parent == city.cast.other_agency


def test_links_to_change_stand_only_before_those_who_may(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    for page, link in (("opd/Diskominfo/", "susunan/"), (f"jabatan/{city.eligible.pk}/", "/ubah/")):
        assert link in opened(client, city.url(page))
    for user in (city.cast.agency_head, city.cast.inspector):
        client.force_login(user)
        assert "/susunan/" not in opened(client, city.url("opd/Diskominfo/"))
        assert "/ubah/" not in opened(client, city.url(f"jabatan/{city.eligible.pk}/"))


def test_a_unit_and_a_service_are_kept(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    base = "opd/Diskominfo/susunan/"
    carried_out(client, city.url(f"{base}unit-baru/"), code="aptika", name="Bidang Aptika", kind="division", **SAID)
    unit = Unit.objects.get(code="aptika")
    carried_out(client, city.url(f"unit/{unit.pk}/ubah/"), kind="service_point", **SAID)
    assert [value for fact, value, _source in history(unit=unit) if fact == "unit.kind"] == [
        "division",
        "service_point",
    ]
    typed = {"code": "ppid", "name": "PPID", "kind": "counter", "unit": str(unit.pk), "staff_on_site": "2", **SAID}
    carried_out(client, city.url(f"{base}layanan-baru/"), hours="Senin-Jumat 08.00-15.00", **typed)
    service = PublicService.objects.get(code="ppid")
    carried_out(client, city.url(f"layanan/{service.pk}/ubah/"), staff_on_site="", hours="24 jam", **SAID)
    service.refresh_from_db()
    assert (service.staff_on_site, service.hours) == (None, "24 jam")
    assert ("service.staff_on_site", "2", SAID["source"]) in history(service=service)
    assert ("service.staff_on_site", None, SAID["source"]) in history(service=service)
    page = opened(client, city.url(base))
    assert "Bidang Aptika" in page
    assert "PPID" in page


def test_a_new_position_has_one_unknown_task_of_all_its_time(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    unit = UnitFactory.create(agency=city.cast.agency)
    place = f"{city.cast.agency.pk}-{unit.pk}"
    url = city.url("opd/Diskominfo/susunan/jabatan-baru/")
    page = carried_out(client, url, code="P-7", title="Arsiparis", jenjang="Ahli Muda", place=place, **SAID)
    assert "Perlu data" in page
    assert "Arsiparis Ahli Muda" in page
    position = Position.objects.get(code="P-7")
    task = position.tasks.get()
    assert (position.unit, task.title, task.share) == (unit, "Arsiparis Ahli Muda", 100)
    profile = TaskProfile.objects.get(task=task)
    assert (profile.unit, profile.with_tik, profile.exposure) == (unit, None, None)


def test_a_corrected_position_carries_its_tasks_along(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = city.url(f"jabatan/{city.eligible.pk}/ubah/")
    place = str(city.cast.other_agency.pk)
    page = carried_out(client, url, category="pelaksana", title="Pengolah Data", place=place, **SAID)
    assert "Pranata Komputer" in page or "Pengolah Data" in page or NOTHING in page
    profile = TaskProfile.objects.get(position=city.eligible)
    assert (profile.category, profile.agency) == ("pelaksana", city.cast.other_agency)
    assert profile.task.title == "Pengolah Data Ahli Muda", "a position nobody has split names its task"
    assert ("position.category", "fungsional", "Sebelum dicatat di portal") in history(position=city.eligible)
    assert ("position.agency", "Dinkes", SAID["source"]) in history(position=city.eligible)


def test_a_field_edited_after_the_preview_is_previewed_again(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = city.url(f"jabatan/{city.eligible.pk}/ubah/")
    page = preview(client, url, needed="5", **SAID)
    again = confirm(client, url, page, needed="6")
    assert again.status_code == 200
    assert "Belum ada yang disimpan" in again.content.decode()
    city.eligible.refresh_from_db()
    assert city.eligible.needed == 2
    assert confirm(client, url, again.content.decode()).status_code == 302
    city.eligible.refresh_from_db()
    assert city.eligible.needed == 6


def test_what_changed_unseen_is_told_at_its_field_and_what_was_typed_stays(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = city.url(f"jabatan/{city.eligible.pk}/ubah/")
    page = preview(client, url, needed="5", **SAID)
    city.eligible.title = "Programmer"
    city.eligible.save(update_fields=["title"])
    late = confirm(client, url, page)
    text = late.content.decode()
    assert late.status_code == 200
    assert "sudah diubah orang lain" in text
    assert "Programmer" in text
    assert fields(text)["needed"] == "5"
    assert not TrailEntry.objects.filter(action="position_corrected").exists()
    second = client.post(url, fields(text) | {"preview": "1"}).content.decode()
    assert confirm(client, url, second).status_code == 302, "who has seen it may send again"


def test_nothing_changed_is_said_and_writes_nothing(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    page = preview(client, city.url(f"jabatan/{city.eligible.pk}/ubah/"), **SAID)
    assert "sudah tercatat persis seperti ini" in page


def test_shares_are_at_most_a_hundred_together(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    one, two = city.conditional.tasks.order_by("number")
    url = city.url(f"jabatan/{city.conditional.pk}/bagian-waktu/")
    assert "100 persen" in opened(client, url)
    page = preview(client, url, **{f"share_{one.pk}": "70"}, **SAID)
    assert "110" in page
    assert fields(page)[f"share_{one.pk}"] == "70"
    carried_out(client, url, **{f"share_{one.pk}": "70", f"share_{two.pk}": "30"}, **SAID)
    assert list(city.conditional.tasks.order_by("number").values_list("share", flat=True)) == [70, 30]
    assert history(task=one, fact="task.share") == [
        ("task.share", "60", "Sebelum dicatat di portal"),
        ("task.share", "70", SAID["source"]),
    ]
    adding = city.url(f"jabatan/{city.conditional.pk}/tugas-baru/")
    assert "110" in preview(client, adding, title="Rapat", share="10", **SAID)


def test_services_and_holders_of_a_task_are_named(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    task = city.eligible.tasks.get()
    service = PublicServiceFactory.create(agency=city.cast.agency, name="Loket data")
    far = PublicServiceFactory.create(agency=city.below)
    url = city.url(f"uraian-tugas/{task.pk}/layanan/")
    assert f'value="{far.pk}"' not in opened(client, url)
    carried_out(client, url, services=[str(service.pk)])
    assert list(task.services.all()) == [service]
    holder, stranger = PostingFactory.create(position=city.eligible), PostingFactory.create(position=city.refused)
    url = city.url(f"uraian-tugas/{task.pk}/pemegang/")
    page = opened(client, url)
    assert holder.employee.name in page
    assert holder.employee.nip not in page
    assert stranger.employee.name not in page
    carried_out(client, url, holders=[str(holder.employee_id)])
    assert [one.employee for one in task.holder_tasks.current()] == [holder.employee]
    entry = TrailEntry.objects.latest("pk")
    assert holder.employee.name not in entry.body
    carried_out(client, url, holders=[])
    assert not task.holder_tasks.current().exists()
    assert task.holder_tasks.count() == 1, "who had it stays told"


def test_a_count_of_the_same_day_supersedes_the_former(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    url = city.url("opd/Diskominfo/susunan/non-asn/")
    for count in ("12", "14"):
        carried_out(client, url, count=count, counted_on="2025-06-30", source="Rekap Juni")
    rows = NonAsnStaff.objects.filter(agency=city.cast.agency)
    assert [(row.count, row.superseded_at is None) for row in rows.order_by("pk")] == [(12, False), (14, True)]
    assert ">14<" in opened(client, city.url("opd/Diskominfo/susunan/"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "id_title"),
        ({"title": "x" * 201}, "id_title"),
        ({"needed": "-1"}, "id_needed"),
        ({"needed": "banyak"}, "id_needed"),
        ({"category": "raja"}, "id_category"),
        ({"place": "0"}, "id_place"),
        ({"valid_from": "1 Juli"}, "id_valid_from"),
        ({"source": ""}, "id_source"),
        ({"seen": "x"}, "sudah diubah orang lain"),
    ],
)
def test_what_does_not_fit_is_answered_at_its_field(
    client: Client, city: JudgedCity, typed: dict[str, str], sentence: str
) -> None:
    client.force_login(city.cast.hr_officer)
    page = preview(client, city.url(f"jabatan/{city.eligible.pk}/ubah/"), **(SAID | typed))
    summary = page[page.index("alert-danger") :]
    assert sentence in summary
    assert not TrailEntry.objects.filter(action="position_corrected").exists()


def test_an_act_refuses_what_its_editor_never_saw(cast: Cast) -> None:
    seen = PositionValues.of(cast.position)
    Position.objects.filter(pk=cast.position.pk).update(filled=9)
    with pytest.raises(Exception, match="sudah diubah orang lain"):
        position_acts.correct_position(
            actor=cast.hr_officer,
            position=cast.position,
            values=seen,
            seen=seen.digest,
            source="SK",
            valid_from=date(2025, 7, 1),
        )
    assert not TrailEntry.objects.exists()


def test_pages_of_one_thing_cost_the_same_however_much_there_is(client: Client, city: JudgedCity) -> None:
    from tests.test_query_counts import grow, queries

    client.force_login(city.cast.hr_officer)
    task = city.eligible.tasks.get()
    pages = [
        "opd/Diskominfo/susunan/",
        "opd/Diskominfo/susunan/ubah/",
        "opd/Diskominfo/susunan/jabatan-baru/",
        f"jabatan/{city.eligible.pk}/ubah/",
        f"jabatan/{city.conditional.pk}/bagian-waktu/",
        f"uraian-tugas/{task.pk}/",
        f"uraian-tugas/{task.pk}/fakta/with_tik/",
        f"uraian-tugas/{task.pk}/layanan/",
    ]
    before = {page: queries(client, city.url(page)) for page in pages}
    grow(city)
    for number in range(3, 12):
        TaskFactory.create(position=city.conditional, number=number, share=None)
    assert {page: queries(client, city.url(page)) for page in pages} == before
    # Ten look through the agency's data, one for each level; three more keep PostgreSQL from compiling them first.
    assert max(before.values()) <= 27 + 3 * (connection.vendor == "postgresql")


def test_every_closed_position_is_within_reach_of_the_page_of_the_structure(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    for number in range(60):
        PositionFactory.create(agency=city.cast.agency, title=f"Jabatan Lama {number:02}", closed_on=date(2025, 6, 1))
    page = client.get(city.url("opd/Diskominfo/susunan/")).content.decode()
    url = "/kota-contoh/opd/Diskominfo/susunan/jabatan-tutup/"
    assert f'<a href="{url}">Lihat seluruh 60 jabatan yang ditutup</a>' in page
    first = client.get(url)
    last = client.get(url, {"sesudah": first.context["page"].next})
    shown = [*first.context["page"].rows, *last.context["page"].rows]
    assert len(set(shown)) == len(shown) == 60
    assert city.eligible not in shown
    assert b"".join(client.get(url, {"unduh": "csv"})).decode().count("Jabatan Lama") == 60
