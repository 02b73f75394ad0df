"""Before both reviewers have submitted nobody sees an answer, a note or a document of the other: through no page.

What is marked `once` opens all pages of the portal; PostgreSQL is asked by each role for those that show sheets.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agencies.actions.assessments import Settled, return_assessment, settle_sheets
from agencies.actions.documents import add_document
from agencies.actions.sheets import Assignment, assign_sheets, cancel_sheets
from agencies.documents_apart import listed
from agencies.models import (
    Answer,
    Assessment,
    Comparison,
    Document,
    PersonalDataRead,
    Role,
    Settlement,
    Sheet,
    User,
)
from eligibility.law_admin.register import SITE
from eligibility.models import Instrument
from oversight.models import TrailEntry, TrailSide
from tests.addresses import ADDRESSES
from tests.addresses.sheets import attach
from tests.bad_input.sending import browsers_of
from tests.base import Cast, person
from tests.factories import PositionFactory, TaskFactory
from tests.judged_city import JudgedCity
from tests.pdf_text import pages
from tests.sheets import AT, DAY, Desk, answer, clerk_of, opened, submit

NOTE: Final = "Catatan-rahasia-penilai"
PAPER: Final = "Bukti-rahasia-penilai"
HOURS: Final = "3.17"
SECRETS: Final = (NOTE, PAPER, HOURS, HOURS.replace(".", ","))
FILE: Final = b"%PDF-1.7\n% rahasia penilai\n"

MAPPING: Final = {"hr_officer", "agency_head", "colleague"}
DESK: Final = {"inspector", "outside_reader"}
DOCUMENTS: Final = {"hr_officer", "colleague", *DESK}
REVIEWER: Final = {"hr_officer"}
NOBODY: Final[set[str]] = set()
EVERYBODY: Final = {role.value for role in Role} | {"colleague"}
TABLES: Final = {
    "pemetaan/": MAPPING,
    "pemetaan/kemajuan/": MAPPING,
    "pemetaan/kesepakatan/": MAPPING,
    "opd/Diskominfo/pemetaan/": MAPPING,
    "dokumen/": DOCUMENTS,
    "jejak/telusur/": DESK,
}
"""The tables that speak of sheets, documents or acts, with who opens them and takes them away."""


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
    """Which secrets stand in an answer, be it a page, a refusal or a file."""
    text, file = read(found)
    return [one for one in SECRETS if one in text] + ([FILE.decode()] if FILE in file else [])


def read(found: Any) -> tuple[str, bytes]:
    """An answer as its reader reads it, and as it is sent."""
    sent: bytes = found.getvalue() if found.streaming else found.content
    if sent[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(sent)) as book:
            return b"".join(book.read(name) for name in book.namelist()).decode("utf-8", "replace"), sent
    if sent[:5] == b"%PDF-" and sent != FILE:
        return "".join("".join(pages(sent)).split("\n")), sent
    return sent.decode("utf-8", "replace"), sent


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _another_document(city: JudgedCity) -> None:
    """What the pages of documents and findings show: the latest."""
    file = ContentFile(b"%PDF-1.7\n% terbuka\n", "terbuka.pdf")
    add_document(actor=city.cast.inspector, institution=city.cast.institution, name="Terbuka", file=file)


@pytest.mark.once
@pytest.mark.parametrize("submitted", [False, True], ids=["drafted", "submitted"])
def test_no_page_of_the_portal_tells_anybody_what_a_reviewer_has_said(city: JudgedCity, submitted: bool) -> None:
    secret(city, submitted=submitted)
    _another_document(city)
    browsers, opened_ones = browsers_of(city), 0
    for address in ADDRESSES:
        if not address.reads or not address.roles:
            continue
        point = transaction.savepoint()
        url = address.own(city)
        found = browsers[min(address.roles)].get(url)
        assert told(found) == [], (address.name, url)
        opened_ones += found.status_code == 200
        transaction.savepoint_rollback(point)
    assert opened_ones > 80


def probes(desk: Desk, document: Document) -> dict[str, set[str]]:
    """Every page and file through which an answer might be read, with who opens it while the answers are blind."""
    sheet, task = f"lembar/{desk.sheet.pk}/", desk.sheet.task
    return {
        sheet: MAPPING,
        f"{sheet}bukti/agency/with_tik/": NOBODY,
        f"{sheet}selesaikan/": NOBODY,
        f"{sheet}kirim/": REVIEWER,
        f"{sheet}jawaban/with_tik/bukti/": REVIEWER,
        f"jabatan/{task.position_id}/": EVERYBODY,
        f"jabatan/{task.position_id}/riwayat/": EVERYBODY,
        f"uraian-tugas/{task.pk}/": {"hr_officer", "colleague"},
        f"dokumen/{document.pk}/": NOBODY,
        **TABLES,
        **{f"{page}?unduh={kind}": readers for page, readers in TABLES.items() for kind in ("xlsx", "csv")},
    }


@pytest.mark.parametrize("submitted", [False, True], ids=["drafted", "submitted"])
def test_no_role_reads_it_through_sheet_position_list_export_or_trail(city: JudgedCity, submitted: bool) -> None:
    desk = secret(city, submitted=submitted)
    _another_document(city)
    document = Document.objects.get(name=PAPER)
    others = (*city.cast.insiders, city.cast.outsider, person("colleague", Role.HR_OFFICER, city.cast.institution))
    browsers = {reader.username: browser(reader) for reader in others}
    for page, readers in probes(desk, document).items():
        answers = {name: client.get(city.url(page)) for name, client in browsers.items()}
        assert {name for name, found in answers.items() if found.status_code == 200} == readers, page
        assert {name: told(found) for name, found in answers.items() if told(found)} == {}, page
    own = browser(desk.clerk).get(city.url(f"lembar/{desk.sheet.pk}/bukti/agency/with_tik/"))
    assert told(own) == [FILE.decode()], "her own document stays within her reach"


def test_what_is_printed_tells_nothing_of_it_and_afterwards_what_may_be_told(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    for page, readers in TABLES.items():
        reader = getattr(city.cast, min(readers - {"colleague"}))
        found = browser(reader).get(city.url(f"{page}?unduh=pdf"))
        assert found.status_code == 200, page
        assert "Kota Contoh" in read(found)[0], "the paper can be read"
        assert told(found) == [], page
    submit(desk.by_bkpsdm)
    assert told(browser(desk.officer).get(city.url("dokumen/?unduh=pdf"))) == [PAPER]


def test_the_same_probes_find_it_where_it_may_be_read_once_both_have_submitted(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    document, task = Document.objects.get(name=PAPER), desk.sheet.task
    submit(desk.by_bkpsdm)
    officer, sheet = browser(desk.officer), f"lembar/{desk.sheet.pk}/"
    assert told(officer.get(city.url(sheet))) == [NOTE, PAPER, HOURS.replace(".", ",")]
    assert told(officer.get(city.url(f"{sheet}selesaikan/"))) == [HOURS.replace(".", ",")]
    for page in (f"{sheet}bukti/agency/with_tik/", f"dokumen/{document.pk}/"):
        assert told(officer.get(city.url(page))) == [FILE.decode()]
    for page in ("dokumen/", "dokumen/?unduh=xlsx", "dokumen/?unduh=csv"):
        assert told(officer.get(city.url(page))) == [PAPER], page
    settled = {"task.hours_per_day": Settled(HOURS, "Diukur")}
    settle_sheets(actor=desk.officer, sheets=[desk.sheet], settled=settled, on=DAY, at=AT)
    for page in (f"uraian-tugas/{task.pk}/", f"jabatan/{task.position_id}/riwayat/"):
        assert told(officer.get(city.url(page))) == [HOURS.replace(".", ",")], page
    trail = browser(city.cast.inspector).get(city.url("jejak/telusur/?unduh=csv"))
    assert "Perbedaan: 1" in read(trail)[0], "the acts are told"
    assert told(trail) == []


@pytest.mark.parametrize("submitted", [False, True], ids=["drafted", "submitted"])
def test_two_who_attach_the_same_file_read_each_the_name_that_she_gave(city: JudgedCity, submitted: bool) -> None:
    desk = secret(city, submitted=submitted)
    client, sheet = browser(desk.officer), f"/kota-contoh/lembar/{desk.sheet.pk}/"
    for _once_more in range(2):
        sent = {"name": "SOP saya", "file": ContentFile(FILE, "sop.pdf")}
        page = client.post(f"{sheet}jawaban/with_tik/bukti/", sent, follow=True)
        assert told(page) == []
        assert "SOP saya" in page.content.decode()
    assert client.get(f"{sheet}bukti/bkpsdm/with_tik/")["Content-Disposition"].endswith('"sop-saya.pdf"')
    assert client.get(f"{sheet}bukti/agency/with_tik/").status_code == 404
    given = {"name": "SOP umum", "file": ContentFile(FILE, "sop.pdf")}
    colleague = browser(person("colleague", Role.HR_OFFICER, city.cast.institution))
    assert colleague.post(city.url("dokumen/unggah/"), given).status_code == 302
    assert [one.name for one in listed(Document.objects.all())] == ["SOP umum"]
    assert Document.objects.filter(name="SOP saya").count() == 1, "the same file is kept once for whoever gave it"
    if not submitted:
        submit(desk.by_agency)
    submit(desk.by_bkpsdm)
    text = client.get(sheet).content.decode()
    assert PAPER in text
    assert "SOP saya" in text


def test_the_trail_holds_nothing_of_it_also_beside_its_entries(city: JudgedCity) -> None:
    secret(city, submitted=True)
    kept = [entry.body for entry in TrailEntry.objects.all()] + [side.body or "" for side in TrailSide.objects.all()]
    assert not [text for text in kept for one in SECRETS if one in text]


def test_what_one_reviewer_saves_shows_the_other_only_her_own(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    client = browser(desk.officer)
    sent = {"with_tik-value": "yes", "with_tik-seen": "1", "with_tik-note": ""}
    for url in (f"lembar/{desk.sheet.pk}/jawaban/with_tik/", f"lembar/{desk.sheet.pk}/jawaban/"):
        shown = client.post(city.url(url), sent, follow=True)
        assert shown.status_code == 200
        assert told(shown) == []
    sending = client.get(city.url(f"lembar/{desk.sheet.pk}/kirim/"))
    assert (sending.status_code, told(sending)) == (200, [])


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
    sheet, paper = (city.url(f"lembar/{desk.sheet.pk}/{part}") for part in ("", "bukti/agency/with_tik/"))
    for reader in (desk.clerk, desk.officer, city.cast.agency_head, city.cast.inspector):
        client = browser(reader)
        assert {NOTE, PAPER} <= set(told(client.get(sheet))), reader
        assert told(client.get(paper)) == [FILE.decode()]
    others = (city.cast.employee, city.cast.outside_reader, city.cast.outsider)
    for reader in (*others, clerk_of(city.cast, city.cast.other_agency)):
        assert browser(reader).get(sheet).status_code == browser(reader).get(paper).status_code == 404
    assert listed(Document.objects.filter(name=PAPER)).exists()


def test_an_inspector_reads_what_is_compared_never_what_is_open_and_changes_nothing(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    inspector = browser(city.cast.inspector)
    sheet = f"lembar/{desk.sheet.pk}/"
    paper = f"{sheet}bukti/agency/with_tik/"
    assert inspector.get(city.url(sheet)).status_code == inspector.get(city.url(paper)).status_code == 404
    assert not PersonalDataRead.objects.exists()
    submit(desk.by_bkpsdm)
    page = inspector.get(city.url(sheet))
    assert NOTE in told(page)
    for name in (desk.clerk.username, desk.officer.username):
        assert name in page.content.decode(), "who answered"
    assert PersonalDataRead.objects.filter(reader=city.cast.inspector, count=2).count() == 1
    for part in ("selesaikan/", "kembalikan/", "kirim/", "jawaban/", "tarik/"):
        assert f'{sheet}{part}"' not in page.content.decode(), part
        assert inspector.post(city.url(f"{sheet}{part}"), {}).status_code == 404, part
    return_assessment(actor=desk.officer, assessment=desk.by_agency, reason="Lihat SOP", at=AT)
    assert inspector.get(city.url(sheet)).status_code == inspector.get(city.url(paper)).status_code == 404
    assert told(browser(desk.officer).get(city.url(sheet))) != [], "who maps the agency still reads it"
    submit(desk.by_agency)
    settled = {"task.hours_per_day": Settled(HOURS, "Diukur dua pekan")}
    settle_sheets(actor=desk.officer, sheets=[desk.sheet], settled=settled, on=DAY, at=AT)
    agreed = inspector.get(city.url(sheet)).content.decode()
    assert "Diukur dua pekan" in agreed
    assert f"Diselesaikan oleh {desk.officer.username}, 1 Juli 2025" in agreed


def test_an_agreed_fact_leads_to_its_sheet_for_who_may_open_it(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    task, sheet = desk.sheet.task, f"/kota-contoh/lembar/{desk.sheet.pk}/"
    pages = {
        f"jabatan/{task.position_id}/": {"hr_officer", "agency_head", "inspector"},
        f"jabatan/{task.position_id}/riwayat/": {"hr_officer", "agency_head", "inspector"},
        f"uraian-tugas/{task.pk}/": {"hr_officer"},
        f"uraian-tugas/{task.pk}/fakta/hours_per_day/": {"hr_officer"},
    }
    for page in pages:
        assert sheet not in browser(desk.officer).get(city.url(page)).content.decode(), "nothing is agreed yet"
    submit(desk.by_bkpsdm)
    settled = {"task.hours_per_day": Settled(HOURS, "Diukur")}
    settle_sheets(actor=desk.officer, sheets=[desk.sheet], settled=settled, on=DAY, at=AT)
    for page, readers in pages.items():
        for reader in city.cast.insiders:
            found = browser(reader).get(city.url(page)).content.decode()
            assert (f'href="{sheet}"' in found) == (reader.username in readers), (page, reader)


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


def test_the_administration_knows_no_sheet(cast: Cast) -> None:
    hidden = {Answer, Assessment, Comparison, Settlement, Sheet, Document}
    for site in (SITE, admin.site):
        assert not hidden & set(site._registry)
    assert Instrument in SITE._registry, "it is the administration that the portal shows"
    client = browser(cast.rules_administrator)
    shown = client.get(reverse("admin:index"))
    assert shown.status_code == 200
    assert "instrument" in shown.content.decode()
    for model in hidden:
        listed_at = f"{reverse('admin:index')}{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(listed_at).status_code == 404


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


def test_who_comes_after_a_return_answers_blind_too(city: JudgedCity) -> None:
    """Of a compared sheet a new reviewer reads nothing, through no page, until she has submitted."""
    desk = secret(city, submitted=True)
    submit(desk.by_bkpsdm)
    document, colleague = Document.objects.get(name=PAPER), browser(city.cast.agency_head)
    return_assessment(actor=city.cast.hr_officer, assessment=desk.by_bkpsdm, reason="Lihat SOP", at=AT)
    assert HOURS.replace(".", ",") in told(colleague.get(city.url(f"lembar/{desk.sheet.pk}/")))
    newcomer = person("newcomer", Role.HR_OFFICER, city.cast.institution)
    assign_sheets(
        actor=city.cast.hr_officer,
        agency=city.cast.agency,
        sheets=[desk.sheet],
        assignment=Assignment({"bkpsdm": newcomer}),
        at=AT,
    )
    client = browser(newcomer)
    for page in probes(desk, document):
        assert told(client.get(city.url(page))) == [], page
    for page in ("jawaban/", "jawaban/with_tik/"):
        sent = {"with_tik-value": "yes", "with_tik-seen": "0"}
        assert told(client.post(city.url(f"lembar/{desk.sheet.pk}/{page}"), sent, follow=True)) == [], page
    settling = {"face_to_face": "minimal", "task.hours_per_day": "3"}
    assert told(client.post(city.url(f"lembar/{desk.sheet.pk}/selesaikan/"), settling, follow=True)) == []
    assert not Answer.objects.disclosed_to(newcomer).exclude(assessment__reviewer=newcomer).exists()
    assert told(colleague.get(city.url(f"lembar/{desk.sheet.pk}/"))), "who answers nothing reads what she did before"
    submit(answer(desk.by_bkpsdm))
    assert HOURS.replace(".", ",") in told(client.get(city.url(f"lembar/{desk.sheet.pk}/")))
    assert told(client.get(city.url(f"lembar/{desk.sheet.pk}/bukti/agency/with_tik/"))) == [FILE.decode()]
    assert told(client.get(city.url("dokumen/"))) == [PAPER]


def test_a_sheet_that_is_cancelled_before_the_newcomer_has_submitted_shows_her_nothing(city: JudgedCity) -> None:
    desk = secret(city, submitted=True)
    submit(desk.by_bkpsdm)
    return_assessment(actor=city.cast.hr_officer, assessment=desk.by_bkpsdm, reason="Lihat SOP", at=AT)
    newcomer = person("newcomer", Role.HR_OFFICER, city.cast.institution)
    asked: dict[str, Any] = {"actor": city.cast.hr_officer, "agency": city.cast.agency, "sheets": [desk.sheet]}
    assign_sheets(assignment=Assignment({"bkpsdm": newcomer}), at=AT, **asked)
    cancel_sheets(reason="Dibuka ulang", **asked)
    url = city.url(f"lembar/{desk.sheet.pk}/")
    assert told(browser(newcomer).get(url)) == []
    assert told(browser(city.cast.agency_head).get(url)) != []
