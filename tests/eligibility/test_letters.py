"""The letter of an approval: what it says, who signs it, and when there is none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from agencies.errors import ActRefused
from agencies.models import Role
from agencies.receipts import receipt_of
from eligibility.arrangements import letter_files
from eligibility.arrangements.declarations import declarer
from eligibility.arrangements.letters import letter_text, read_letter
from eligibility.arrangements.records import write_plan
from eligibility.arrangements.requests import Request
from eligibility.models import Approval, Arrangement, ArrangementState, Letter
from eligibility.pages.annexes import in_indonesian
from eligibility.rulebook import Mode
from oversight.models import TrailEntry
from oversight.verification import verify_all
from tests import pdf_text
from tests.arranged_city import AT, TODAY, ArrangedCity, holder, link, written
from tests.base import person
from tests.eligibility.lettered import NUMBER, approved, approved_for, day, issued
from tests.factories import GrantFactory, PositionFactory, UserFactory


def squeezed(text: str) -> str:
    """Without the places where lines break."""
    return "".join(text.split())


def printed(letter: Letter) -> str:
    """The text of the PDF."""
    made = letter_files.pdf(read_letter(letter.content), in_indonesian)
    return "".join(squeezed(page) for page in pdf_text.pages(made))


def refusal(arranged: ArrangedCity, arrangement: Arrangement, **values: Any) -> ActRefused:
    """Why the letter is not issued."""
    entries = TrailEntry.objects.count()
    with pytest.raises(ActRefused) as refused:
        issued(arranged, arrangement, **values)
    assert (Letter.objects.count(), TrailEntry.objects.count()) == (0, entries)
    return refused.value


def test_the_letter_says_who_may_what_when_by_which_law_and_who_signed(arranged: ArrangedCity) -> None:
    arrangement = approved(arranged)
    letter = issued(arranged, arrangement)
    receipt = receipt_of(arrangement, "arrangement_approved")
    assert receipt is not None
    page, content = printed(letter), read_letter(letter.content)
    for words in (
        "DATA SINTETIS. Bukan dokumen resmi.",
        "SURAT TUGAS",
        NUMBER,
        "DINAS KOMUNIKASI",
        "100.3.3.3/120/2025",
        "PermenPANRB 4/2025",
        "Perpres 21/2023",
        arranged.determination.number,
        "Nita Pemohon",
        arranged.asker.nip,
        "Penata Muda (III/a)",
        "Selasa, Rabu",
        "Modul layanan",
        "2 modul",
        "KEPALA DINAS KOMUNIKASI,",
        "Bayu Kepala",
        arranged.head.nip,
        "Belum bertanda tangan elektronik tersertifikasi.",
        f"nomor {receipt.number}, sidik {receipt.digest}",
        in_indonesian("no checkpoint yet"),
        f"http://127.0.0.1:8000/surat/{letter.code}/",
    ):
        assert squeezed(words) in page, words
    assert "100.3.3.3/120/2025" in content.basis[0], "the implementing instrument stands first, by its number"
    assert arranged.determination.number in content.basis[-1]
    assert squeezed(arranged.asker.residence) not in page, "a home has no address"
    assert in_indonesian("home or residence as recorded in the personnel data") in dict(content.plan).values()
    assert len(letter.code) == 32


def test_the_letter_says_who_declared(arranged: ArrangedCity) -> None:
    hers, asked_for = (approved_for(arranged, who) for who in (arranged.asker, arranged.colleagues[0]))
    letter = issued(arranged, asked_for)
    told = read_letter(letter.content).conditions[-3]
    assert told == "Atasan yang mengajukan untuk pegawai menyatakan: “Pegawai memenuhi jam kerja secara penuh.”"
    assert "Saya" not in "".join(read_letter(letter.content).conditions)
    own = read_letter(issued(arranged, hers, number="800/2").content).conditions[-3]
    assert own == "Pegawai menyatakan: “Saya memenuhi jam kerja secara penuh.”"
    GrantFactory.create(user=arranged.unit_head_account, role=Role.HR_OFFICER, institution=asked_for.institution)
    arranged.unit_head_account.grants.filter(role=Role.AGENCY_HEAD).delete()
    assert declarer(asked_for) == "Petugas kepegawaian yang mengajukan untuk pegawai"


def test_the_file_is_archivable_accessible_and_the_same_each_time(arranged: ArrangedCity) -> None:
    letter = issued(arranged, approved(arranged))
    content = read_letter(letter.content)
    assert letter_text(content) == letter.content
    made = letter_files.pdf(content, in_indonesian)
    for sign in (b"pdfaid:part>2<", b"pdfaid:conformance>A<", b"pdfuaid:part>1<", b"/Lang(id-ID)", b"/S/Figure"):
        assert sign in made, sign
    assert b"/Alt" in made, "the sign has a text for those who cannot see it"
    arranged.asker.name = "Nita Berganti"
    arranged.asker.save(update_fields=["name"])
    again = Letter.objects.get(pk=letter.pk)
    assert letter_files.pdf(read_letter(again.content), in_indonesian) == made, "what it says was fixed with it"


def test_a_plt_or_plh_signs_as_such_and_names_the_basis(arranged: ArrangedCity) -> None:
    arrangement, office = approved(arranged), arranged.head.postings.get().position
    daily, acting = UserFactory.create(), UserFactory.create()
    link(daily, holder(office, "Dewi Harian", capacity="plh"))
    link(acting, holder(office, "Sari Pelaksana", capacity="plt", sk_number="821/7/2025"))
    assert refusal(arranged, arrangement, actor=daily).field == "delegation_basis", "no SK is recorded"
    assert refusal(arranged, arrangement, actor=daily, capacity="acting").field == "capacity", "she is Plh"
    letter = issued(arranged, arrangement, actor=acting)
    assert (letter.capacity, letter.delegation_basis) == ("acting", "SK 821/7/2025")
    assert letter.signatory == acting.employee, "who holds the office and issues it signs it"
    assert squeezed("Plt. KEPALA DINAS KOMUNIKASI,") in printed(letter)
    assert read_letter(letter.content).basis[-1].endswith("SK 821/7/2025")


def test_another_manager_of_the_agency_signs_on_behalf_with_the_basis(arranged: ArrangedCity) -> None:
    arrangement, agency = approved(arranged), arranged.programmer.agency
    secretary = PositionFactory.create(agency=agency, title="Sekretaris Dinas", jenjang="", category="administrator")
    deputy = holder(secretary, "Umi Sekretaris")
    behalf = {"capacity": "on_behalf", "signatory": deputy, "delegation_basis": "SK Kadis 5/2025"}
    assert refusal(arranged, arrangement, **behalf | {"signatory": None}).field == "signatory"
    assert refusal(arranged, arrangement, **behalf | {"signatory": arranged.sekda}).field == "signatory"
    assert refusal(arranged, arrangement, **behalf | {"delegation_basis": ""}).field == "delegation_basis"
    letter = issued(arranged, arrangement, **behalf)
    assert read_letter(letter.content).signatory.lines == ("a.n. KEPALA DINAS KOMUNIKASI", "SEKRETARIS DINAS,")
    assert squeezed("SK Kadis 5/2025") in printed(letter)
    assert letter.signatory_title == "Sekretaris Dinas"


def test_the_head_of_the_region_signs_without_a_file_of_her_own(arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    mayor = person("mayor", Role.AGENCY_HEAD, cast.institution)
    mayor.first_name, mayor.last_name = "Ratna", "Walikota"
    mayor.save(update_fields=["first_name", "last_name"])
    row = written(arranged, approved_at=AT, norm=arranged.instrument, state=ArrangementState.APPROVED)
    asked = Request(Mode.HOME, row.place, frozenset(row.days), row.starts_on, row.ends_on, TODAY)
    plan = write_plan(asked)
    Approval.objects.create(arrangement=row, round=1, at=AT, on=TODAY, by=mayor, plan=plan, checks="{}")
    refusal(arranged, row, actor=arranged.sekda_account)
    content = read_letter(issued(arranged, row, actor=mayor).content)
    assert content.header == ("WALI KOTA CONTOH",)
    assert (content.signatory.lines, content.signatory.name) == (("WALI KOTA,",), "Ratna Walikota")
    assert "100.3.3.3/120/2025" in content.basis[0]


def test_a_letter_is_refused_with_the_field_that_is_wrong(arranged: ArrangedCity) -> None:
    draft = written(arranged, state=ArrangementState.SUSPENDED, suspended_on=day(10, 7), mode="shift")
    assert refusal(arranged, draft).field == ""
    arrangement = approved(arranged)
    assert refusal(arranged, arrangement, signed_on=TODAY - timedelta(days=1)).field == "signed_on"
    assert refusal(arranged, arrangement, signed_on=TODAY + timedelta(days=1)).field == "signed_on"
    assert refusal(arranged, arrangement, capacity="acting").field == "capacity", "she holds the office herself"
    issued(arranged, arrangement)
    with pytest.raises(ActRefused, match=NUMBER):
        issued(arranged, arrangement, number="2")
    other = approved_for(arranged, arranged.colleagues[0])
    with pytest.raises(ActRefused) as refused:
        issued(arranged, other)
    assert refused.value.field == "number", "a number is given once in an institution"
    assert issued(arranged, other, number="2").number == "2"


def test_only_the_office_that_decided_and_hr_officers_issue_it_never_the_employee(arranged: ArrangedCity) -> None:
    arrangement, cast = approved(arranged), arranged.city.cast
    elsewhere = person("hr_elsewhere", Role.HR_OFFICER, cast.institution, cast.other_agency)
    strangers = (arranged.unit_head_account, arranged.sekda_account, cast.inspector, elsewhere, cast.outsider)
    for stranger in strangers:
        assert refusal(arranged, arrangement, actor=stranger).field == ""
    GrantFactory.create(user=arranged.asker_account, role=Role.HR_OFFICER, institution=cast.institution)
    refusal(arranged, arrangement, actor=arranged.asker_account)
    here = person("hr_here", Role.HR_OFFICER, cast.institution, cast.agency)
    letter = issued(arranged, arrangement, actor=here)
    assert letter.signatory == arranged.head, "a clerk issues it, who decided signs"
    entry = TrailEntry.objects.get(action="letter_issued")
    assert "Bayu" not in entry.body
    assert arranged.asker.nip not in entry.body
    faults = [fault for fault in verify_all(cast.institution).rows if fault.table == "eligibility.letter"]
    assert faults == [], "the letter stands as its act left it"


def test_the_form_issues_the_letter_and_the_file_opens_for_who_may_open_the_request(
    client: Client, arranged: ArrangedCity
) -> None:
    arrangement = approved(arranged)
    form = arranged.url(f"fleksibilitas/{arrangement.pk}/surat/")
    client.force_login(arranged.asker_account)
    assert client.get(form).status_code == 404
    client.force_login(arranged.head_account)
    assert client.get(form).status_code == 200
    typed = {"number": NUMBER, "signed_on": TODAY - timedelta(days=1), "capacity": "", "signatory": ""}
    answer = client.post(form, typed)
    assert (answer.status_code, Letter.objects.count()) == (200, 0)
    assert NUMBER in answer.content.decode(), "what was typed stays"
    assert client.post(form, typed | {"signed_on": TODAY}).status_code == 302
    letter = Letter.objects.get()
    assert client.get(form).status_code == 302, "there is nothing left to issue"
    file = arranged.url(f"fleksibilitas/{arrangement.pk}/surat.pdf")
    for account, status in ((arranged.asker_account, 200), (arranged.head_account, 200), (arranged.sekda_account, 404)):
        client.force_login(account)
        assert client.get(file).status_code == status
    client.force_login(arranged.asker_account)
    opened = client.get(file, {"surat": letter.pk})
    assert (opened.headers["Content-Type"], opened.getvalue()[:5]) == ("application/pdf", b"%PDF-")
    assert "no-store" in opened.headers["Cache-Control"]
    assert client.get(file, {"surat": "x"}).status_code == 404
