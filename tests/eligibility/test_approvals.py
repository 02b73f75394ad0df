"""An approval rests on every check on every day, by what is known that moment; nobody approves for herself."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from agencies import triggers
from agencies.actions.people import correct_employee
from agencies.actions.places import close_workplace
from agencies.errors import ActRefused
from agencies.models import DisciplineGate, User
from eligibility.actions.approvals import approve_request, record_consultation
from eligibility.actions.arrangements import save_request, submit_request
from eligibility.actions.endings import end_arrangement, resume_arrangement, suspend_arrangement
from eligibility.actions.instruments import annul_instrument
from eligibility.arrangements import records
from eligibility.arrangements.approving import ApprovalRefused
from eligibility.arrangements.checks import CheckKind
from eligibility.arrangements.group_requests import approve_many, decide_many, request_for_many
from eligibility.arrangements.records import read_checks
from eligibility.arrangements.reporting_line import route_for
from eligibility.arrangements.stations import route_text
from eligibility.models import Approval, ApprovalSpan, Arrangement, StoredRulebook
from eligibility.rulebook import Mode
from oversight.actions.reperformances import reperform
from oversight.models import TrailEntry, TrailSide
from oversight.verification import verify_all
from tests.arranged_city import AT, TODAY, ArrangedCity, holder, link, written
from tests.base import person
from tests.eligibility.approving import NOW, approved, waiting
from tests.eligibility.test_request_pages import office
from tests.factories import DisciplineGateFactory, PostingFactory, UserFactory


def test_an_approval_keeps_what_it_rested_on(arranged: ArrangedCity) -> None:
    row = waiting(arranged)
    with pytest.raises(ActRefused):  # only the last station decides, whoever else has a say
        approve_request(actor=arranged.unit_head_account, arrangement=row, **NOW)
    before = TrailEntry.objects.count()
    approval = approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    row.refresh_from_db()
    assert (row.state, row.norm, row.approved_at, row.station) == ("approved", arranged.instrument, AT, None)
    assert records.read_plan(approval.plan).weekdays == {"tuesday", "wednesday"}
    assert all(check.passed for check in records.read_checks(approval.checks))
    spans = list(ApprovalSpan.objects.filter(approval=approval))
    assert (spans[0].starts_on, spans[-1].ends_on) == (row.starts_on, row.ends_on)
    assert {span.determination for span in spans} == {arranged.determination}
    assert StoredRulebook.objects.filter(pk=spans[0].rulebook_id).exists()
    entry = TrailEntry.objects.latest("number")
    assert (TrailEntry.objects.count(), entry.action) == (before + 1, "arrangement_approved")
    assert json.loads(entry.body)["norm"] == arranged.instrument.code
    assert verify_all(arranged.city.cast.institution).is_whole
    with pytest.raises(ActRefused):
        approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    assert Approval.objects.count() == 1


def test_three_days_are_too_many_and_the_refusal_says_what_passes(arranged: ArrangedCity) -> None:
    row = waiting(arranged, None, "tuesday", "wednesday", "thursday")
    with pytest.raises(ApprovalRefused) as refusal:
        approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    assert all(word in str(refusal.value) for word in ("3", "2", "13 ayat (1)"))
    assert not refusal.value.examination.may_be_approved
    row.refresh_from_db()
    assert (row.state, Approval.objects.count()) == ("submitted", 0)


def test_without_an_implementing_basis_the_gate_says_so_and_with_one_the_same_request_passes(
    arranged: ArrangedCity,
) -> None:
    annul_instrument(actor=None, instrument=arranged.instrument, reason="Keliru.", at=AT - timedelta(hours=1))
    row = waiting(arranged)
    with pytest.raises(ApprovalRefused) as refusal:
        approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    assert str(refusal.value).startswith(
        "Belum boleh disetujui. Belum tercatat dasar pelaksanaan dari Wali Kota per 1 Oktober 2025. "
        "Berdasarkan data portal, bukan pernyataan resmi."
    )


def test_what_a_gate_finds_of_a_person_is_not_told_to_the_head(arranged: ArrangedCity) -> None:
    DisciplineGateFactory.create(employee=arranged.asker, kind="heavy", starts_on=date(2025, 9, 1))
    row = waiting(arranged)
    with pytest.raises(ApprovalRefused) as refusal:
        approve_request(actor=arranged.head_account, arrangement=row, **NOW)
    assert "(Pasal 25 ayat (1))" in str(refusal.value)
    assert "BKPSDM" in str(refusal.value)
    assert "disiplin" not in str(refusal.value).lower()


def test_nobody_decides_for_herself_in_any_office_nor_for_her_superior(arranged: ArrangedCity) -> None:
    row = waiting(arranged)
    PostingFactory.create(
        employee=arranged.asker, position=arranged.head.postings.get().position, capacity="plt", effective_from=TODAY
    )
    with pytest.raises(ActRefused):
        approve_request(actor=arranged.asker_account, arrangement=row, **NOW)
    other = UserFactory.create(username="akun_kedua")
    with pytest.raises(ActRefused):
        approve_request(actor=other, arrangement=row, **NOW)
    # The head of the unit asks; her programmer stands in for the head of the agency.
    deputy = _acting(arranged, "plh")
    plan = arranged.plan()
    asked = save_request(actor=arranged.unit_head_account, employee=arranged.unit_head, plan=plan, **NOW)
    submit_request(actor=arranged.unit_head_account, arrangement=asked, **NOW)
    with pytest.raises(ActRefused):
        record_consultation(actor=deputy, arrangement=asked, held_on=TODAY, text="Dibahas.", **NOW)
    # For others she decides in that office, and the step says in which capacity.
    approval = approve_request(actor=deputy, arrangement=row, **NOW)
    step = approval.arrangement.steps.latest("pk")
    assert (step.capacity, step.office_title, approval.by_employee) == (
        "plh",
        "Kepala Dinas Komunikasi",
        deputy.employee,
    )


def _acting(city: ArrangedCity, capacity: str) -> User:
    """The account of a colleague who stands in for the head of the agency."""
    colleague = city.colleagues[0]
    position = city.head.postings.get().position
    PostingFactory.create(employee=colleague, position=position, capacity=capacity, effective_from=TODAY)
    account = person("colleague", "agency_head", city.city.cast.institution, city.city.cast.agency)  # type: ignore[arg-type]
    link(account, colleague)
    return account


def test_nothing_past_is_approved_and_the_refusal_says_what_passes(arranged: ArrangedCity) -> None:
    row = waiting(arranged)
    with pytest.raises(ApprovalRefused) as refusal:
        approve_request(actor=arranged.head_account, arrangement=row, on=date(2025, 11, 20), at=AT + timedelta(days=50))
    for words in ("6 Oktober 2025", "dari 20 November 2025"):
        assert words in str(refusal.value)
    row.refresh_from_db()
    assert (row.state, Approval.objects.count()) == ("submitted", 0)
    # The first day itself is not past.
    approve_request(actor=arranged.head_account, arrangement=row, on=row.starts_on, at=AT + timedelta(days=5))
    assert Approval.objects.get().on == row.starts_on


def test_a_place_that_is_closed_or_not_recorded_stops_an_approval(arranged: ArrangedCity) -> None:
    place = office(arranged.city.cast.institution, "KU", name="Kantor Utama")
    away = waiting(arranged, mode=Mode.OTHER_OFFICE, workplace=place, residence_confirmed=False)
    home = waiting(arranged, arranged.colleagues[0])
    close_workplace(actor=None, workplace=place, closed_on=date(2025, 11, 3), at=AT)
    with pytest.raises(ApprovalRefused) as refusal:
        approve_request(actor=arranged.head_account, arrangement=away, **NOW)
    for words in ("Kantor Utama", "3 November 2025", "sampai dengan 2 November 2025"):
        assert words in str(refusal.value)
    resident = home.employee
    who = {"nip": resident.nip, "name": resident.name}
    correct_employee(actor=None, employee=resident, **who, residence="", at=AT)
    with pytest.raises(ApprovalRefused, match="BKPSDM") as unknown:
        approve_request(actor=arranged.head_account, arrangement=home, **NOW)
    assert [check.kind for check in unknown.value.examination.unknown] == [CheckKind.PLACE]
    assert not unknown.value.examination.failed
    correct_employee(actor=None, employee=resident, **who, residence="Jalan Contoh 9", at=AT)
    approval = approve_request(actor=arranged.head_account, arrangement=home, **NOW)
    assert CheckKind.PLACE in {check.kind for check in records.read_checks(approval.checks)}
    close_workplace(actor=None, workplace=place, closed_on=date(2026, 1, 1), at=AT)
    approve_request(actor=arranged.head_account, arrangement=away, **NOW)
    assert Approval.objects.count() == 2


def test_an_approval_of_before_places_were_checked_is_read_and_decided_again(arranged: ArrangedCity) -> None:
    approval = approve_request(actor=arranged.head_account, arrangement=waiting(arranged), **NOW)
    old = [one for one in records.read_checks(approval.checks) if one.kind is not CheckKind.PLACE]
    triggers.remove(connection)
    Approval.objects.filter(pk=approval.pk).update(checks=records.write_checks(old))
    arranged.asker.residence = ""
    arranged.asker.save(update_fields=["residence"])
    cast = arranged.city.cast
    again = reperform(actor=cast.inspector, institution=cast.institution, since=None).run
    assert (again.approvals, again.differences.count()) == (1, 0), "what is known of a place now accuses nobody"


def test_an_amendment_takes_the_place_of_what_it_amends_in_the_same_act(arranged: ArrangedCity) -> None:
    old = approved(arranged)
    with pytest.raises(ActRefused):
        save_request(
            actor=arranged.asker_account,
            employee=arranged.asker,
            plan=arranged.plan(mode=Mode.SHIFT),
            amends=old,
            **NOW,
        )
    new = waiting(arranged, None, "monday", "friday", amends=old, starts_on=date(2025, 10, 20))
    before = TrailEntry.objects.count()
    approve_request(actor=arranged.head_account, arrangement=new, **NOW)
    old.refresh_from_db()
    assert (old.state, old.ended_on) == ("ended", date(2025, 10, 20))
    assert old.steps.latest("pk").what == "ended"
    assert TrailEntry.objects.count() == before + 1
    assert verify_all(arranged.city.cast.institution).is_whole


def test_a_suspended_arrangement_holds_again_only_when_every_check_passes(arranged: ArrangedCity) -> None:
    row = approved(arranged)
    for ground, text in [("", "Ada."), ("other", " ")]:
        with pytest.raises(ActRefused):
            suspend_arrangement(actor=arranged.head_account, arrangement=row, ground=ground, text=text, **NOW)
    suspend_arrangement(actor=arranged.head_account, arrangement=row, ground="output", text="Tanpa hasil.", **NOW)
    gate = DisciplineGateFactory.create(employee=arranged.asker, starts_on=date(2025, 9, 1))
    with pytest.raises(ApprovalRefused):
        resume_arrangement(actor=arranged.head_account, arrangement=row, **NOW)
    DisciplineGate.objects.filter(pk=gate.pk).update(superseded_at=AT)
    with pytest.raises(ActRefused):
        resume_arrangement(actor=arranged.asker_account, arrangement=row, **NOW)
    resumed = resume_arrangement(actor=arranged.head_account, arrangement=row, **NOW)
    assert (resumed.state, resumed.suspended_on) == ("approved", None)
    with pytest.raises(ActRefused):
        end_arrangement(actor=arranged.asker_account, arrangement=row, on=TODAY, reason="", at=AT)
    ended = end_arrangement(
        actor=arranged.asker_account, arrangement=row, on=date(2025, 11, 1), reason="Kembali ke kantor.", at=AT
    )
    assert (ended.state, ended.ended_on) == ("ended", date(2025, 11, 1))
    assert verify_all(arranged.city.cast.institution).is_whole


def test_what_the_line_suspended_the_line_resumes_and_hr_only_what_the_portal_did(arranged: ArrangedCity) -> None:
    row, hr = approved(arranged), arranged.city.cast.hr_officer
    said: dict[str, Any] = {"arrangement": row, "ground": "other", "text": "Rapat.", **NOW}
    for by in (arranged.head_account, hr):
        suspend_arrangement(actor=by, **said)
        for other in (hr, arranged.unit_head_account):
            with pytest.raises(ActRefused, match="Kepala Dinas Komunikasi"):
                resume_arrangement(actor=other, arrangement=row, **NOW)
        assert resume_arrangement(actor=arranged.head_account, arrangement=row, **NOW).state == "approved"
    suspend_arrangement(actor=None, **said)
    with pytest.raises(ActRefused):
        resume_arrangement(actor=arranged.unit_head_account, arrangement=row, **NOW)
    assert resume_arrangement(actor=hr, arrangement=row, **NOW).state == "approved"
    suspend_arrangement(actor=arranged.head_account, **said)
    assert resume_arrangement(actor=arranged.sekda_account, arrangement=row, **NOW).state == "approved"
    step, entry = row.steps.latest("pk"), TrailEntry.objects.latest("number")
    counted = json.loads(entry.body)["checks"]
    assert f"{counted} pemeriksaan" in step.text
    assert len(read_checks(json.loads(TrailSide.objects.get(entry=entry).body or "")["checks"])) == counted
    assert verify_all(arranged.city.cast.institution).is_whole


def test_nobody_resumes_what_is_her_own_or_her_superiors(arranged: ArrangedCity) -> None:
    hr, position = arranged.city.cast.hr_officer, arranged.unit_head.postings.get().position
    route = route_text(route_for(arranged.unit_head, position, (), on=TODAY, known_at=AT))
    held: dict[str, Any] = {"state": "approved", "approved_at": AT, "position": position, "route": route}
    row = written(arranged, arranged.unit_head, **held)
    suspend_arrangement(actor=None, arrangement=row, ground="other", text="Data berubah.", **NOW)
    arranged.unit_head_account.delete()
    for who, word in ((arranged.colleagues[0], "bawahan"), (arranged.unit_head, "permohonannya sendiri")):
        hr.employee = who
        hr.save(update_fields=["employee"])
        with pytest.raises(ActRefused, match=word):
            resume_arrangement(actor=hr, arrangement=row, **NOW)
    assert Arrangement.objects.get(pk=row.pk).state == "suspended"
    hr.employee = None
    hr.save(update_fields=["employee"])
    assert resume_arrangement(actor=hr, arrangement=row, **NOW).state == "approved"


def test_of_many_asked_for_at_once_each_has_its_own_result(arranged: ArrangedCity) -> None:
    newcomer = holder(arranged.programmer, "Rekan Tanpa Rumah")
    newcomer.residence = ""
    newcomer.save(update_fields=["residence"])
    people = (*arranged.colleagues[:2], newcomer)
    rows = request_for_many(actor=arranged.unit_head_account, plans=[(one, arranged.plan()) for one in people], **NOW)
    assert [one.done for one in rows] == [True, True, False]
    assert "BKPSDM" in rows[2].refusal
    sent = [one.arrangement for one in rows if one.arrangement]
    assert all(one.asked_by_head for one in sent)
    refused = approve_many(actor=arranged.head_account, arrangements=sent, **NOW)
    assert not any(one.done for one in refused)
    assert all(one.done for one in decide_many(actor=arranged.unit_head_account, arrangements=sent, **NOW))
    for one in sent:
        one.refresh_from_db()
    assert all(one.done for one in decide_many(actor=arranged.head_account, arrangements=sent, **NOW))
    assert Approval.objects.count() == 2
