"""Findings: from an indication to the last review; what is missing, what is refused, who reads and writes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from agencies.errors import ActRefused, ValuesRefused
from eligibility.models import Provision
from oversight.actions import findings as acts
from oversight.models import Finding, FindingReply, FollowUp, TrailEntry
from oversight.pages.findings import clock_of
from oversight.verification import verify_all
from tests.arranged_city import AT, TODAY, ArrangedCity, holder, link, written
from tests.factories import PositionFactory

NOW: Final[dict[str, Any]] = {"on": TODAY, "at": AT}
PDF: Final = b"%PDF-1.7 bukti sintetis"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def values(**other: Any) -> acts.FindingValues:
    """A finding that says everything."""
    provision = Provision.objects.filter(reference="Pasal 13 ayat (1)").first()
    words = {"title": "Hari melebihi batas", "condition": "Tiga hari seminggu.", "criterion": "Paling banyak dua hari."}
    more = {"cause": "Tidak diperiksa.", "effect": "Layanan kurang.", "recommendation": "Sesuaikan."}
    return acts.FindingValues(**{**words, **more, "provision": provision, **other})


def drafted(city: ArrangedCity, **other: Any) -> Finding:
    cast = city.city.cast
    return acts.draft_finding(
        actor=cast.inspector, institution=cast.institution, agency=cast.agency, values=values(**other), at=AT
    )


def issued(city: ArrangedCity) -> Finding:
    return acts.issue_finding(actor=city.city.cast.inspector, finding=drafted(city), **NOW)


def test_a_finding_goes_from_draft_to_closed_with_an_entry_for_each_act(arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    draft = drafted(arranged, cause="")
    acts_before = TrailEntry.objects.count()
    with pytest.raises(ActRefused):
        drafted(arranged)
    with pytest.raises(ValuesRefused):
        acts.issue_finding(actor=cast.inspector, finding=draft, **NOW)
    with pytest.raises(ActRefused):
        acts.reply_to_finding(actor=cast.agency_head, finding=draft, text="Sudah.", replied_on=TODAY, **NOW)
    assert acts.change_finding(actor=cast.inspector, finding=draft, values=values(cause=""), at=AT) is None
    acts.change_finding(actor=cast.inspector, finding=draft, values=values(), at=AT)
    finding = acts.issue_finding(actor=cast.inspector, finding=draft, **NOW)
    assert (finding.number, finding.issued_on, finding.reply_due_on) == (1, TODAY, TODAY + timedelta(days=60))
    with pytest.raises(ActRefused):
        acts.change_finding(actor=cast.inspector, finding=finding, values=values(title="Lain"), at=AT)
    before: dict[str, Any] = {"replied_on": TODAY - timedelta(days=1), **NOW}
    with pytest.raises(ActRefused):
        acts.reply_to_finding(actor=cast.agency_head, finding=finding, text="Sudah.", **before)
    acts.reply_to_finding(actor=cast.agency_head, finding=finding, text="Sudah.", replied_on=TODAY, **NOW)
    review = {"actor": cast.inspector, "finding": finding, "text": "Ditinjau.", "reviewed_on": TODAY, **NOW}
    acts.review_follow_up(status=FollowUp.Status.NOT_YET, **review)
    finding.refresh_from_db()
    assert finding.state == "issued"
    acts.review_follow_up(status=FollowUp.Status.DONE, **review)
    finding.refresh_from_db()
    assert finding.state == "closed"
    with pytest.raises(ActRefused):
        acts.withdraw_finding(actor=cast.inspector, finding=finding, reason="Keliru.", at=AT)
    assert TrailEntry.objects.count() == acts_before + 5
    assert verify_all(cast.institution).is_whole


def test_what_was_said_is_never_changed_and_found_where_it_was(arranged: ArrangedCity) -> None:
    cast, finding = arranged.city.cast, issued(arranged)
    acts.reply_to_finding(actor=cast.agency_head, finding=finding, text="Sudah.", replied_on=TODAY, **NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        FindingReply.objects.update(text="Belum.")
    Finding.objects.filter(pk=finding.pk).update(recommendation="Tidak perlu.")
    assert [str(row.key) for row in verify_all(cast.institution).rows] == [str(finding.pk)]


def test_the_clock_counts_down_to_the_reply_and_says_how_late_it_is(arranged: ArrangedCity) -> None:
    finding = issued(arranged)
    due = finding.reply_due_on
    assert due is not None
    early, late = (
        clock_of(finding, due - timedelta(days=12), replied=False),
        clock_of(finding, due + timedelta(days=3), replied=False),
    )
    assert early is not None
    assert late is not None
    assert ("12" in early.words, early.overdue) == (True, False)
    assert ("3" in late.words, late.overdue) == (True, True)
    answered = clock_of(finding, due + timedelta(days=3), replied=True)
    assert answered is not None
    assert not answered.overdue


def test_a_withdrawn_finding_keeps_its_number_and_says_why(client: Client, arranged: ArrangedCity) -> None:
    cast, finding = arranged.city.cast, issued(arranged)
    with pytest.raises(ActRefused):
        acts.withdraw_finding(actor=cast.inspector, finding=finding, reason=" ", at=AT)
    acts.withdraw_finding(actor=cast.inspector, finding=finding, reason="Data kehadiran keliru.", at=AT)
    assert drafted(arranged).number == 2
    client.force_login(cast.agency_head)
    assert b"Data kehadiran keliru." in client.get(arranged.url(f"pengawasan/temuan/{finding.pk}/")).content


def test_an_indication_becomes_a_finding_through_the_pages(client: Client, arranged: ArrangedCity) -> None:
    cast = arranged.city.cast
    row = written(arranged, state="approved", approved_at=AT, ends_on=date(2026, 3, 1))
    client.force_login(cast.inspector)
    address = arranged.url("pengawasan/temuan/tulis/") + f"?arrangement={row.pk}&indikasi=tanpa-dasar-pelaksanaan"
    form = client.get(address).context["form"]
    assert form.initial["provision"].reference == "Pasal 12 ayat (4)"
    assert "2026" in form.initial["condition"], "the day on which no instrument is in force"
    sent = {name: form.initial[name] for name in ("title", "condition", "criterion")}
    sent |= {
        "provision": form.initial["provision"].pk,
        "cause": "Lalai.",
        "effect": "Tidak sah.",
        "recommendation": "-",
    }
    client.post(address, sent)
    finding = Finding.objects.get()
    assert (finding.arrangement_id, finding.agency_id, finding.origin) == (row.pk, row.agency_id, "indication")
    here = arranged.url(f"pengawasan/temuan/{finding.pk}/")
    file = SimpleUploadedFile("bukti.pdf", PDF, content_type="application/pdf")
    evidence = {"file": file, "note": "Surat tanpa dasar", "dated_on": "2025-09-30"}
    client.post(arranged.url(f"pengawasan/temuan/{finding.pk}/bukti/"), evidence)
    client.post(arranged.url(f"pengawasan/temuan/{finding.pk}/terbitkan/"))
    page = client.get(here)
    kept = finding.evidence.get()
    assert (kept.sha256 in page.content.decode(), kept.dated_on) == (True, date(2025, 9, 30))
    got = client.get(arranged.url(f"pengawasan/temuan/{finding.pk}/bukti/{kept.pk}/"))
    assert got.content == PDF
    client.force_login(cast.hr_officer)
    assert client.get(f"/kota-contoh/dokumen/{kept.document_id}/").status_code == 404, "handed out with the finding"
    assert client.get("/kota-contoh/dokumen/").context["page"].rows == ()
    client.force_login(cast.agency_head)
    client.post(arranged.url(f"pengawasan/temuan/{finding.pk}/tanggapi/"), {"text": "Ya.", "replied_on": "2025-10-01"})
    client.force_login(cast.inspector)
    review = {"status": "done", "text": "Selesai.", "reviewed_on": "2025-10-01"}
    client.post(arranged.url(f"pengawasan/temuan/{finding.pk}/tindak-lanjut/"), review)
    finding.refresh_from_db()
    assert (finding.state, finding.replies.count()) == ("closed", 1)
    assert [one for one in verify_all(cast.institution).rows if one.table.startswith("oversight.")] == []


def test_drafts_are_the_inspectors_alone_and_nobody_writes_about_her_own_agency(
    client: Client, arranged: ArrangedCity
) -> None:
    cast, draft = arranged.city.cast, drafted(arranged)
    here = f"pengawasan/temuan/{draft.pk}/"

    def answers(user: Any, *pages: str) -> list[int]:
        client.force_login(user)
        return [client.get(arranged.url(page)).status_code for page in pages]

    everybody = (cast.inspector, cast.outside_reader, cast.agency_head, cast.hr_officer)
    assert [answers(user, here) for user in everybody] == [[200], [404], [404], [404]]
    acts.issue_finding(actor=cast.inspector, finding=draft, **NOW)
    assert [answers(user, here) for user in everybody] == [[200]] * 4
    assert answers(cast.agency_head, f"{here}tanggapi/", f"{here}tindak-lanjut/") == [200, 404]
    assert answers(cast.inspector, f"{here}tanggapi/", f"{here}tindak-lanjut/") == [404, 200]
    assert answers(cast.outside_reader, f"{here}tanggapi/", f"{here}bukti/") == [404, 404]
    assert answers(arranged.sekda_account, here) == [404], "the head of another agency"
    link(cast.inspector, holder(PositionFactory.create(agency=cast.agency), "Irban"))
    assert answers(cast.inspector, here, "pengawasan/temuan/tulis/") == [404, 200]
    client.post(arranged.url("pengawasan/temuan/tulis/"), {"agency": cast.agency.pk, "title": "x"})
    assert Finding.objects.count() == 1, "her own agency is not offered"


def test_the_list_is_narrowed_to_what_is_overdue(client: Client, arranged: ArrangedCity) -> None:
    cast, finding = arranged.city.cast, issued(arranged)
    client.force_login(cast.inspector)

    def listed() -> bool:
        page = client.get("/kota-contoh/pengawasan/temuan/?lewat=1")
        return finding.title in page.content.decode()

    assert not listed()
    Finding.objects.filter(pk=finding.pk).update(reply_due_on=TODAY - timedelta(days=3))
    assert listed()
    acts.reply_to_finding(actor=cast.agency_head, finding=finding, text="Sudah.", replied_on=TODAY, **NOW)
    assert not listed()
