"""One case on one page: what was asked, the checks as counted then, who decided, the letter, the trail verified."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agencies import triggers
from agencies.actions.places import name_local_criterion
from agencies.facts import FACTS
from agencies.masking import masked_nip
from agencies.models import PersonalDataRead, TaskProfile
from eligibility.actions.approvals import approve_request
from eligibility.actions.arrangements import save_request, submit_request
from eligibility.actions.endings import resume_arrangement, suspend_arrangement
from eligibility.arrangements.person_facts import CIRCUMSTANCES
from eligibility.decisions import judge_rule
from eligibility.models import Approval, ApprovalSpan, Arrangement, ArrangementStep, Instrument, StoredRulebook
from eligibility.rulebook import Case, Criterion, Mode, Operator, Place
from eligibility.stored_rulebooks import stored_layout
from oversight import attention
from oversight.models import Difference, Reperformance, TrailEntry, TrailSide
from oversight.pages import case_rules
from tests.arranged_city import AT, TODAY, ArrangedCity, holder, link, written
from tests.eligibility.lettered import NUMBER, approved, issued
from tests.exported import from_csv
from tests.oversight.chains import unprotected

LIST = "/kota-contoh/pengawasan/daftar/"


def page_of(client: Client, city: ArrangedCity, case: Arrangement, reader: str = "inspector") -> str:
    client.force_login(getattr(city.city.cast, reader))
    return client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").content.decode()


def names(client: Client, query: str = "") -> list[str]:
    """The names on the list, in its order."""
    return [row.case.employee.name for row in client.get(f"{LIST}{query}").context["listed"].rows]


def test_a_case_tells_everything_of_an_approved_request(client: Client, arranged: ArrangedCity) -> None:
    case = approved(arranged)
    issued(arranged, case)
    page = page_of(client, arranged, case)
    for told in ("Nita Pemohon", masked_nip(case.employee.nip), "Modul layanan", "Bayu Kepala", "Mendukung.", NUMBER):
        assert told in page, told
    assert case.employee.nip not in page
    assert "Pasal" in page, "provisions stand beside what was checked"
    context = client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").context["page"]
    assert context.approvals[0].checks.passes
    assert context.approvals[0].spans[0].groups
    assert context.letters[0].standing.since == date(2025, 10, 6), "its first day has not come yet"
    assert context.trail.is_whole
    assert len(context.entries) >= 5, "drafted, submitted, endorsed, approved, letter"
    assert context.finding_add == "" or str(case.pk) in context.finding_add


def test_the_checks_of_a_resumption_stand_on_the_case(client: Client, arranged: ArrangedCity) -> None:
    case = approved(arranged)
    now: dict[str, Any] = {"on": TODAY, "at": AT}
    assert "Dilanjutkan:" not in page_of(client, arranged, case)
    suspend_arrangement(actor=arranged.head_account, arrangement=case, ground="other", text="Rapat.", **now)
    resume_arrangement(actor=arranged.head_account, arrangement=case, **now)
    assert "Dilanjutkan:" in page_of(client, arranged, case)
    resumed = client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").context["page"].resumed
    assert [card.checks.passes for card in resumed] == [True]
    assert resumed[0].checks.total > 5
    entry = TrailEntry.objects.get(action="arrangement_resumed")
    listed = json.dumps({"checks": json.dumps({"norms": [], "checks": []})})
    for body in ("{}", "[]", "rusak", '{"checks": 7}', '{"checks": "[7]"}', listed):
        with unprotected():
            TrailSide.objects.filter(entry=entry).update(body=body)
        assert "Dilanjutkan:" not in page_of(client, arranged, case), body


def test_what_was_changed_behind_the_portal_is_told_on_its_case_alone(client: Client, arranged: ArrangedCity) -> None:
    case, other = approved(arranged), written(arranged, arranged.colleagues[0], state="approved", approved_at=AT)
    assert "masih sama" in page_of(client, arranged, case)
    assert "tidak ada tindakan" in page_of(client, arranged, other), "no act of the portal wrote it"
    triggers.remove(connection)
    Approval.objects.update(checks="{}")
    ArrangementStep.objects.filter(what="endorsed").update(text="Diubah.")
    page = page_of(client, arranged, case)
    assert "tidak lagi sama" in page
    assert f"eligibility.approval {case.approvals.get().pk}" in page
    assert "eligibility.arrangementstep" in page
    assert "tidak dapat dibaca" in page, "what cannot be read is told, and the page still opens"
    assert "rencana yang disetujui" not in page
    for plan in ("{}", "[]", "Rencana", '{"mode": "home"}', Approval.objects.get().plan.replace("tuesday", "selasa")):
        Approval.objects.update(plan=plan)
        page = page_of(client, arranged, case)
        assert "rencana yang disetujui tidak dapat dibaca" in page, plan
        assert "tidak lagi sama" in page
    looked = client.get("/kota-contoh/pengawasan/indikasi/penetapan-usang/")
    assert looked.status_code == 200, "nor does an indication stumble over it"
    step = case.steps.get(what="submitted").pk
    case.steps.filter(pk=step).delete()
    assert f"eligibility.arrangementstep {step}" in page_of(client, arranged, case)


def test_facts_of_the_person_are_for_the_inspector_and_not_for_who_reads_from_outside(
    client: Client, arranged: ArrangedCity
) -> None:
    case = approved(arranged)
    assert "Rincian di BKPSDM" not in page_of(client, arranged, case)
    shown = {
        reader: {
            line.label
            for group in _page(client, arranged, case, reader).approvals[0].spans[0].groups
            for line in group.lines
        }
        for reader in ("inspector", "outside_reader")
    }
    assert shown["outside_reader"] < shown["inspector"]
    assert not _page(client, arranged, case, "outside_reader").finding_add


def _page(client: Client, city: ArrangedCity, case: Arrangement, reader: str):  # type: ignore[no-untyped-def]
    client.force_login(getattr(city.city.cast, reader))
    return client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").context["page"]


def auditor_approved(city: ArrangedCity) -> Arrangement:
    """The request of an auditor, who may write reports at home and may not do audits there."""
    auditor = holder(city.city.conditional, "Ani Auditor")
    link(city.asker_account, auditor)
    now: dict[str, Any] = {"on": TODAY, "at": AT}
    told: dict[str, Any] = {"employee": auditor, "plan": city.plan(), "asked_by_head": False}
    draft = save_request(actor=city.asker_account, **told, **now)
    asked = submit_request(actor=city.asker_account, arrangement=draft, **now)
    return approve_request(actor=city.head_account, arrangement=asked, **now).arrangement


def test_the_rules_of_a_case_stand_by_task_with_their_provisions_for_every_reader(
    client: Client, arranged: ArrangedCity
) -> None:
    case = auditor_approved(arranged)
    for reader in ("inspector", "outside_reader"):
        page = page_of(client, arranged, case, reader)
        rules = page[page.index("Aturan saat dinilai") : page.index("Fakta yang dinilai")]
        assert "<strong>Tidak dapat dikerjakan dengan cara ini:</strong> Audit lapangan." in rules, reader
        assert "<strong>Dapat dikerjakan dengan cara ini:</strong> Menulis laporan." in rules
        assert rules.count(">Pasal 23 PermenPANRB 4/2025</a>") == 2, "failed for one task, passed for the other"
        assert "Syarat: Tugas memenuhi kriteria fleksibel secara lokasi. Tidak terpenuhi: " in rules
        assert "Sudah diperiksa dan tidak menghalangi: 1 aturan" in rules
        assert "Dikesampingkan oleh: Pasal 11 PermenPANRB 4/2025" in rules
        assert "Pasal 13 ayat (1) PermenPANRB 4/2025" in rules, "whose limit of days won"
        assert "belum dicocokkan dengan naskah resmi" in rules
        (judged,) = client.get(f"/kota-contoh/pengawasan/kasus/{case.pk}/").context["page"].approvals[0].judged
        assert judged.periods == ((case.starts_on, case.ends_on),)
        closed, opened = judged.rules.tasks
        assert (closed.titles, closed.first[0].words.state) == (("Audit lapangan",), "failed"), "the worst first"
        assert [line.words.state for line in opened.passed] == ["passed"]
        assert judged.rules.agrees
    client.cookies["django_language"] = "en"
    english = page_of(client, arranged, case)
    assert "<strong>May not be done this way:</strong> Audit lapangan." in english
    assert "Set aside by: Pasal 11" in english


def test_the_own_criteria_of_the_institution_bear_the_names_it_gave_them(
    client: Client, arranged: ArrangedCity
) -> None:
    TaskProfile.objects.update(local_1=True)
    case = approved(arranged)
    label = FACTS["task.local_1"].label
    with translation.override("id"):
        told = translation.gettext(label)
    assert told in page_of(client, arranged, case)
    name_local_criterion(
        actor=None, institution=arranged.city.cast.institution, number=1, label="Arsip fisik", question="Perlu arsip?"
    )
    page = page_of(client, arranged, case)
    assert ("Arsip fisik" in page, told in page) == (True, False)


def test_a_condition_stands_with_its_provision(client: Client, arranged: ArrangedCity) -> None:
    case = approved(arranged, mode=Mode.OTHER_PLACE, purpose="Rapat kerja", residence_confirmed=False)
    page = page_of(client, arranged, case)
    rules = page[page.index("Aturan saat dinilai") : page.index("Fakta yang dinilai")]
    condition = rules.index("<strong>Dengan syarat:</strong> ")
    assert condition < rules.index(">Pasal 12 ayat (1) PermenPANRB 4/2025</a>")
    assert condition < rules.index("Sudah diperiksa dan tidak menghalangi"), "before what passed"


def test_an_exception_that_reads_the_person_is_told_to_the_inspector_alone(arranged: ArrangedCity) -> None:
    approved(arranged)
    book = stored_layout(StoredRulebook.objects.get(pk=ApprovalSpan.objects.get().rulebook_id)).rulebook
    rule = next(one for one in book.rules if one.citation.reference == "Pasal 23")
    for value, state in ((True, "passed"), (None, "unknown")):
        spared = replace(rule, exceptions=((Criterion(CIRCUMSTANCES, Operator.IS, (True,)),),))
        case = Case({CIRCUMSTANCES: value}, Place("dinas", ()), frozenset())
        reason = judge_rule(book, spared, Mode.HOME, case)
        with translation.override("id"):
            whole, outside = (
                case_rules._line(case_rules._as_may_be_known(reason, wording), case, wording)
                for wording in (case_rules.Wording(person, "id", ()) for person in (True, False))
            )
        assert whole.words.state == outside.words.state == state
        assert whole.set_aside == (value is True)
        assert "Keadaan khusus" in repr(whole)
        assert not outside.set_aside
        assert "Keadaan khusus" not in repr(outside)


def test_rules_that_cannot_be_read_again_are_told_and_the_page_opens(client: Client, arranged: ArrangedCity) -> None:
    case = approved(arranged)
    span = ApprovalSpan.objects.get()
    told = "aturannya tidak dapat ditampilkan"
    assert told not in page_of(client, arranged, case)
    with unprotected():
        ApprovalSpan.objects.update(outcome="{}")
        assert "memberi hasil lain daripada" in page_of(client, arranged, case)
        for facts in ("{}", "[]", "rusak", span.facts.replace('"counts"', '"jumlah"')):
            ApprovalSpan.objects.update(facts=facts, outcome=span.outcome)
            assert told in page_of(client, arranged, case), facts
        ApprovalSpan.objects.update(facts=span.facts)
        assert told not in page_of(client, arranged, case)
        case_rules._read.cache_clear()
        case_rules._rulebook.cache_clear()
        StoredRulebook.objects.filter(pk=span.rulebook_id).update(text="{}")
        assert told in page_of(client, arranged, case), "its rulebook is not kept"


def test_deciding_again_is_told_where_it_was_done(client: Client, arranged: ArrangedCity) -> None:
    case = approved(arranged)
    assert "belum diuji ulang" in page_of(client, arranged, case)
    told = {"institution": case.institution, "determinations": 1, "positions": 1, "approvals": 1}
    run = Reperformance.objects.create(at=AT.replace(day=3), **told)
    assert "hasilnya sama" in page_of(client, arranged, case)
    Difference.objects.create(run=run, kind="outcome", approval=case.approvals.get(), what="{}")
    assert "hasilnya berbeda" in page_of(client, arranged, case)
    Reperformance.objects.create(at=AT.replace(day=4), since=TODAY.replace(day=2), **told)
    assert "belum diuji ulang" in page_of(client, arranged, case), "the last run began after it"


def test_the_list_is_narrowed_by_the_address_and_each_read_is_logged(client: Client, arranged: ArrangedCity) -> None:
    first, second, third, _last = arranged.colleagues
    written(arranged, first, state="approved", approved_at=AT, norm=arranged.instrument)
    written(arranged, second, state="refused", mode="shift", place="")
    written(arranged, third)
    client.force_login(arranged.city.cast.inspector)
    assert names(client) == [second.name, first.name], "a draft is nobody's business"
    assert names(client, "?keadaan=refused") == [second.name]
    assert names(client, "?keadaan=disetujui&bulan=2025-10") == [first.name]
    assert names(client, "?bulan=2025-09") == []
    assert names(client, "?tempat=-") == [second.name]
    assert names(client, f"?norma={arranged.instrument.pk}") == [first.name]
    assert names(client, "?opd=Dinkes") == []
    assert names(client, f"?cari={first.name.split()[-1]}") == [first.name]
    assert "2025-10" in client.get(f"{LIST}?bulan=Oktober").content.decode(), "how a month is written"
    assert PersonalDataRead.objects.filter(page="cases").count() >= 6
    read = from_csv(client.get(f"{LIST}?keadaan=refused&unduh=csv"))
    assert read.column("Nama") == [second.name]
    assert second.nip not in str(read)


def test_offered_are_the_norms_that_audited_cases_rest_on_and_no_others(client: Client, arranged: ArrangedCity) -> None:
    cast, elsewhere = arranged.city.cast, arranged.city.cast.outsider.grants.get().institution
    told: dict[str, Any] = {"layer": 50, "implementing": True, "known_from": AT}
    other = Instrument.objects.create(code="perwali-lain", owner=elsewhere, title="Perwali Kota Lain", **told)
    drafts = {"title": "Rancangan Perwali", "drafted_by": cast.rules_administrator}
    draft = Instrument.objects.create(code="rancangan", owner=cast.institution, **drafts, **told)
    approved_so: dict[str, Any] = {"state": "approved", "approved_at": AT}
    written(arranged, arranged.colleagues[0], norm=arranged.instrument, **approved_so)
    written(arranged, arranged.colleagues[1], norm=other, institution=elsewhere, **approved_so)
    client.force_login(cast.inspector)

    def offered(query: str = "") -> list[str]:
        return [str(code) for code, _label in _listed(client, query).filter.fields["norma"].choices]

    assert offered() == ["", str(arranged.instrument.pk), "-"]
    assert not _listed(client, f"?norma={arranged.instrument.pk}").filter.errors
    for asked in (other, draft):
        page = client.get(f"{LIST}?norma={asked.pk}")
        assert "norma" in page.context["listed"].filter.errors, asked
        assert "field-error" in page.content.decode()
        assert asked.title not in page.content.decode()
    cast.inspector.grants.update(agency=cast.other_agency)
    assert offered() == ["", "-"], "no case that she audits rests on it"


def _listed(client: Client, query: str):  # type: ignore[no-untyped-def]
    return client.get(f"{LIST}{query}").context["listed"]


@pytest.mark.parametrize("page", [LIST, "/kota-contoh/pengawasan/", "/kota-contoh/jejak/telusur/"])
def test_a_page_of_the_desk_costs_the_same_for_one_row_and_for_many(
    client: Client, arranged: ArrangedCity, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Indications count by themselves; their own test holds what they cost.
    own = {name: source for name, source in attention._sources.items() if ".attention." in name or ".overdue." in name}
    monkeypatch.setattr(attention, "_sources", own)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    approved(arranged)
    client.force_login(arranged.city.cast.inspector)
    queries()
    before = queries()
    for number in range(20):
        written(arranged, arranged.colleagues[0], state="ended", approved_at=AT, ended_on=date(2025, 10, number + 1))
    client.post("/kota-contoh/jejak/telusur/periksa/")
    # Counted anew, because the trail has moved on: two queries more.
    assert queries() <= before + 2
