"""From checked results to a Keputusan by the pages: forms, the way with its returns, what no longer fits, the annex."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agencies.actions.task_facts import set_task_fact
from agencies.models import Agency, Basis, Document, Position
from agencies.receipts import receipt_of
from eligibility.models import Determination, Verification
from eligibility.pages.annexes import annex_of
from tests import pdf_text
from tests.eligibility.determined import determine, give_back, pass_all, send
from tests.factories import AgencyFactory, GrantFactory, PositionFactory, TaskFactory, UserFactory
from tests.judged_city import SUITS_HOME, JudgedCity

PAPER = {
    "number": "800/7/2025",
    "signed_on": "2025-07-01",
    "signatory_title": "Sekretaris Daerah",
    "signatory_name": "Nama Pejabat",
    "capacity": "own",
    "delegation_basis": "",
}


def opened(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def sent_form(client: Client, url: str, **typed: Any) -> str:
    """The page after a form was sent, following where it leads."""
    return client.post(url, typed, follow=True).content.decode()


def scan(content: bytes = b"%PDF-1.7\n% Keputusan\n") -> SimpleUploadedFile:
    """A file as it is chosen in the browser."""
    return SimpleUploadedFile("keputusan.pdf", content, "application/pdf")


def fault_at(page: str, field: str) -> bool:
    """Whether a field is marked as to be mended."""
    found = re.search(rf'<(?:input|textarea)[^>]*name="{field}"[^>]*>', page)
    return found is not None and 'aria-invalid="true"' in found.group()


def correct(position: Position, value: bool = False) -> None:
    """A fact of the position's task is put right."""
    set_task_fact(
        actor=None,
        task=position.tasks.get(),
        fact="task.outside_office",
        value=value,
        basis=Basis.AGREED,
        source="Lembar 3",
        valid_from=date(2025, 6, 1),
    )


def file_of(client: Client, url: str) -> bytes:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return b"".join(answer)


def test_results_are_checked_sent_returned_sent_again_passed_and_recorded(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    check = opened(client, city.url("opd/Diskominfo/verifikasi/"))
    assert "Beberapa jabatan masih perlu data." in check
    assert "Belum boleh disetujui." in check, "suitability may be signed while the gate is closed, and it is said"
    page = sent_form(client, city.url("opd/Diskominfo/verifikasi/"), submit="1")
    assert "Hasil verifikasi sudah diajukan" in page
    results = Verification.objects.get()
    assert "Menunggu di sini" in page
    at = city.url(f"verifikasi/{results.pk}/")

    refused = sent_form(client, city.url(f"verifikasi/{results.pk}/kembalikan/"), **PAPER)
    assert fault_at(refused, "reason")
    assert Verification.objects.get().state == "sent", "without a reason nothing is returned"
    page = sent_form(client, city.url(f"verifikasi/{results.pk}/kembalikan/"), **PAPER, reason="Lengkapi fakta.")
    assert "Lengkapi fakta." in page
    assert "Periksa dan ajukan lagi" in page

    sent_form(client, city.url("opd/Diskominfo/verifikasi/"), submit="1")
    assert "1 putaran sebelumnya" in opened(client, at)
    for _step in range(4):
        sent_form(client, city.url(f"verifikasi/{results.pk}/teruskan/"), **PAPER)
    signed = {**PAPER, "number": "188.45/5/2025", "signatory_title": "Wali Kota Contoh"}
    record = city.url(f"verifikasi/{results.pk}/penetapan/")
    early = sent_form(client, record, **signed, effective_from="2025-07-01", last_day="2025-06-01")
    assert fault_at(early, "last_day")
    wrong = sent_form(client, record, **signed, effective_from="besok")
    assert fault_at(wrong, "effective_from")
    assert "188.45/5/2025" in wrong, "nothing typed is lost"
    bare = sent_form(client, record, **signed, effective_from="2025-07-01")
    assert fault_at(bare, "document"), "a Keputusan is recorded with its text"
    other = sent_form(client, record, **signed, effective_from="2025-07-01", document=scan(b"MZ"))
    assert fault_at(other, "document")
    assert not Determination.objects.exists()
    assert not Document.objects.exists(), "nothing half done is stored"
    page = sent_form(client, record, **signed, effective_from="2025-07-01", document=scan())
    assert "Keputusan 188.45/5/2025" in page
    kept = Determination.objects.get()
    assert "Semua baris masih sesuai." in opened(client, city.url(f"penetapan/{kept.pk}/"))


def test_a_paper_signed_for_somebody_else_names_its_basis_at_the_field(client: Client, city: JudgedCity) -> None:
    results = send(city)
    client.force_login(city.cast.hr_officer)
    url = city.url(f"verifikasi/{results.pk}/teruskan/")
    page = sent_form(client, url, **{**PAPER, "capacity": "acting"})
    assert fault_at(page, "delegation_basis")
    assert Verification.objects.get().step == "head_proposal"
    sent_form(client, url, **{**PAPER, "capacity": "acting", "delegation_basis": "SK 1/2025"})
    assert Verification.objects.get().step == "hr_verification"


def test_a_head_passes_her_own_proposal_and_reads_the_rest(client: Client, city: JudgedCity) -> None:
    results = send(city)
    client.force_login(city.cast.agency_head)
    page = opened(client, city.url(f"verifikasi/{results.pk}/"))
    assert "Catat bahwa tahap ini disetujui" in page
    assert "Tarik hasil verifikasi" not in page
    sent_form(client, city.url(f"verifikasi/{results.pk}/teruskan/"), **PAPER)
    assert Verification.objects.get().step == "hr_verification"
    assert "Catat bahwa tahap ini disetujui" not in opened(client, city.url(f"verifikasi/{results.pk}/"))
    sent_form(client, city.url(f"verifikasi/{results.pk}/teruskan/"), **PAPER)
    assert Verification.objects.get().step == "hr_verification", "that step is not hers"


def test_a_changed_fact_marks_its_row_everywhere_and_the_signed_reasons_stay(client: Client, city: JudgedCity) -> None:
    found = determine(city)
    client.force_login(city.cast.employee)
    row = city.url(f"penetapan/{found.pk}/jabatan/{city.eligible.pk}/")
    before = opened(client, row)
    assert "Tidak sesuai lagi" not in before
    correct(city.eligible)
    page = opened(client, city.url(f"penetapan/{found.pk}/"))
    assert page.count("Tidak sesuai lagi</strong>") == 1, "one row, the touched one"
    assert "1 jabatan tidak sesuai lagi." in page
    assert "1 jabatan sesuai dengan pilihan." in opened(client, city.url(f"penetapan/{found.pk}/?berubah=on"))
    listed = opened(client, city.url("opd/Diskominfo/?penetapan=berubah"))
    assert "1 jabatan sesuai dengan pilihan." in listed
    assert "Pranata Komputer" in listed
    assert "Tidak sesuai lagi:" in opened(client, city.url(f"jabatan/{city.eligible.pk}/"))
    after = opened(client, row)
    assert "berubah</span>" in after, "today's answer stands beside the signed one"
    assert answers(before) == answers(after), "told from what is stored"
    assert "1 jabatan yang ditetapkan tidak sesuai lagi" in opened(client, city.url("penetapan/"))


def answers(page: str) -> str:
    """The signed reasons of a page."""
    return page[page.index('<section class="answer"') : page.index('<p class="small soft">Diceritakan')]


def test_the_list_tells_what_is_missing_and_on_its_way_and_is_narrowed(client: Client, city: JudgedCity) -> None:
    results = send(city)
    client.force_login(city.cast.hr_officer)
    page = opened(client, city.url("penetapan/"))
    assert f"/verifikasi/{results.pk}/" in page
    assert "Belum ada Keputusan yang tercatat." in page
    underway = opened(client, city.url("penetapan/?saring=berjalan"))
    assert "Dinas Komunikasi" in underway
    assert "Puskesmas Satu" not in underway
    client.force_login(city.cast.employee)
    assert f"/verifikasi/{results.pk}/" not in opened(client, city.url("penetapan/")), "not yet determined"


def test_a_long_list_of_agencies_is_read_page_by_page(
    client: Client, city: JudgedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eligibility.pages.determinations.ON_A_PAGE", 2)
    client.force_login(city.cast.hr_officer)
    first, second = (opened(client, city.url(f"penetapan/?halaman={number}")) for number in (1, 2))
    assert "Halaman 1 dari 2" in first
    assert "Halaman 2 dari 2" in second
    assert first.count('<th scope="row">') == 2
    assert second.count('<th scope="row">') == 1


def test_a_revoked_keputusan_says_so_and_determines_no_position(client: Client, city: JudgedCity) -> None:
    found = determine(city)
    client.force_login(city.cast.hr_officer)
    assert "4 dari 4 jabatannya sudah ditetapkan." in opened(client, city.url("opd/Diskominfo/"))
    typed = {**PAPER, "number": "188.45/9/2025", "effective_from": "2025-07-01", "reason": "Tugas berubah."}
    page = sent_form(client, city.url(f"penetapan/{found.pk}/cabut/"), **typed)
    assert "Dicabut sejak" in page
    assert "Tugas berubah." in page
    assert "0 dari 4 jabatannya sudah ditetapkan." in opened(client, city.url("opd/Diskominfo/"))
    assert file_of(client, city.url(f"penetapan/{found.pk}/lampiran.pdf")).startswith(b"%PDF"), "readable for ever"


def test_the_annex_bears_the_keputusan_its_place_in_the_trail_and_every_basis(client: Client, city: JudgedCity) -> None:
    correct(city.conditional.agency.positions.get(pk=city.eligible.pk), value=True)
    results = send(city)
    client.force_login(city.cast.hr_officer)
    before = words_of(file_of(client, city.url(f"verifikasi/{results.pk}/lampiran.pdf")))
    assert "HASILVERIFIKASI,BELUMDITETAPKAN" in before
    pass_all(results, city.cast.hr_officer)
    sent_form(
        client,
        city.url(f"verifikasi/{results.pk}/penetapan/"),
        **{**PAPER, "number": "188.45/5/2025", "effective_from": "2025-07-01", "document": scan()},
    )
    found = Determination.objects.get()
    url = city.url(f"penetapan/{found.pk}/lampiran.pdf")
    made = file_of(client, url)
    text = words_of(made)
    receipt = receipt_of(found, "determination_recorded")
    assert receipt is not None
    for told in (
        "LAMPIRANKEPUTUSANWALIKOTACONTOHNOMOR188.45/5/2025TANGGAL1Juli2025",
        f"nomor{receipt.number},sidik{receipt.digest}",
        results.rulebook_id,
        "disepakati(Lembar3):Dapatdilaksanakandiluarkantorpenempatan:ya",
        "Belumbertandatanganelektroniktersertifikasi.",
        "Pasal23PermenPANRB4/2025*)",
        "Halaman1dari",
    ):
        assert told in text, told
    assert file_of(client, url) == made, "the same bytes on every request"
    correct(city.eligible)
    assert file_of(client, url) == made, "what was signed is what is printed"
    with translation.override("en"):
        assert annex_of(results).subject.startswith("DAFTAR JABATAN"), "Indonesian whoever asks"
    assert file_of(client, url.replace(".pdf", ".xlsx")).startswith(b"PK")


def words_of(pdf: bytes) -> str:
    return "".join("".join(page.split()) for page in pdf_text.pages(pdf))


def test_equal_answers_stand_together_in_the_annex(city: JudgedCity) -> None:
    annex = annex_of(send(city))
    titles = [position.title for position in annex.positions]
    assert titles == sorted(titles)
    rows = {position.title: position for position in annex.positions}
    suited = rows["Pranata Komputer Ahli Muda"]
    assert any(len(answer.modes) > 1 for answer in suited.answers)
    assert sum(len(answer.modes) for answer in suited.answers) == 5
    split = rows["Auditor Ahli Muda"]
    assert any("Hanya untuk uraian tugas" in text for answer in split.answers for text in answer.conditions)
    cited = {citation for position in annex.positions for answer in position.answers for citation in answer.provisions}
    assert cited == {provision.citation for provision in annex.provisions}


def test_a_keputusan_for_an_agency_with_its_units_is_read_below_but_its_annex_is_not(
    client: Client, city: JudgedCity
) -> None:
    found = determine(city, city.cast.other_agency, with_subtree=True)
    nurse = UserFactory.create()
    GrantFactory.create(user=nurse, role="employee", institution=city.cast.institution, agency=city.below)
    PositionFactory.create(agency=city.cast.other_agency, title="Epidemiolog")
    client.force_login(nurse)
    page = opened(client, city.url(f"penetapan/{found.pk}/"))
    assert "Perawat" in page
    assert "lampiran.pdf" not in page
    assert client.get(city.url(f"penetapan/{found.pk}/lampiran.pdf")).status_code == 404
    assert opened(client, city.url(f"penetapan/{found.pk}/jabatan/{city.refused.pk}/"))


def test_a_returned_result_keeps_its_page_without_rows(client: Client, city: JudgedCity) -> None:
    results = give_back(send(city), city.cast.hr_officer)
    client.force_login(city.cast.inspector)
    page = opened(client, city.url(f"verifikasi/{results.pk}/"))
    assert "Lengkapi fakta jabatan Statistisi." in page
    assert "Tidak ada baris yang disimpan" in page


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def grow(city: JudgedCity, agency: Agency) -> None:
    for number in range(30):
        position = PositionFactory.create(agency=agency, title=f"Arsiparis {number}")
        TaskFactory.create(position=position, **SUITS_HOME)
        AgencyFactory.create(institution=city.cast.institution)


@pytest.mark.parametrize("page", ["penetapan/", "opd/Diskominfo/"])
def test_lists_cost_the_same_for_few_and_many(client: Client, city: JudgedCity, page: str) -> None:
    client.force_login(city.cast.hr_officer)
    determine(city)
    before = queries(client, city.url(page))
    grow(city, city.cast.agency)
    assert queries(client, city.url(page)) == before


def test_rows_of_a_keputusan_cost_the_same_for_few_and_many(client: Client, city: JudgedCity) -> None:
    client.force_login(city.cast.hr_officer)
    few = determine(city, city.below)
    grow(city, city.cast.agency)
    many = determine(city, number="188.45/2/2025")
    one, other = (queries(client, city.url(f"penetapan/{found.pk}/")) for found in (few, many))
    assert one == other


def test_who_reads_one_agency_does_not_have_the_whole_city_compared(client: Client, city: JudgedCity) -> None:
    determine(city)
    correct(city.eligible)
    for reader, alone in ((city.cast.agency_head, True), (city.cast.hr_officer, False)):
        client.force_login(reader)
        with CaptureQueriesContext(connection) as captured:
            assert "188.45/1/2025" in opened(client, city.url("penetapan/"))
        (comparing,) = (one["sql"] for one in captured if "SELECT d.verification_id" in one["sql"])
        assert ("d.position_id IN" in comparing) is alone
