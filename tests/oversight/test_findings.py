"""Findings: from an indication to the last review; what is missing, what is refused, who reads and writes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from agencies.access import get_standing
from agencies.errors import ActRefused, ValuesRefused
from agencies.models import PersonalDataRead
from eligibility.models import InstitutionSetting, Provision
from oversight import overdue
from oversight.actions import findings as acts
from oversight.finding_clocks import ReviewDays, clock_now, clock_of
from oversight.models import Finding, FindingReply, FollowUp, TrailEntry
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


REPLIES, REVIEWS = "/kota-contoh/pengawasan/temuan/?lewat=1", "/kota-contoh/pengawasan/temuan/?lewat=2"


def later(days: int) -> dict[str, Any]:
    """So many days after the issue."""
    return {"on": TODAY + timedelta(days=days), "at": AT + timedelta(days=days)}


def overdue_on(city: ArrangedCity, days: int) -> dict[str, int | None]:
    """How many findings the overview calls overdue so many days after the issue, by the list that it opens."""
    inspector, when = city.city.cast.inspector, later(days)
    asked = (get_standing(inspector, "kota-contoh"), inspector, when["on"], when["at"])
    sources = (overdue.overdue_replies, overdue.overdue_reviews)
    return {one.address: one.number for source in sources for one in source(*asked)}


def replied(city: ArrangedCity, finding: Finding, days: int) -> None:
    """The agency answers so many days after the issue."""
    when, head = later(days), city.city.cast.agency_head
    acts.reply_to_finding(actor=head, finding=finding, text="Sudah.", replied_on=when["on"], **when)


def reviewed(city: ArrangedCity, finding: Finding, days: int, status: FollowUp.Status) -> date | None:
    """What was done is judged so many days after the issue; gives the last day for a reply."""
    when, inspector = later(days), city.city.cast.inspector
    said: dict[str, Any] = {"text": "Ditinjau.", "reviewed_on": when["on"]}
    acts.review_follow_up(actor=inspector, finding=finding, status=status, **said, **when)
    finding.refresh_from_db()
    return finding.reply_due_on


def test_the_clock_of_the_agency_runs_anew_after_a_review_that_finds_it_wanting(arranged: ArrangedCity) -> None:
    finding = issued(arranged)
    assert overdue_on(arranged, 60)[REPLIES] == 0
    assert overdue_on(arranged, 61)[REPLIES] == 1
    replied(arranged, finding, 10)
    assert overdue_on(arranged, 61)[REPLIES] == 0
    assert reviewed(arranged, finding, 50, FollowUp.Status.NOT_YET) == TODAY + timedelta(days=110)
    assert overdue_on(arranged, 110)[REPLIES] == 0
    assert overdue_on(arranged, 111)[REPLIES] == 1, "the reply of before stops nothing any more"
    due = reviewed(arranged, finding, 111, FollowUp.Status.NOTHING)
    assert due == TODAY + timedelta(days=110), "where nothing was answered no days are won"
    replied(arranged, finding, 112)
    assert overdue_on(arranged, 113)[REPLIES] == 0
    assert verify_all(arranged.city.cast.institution).is_whole


def test_the_inspector_has_days_of_her_own_to_review_a_reply(arranged: ArrangedCity) -> None:
    institution, finding = arranged.city.cast.institution, issued(arranged)
    replied(arranged, finding, 10)
    assert overdue_on(arranged, 40) == {REPLIES: 0, REVIEWS: 0}, "thirty days, counted from the reply"
    assert overdue_on(arranged, 41) == {REPLIES: 0, REVIEWS: 1}
    clock = clock_now(finding, TODAY + timedelta(days=41), ReviewDays.of(institution, AT))
    assert clock is not None
    assert (clock.overdue, "1 hari" in clock.words, "11 Oktober 2025" in clock.words) == (True, True, True)
    setting = {"valid_from": TODAY, "known_from": AT, "source": "Perwali"}
    InstitutionSetting.objects.create(institution=institution, name="review_days", value="5", **setting)
    assert overdue_on(arranged, 15)[REVIEWS] == 0
    assert overdue_on(arranged, 16)[REVIEWS] == 1, "the city's own days"
    reviewed(arranged, finding, 16, FollowUp.Status.NOT_YET)
    assert overdue_on(arranged, 41) == {REPLIES: 0, REVIEWS: 0}


def test_a_list_of_overdue_reviews_opens_from_the_overview(client: Client, arranged: ArrangedCity) -> None:
    cast, finding = arranged.city.cast, issued(arranged)
    client.force_login(cast.inspector)
    long_ago = TODAY - timedelta(days=31)
    FindingReply.objects.create(finding=finding, text="Sudah.", replied_on=long_ago, at=AT)
    (late,) = [
        one for one in client.get("/kota-contoh/pengawasan/").context["page"].attentions if "lewat" in one.address
    ]
    assert late.number == 1
    assert finding.title in client.get(late.address).content.decode()
    assert finding.title not in client.get("/kota-contoh/pengawasan/temuan/?lewat=1").content.decode()


def test_a_case_is_measured_by_the_law_of_its_days_and_what_was_chosen_stays(
    client: Client, arranged: ArrangedCity
) -> None:
    row = written(arranged, state="approved", approved_at=AT, starts_on=date(2024, 4, 16), ends_on=date(2024, 4, 17))
    then = Provision.objects.filter(instrument__code__icontains="1-2024").first()
    assert then is not None
    client.force_login(arranged.city.cast.inspector)
    address = arranged.url("pengawasan/temuan/tulis/")
    offered = {
        query: dict(client.get(f"{address}{query}").context["form"].fields["provision"].choices)
        for query in ("", f"?arrangement={row.pk}")
    }
    assert then.pk not in {getattr(key, "value", key) for key in offered[""]}, "it is not in force today"
    told = {getattr(key, "value", key): label for key, label in offered[f"?arrangement={row.pk}"].items()}
    assert "2024" in told[then.pk], "with the days on which it was"
    sent = {"title": "x", "condition": "x", "criterion": "x", "provision": then.pk}
    assert client.post(f"{address}?arrangement={row.pk}", sent).status_code == 302
    finding = Finding.objects.get()
    assert finding.provision == then
    Finding.objects.update(arrangement=None)
    changed = client.post(arranged.url(f"pengawasan/temuan/{finding.pk}/ubah/"), {**sent, "title": "y"})
    assert changed.status_code == 302
    finding.refresh_from_db()
    assert (finding.title, finding.provision) == ("y", then)


def test_a_withdrawn_finding_keeps_its_number_and_says_why(client: Client, arranged: ArrangedCity) -> None:
    cast, finding = arranged.city.cast, issued(arranged)
    with pytest.raises(ActRefused):
        acts.withdraw_finding(actor=cast.inspector, finding=finding, reason=" ", at=AT)
    acts.withdraw_finding(actor=cast.inspector, finding=finding, reason="Data kehadiran keliru.", at=AT)
    assert drafted(arranged).number == 2
    client.force_login(cast.agency_head)
    assert b"Data kehadiran keliru." in client.get(arranged.url(f"pengawasan/temuan/{finding.pk}/")).content


def test_who_sends_a_form_too_late_is_told_where_the_finding_stands(client: Client, arranged: ArrangedCity) -> None:
    cast, finding = arranged.city.cast, drafted(arranged)
    client.cookies["django_language"] = "en"

    def told(user: Any, page: str, **typed: str) -> str:
        client.force_login(user)
        answer = client.post(arranged.url(f"pengawasan/temuan/{finding.pk}/{page}"), typed, follow=True)
        assert answer.redirect_chain == [(arranged.url(f"pengawasan/temuan/{finding.pk}/"), 302)]
        return answer.content.decode()

    assert "the finding is a draft that nobody was given. Issue it first" in told(cast.inspector, "tindak-lanjut/")
    acts.issue_finding(actor=cast.inspector, finding=finding, **NOW)
    assert "the finding is issued, and what it says stays. You may review" in told(cast.inspector, "ubah/", title="x")
    answer = {"text": "Sudah diatur.", "replied_on": "2025-10-01"}
    assert "The reply is recorded." in told(cast.agency_head, "tanggapi/", **answer)
    reviewed(arranged, finding, 0, FollowUp.Status.DONE)
    closed = "the finding is closed by its last review."
    assert f"{closed} No further reply is expected" in told(cast.agency_head, "tanggapi/", **answer)
    assert f"{closed} If there is more to say, write another" in told(cast.inspector, "bukti/")
    assert finding.replies.count() == 1
    client.force_login(arranged.sekda_account)
    assert client.post(arranged.url(f"pengawasan/temuan/{finding.pk}/tanggapi/"), answer).status_code == 404


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
    read = PersonalDataRead.objects.get(page="evidence")
    assert (read.reader, read.employee) == (cast.inspector, row.employee)
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
