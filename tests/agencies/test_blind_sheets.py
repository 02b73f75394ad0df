"""Before both reviewers have submitted nobody sees an answer, a note or a document of the other: through no page."""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client

from agencies.actions.documents import add_document
from agencies.actions.sheets import Assignment, assign_sheets, cancel_sheets
from agencies.documents_apart import listed
from agencies.models import Answer, Assessment, Document, Role, Sheet, User
from oversight.models import TrailEntry, TrailSide
from tests.addresses import ADDRESSES
from tests.addresses.sheets import attach
from tests.base import Cast, person
from tests.factories import PositionFactory, TaskFactory
from tests.judged_city import JudgedCity
from tests.sheets import AT, Desk, answer, clerk_of, opened, submit

NOTE: Final = "Catatan-rahasia-penilai"
PAPER: Final = "Bukti-rahasia-penilai"
HOURS: Final = "3.17"
SECRETS: Final = (NOTE, PAPER, HOURS, HOURS.replace(".", ","))
FILE: Final = b"%PDF-1.7\n% rahasia penilai\n"

EXPORTS: Final = tuple(
    f"{page}?unduh={kind}"
    for page in ("pemetaan/kemajuan/", "pemetaan/kesepakatan/", "opd/Diskominfo/pemetaan/")
    for kind in ("xlsx", "csv")
)


def secret(city: JudgedCity, *, submitted: bool) -> Desk:
    """A sheet on which the clerk has said what nobody may read; BKPSDM's officer has not submitted."""
    desk = opened(city.cast, city.eligible.tasks.get())
    part = answer(desk.by_agency, hours_per_day=HOURS)
    Answer.objects.filter(assessment=part, fact="task.with_tik").update(note=NOTE)
    attach(part, FILE, PAPER)
    answer(desk.by_bkpsdm)
    if submitted:
        submit(part)
    return desk


def told(found: Any) -> list[str]:
    """Which secrets stand in an answer, be it a page or a file."""
    if found.status_code != 200:
        return []
    content: bytes = found.getvalue() if found.streaming else found.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    text = content.decode("utf-8", "replace")
    return [one for one in SECRETS if one in text] + ([FILE.decode()] if FILE in content else [])


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _another_document(city: JudgedCity) -> None:
    """What the pages of documents and findings show: the latest."""
    file = ContentFile(b"%PDF-1.7\n% terbuka\n", "terbuka.pdf")
    add_document(actor=city.cast.inspector, institution=city.cast.institution, name="Terbuka", file=file)


@pytest.mark.parametrize("submitted", [False, True], ids=["drafted", "submitted"])
def test_no_page_of_the_portal_tells_anybody_what_a_reviewer_has_said(city: JudgedCity, submitted: bool) -> None:
    secret(city, submitted=submitted)
    _another_document(city)
    read = 0
    for address in ADDRESSES:
        if not address.reads or not address.roles:
            continue
        point = transaction.savepoint()
        url = address.own(city)
        found = browser(getattr(city.cast, min(address.roles).value)).get(url)
        assert told(found) == [], (address.name, url)
        read += found.status_code == 200
        transaction.savepoint_rollback(point)
    assert read > 80


@pytest.mark.parametrize("submitted", [False, True], ids=["drafted", "submitted"])
def test_no_role_reads_it_through_sheet_position_list_export_or_trail(city: JudgedCity, submitted: bool) -> None:
    desk = secret(city, submitted=submitted)
    document = Document.objects.get(name=PAPER)
    task = desk.sheet.task
    pages = (
        f"lembar/{desk.sheet.pk}/",
        f"lembar/{desk.sheet.pk}/bukti/agency/with_tik/",
        f"lembar/{desk.sheet.pk}/selesaikan/",
        f"lembar/{desk.sheet.pk}/kirim/",
        f"lembar/{desk.sheet.pk}/jawaban/with_tik/bukti/",
        f"jabatan/{task.position_id}/",
        f"uraian-tugas/{task.pk}/",
        f"dokumen/{document.pk}/",
        "dokumen/",
        "pemetaan/",
        "jejak/telusur/",
        "jejak/telusur.csv",
        *EXPORTS,
    )
    others = (*city.cast.insiders, city.cast.outsider, person("colleague", Role.HR_OFFICER, city.cast.institution))
    for reader in others:
        client = browser(reader)
        for page in pages:
            assert told(client.get(city.url(page))) == [], (reader, page)
        assert client.get(city.url(f"dokumen/{document.pk}/")).status_code == 404
        assert client.get(city.url(f"lembar/{desk.sheet.pk}/bukti/agency/with_tik/")).status_code == 404
    own = browser(desk.clerk).get(city.url(f"lembar/{desk.sheet.pk}/bukti/agency/with_tik/"))
    assert told(own) == [FILE.decode()], "her own document stays within her reach"


def test_the_trail_holds_nothing_of_it_also_beside_its_entries(city: JudgedCity) -> None:
    secret(city, submitted=True)
    kept = [entry.body for entry in TrailEntry.objects.all()] + [side.body or "" for side in TrailSide.objects.all()]
    assert not [text for text in kept for one in SECRETS if one in text]


def test_what_one_reviewer_saves_shows_the_other_only_her_own(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    client = browser(desk.officer)
    sent = {"with_tik-value": "yes", "with_tik-seen": "1", "with_tik-note": ""}
    for url in (f"lembar/{desk.sheet.pk}/jawaban/with_tik/", f"lembar/{desk.sheet.pk}/jawaban/"):
        assert told(client.post(city.url(url), sent)) == []
    assert told(client.get(city.url(f"lembar/{desk.sheet.pk}/kirim/"))) == []


def test_nobody_makes_herself_the_other_reviewer(city: JudgedCity) -> None:
    desk = secret(city, submitted=False)
    client = browser(desk.officer)
    url = city.url("opd/Diskominfo/pemetaan/penilai/")
    page = client.post(url, {"agency": str(desk.officer.pk), "bkpsdm": "", "due_on": ""})
    assert page.context["form"].errors.keys() == {"agency"}
    other = person("next_clerk", Role.HR_OFFICER, city.cast.institution, city.cast.agency)
    assert client.post(url, {"agency": str(other.pk), "bkpsdm": "", "due_on": ""}).status_code == 302
    assert desk.by_agency.reviewer == other
    for reader in (other, desk.officer, city.cast.agency_head):
        assert told(browser(reader).get(city.url(f"lembar/{desk.sheet.pk}/"))) == []
        assert browser(reader).get(city.url(f"lembar/{desk.sheet.pk}/bukti/agency/with_tik/")).status_code == 404
    assert not listed(Document.objects.filter(name=PAPER)).exists()
    submit(answer(desk.by_agency))
    submit(desk.by_bkpsdm)
    assert told(browser(desk.officer).get(city.url(f"lembar/{desk.sheet.pk}/"))) == [], "set aside stays set aside"
    assert not listed(Document.objects.filter(name=PAPER)).exists()


def test_a_cancelled_sheet_keeps_what_was_said_with_who_said_it(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    cancel_sheets(actor=desk.officer, agency=city.cast.agency, sheets=[desk.sheet], reason="Jabatan dihapus")
    for reader in (desk.officer, city.cast.agency_head):
        assert told(browser(reader).get(city.url(f"lembar/{desk.sheet.pk}/"))) == []
    assert not listed(Document.objects.filter(name=PAPER)).exists()


def test_taking_back_and_splitting_disclose_nothing(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    clerk, officer = browser(desk.clerk), browser(desk.officer)
    assert officer.post(city.url(f"lembar/{desk.sheet.pk}/tarik/")).status_code == 302, "hers is not submitted"
    assert clerk.post(city.url(f"lembar/{desk.sheet.pk}/tarik/")).status_code == 302
    assert desk.by_agency.state == Assessment.State.DRAFT
    position = desk.sheet.task.position
    form = {"parts": "Menyusun laporan; 60\nMenerima tamu; 40", "source": "Anjab", "valid_from": "2025-07-01"}
    shown = officer.post(city.url(f"jabatan/{position.pk}/urai/"), form)
    assert told(shown) == []
    confirmed = form | {"previewed": shown.context["form"]["previewed"].value(), "confirm": "1"}
    assert officer.post(city.url(f"jabatan/{position.pk}/urai/"), confirmed).status_code == 302
    assert position.tasks.count() == 2
    for page in (f"jabatan/{position.pk}/", f"lembar/{desk.sheet.pk}/", f"uraian-tugas/{desk.sheet.task_id}/"):
        assert told(officer.get(city.url(page))) == []


def test_once_both_have_submitted_all_who_map_the_agency_read_both(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    submit(desk.by_bkpsdm)
    for reader in (desk.clerk, desk.officer, city.cast.agency_head):
        client = browser(reader)
        page = client.get(city.url(f"lembar/{desk.sheet.pk}/"))
        assert {NOTE, PAPER} <= set(told(page)), reader
        assert told(client.get(city.url(f"lembar/{desk.sheet.pk}/bukti/agency/with_tik/"))) == [FILE.decode()]
    for reader in (city.cast.inspector, city.cast.employee, city.cast.outsider):
        assert browser(reader).get(city.url(f"lembar/{desk.sheet.pk}/")).status_code == 404
    assert listed(Document.objects.filter(name=PAPER)).exists()


def test_a_document_that_another_took_the_place_of_is_shown_to_nobody(city: JudgedCity) -> None:
    desk = secret(city, submitted=False)
    attach(desk.by_agency, b"%PDF-1.7\n% kedua\n", "Bukti kedua")
    assert not listed(Document.objects.filter(name__in=[PAPER, "Bukti kedua"])).exists()
    submit(desk.by_agency)
    submit(desk.by_bkpsdm)
    assert [one.name for one in listed(Document.objects.filter(name__in=[PAPER, "Bukti kedua"]))] == ["Bukti kedua"]


def test_a_document_that_was_known_before_stays_in_the_list_and_can_be_chosen(city: JudgedCity) -> None:
    add_document(
        actor=city.cast.hr_officer,
        institution=city.cast.institution,
        name="SOP layanan",
        file=ContentFile(FILE, "sop.pdf"),
    )
    desk = secret(city, submitted=False)
    assert [one.name for one in listed(Document.objects.all())] == ["SOP layanan"]
    attach(desk.by_agency, b"%PDF-1.7\n% lain\n", PAPER)
    offered = browser(desk.officer).get(city.url("dasar-pelaksanaan/catat/")).context["form"].fields["document"]
    assert [one.name for one in offered.queryset] == ["SOP layanan"]


def test_a_refused_document_is_not_kept(city: JudgedCity) -> None:
    desk = secret(city, submitted=False)
    client, url = browser(desk.clerk), city.url(f"lembar/{desk.sheet.pk}/jawaban/with_tik/bukti/")
    submit(desk.by_agency)
    paper = ContentFile(b"%PDF-1.7\n% terlambat\n", "terlambat.pdf")
    page = client.post(url, {"name": "Terlambat", "file": paper})
    assert "sudah mengirim" in page.content.decode()
    assert not Document.objects.filter(name="Terlambat").exists()


def test_the_administration_knows_no_sheet() -> None:
    hidden = {Answer, Assessment, Sheet}
    assert not hidden & set(admin.site._registry)


def test_reviewers_and_only_they_answer(city: JudgedCity) -> None:
    cast = city.cast
    desk = opened(cast, city.eligible.tasks.get(), officer=person("assigned", Role.HR_OFFICER, cast.institution))
    sheet = f"lembar/{desk.sheet.pk}/"
    sent = {"with_tik-value": "yes", "with_tik-seen": "0"}
    for reader in (desk.clerk, desk.officer):
        client = browser(reader)
        assert "jawaban/" in client.get(city.url(sheet)).content.decode()
        assert client.post(city.url(f"{sheet}jawaban/with_tik/"), sent).status_code == 200
        for part in ("kirim/", "tarik/", "jawaban/with_tik/bukti/"):
            assert client.get(city.url(f"{sheet}{part}")).status_code == 200
    unassigned = (cast.hr_officer, cast.agency_head)
    strangers = (cast.outsider, cast.employee, cast.inspector, clerk_of(cast, cast.other_agency))
    for reader in (*unassigned, *strangers):
        client = browser(reader)
        assert client.get(city.url(sheet)).status_code == (200 if reader in unassigned else 404)
        for part in ("jawaban/", "jawaban/with_tik/", "kirim/", "tarik/", "jawaban/with_tik/bukti/"):
            assert client.post(city.url(f"{sheet}{part}"), sent).status_code == 404, (reader, part)
    assert Answer.objects.count() == 2


def test_of_two_sheets_each_reviewer_reaches_her_own(cast: Cast) -> None:
    """Whoever was named for one sheet has no part in another, of the same agency or not."""
    desk = opened(cast)
    other = opened(cast, TaskFactory.create(position=PositionFactory.create(agency=cast.agency)))
    replacing = person("replacing", Role.HR_OFFICER, cast.institution, cast.agency)
    assign_sheets(
        actor=cast.hr_officer,
        agency=cast.agency,
        sheets=[other.sheet],
        assignment=Assignment({"agency": replacing}),
        at=AT,
    )
    client = browser(replacing)
    assert client.post(f"/kota-contoh/lembar/{other.sheet.pk}/jawaban/", {}).status_code == 302
    assert client.post(f"/kota-contoh/lembar/{desk.sheet.pk}/jawaban/", {}).status_code == 404
